//! What to change so that something works, tried and proved.

use super::{
    ChangeSeverity, Confidence, FlowChange, FlowExtent, Reason, Rule, UnknownPackets, Verdict,
};
use crate::id::ResourceId;
use serde::Serialize;
use std::net::IpAddr;

/// The answer to `fix`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepairAnswer {
    /// What should work, as asked.
    pub wish: String,
    /// As it is.
    pub verdict: Verdict,
    /// Why it does not work as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Changes that make it work, each applied and asked again; the smallest first.
    pub fixes: Vec<Fix>,
    /// How many changes were tried.
    pub tried: usize,
    /// Was the search ended before every combination within its limits was tried?
    pub is_cut_short: bool,
    /// Reasons for which no change is known to hopwise.
    pub without_remedy: Vec<Reason>,
    /// Combinations of more than so many edits are not tried.
    pub edits_max: usize,
    /// What helps without any change, in words.
    pub hints: Vec<String>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

/// A change that makes it work.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// The edits; all of them are needed.
    pub edits: Vec<EditAnswer>,
    /// The same as a patch that `--patch` takes.
    pub patch: serde_json::Value,
    /// How sure it is that it works then.
    pub confidence: Confidence,
    /// What else changes.
    pub blast: Blast,
    /// What works in spite of something odd then.
    pub warnings: Vec<String>,
}

/// One edit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EditAnswer {
    /// What sort of edit, in kebab-case.
    pub kind: &'static str,
    /// What to do, in a sentence.
    pub sentence: String,
    /// Commands that do it; words in capitals are the reader's to fill in.
    pub commands: Vec<String>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// What else a change does to packets, apart from those that were wished for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Blast {
    /// Packets that arrive only with the change.
    pub opened: FlowExtent,
    /// Packets that no longer arrive.
    pub closed: FlowExtent,
    /// Packets that arrive as before, by other places.
    pub rerouted: FlowExtent,
    /// Packets of which it is not known, before or after, whether they arrive.
    pub doubtful: FlowExtent,
    /// The same in groups, as `diff` tells them, the gravest first. Without causes: these are the edits.
    pub flows: Vec<FlowChange>,
    /// Is it known of all packets how they fare, before or after?
    pub is_exact: bool,
    /// Packets of which that is known neither before nor after: something may change for them, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<UnknownPackets>,
    /// What is not compared, in words.
    pub notes: Vec<String>,
}

impl Blast {
    /// How much it is, to be compared with others: what opens to the Internet first, then what opens and
    /// closes, by pairs and then by headers, then what is not known and what takes other ways.
    #[must_use]
    pub fn rank(&self) -> impl Ord + use<> {
        let grave = self.flows.iter().filter(|flow| flow.severity == ChangeSeverity::Exposure);
        let exposed: usize = grave.map(|flow| flow.from.len() * flow.to.len()).sum();
        let pairs = self.opened.pairs + self.closed.pairs;
        let headers = &self.opened.headers + &self.closed.headers;
        (exposed, pairs, headers, self.doubtful.pairs, self.rerouted.pairs)
    }
}

/// What would make a condition hold that is no matter of packets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Remedy {
    /// A role that permits an operation on a resource.
    Role {
        /// Who needs it; none when nobody is named.
        principal: Option<ResourceId>,
        /// The operation.
        operation: String,
        /// Is it one of the data plane?
        is_data: bool,
        /// The resource.
        on: ResourceId,
    },
    /// Another value of a property.
    Property {
        /// The resource.
        resource: ResourceId,
        /// The way to the property, with slashes.
        property: &'static str,
        /// The value.
        value: PropertyValue,
    },
    /// A rule in a security group.
    SecurityRule {
        /// The group.
        group: ResourceId,
        /// `Inbound` or `Outbound`.
        direction: &'static str,
        /// The source, `*` or a service tag.
        source: &'static str,
        /// The destination, `*` or a service tag.
        destination: &'static str,
        /// The TCP ports.
        ports: Vec<u16>,
    },
    /// The public half of a key on a machine.
    PublicKey {
        /// The machine.
        machine: ResourceId,
        /// The key, as it stands in `authorized_keys`.
        key: String,
    },
    /// The private half of a key on the client.
    PrivateKey {
        /// Whose key.
        principal: ResourceId,
        /// The key's name.
        key: String,
    },
    /// A just-in-time request.
    Request {
        /// The policy.
        policy: ResourceId,
        /// The machine.
        machine: ResourceId,
        /// The port.
        port: u16,
        /// The address that the client has there.
        source: Option<IpAddr>,
    },
    /// A role binding of Kubernetes RBAC.
    RoleBinding {
        /// What the scenario tells of the inside of the cluster.
        inside: ResourceId,
        /// Who is bound.
        subject: String,
        /// The cluster role.
        role: &'static str,
        /// The namespace; none: the whole cluster.
        namespace: Option<String>,
    },
    /// A subnet given to a service.
    Delegation {
        /// The subnet.
        subnet: ResourceId,
        /// The service, such as `Microsoft.ContainerInstance/containerGroups`.
        service: &'static str,
    },
    /// Something taken out of a list of named parts.
    Removal {
        /// The resource.
        resource: ResourceId,
        /// The list.
        list: &'static str,
        /// The part's name.
        name: String,
    },
}

/// A value of a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PropertyValue {
    /// A text.
    Text(&'static str),
    /// True or false.
    Flag(bool),
    /// None: the property goes.
    Absent,
}
