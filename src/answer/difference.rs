//! What differs between two networks.

use super::{Item, Members, Opening, Reason, Rule, Verdict};
use crate::diag::Place;
use crate::id::ResourceId;
use crate::net::{Flow, Protocol};
use num_bigint::BigUint;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The answer to `diff`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceAnswer {
    /// What is compared with.
    pub before: String,
    /// What is compared.
    pub after: String,
    /// What packets can do now and could not, and the other way round; the gravest first.
    pub flows: Vec<FlowChange>,
    /// Packets of which it is not known on either side how they fare, by the same reasons; none where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<UnknownPackets>,
    /// How many groups there are of each kind that was not asked for; empty where all kinds were.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hidden: BTreeMap<FlowChangeKind, usize>,
    /// What differs in the configuration, in the order of ids.
    pub configuration: Vec<ConfigurationChange>,
    /// The parts of `configuration` that packets may depend on and no model follows, by number from 0: which packets they
    /// open or close is not told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_modelled: Vec<usize>,
    /// Ends of flows that are on one side only.
    pub only_before: Vec<String>,
    /// Ends of flows that are on the other side only.
    pub only_after: Vec<String>,
    /// What the comparison does not cover or could not say, in words.
    pub notes: Vec<String>,
    /// Is anything not compared that may differ? Notes say what.
    #[serde(skip)]
    pub is_partial: bool,
}

impl DifferenceAnswer {
    /// The number of groups of flows of this kind.
    #[must_use]
    pub fn count(&self, kind: FlowChangeKind) -> usize {
        self.flows.iter().filter(|flow| flow.kind == kind).count()
    }

    /// The changes that no model follows.
    pub fn unfollowed(&self) -> impl Iterator<Item = &ConfigurationChange> {
        self.not_modelled.iter().filter_map(|&number| self.configuration.get(number))
    }

    /// What is said of packets of which it is known on neither side how they fare.
    #[must_use]
    pub fn unknown_in_words(&self) -> Option<String> {
        let unknown = self.unknown.as_ref()?;
        // What is not modelled is as little known as before, and it is another.
        let why = if self.not_modelled.is_empty() { ", for the same reasons" } else { "" };
        Some(format!("unknown before and after{why}: {unknown}"))
    }

    /// Leaves groups of these `kinds` only, and counts the others.
    pub fn show(&mut self, kinds: &[FlowChangeKind]) {
        let others = FlowChangeKind::ALL.into_iter().filter(|kind| !kinds.contains(kind));
        self.hidden = others.map(|kind| (kind, self.count(kind))).collect();
        self.flows.retain(|flow| kinds.contains(&flow.kind));
    }

    /// Is there nothing that differs, shown or not?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty() && self.hidden.values().all(|&count| count == 0)
    }

    /// How many groups of each kind there are: `2 groups opened, 1 group closed`.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.is_empty() {
            let told = if self.unknown.is_some() || self.is_partial {
                "no flow is known to differ"
            } else {
                "no flow differs"
            };
            return told.to_owned();
        }
        let shown = FlowChangeKind::ALL.into_iter().filter(|kind| !self.hidden.contains_key(kind));
        let shown: Vec<FlowChangeKind> = shown.collect();
        let told = counted(shown.iter().map(|&kind| (kind, self.count(kind))));
        let told = if told.is_empty() {
            let kinds: Vec<&str> = shown.iter().map(|kind| kind.name()).collect();
            format!("no group {}", kinds.join(" or "))
        } else {
            told
        };
        match counted(self.hidden.iter().map(|(&kind, &count)| (kind, count))) {
            hidden if hidden.is_empty() => told,
            hidden => format!("{told}; {hidden} not shown"),
        }
    }
}

/// `2 groups opened, 1 group closed`; nothing of kinds without any.
fn counted(counts: impl Iterator<Item = (FlowChangeKind, usize)>) -> String {
    let some = counts.filter(|(_, count)| *count > 0);
    let each = some.map(|(kind, count)| {
        let groups = if count == 1 { "group" } else { "groups" };
        format!("{count} {groups} {kind}")
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Flows between two groups of ends that change in the same way.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowChange {
    /// What happens to them.
    pub kind: FlowChangeKind,
    /// How grave it is.
    pub severity: ChangeSeverity,
    /// Who sends.
    pub from: Members,
    /// Who is reached, never by itself.
    pub to: Members,
    /// By which of them.
    #[serde(skip_serializing_if = "FlowPairs::is_all")]
    pub pairs: FlowPairs,
    /// The packets, exactly, as disjoint lines.
    pub packets: Vec<String>,
    /// The same by protocols, ports and addresses, none of which have packets in common.
    pub openings: Vec<Opening>,
    /// One of the packets, asked of both networks.
    pub witness: ChangeWitness,
    /// The parts of `configuration` that it hangs on, by number from 0: without one of them the witness or another of
    /// up to 16 packets of the group fares as before, or with one alone as after. Empty: none does that by itself, or
    /// there is more to try than that.
    pub causes: Vec<usize>,
    /// Other packets of the group, of other sorts and between other ends; none where there is one change alone.
    #[serde(skip)]
    pub samples: Vec<SentBy>,
    /// Where what is reached stands, or else the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// Which senders of a group reach which of its receivers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowPairs {
    /// Each reaches each other.
    #[default]
    All,
    /// Each reaches those in its own network.
    SameNetwork,
    /// Each reaches those in other networks.
    OtherNetworks,
}

impl FlowPairs {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// What to add to the names of senders and receivers.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::All => "",
            Self::SameNetwork => "(in the same network)",
            Self::OtherNetworks => "(in another network)",
        }
    }
}

/// What happens to flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowChangeKind {
    /// They arrive, and did not; or they arrive at a place at which they did not, though they arrived before.
    Opened,
    /// They arrived, and do not; or no more at a place at which they did, though they arrive.
    Closed,
    /// They arrive where they did before, by other hops, there or back.
    Rerouted,
    /// On one side at least it is not known whether they arrive; where on both, for other reasons.
    Doubtful,
}

impl FlowChangeKind {
    /// Every kind, the gravest first.
    pub const ALL: [Self; 4] = [Self::Opened, Self::Closed, Self::Rerouted, Self::Doubtful];

    /// The kind in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Rerouted => "rerouted",
            Self::Doubtful => "doubtful",
        }
    }
}

/// The kind in lower case.
impl fmt::Display for FlowChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much of one kind of change there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowExtent {
    /// Pairs of a sender and a receiver between which some packet changes so. Addresses that nothing in
    /// the input has are one receiver, machines on the Internet without a name one sender.
    pub pairs: usize,
    /// Headers that change so, over all senders, in decimal digits: an address, a port and a protocol
    /// are as many as they are values.
    #[serde(serialize_with = "digits")]
    pub headers: BigUint,
}

/// Packets of which it is known in neither network how they fare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnknownPackets {
    /// Of so many senders.
    pub senders: usize,
    /// Of these protocols.
    pub protocols: BTreeSet<Protocol>,
}

/// `TCP/UDP packets of 2 senders`.
impl fmt::Display for UnknownPackets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocols: Vec<String> = self.protocols.iter().map(ToString::to_string).collect();
        let senders = if self.senders == 1 { "sender" } else { "senders" };
        write!(f, "{} packets of {} {senders}", protocols.join("/"), self.senders)
    }
}

fn digits<S: Serializer>(number: &BigUint, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// How grave a change is, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeSeverity {
    /// Opened from the Internet.
    Exposure,
    /// It may be opened from the Internet: packets of TCP, UDP or ICMP surely did not arrive or surely do now, and the
    /// other is not known; or neither is, for other reasons.
    PossibleExposure,
    /// Opened from elsewhere, or closed.
    Change,
    /// Rerouted, or not known.
    Remark,
}

/// A packet as both networks treat it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeWitness {
    /// The packet.
    pub packet: String,
    /// The same, and who sends it, to be asked again.
    #[serde(skip)]
    pub sent: SentBy,
    /// How it fares before.
    pub before: WitnessFate,
    /// How it fares after.
    pub after: WitnessFate,
}

/// A packet and its sender, in whichever network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentBy {
    /// The packet.
    pub flow: Flow,
    /// The virtual network or site of the sender, or the Internet.
    pub realm: String,
    /// What the sender is called there.
    pub name: String,
    /// The sender's resource, where it has one.
    pub resource: Option<ResourceId>,
}

/// How a packet fares in one network.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WitnessFate {
    /// Does it arrive, and the reply?
    pub verdict: Verdict,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What stops it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<String>,
    /// What decided that it stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Item>,
    /// Where it comes by, the sender first.
    pub hops: Vec<String>,
    /// Where the reply comes by, its sender first; empty where none is sent.
    pub reply_hops: Vec<String>,
    /// Where it is delivered, over all ways that the network may choose, sorted; empty when it does not arrive.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<String>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// A difference of the configuration: a resource, or a property of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationChange {
    /// The resource.
    pub resource: ResourceId,
    /// The way from the resource to what differs, as a JSON pointer; empty: the resource as a whole.
    /// Elements of lists are told by their names where they have any, else by their numbers.
    pub path: String,
    /// What happened to it.
    pub kind: ConfigurationChangeKind,
    /// The value before, as JSON in one line; none where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Where the value stands: after, or before where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl ConfigurationChange {
    /// [`Self::path`] as it is shown: without what holds together what is kept of resources that no model follows.
    #[must_use]
    pub fn path_in_words(&self) -> String {
        self.path.replace("/told/", "/")
    }
}

/// What happened to a part of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfigurationChangeKind {
    /// It came to be.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
}

/// The kind in lower case.
impl fmt::Display for ConfigurationChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        })
    }
}
