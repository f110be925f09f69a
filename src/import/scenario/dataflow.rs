//! `dataflows`: more than one packet.

use super::expect::{in_list, protocol};
use super::members::Members;
use super::schema::asked;
use super::{Scenario, gate};
use crate::azure::tree::Node;
use crate::diag::Diagnostic;
use crate::net::Timestamp;
use crate::scenario::{ControlPlane, Dataflow, Leg, LegStep, Travel, TravelEnd};

impl Scenario {
    /// The dataflows, and remarks on those that cannot be read.
    #[must_use]
    pub fn dataflows(&self) -> (Vec<Dataflow>, Vec<Diagnostic>) {
        let mut remarks = Vec::new();
        let file = self.file_members(&mut remarks);
        let found = self.part("dataflows").map(|list| in_list(file, "dataflows", list, dataflow));
        (found.unwrap_or_default(), remarks)
    }
}

fn dataflow(members: &mut Members<'_>, node: &Node) -> Option<Dataflow> {
    members.check_keys(node, &asked::DATAFLOW);
    let name = members.text(node, "name")?.to_owned();
    let legs = members.each(node, "legs", leg);
    if node.get("legs").is_none() {
        members.note(Diagnostic::error("wrong-value", "expected `legs`, found nothing"), "", node);
    }
    Some(Dataflow {
        name,
        about: members.word(node, "about"),
        documentation: members.word(node, "documentation"),
        principal: members.word(node, "principal"),
        ignores_identity: false,
        legs,
        place: members.scenario.place(&members.pointer, node),
    })
}

fn leg(members: &mut Members<'_>, node: &Node) -> Option<Leg> {
    members.check_keys(node, &asked::LEG);
    let time = "a time such as `2026-11-25T10:00:00Z`";
    let established_at = members.parsed_with(node, "establishedAt", time, Timestamp::parse);
    Some(Leg {
        principal: members.word(node, "principal"),
        travel: travel(members, node),
        established_at,
        steps: steps(members, node),
        place: members.scenario.place(&members.pointer, node),
    })
}

/// The connection of a leg; a leg may do without.
fn travel(members: &mut Members<'_>, node: &Node) -> Option<Travel> {
    if node.get("from").is_none() && node.get("to").is_none() && node.get("service").is_none() {
        return None;
    }
    let from = members.text(node, "from")?.to_owned();
    let services = ControlPlane::ALL.map(|service| (service.name(), service));
    let to = match members.one_of(node, "service", &services) {
        Some(service) => TravelEnd::Service(service),
        None if node.get("service").is_some() => return None,
        None => TravelEnd::Destination(members.text(node, "to")?.to_owned()),
    };
    Some(Travel {
        from,
        to,
        protocol: protocol(members, node),
        source_port: members.parsed(node, "sourcePort", "a port from 0 to 65535"),
    })
}

/// The steps of a leg; a leg without is one step.
fn steps(members: &mut Members<'_>, node: &Node) -> Vec<LegStep> {
    if node.get("steps").is_none() {
        return step(members, node).into_iter().collect();
    }
    for key in ["title", "gates", "ends"] {
        if let Some(found) = node.get(key) {
            let message = format!("a leg with `steps` has no `{key}` of its own");
            members.note(Diagnostic::error("wrong-value", message), key, found);
        }
    }
    members.each(node, "steps", |members, node| {
        members.check_keys(node, &asked::STEP);
        step(members, node)
    })
}

fn step(members: &mut Members<'_>, node: &Node) -> Option<LegStep> {
    let title = members.text(node, "title")?.to_owned();
    let gates = members.each(node, "gates", gate::read);
    Some(LegStep { title, ends: members.word(node, "ends"), gates })
}
