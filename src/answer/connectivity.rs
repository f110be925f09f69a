//! The way of a probe, as connection troubleshoot shows it (R502, R503).

use super::{Rule, Verdict};
use crate::id::ResourceId;
use serde::Serialize;
use std::net::IpAddr;

/// The way of a probe.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectivityAnswer {
    /// Does it get there and back?
    pub verdict: Verdict,
    /// The places that it comes by, the source first.
    pub hops: Vec<ConnectivityHop>,
    /// Assumptions that were used, in words.
    pub assumptions: Vec<String>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// A place that a probe comes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectivityHop {
    /// What it is.
    pub kind: ConnectivityHopKind,
    /// The address by which the probe knows it.
    pub address: IpAddr,
    /// The virtual machine, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_machine: Option<ResourceId>,
    /// The IP configuration that has the address, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_configuration: Option<ResourceId>,
    /// What stops the probe here.
    pub issues: Vec<ConnectivityIssue>,
}

/// What a place on the way of a probe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ConnectivityHopKind {
    /// Where the probe starts.
    Source,
    /// A machine that passes it on.
    VirtualAppliance,
    /// The destination, inside the network.
    VnetLocal,
    /// Everything outside.
    Internet,
}

/// What stops a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectivityIssue {
    /// Seen from the place: on the way in, on the way out, or at itself.
    pub origin: IssueOrigin,
    /// What it is.
    pub kind: IssueKind,
    /// The rule, as NSG diagnostics spells it, or the sort of route.
    pub context: Vec<(&'static str, String)>,
}

/// On which side of a place a probe is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[expect(missing_docs, reason = "the words are Azure's")]
pub enum IssueOrigin {
    Inbound,
    Outbound,
    Local,
}

/// What sort of thing stops a probe, as far as a configuration tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum IssueKind {
    /// A rule of a network security group.
    NetworkSecurityRule,
    /// A user route.
    UserDefinedRoute,
    /// The name has no address.
    DnsResolution,
    /// Something of the platform.
    Platform,
}
