//! Assertions about one packet.

use super::{Evidence, Found};
use crate::answer::{Hindrance, TraceAnswer, Verdict};
use crate::dataplane::Dataplane;
use crate::diag::Diagnostic;
use crate::net::Protocol;
use crate::question::locate::{self, Refusal};
use crate::question::{TraceQuestion, trace};
use crate::scenario::ExpectedTrace;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Compares what is expected of a packet with how it fares.
pub(super) fn compare(
    plane: &Dataplane,
    expected: &ExpectedTrace,
) -> Result<Found, Vec<Diagnostic>> {
    let question = question(plane, expected).map_err(|refusal| vec![Diagnostic::from(refusal)])?;
    let answer = trace(plane, &question);
    let obstacle = answer.obstacles.first().map(|first| Hindrance::of_packet(1, first));
    let evidence = Evidence::of_trace(&answer);
    let not_modelled = answer.not_modelled.clone();
    let mut found = Found { obstacle, evidence, not_modelled, ..Found::default() };
    found.verdict(expected.verdict, (answer.verdict, answer.reason));
    found.reason(expected.reason, answer.reason);
    found.decided_by(expected.decided_by.as_ref());
    way(expected, &answer, &mut found);
    Ok(found)
}

fn question(plane: &Dataplane, expected: &ExpectedTrace) -> Result<TraceQuestion, Refusal> {
    let network = plane.network();
    let from = locate::source(network, &expected.from)?;
    let to = locate::destination(network, &expected.to)?;
    let port = to.port.or((!expected.protocol.has_ports()).then_some(0));
    let port = port.ok_or_else(|| locate::no_port(&expected.to))?;
    Ok(TraceQuestion {
        from: (from.endpoint, from.name),
        from_address: from.address,
        to: (to.target, to.name),
        protocol: expected.protocol,
        port,
        source_port: expected.source_port.filter(|_| expected.protocol != Protocol::Icmp),
    })
}

/// The hops of the request on every path: some names in order, others not at all.
fn way(expected: &ExpectedTrace, answer: &TraceAnswer, found: &mut Found) {
    for path in &answer.paths {
        let hops: Vec<&str> = path.request.iter().map(|hop| hop.at.as_str()).collect();
        let way = hops.join(", ");
        let mut rest = hops.iter();
        for wanted in &expected.passes {
            if !rest.any(|hop| hop.contains(wanted.as_str())) {
                found.differs("passes", format!("`{wanted}`"), &way);
            }
        }
        for unwanted in &expected.avoids {
            if hops.iter().any(|hop| hop.contains(unwanted.as_str())) {
                found.differs("avoids", format!("anything but `{unwanted}`"), &way);
            }
        }
    }
    arrival(expected, answer, found);
    if answer.paths.is_empty() && !expected.passes.is_empty() {
        found.differs("passes", expected.passes.join(", "), "no path");
    }
}

/// The source of the packet where it arrives, on every path; of one that does not arrive, nobody sees it.
fn arrival(expected: &ExpectedTrace, answer: &TraceAnswer, found: &mut Found) {
    let Some(wanted) = expected.arrives_from else { return };
    let arriving = answer.paths.iter().filter(|path| path.verdict == Verdict::Reachable);
    let seen = arriving.filter_map(|path| path.request.last().map(|hop| hop.flow.source));
    let seen: BTreeSet<IpAddr> = seen.collect();
    if seen.is_empty() {
        found.differs("arrivesFrom", wanted, "it does not arrive");
    }
    for source in seen.into_iter().filter(|&source| source != wanted) {
        found.differs("arrivesFrom", wanted, source);
    }
}
