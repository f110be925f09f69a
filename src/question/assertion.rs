//! Does the network do what a scenario expects?

use super::{TraceQuestion, locate, resolve_name, trace as ask_trace};
use crate::answer::{DataflowAnswer, NameOutcome, NextHopType, TraceAnswer};
use crate::azure::NetworkInterface;
use crate::dataplane::routes::effective_route_type;
use crate::dataplane::{Dataplane, EffectiveTable, RouteState};
use crate::id::Id;
use crate::net::{Protocol, RecordType};
use crate::scenario::{Asks, Dataflow, Expectation, ExpectedDataflow, ExpectedName, ExpectedTrace};
use ipnet::IpNet;
use std::net::IpAddr;

/// How an assertion fared.
#[derive(Clone, Debug, PartialEq)]
pub struct Assertion {
    /// What it is called.
    pub name: String,
    /// What differs from what was expected, in words; empty when it holds.
    pub differences: Vec<String>,
    /// The answer to a trace, for people who want to see more.
    pub trace: Option<TraceAnswer>,
}

/// Compares what `expectation` says with what the network does; `dataflows` are those of its scenario.
#[must_use]
pub fn check(plane: &Dataplane, dataflows: &[Dataflow], expectation: &Expectation) -> Assertion {
    let (differences, trace) = match &expectation.asks {
        Asks::Dataflow(expected) => (check_dataflow(plane, dataflows, expected), None),
        Asks::Trace(expected) => check_trace(plane, expected),
        Asks::NextHop { from, to, next_hop_type, address } => {
            (check_next_hop(plane, from, *to, next_hop_type, *address), None)
        }
        Asks::Route { interface, prefix, next_hop_type, state } => {
            (check_route(plane, interface, *prefix, next_hop_type.as_deref(), state), None)
        }
        Asks::Resolve { from, name, record_type, outcome } => {
            (check_name(plane, from, name, record_type, outcome), None)
        }
    };
    Assertion { name: expectation.name.clone(), differences, trace }
}

fn check_dataflow(
    plane: &Dataplane,
    dataflows: &[Dataflow],
    expected: &ExpectedDataflow,
) -> Vec<String> {
    let Some(flow) = dataflows.iter().find(|flow| flow.name == expected.dataflow) else {
        let names = dataflows.iter().map(|flow| flow.name.as_str());
        let near = crate::diag::similar(&expected.dataflow, names);
        let near = near.first().map(|name| format!("; did you mean `{name}`?"));
        let near = near.unwrap_or_default();
        return vec![format!("there is no dataflow `{}`{near}", expected.dataflow)];
    };
    match super::dataflow(plane, flow) {
        Ok(answer) => differences(expected, &answer),
        Err(remarks) => remarks.into_iter().map(|remark| remark.message).collect(),
    }
}

fn differences(expected: &ExpectedDataflow, answer: &DataflowAnswer) -> Vec<String> {
    let mut found = Vec::new();
    if answer.verdict != expected.verdict {
        let reason = answer.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        found.push(format!("expected {}, found {}{reason}", expected.verdict, answer.verdict));
    }
    if let Some(reason) = expected.reason.filter(|&reason| answer.reason != Some(reason)) {
        let other = answer.reason.map_or("none", |reason| reason.code());
        found.push(format!("expected the reason {reason}, found {other}"));
    }
    let first = answer.hindrances.first();
    if let Some(wanted) = &expected.decided_by {
        let item = first.and_then(|first| first.decided_by.as_ref());
        let name = item.map_or("nothing", |item| item.name.as_str());
        if !name.contains(wanted.as_str()) {
            found.push(format!("expected `{wanted}` to decide, found `{name}`"));
        }
    }
    if let Some(step) = expected.step.filter(|&step| first.map(|it| it.step) != Some(step)) {
        let other = first.map_or_else(|| "none".to_owned(), |it| it.step.to_string());
        found.push(format!("expected step {step} to fail first, found {other}"));
    }
    for wanted in &expected.obstacles {
        if answer.hindrances.iter().all(|it| it.reason != *wanted) {
            found.push(format!("expected {wanted} among what stops it"));
        }
    }
    found.extend(told_otherwise(expected, answer));
    found
}

/// What the user sees, and what there is to know.
fn told_otherwise(expected: &ExpectedDataflow, answer: &DataflowAnswer) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(symptom) = expected.symptom.filter(|&symptom| answer.symptom != Some(symptom)) {
        let other = answer.symptom.map_or("none", crate::answer::Symptom::code);
        found.push(format!("expected the symptom {symptom}, found {other}"));
    }
    let Some(wanted) = &expected.cautions else { return found };
    let kinds: Vec<_> = answer.cautions.iter().map(|caution| caution.kind).collect();
    let missing = wanted.iter().filter(|kind| !kinds.contains(kind));
    found.extend(missing.map(|kind| format!("expected the caution {kind}, which is not there")));
    let more = kinds.iter().filter(|kind| !wanted.contains(kind));
    found.extend(more.map(|kind| format!("expected no caution {kind}, which is there")));
    found
}

fn check_trace(plane: &Dataplane, expected: &ExpectedTrace) -> (Vec<String>, Option<TraceAnswer>) {
    let question = match trace_question(plane, expected) {
        Ok(question) => question,
        Err(difference) => return (vec![difference], None),
    };
    let answer = ask_trace(plane, &question);
    let mut differences = Vec::new();
    if answer.verdict != expected.verdict {
        let reason = answer.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        differences
            .push(format!("expected {}, found {}{reason}", expected.verdict, answer.verdict));
    }
    if let Some(reason) = expected.reason.filter(|&reason| answer.reason != Some(reason)) {
        let found = answer.reason.map_or("none", |reason| reason.code());
        differences.push(format!("expected the reason {reason}, found {found}"));
    }
    differences.extend(decided_by(expected, &answer));
    differences.extend(way(expected, &answer));
    (differences, Some(answer))
}

fn trace_question(plane: &Dataplane, expected: &ExpectedTrace) -> Result<TraceQuestion, String> {
    let network = plane.network();
    let from = locate::source(network, &expected.from)
        .map_err(|refusal| crate::diag::Diagnostic::from(refusal).message)?;
    let to = locate::destination(network, &expected.to)
        .map_err(|refusal| crate::diag::Diagnostic::from(refusal).message)?;
    let port = to.port.or((!expected.protocol.has_ports()).then_some(0));
    let port = port.ok_or_else(|| format!("expected a port in `{}`", expected.to))?;
    Ok(TraceQuestion {
        from: (from.endpoint, from.name),
        from_address: from.address,
        to: (to.target, to.name),
        protocol: expected.protocol,
        port,
        source_port: expected.source_port.filter(|_| expected.protocol != Protocol::Icmp),
    })
}

fn decided_by(expected: &ExpectedTrace, answer: &TraceAnswer) -> Option<String> {
    let wanted = expected.decided_by.as_ref()?;
    let found = answer.obstacles.first().and_then(|obstacle| obstacle.decided_by.as_ref());
    let name = found.map_or("nothing", |item| item.name.as_str());
    (!name.contains(wanted.as_str()))
        .then(|| format!("expected `{wanted}` to decide, found `{name}`"))
}

/// The hops of the request on every path: some names in order, others not at all.
fn way(expected: &ExpectedTrace, answer: &TraceAnswer) -> Vec<String> {
    let mut differences = Vec::new();
    for path in &answer.paths {
        let hops: Vec<&str> = path.request.iter().map(|hop| hop.at.as_str()).collect();
        let mut rest = hops.iter();
        for wanted in &expected.passes {
            if !rest.any(|hop| hop.contains(wanted.as_str())) {
                differences.push(format!("expected to pass `{wanted}`, found {}", hops.join(", ")));
            }
        }
        for unwanted in &expected.avoids {
            if hops.iter().any(|hop| hop.contains(unwanted.as_str())) {
                differences.push(format!("expected not to pass `{unwanted}`, but it does"));
            }
        }
    }
    if answer.paths.is_empty() && !expected.passes.is_empty() {
        differences.push("expected a path, found none".to_owned());
    }
    differences
}

fn check_name(
    plane: &Dataplane,
    from: &str,
    name: &str,
    record_type: &str,
    expected: &ExpectedName,
) -> Vec<String> {
    let source = match locate::source(plane.network(), from) {
        Ok(source) => source,
        Err(refusal) => return vec![crate::diag::Diagnostic::from(refusal).message],
    };
    let Some(name) = crate::net::DnsName::parse(name) else {
        return vec![format!("`{name}` is no name")];
    };
    let Some(kind) = RecordType::ALL.into_iter().find(|kind| kind.name() == record_type) else {
        return vec![format!("`{record_type}` is no record type")];
    };
    let found = resolve_name(plane, source.endpoint, &name, kind);
    let holds = match (expected, &found.outcome) {
        (ExpectedName::Addresses(wanted), NameOutcome::Addresses(found)) => wanted == found,
        (ExpectedName::Answer(wanted), outcome) => wanted == outcome_word(outcome),
        (ExpectedName::Addresses(_), _) => false,
    };
    let wanted = match expected {
        ExpectedName::Addresses(wanted) => listed(wanted),
        ExpectedName::Answer(wanted) => wanted.clone(),
    };
    let got = match &found.outcome {
        NameOutcome::Addresses(found) => listed(found),
        NameOutcome::Unknown(why) => format!("unknown: {why}"),
        NameOutcome::Records
        | NameOutcome::Nxdomain
        | NameOutcome::Nodata
        | NameOutcome::Timeout => outcome_word(&found.outcome).to_owned(),
    };
    if holds { Vec::new() } else { vec![format!("expected {wanted}, found {got}")] }
}

const fn outcome_word(outcome: &NameOutcome) -> &'static str {
    match outcome {
        NameOutcome::Addresses(_) => "addresses",
        NameOutcome::Records => "records",
        NameOutcome::Nxdomain => "nxdomain",
        NameOutcome::Nodata => "nodata",
        NameOutcome::Timeout => "timeout",
        NameOutcome::Unknown(_) => "unknown",
    }
}

fn listed(addresses: &[IpAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
    texts.join(", ")
}

fn table<'plane>(
    plane: &'plane Dataplane,
    interface: &str,
) -> Result<&'plane EffectiveTable, String> {
    let network = plane.network();
    let id: Id<NetworkInterface> = locate::interface(network, interface)
        .map_err(|refusal| crate::diag::Diagnostic::from(refusal).message)?;
    let table = plane.effective_of(id);
    table.ok_or_else(|| format!("the subnet of `{interface}` is not in the input"))
}

fn check_next_hop(
    plane: &Dataplane,
    from: &str,
    to: IpAddr,
    wanted: &str,
    address: Option<IpAddr>,
) -> Vec<String> {
    let table = match table(plane, from) {
        Ok(table) => table,
        Err(difference) => return vec![difference],
    };
    let Some(route) = table.next_hop(to) else { return vec![format!("no route matches {to}")] };
    let found = watcher_word(effective_route_type(plane.network(), route.next_hop));
    let mut differences = Vec::new();
    if found != wanted {
        differences.push(format!("expected next hop {wanted}, found {found}"));
    }
    if let Some(address) = address.filter(|address| !route.addresses.contains(address)) {
        differences.push(format!("expected {address}, found {}", listed(&route.addresses)));
    }
    differences
}

/// The word of Network Watcher's Next hop (R495).
const fn watcher_word(next_hop: NextHopType) -> &'static str {
    match next_hop {
        NextHopType::VnetLocal => "VirtualNetwork",
        NextHopType::VnetPeering | NextHopType::VnetGlobalPeering => "VirtualNetworkPeering",
        NextHopType::InterfaceEndpoint => "PrivateEndpoint",
        NextHopType::ConnectedGroup
        | NextHopType::VirtualNetworkGateway
        | NextHopType::VirtualAppliance
        | NextHopType::VirtualNetworkServiceEndpoint
        | NextHopType::Internet
        | NextHopType::None
        | NextHopType::Unknown => next_hop.as_str(),
    }
}

fn check_route(
    plane: &Dataplane,
    interface: &str,
    prefix: IpNet,
    wanted: Option<&str>,
    state: &str,
) -> Vec<String> {
    let table = match table(plane, interface) {
        Ok(table) => table,
        Err(difference) => return vec![difference],
    };
    let rows = table.routes.iter().filter(|route| route.prefixes.as_slice().contains(&prefix));
    let found = rows.map(|route| {
        let state = match route.state {
            RouteState::Active => "Active",
            RouteState::Invalid => "Invalid",
        };
        (effective_route_type(plane.network(), route.next_hop).as_str(), state)
    });
    let found: Vec<_> = found.collect();
    let fits = |&(hop, is): &(&str, &str)| {
        is.eq_ignore_ascii_case(state) && wanted.is_none_or(|wanted| wanted == hop)
    };
    let holds = match state {
        "absent" => !found.iter().any(|(hop, _)| wanted.is_none_or(|wanted| wanted == *hop)),
        _ => found.iter().any(fits),
    };
    let wanted = wanted.map(|wanted| format!("{wanted} ")).unwrap_or_default();
    if holds {
        Vec::new()
    } else {
        vec![format!("expected {prefix} {wanted}{state}, found {found:?}")]
    }
}
