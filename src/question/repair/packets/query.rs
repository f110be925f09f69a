//! A query for a name that is lost on its way to a server: what stops it as a packet (R238).

use super::Scene;
use crate::answer::{Item, ItemKind, NameAnswer, Obstacle, Reason, Rule};
use crate::azure::{ForwardingRule, ForwardingRuleset, Network};
use crate::net::{Flow, Protocol};
use crate::question::repair::edit::Edit;
use crate::question::repair::search::Bench;
use crate::question::{Endpoint, Target, TraceQuestion, locate, trace};
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let answer = scene.trace.name.as_ref().filter(|_| obstacle.reason == Reason::NameTimeout);
    let lost = answer.into_iter().flat_map(|answer| &answer.steps).filter_map(|step| step.lost);
    let forwarded = answer.map(|answer| forwarded(scene.network(), answer)).unwrap_or_default();
    let forwarded = forwarded.into_iter().flat_map(|query| of_question(scene, &query));
    lost.flat_map(|query| of_query(scene, query)).chain(forwarded).collect()
}

/// Queries that rules of rulesets sent to servers which do not answer: from an outbound endpoint, whose address nobody
/// chooses (R275).
fn forwarded(network: &Network, answer: &NameAnswer) -> Vec<TraceQuestion> {
    let mut by_rule = None;
    let mut found = Vec::new();
    for step in &answer.steps {
        let item = step.decided_by.as_ref();
        if let Some(item) = item.filter(|item| item.kind == ItemKind::ForwardingRule) {
            by_rule = ruleset_of(network, item);
        }
        let is_silent = step.rules.contains(&Rule(238)) && step.lost.is_none();
        let (Some((ruleset, rule)), true) = (by_rule, is_silent) else { continue };
        let target = rule.targets.iter().find(|(to, _)| to.to_string() == step.at);
        let source = ruleset.outbound_endpoints.iter().find_map(|link| link.known());
        let (Some(&(to, port)), Some(source)) = (target, source) else { continue };
        let name = network.outbound_endpoints[source].meta.name().to_owned();
        found.push(udp((Endpoint::OutboundEndpoint(source), name), None, (to, port)));
    }
    found
}

/// The rule that an item of evidence is, by the place where it was read.
fn ruleset_of<'a>(
    network: &'a Network,
    item: &Item,
) -> Option<(&'a ForwardingRuleset, &'a ForwardingRule)> {
    let is_it = |rule: &&ForwardingRule| Some(network.place(&rule.origin)) == item.place;
    let mut rulesets = network.forwarding_rulesets.values();
    rulesets.find_map(|ruleset| Some((ruleset, ruleset.rules.iter().find(is_it)?)))
}

fn of_query(scene: &Scene<'_>, query: Flow) -> Vec<Edit> {
    let Ok(from) = locate::source(scene.network(), &query.source.to_string()) else {
        return Vec::new();
    };
    let to = (query.destination, query.destination_ports.first());
    of_question(scene, &udp((from.endpoint, from.name), from.address, to))
}

fn udp(
    from: (Endpoint, String),
    from_address: Option<IpAddr>,
    (to, port): (IpAddr, u16),
) -> TraceQuestion {
    let to = (Target::Address(to), to.to_string());
    TraceQuestion { from, from_address, to, protocol: Protocol::Udp, port, source_port: None }
}

fn of_question(scene: &Scene<'_>, question: &TraceQuestion) -> Vec<Edit> {
    let trace = trace(scene.plane, question);
    let bench = Bench { snapshot: scene.snapshot, plane: scene.plane };
    trace.obstacles.iter().flat_map(|obstacle| super::edits(&bench, &trace, obstacle)).collect()
}
