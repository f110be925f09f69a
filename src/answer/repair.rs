//! What to change so that something works, tried and proved.

use super::{Confidence, Reason, Rule, Verdict};
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

/// What else a change opens and closes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Blast {
    /// Flows that work only with the change, in words, beside the one that was wished for.
    pub opened: Vec<String>,
    /// Flows that no longer work.
    pub closed: Vec<String>,
    /// How far this was checked, in words.
    pub checked: String,
    /// Is it everything?
    pub is_exact: bool,
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
        /// The TCP port.
        port: u16,
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
