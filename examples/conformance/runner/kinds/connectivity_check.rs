//! `connectivityCheck`: a live probe. Its hops are compared, not what the guests at its ends did.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::answer::{ConnectivityAnswer, Reason, Verdict};
use hopwise::dataplane::{Dataplane, compile};
use hopwise::net::{DnsName, Protocol};
use hopwise::question::{self, Endpoint, Probe, Target, Unanswered};
use hopwise::report::azure;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let source = asked(case, "/source/resourceId")
        .ok_or_else(|| Unanswered::not_given("the question names no source"))?;
    let from = session.interface_of(source)?;
    let to = match (asked(case, "/destination/resourceId"), asked(case, "/destination/address")) {
        (Some(id), _) => {
            let nic = session.interface_of(id)?;
            (Target::Endpoint(Endpoint::Interface(nic)), id.to_owned())
        }
        (None, Some(address)) => (target(address)?, address.to_owned()),
        (None, None) => return Err(Unanswered::not_given("the question names no destination")),
    };
    let shape = session.shape.clone();
    let plane = compile(Arc::new(session.network), session.profile);
    let answer =
        probe(case, &plane, Probe { from, to, protocol: protocol(case)?, port: port(case) });
    match what_the_guest_decided(case, &answer) {
        Some(why) => Err(Unanswered::not_modelled(why)),
        None => to_json(&azure::connectivity(&answer, &shape)),
    }
}

/// What a public name stood for on the day is not in the estate: then it is what the probe found.
fn probe(case: &Case, plane: &Dataplane, probe: Probe) -> ConnectivityAnswer {
    let (answer, traced) = question::connectivity_check(plane, &probe);
    let outside = traced.reason.filter(|&reason| reason == Reason::NameUnknown);
    let found = outside.and_then(|_| found_by_the_probe(case));
    match found {
        Some(address) => {
            let to = (Target::Address(address), probe.to.1);
            question::connectivity_check(plane, &Probe { to, ..probe }).0
        }
        None => answer,
    }
}

/// The address of the last hop that Azure lists.
fn found_by_the_probe(case: &Case) -> Option<IpAddr> {
    let hops = case.azure_answer.get("hops")?.as_array()?;
    hops.last()?.get("address")?.as_str()?.parse().ok()
}

/// A probe that failed although nothing in the network stops it: nobody listened, or the guest's own
/// firewall stopped it. No configuration tells.
fn what_the_guest_decided(case: &Case, answer: &ConnectivityAnswer) -> Option<String> {
    const GUEST: [&str; 6] =
        ["AgentStopped", "CPU", "GuestFirewall", "Memory", "PortThrottled", "SocketBind"];
    let status = case.azure_answer.get("connectionStatus").and_then(Value::as_str)?;
    let hops = case.azure_answer.get("hops")?.as_array()?;
    let issues = hops.iter().filter_map(|hop| hop.get("issues")?.as_array()).flatten();
    let kinds: Vec<&str> = issues.filter_map(|issue| issue.get("type")?.as_str()).collect();
    let is_guests = kinds.iter().all(|kind| GUEST.iter().any(|it| it.eq_ignore_ascii_case(kind)));
    let decided = status != "Reachable" && is_guests && answer.verdict == Verdict::Reachable;
    decided.then(|| format!("the guest decided: {}", kinds.join(", ")))
}

fn asked<'c>(case: &'c Case, pointer: &str) -> Option<&'c str> {
    let text = case.query.params.body.pointer(pointer)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

fn target(text: &str) -> Result<Target, Unanswered> {
    if let Ok(address) = text.parse() {
        return Ok(Target::Address(address));
    }
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let name = DnsName::parse(host);
    name.map(Target::Name).ok_or_else(|| Unanswered::not_given(format!("`{text}` is no name")))
}

/// HTTP and HTTPS are probed over TCP.
fn protocol(case: &Case) -> Result<Protocol, Unanswered> {
    match asked(case, "/protocol").unwrap_or("Tcp").to_ascii_lowercase().as_str() {
        "tcp" | "http" | "https" => Ok(Protocol::Tcp),
        "icmp" => Ok(Protocol::Icmp),
        other => Err(Unanswered::not_modelled(format!("probes by {other}"))),
    }
}

fn port(case: &Case) -> u16 {
    let port = case.query.params.body.pointer("/destination/port").and_then(Value::as_u64);
    port.and_then(|port| u16::try_from(port).ok()).unwrap_or(80)
}
