//! `connectivityCheck` (R502, R503), without times, ids and links between hops.

use super::shape::{Shape, Since};
use crate::answer::{
    ConnectivityAnswer, ConnectivityHop, ConnectivityHopKind, ConnectivityIssue, IssueKind,
    IssueOrigin, Verdict,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The source is called by what it is: on 2018-10-02 not yet, from 2018-11-13 to 2019-04-17, on
/// 2019-09-02 not any more.
const SOURCE_IS_MACHINE: Since = Since::Between("2018-11-13", "2019-09-02");

/// The last hop is called by its part: on 2020-12-04 not yet, from 2021-01-06 to 2021-03-17, on
/// 2021-05-19 not any more.
const LAST_IS_DESTINATION: Since = Since::Between("2021-01-06", "2021-05-19");

/// Hops name the machine, before its IP configuration: on 2018-03-13 not yet, on 2018-10-02.
const MACHINES: Since = Since::Date("2018-10-02");

/// What is outside has the id `Internet`, up to 2017-09-19; then an empty one, from 2018-02-05 to
/// 2020-04-16; then none, on 2020-05-21.
const EMPTY_ID: Since = Since::Date("2018-02-05");
const NO_ID: Since = Since::Date("2020-05-21");

/// `errors`, empty for a probe that came through: on 2021-05-27 not yet, on 2025-04-02.
const ERRORS: Since = Since::Date("2025-04-02");

/// The answer of `connectivityCheck`.
#[must_use]
pub fn connectivity<'a>(answer: &'a ConnectivityAnswer, shape: &Shape) -> impl Serialize + use<'a> {
    let last = answer.hops.len().saturating_sub(1);
    let hops = answer.hops.iter().enumerate();
    Check {
        hops: hops.map(|(at, hop)| HopJson::of(hop, at == last, shape)).collect(),
        connection_status: match answer.verdict {
            Verdict::Reachable => "Reachable",
            Verdict::Unreachable => "Unreachable",
            Verdict::Unknown => "Unknown",
        },
        errors: shape.has(ERRORS).then(BTreeMap::new),
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Check<'a> {
    hops: Vec<HopJson<'a>>,
    connection_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<BTreeMap<&'static str, &'static str>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HopJson<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    address: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<&'a str>,
    issues: Vec<Issue<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    origin: &'static str,
    severity: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    context: Vec<BTreeMap<&'static str, &'a str>>,
}

impl<'a> HopJson<'a> {
    fn of(hop: &'a ConnectivityHop, is_last: bool, shape: &Shape) -> Self {
        let kind = match hop.kind {
            ConnectivityHopKind::Source if shape.has(SOURCE_IS_MACHINE) => "VirtualMachine",
            ConnectivityHopKind::Source => "Source",
            _ if is_last && shape.has(LAST_IS_DESTINATION) => "Destination",
            ConnectivityHopKind::VirtualAppliance => "VirtualAppliance",
            ConnectivityHopKind::VnetLocal => "VnetLocal",
            ConnectivityHopKind::Internet => "Internet",
        };
        Self {
            kind,
            address: hop.address,
            resource_id: resource_id(hop, shape),
            issues: hop.issues.iter().map(Issue::of).collect(),
        }
    }
}

fn resource_id<'a>(hop: &'a ConnectivityHop, shape: &Shape) -> Option<&'a str> {
    let id = match hop.kind {
        ConnectivityHopKind::Internet if shape.has(NO_ID) => return None,
        ConnectivityHopKind::Internet if shape.has(EMPTY_ID) => return Some(""),
        ConnectivityHopKind::Internet => return Some("Internet"),
        _ if shape.has(MACHINES) => hop.virtual_machine.as_ref(),
        ConnectivityHopKind::Source
        | ConnectivityHopKind::VirtualAppliance
        | ConnectivityHopKind::VnetLocal => hop.ip_configuration.as_ref(),
    };
    id.map(crate::id::ResourceId::as_str)
}

impl<'a> Issue<'a> {
    fn of(issue: &'a ConnectivityIssue) -> Self {
        let pair = |(key, value): &'a (&'static str, String)| {
            BTreeMap::from([("key", *key), ("value", value.as_str())])
        };
        Self {
            origin: match issue.origin {
                IssueOrigin::Inbound => "Inbound",
                IssueOrigin::Outbound => "Outbound",
                IssueOrigin::Local => "Local",
            },
            severity: "Error",
            kind: match issue.kind {
                IssueKind::NetworkSecurityRule => "NetworkSecurityRule",
                IssueKind::UserDefinedRoute => "UserDefinedRoute",
                IssueKind::DnsResolution => "DnsResolution",
                IssueKind::Platform => "Platform",
            },
            context: issue.context.iter().map(pair).collect(),
        }
    }
}
