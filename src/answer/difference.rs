//! What differs between two networks.

use super::{Item, Members, Reason, Rule, Verdict};
use crate::diag::Place;
use crate::id::ResourceId;
use crate::net::Protocol;
use num_bigint::BigUint;
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;
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
    /// What differs in the configuration, in the order of ids.
    pub configuration: Vec<ConfigurationChange>,
    /// Ends of flows that are on one side only.
    pub only_before: Vec<String>,
    /// Ends of flows that are on the other side only.
    pub only_after: Vec<String>,
    /// What the comparison does not cover or could not say, in words.
    pub notes: Vec<String>,
}

impl DifferenceAnswer {
    /// The number of groups of flows of this kind.
    #[must_use]
    pub fn count(&self, kind: FlowChangeKind) -> usize {
        self.flows.iter().filter(|flow| flow.kind == kind).count()
    }
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
    /// One of the packets, asked of both networks.
    pub witness: ChangeWitness,
    /// The parts of `configuration` that the witness's evidence rests on, by number from 0. Empty:
    /// none of them is in the evidence by itself.
    pub causes: Vec<usize>,
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
    /// They arrive, and did not.
    Opened,
    /// They arrived, and do not.
    Closed,
    /// They arrive as before, by other hops.
    Rerouted,
    /// On one side at least it is not known whether they arrive.
    Doubtful,
}

impl FlowChangeKind {
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

/// Packets of which nothing is known in either network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnknownPackets {
    /// Of so many senders.
    pub senders: usize,
    /// Of these protocols.
    pub protocols: BTreeSet<Protocol>,
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
    /// How it fares before.
    pub before: WitnessFate,
    /// How it fares after.
    pub after: WitnessFate,
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
