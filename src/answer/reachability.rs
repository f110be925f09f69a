//! Who can reach what, over all packets at once.

use super::{Hindrance, Item, Members, Rule, Verdict};
use crate::id::ResourceId;
use crate::net::{Flow, PortRange, Protocol};
use ipnet::IpNet;
use serde::Serialize;

/// The answer to `reach`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachAnswer {
    /// Where packets start, as asked.
    pub from: String,
    /// Where they go, as asked.
    pub to: String,
    /// Which packets, in words.
    pub packets: String,
    /// Reachable when some packet gets there and back; unknown when none does for sure and some may.
    pub verdict: Verdict,
    /// How many places packets may start from.
    pub sources: usize,
    /// Every place by its number, from 0, when groups give numbers: where they would name more than
    /// [`Self::NAMES_MAX`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<Members>,
    /// Everything that gets there and back, or may: groups of sources, of destinations, and packets.
    pub groups: Vec<ReachGroup>,
    /// The same, place by place, the most exposed first; for packets from the Internet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposed: Option<Vec<ExposedPlace>>,
    /// The same, summed up by subnet or network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matrix: Option<ReachMatrix>,
    /// Is it known of every packet whether it gets there? Where not, groups say so by their verdict, or something is
    /// left out.
    pub is_exact: bool,
    /// What was asked about and has an address or a network that is not known, so that no packet from it or to it was
    /// judged.
    pub left_out: Vec<String>,
    /// Assumptions that the packets which are shown used.
    pub assumptions: Vec<String>,
    /// Resources that are not modelled and refer to something that the packets which are shown came by.
    pub not_modelled: Vec<String>,
    /// Rules that the packets which are shown rest on.
    pub rules: Vec<Rule>,
}

impl ReachAnswer {
    /// So many names are written in groups at most: some 40 MB of JSON.
    pub const NAMES_MAX: usize = 1_000_000;

    /// The answer, with every place named once and groups that give numbers if they would write more than
    /// `names_max` names. In a large estate most groups have most of the places.
    #[must_use]
    pub fn numbered(mut self, names_max: usize) -> Self {
        let ends = self.groups.iter().flat_map(|group| [&group.sources, &group.destinations]);
        if ends.map(Members::len).sum::<usize>() <= names_max {
            return self;
        }
        self.places = self.groups.first().map(|group| group.sources.all());
        let numbered = |group: ReachGroup| ReachGroup {
            sources: group.sources.numbered(),
            destinations: group.destinations.numbered(),
            ..group
        };
        self.groups = self.groups.into_iter().map(numbered).collect();
        self
    }
}

/// From each of some places to each of some others, the same packets. A place may be among both.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachGroup {
    /// Do they get there and back, or may they? `unreachable`: on some of the paths that the network may
    /// take they do, on others not.
    pub verdict: Verdict,
    /// Where they start.
    pub sources: Members,
    /// Where they arrive.
    pub destinations: Members,
    /// The packets.
    pub openings: Vec<Opening>,
    /// One of them.
    pub witness: Witness,
}

/// Packets that have one of each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Opening {
    /// The protocols.
    pub protocols: Vec<Protocol>,
    /// Destination ports; none: any, or the protocols have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortRange>,
    /// Source ports; none: any, or the protocols have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_ports: Vec<PortRange>,
    /// Where they come from.
    pub sources: Addresses,
    /// Where they are sent to.
    pub destinations: Addresses,
    /// The family of these addresses, where the ends have both and the words above do not tell; none: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<AddressFamily>,
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AddressFamily {
    IPv4,
    IPv6,
}

/// Addresses, in the shortest words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Addresses {
    /// Every one that the place has.
    Own,
    /// Of the Internet, every one that the service tag `Internet` stands for (R201).
    InternetTag,
    /// These.
    These(Vec<IpNet>),
    /// Every one that the place has, but these.
    OwnBut(Vec<IpNet>),
    /// Every one that the service tag `Internet` stands for, but these.
    InternetTagBut(Vec<IpNet>),
}

impl Opening {
    /// `TCP 22,443 from any address but 203.0.113.0/24 to 198.51.100.1`: at most so many prefixes are named
    /// at each end, and how many more there are.
    #[must_use]
    pub fn in_words(&self, most: usize) -> String {
        let mut text = self.protocols_in_words();
        if !self.ports.is_empty() {
            text.push_str(&format!(" {}", ranges(&self.ports)));
        }
        if !self.source_ports.is_empty() {
            text.push_str(&format!(" from source ports {}", ranges(&self.source_ports)));
        }
        text.push_str(&self.ends(most));
        text
    }

    /// `TCP/UDP`.
    pub(super) fn protocols_in_words(&self) -> String {
        if self.protocols.len() == Protocol::ALL.len() {
            return "any protocol".to_owned();
        }
        let protocols: Vec<String> = self.protocols.iter().map(ToString::to_string).collect();
        protocols.join("/")
    }

    /// ` over IPv6 from any address but 203.0.113.0/24 to 198.51.100.1`.
    pub(super) fn ends(&self, most: usize) -> String {
        let mut text = String::new();
        match self.family {
            Some(AddressFamily::IPv4) => text.push_str(" over IPv4"),
            Some(AddressFamily::IPv6) => text.push_str(" over IPv6"),
            None => {}
        }
        for (word, addresses) in [("from", &self.sources), ("to", &self.destinations)] {
            let listed = |prefixes: &[IpNet]| listed(prefixes, most);
            let addresses = match addresses {
                Addresses::Own => continue,
                Addresses::InternetTag => "tag Internet".to_owned(),
                Addresses::These(prefixes) => listed(prefixes),
                Addresses::OwnBut(prefixes) => format!("any address but {}", listed(prefixes)),
                Addresses::InternetTagBut(prefixes) => {
                    format!("tag Internet but {}", listed(prefixes))
                }
            };
            text.push_str(&format!(" {word} {addresses}"));
        }
        text
    }
}

fn ranges(ports: &[PortRange]) -> String {
    let texts: Vec<String> = ports.iter().map(ToString::to_string).collect();
    texts.join(",")
}

fn listed(prefixes: &[IpNet], most: usize) -> String {
    let text = |prefix: &IpNet| match prefix.prefix_len() == prefix.max_prefix_len() {
        true => prefix.addr().to_string(),
        false => prefix.to_string(),
    };
    let shown: Vec<String> = prefixes.iter().take(most).map(text).collect();
    let shown = shown.join(", ");
    match prefixes.len().checked_sub(most) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// A packet that was followed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Witness {
    /// Where it starts.
    pub from: String,
    /// Where it arrives, or is meant to.
    pub to: String,
    /// Its header, as its sender writes it.
    pub flow: Flow,
    /// Does it get there and back?
    pub verdict: Verdict,
    /// The places that it comes by, the sender first.
    pub places: Vec<String>,
    /// The rules of security groups and firewalls, public addresses and load balancers that let it pass.
    pub decided_by: Vec<Item>,
    /// What stops it first, or leaves it open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Hindrance>,
}

/// A place that packets from the Internet get to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExposedPlace {
    /// Its name.
    pub place: String,
    /// Its resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
    /// What is open: what is sure first, the widest of it.
    pub openings: Vec<ExposedOpening>,
}

/// Packets from the Internet that get to a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExposedOpening {
    /// Do they get there and back, or may they?
    pub verdict: Verdict,
    /// Where they start.
    pub source: String,
    /// The packets.
    pub opening: Opening,
    /// One of them, with the rules and the public address that make it so.
    pub witness: Witness,
    /// What else lets some of them pass.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_by: Vec<Item>,
}

/// Who reaches whom, summed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachMatrix {
    /// What rows and columns are: `subnet` or `network`.
    pub by: &'static str,
    /// Rows are where packets start, columns where they go; sorted.
    pub names: Vec<String>,
    /// For each row, what its places reach of each column; none where `alike` says it.
    pub cells: Vec<Vec<MatrixCell>>,
    /// The same in groups of names, where there are more than [`Self::NAMES_MAX`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alike: Option<AlikeNames>,
}

impl ReachMatrix {
    /// A matrix of more names than these is told in groups of names.
    pub const NAMES_MAX: usize = 100;
}

/// Names of a matrix in groups, the largest first: swapping two names of a group changes no cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlikeNames {
    /// The names of each group, sorted.
    pub groups: Vec<Vec<String>>,
    /// For each group, what the places of each of its names reach of those of each name of another group, or of each
    /// other name of the same one.
    pub cells: Vec<Vec<MatrixCell>>,
    /// For each group, what the places of each of its names reach of each other.
    pub own: Vec<MatrixCell>,
}

/// What the places of a row reach of those of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatrixCell {
    /// How many pairs of places there are.
    pub pairs: usize,
    /// From how many of them some packet gets there and back.
    pub reached: usize,
    /// From how many none does for sure, and some may.
    pub unknown: usize,
}
