//! `connectivityCheck`: a live probe. Its hops are compared, not what the guests at its ends did.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::answer::{ConnectivityAnswer, Reason, Verdict};
use hopwise::dataplane::{Dataplane, compile};
use hopwise::question::{self, Probe, Target, Unanswered, posted};
use hopwise::report::azure;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let asked = posted::probe(&session.network, &case.query.params.body)?;
    let shape = session.shape.clone();
    let plane = compile(Arc::new(session.network), session.profile);
    let answer = probe(case, &plane, asked);
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
