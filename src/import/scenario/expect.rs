//! `expect` and `variants`.

use super::members::{Members, written};
use super::schema::asked::{self, VERDICTS, protocol_word};
use super::{Scenario, claim};
use crate::answer::{CautionKind, Reason, Rule, Symptom, Verdict};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::names::listed;
use crate::net::Protocol;
use crate::scenario::{
    Asks, Expectation, ExpectedDataflow, ExpectedName, ExpectedRouterRoute, ExpectedTrace, Variant,
};
use std::net::IpAddr;

impl Scenario {
    /// The assertions of `expect`, and remarks on those that cannot be read.
    #[must_use]
    pub fn expectations(&self) -> (Vec<Expectation>, Vec<Diagnostic>) {
        let mut remarks = Vec::new();
        let file = self.file_members(&mut remarks);
        let found = self.expect().map(|list| in_list(file, "expect", list, expectation));
        (found.unwrap_or_default(), remarks)
    }

    /// The variants, and remarks on those that cannot be read.
    #[must_use]
    pub fn variant_list(&self) -> (Vec<Variant>, Vec<Diagnostic>) {
        let mut remarks = Vec::new();
        let file = self.file_members(&mut remarks);
        let found = self.variants().map(|list| in_list(file, "variants", list, variant));
        (found.unwrap_or_default(), remarks)
    }

    /// Reads the members of the whole file.
    pub(super) const fn file_members<'a>(
        &'a self,
        remarks: &'a mut Vec<Diagnostic>,
    ) -> Members<'a> {
        Members { scenario: self, pointer: String::new(), remarks }
    }
}

/// Each element of the part `name` of a scenario.
pub(super) fn in_list<T>(
    mut file: Members<'_>,
    name: &str,
    list: &Node,
    read: impl FnMut(&mut Members<'_>, &Node) -> Option<T>,
) -> Vec<T> {
    let whole = Node::new(Value::Object(vec![(name.into(), list.clone())]));
    file.each(&whole, name, read)
}

fn variant(members: &mut Members<'_>, node: &Node) -> Option<Variant> {
    members.check_keys(node, &asked::VARIANT);
    let name = members.text(node, "name")?.to_owned();
    members.word(node, "about");
    let patch = node.get("patch").cloned().unwrap_or_else(|| Node::new(Value::Null));
    let expect = members.each(node, "expect", expectation);
    let place = members.scenario.place(&members.pointer, node);
    let patch_pointer = members.at("patch").pointer;
    Some(Variant { name, patch, patch_pointer, expect, place })
}

fn expectation(members: &mut Members<'_>, node: &Node) -> Option<Expectation> {
    members.check_keys(node, &asked::ASSERTION);
    let cites = cites(members, node);
    let asks = asks(members, node)?;
    let name = members.word(node, "name").unwrap_or_else(|| in_words(&asks));
    let place = members.scenario.place(&members.pointer, node);
    Some(Expectation { name, cites, asks, place })
}

fn asks(members: &mut Members<'_>, node: &Node) -> Option<Asks> {
    if let Some(hop) = node.get("nextHop") {
        next_hop(members, node, hop)
    } else if let Some(route) = node.get("route") {
        self::route(members, node, route)
    } else if let Some(resolve) = node.get("resolve") {
        self::resolve(members, node, resolve)
    } else if let Some(claim) = claim::in_node(node) {
        Some(Asks::Reach(Box::new(claim::read(members, node, claim)?)))
    } else if node.get("dataflow").is_some() {
        Some(Asks::Dataflow(Box::new(dataflow(members, node)?)))
    } else {
        Some(Asks::Trace(Box::new(trace(members, node)?)))
    }
}

fn verdict(members: &mut Members<'_>, node: &Node) -> Option<Verdict> {
    if node.get("verdict").is_none() {
        let remark = Diagnostic::error("wrong-value", "expected a `verdict`, found nothing");
        let words = listed(VERDICTS.iter().map(|verdict| verdict.0));
        members.note(remark.hint(format!("one of {words}")), "", node);
    }
    members.one_of(node, "verdict", &VERDICTS)
}

fn reason(members: &mut Members<'_>, node: &Node) -> Option<Reason> {
    let reasons: Vec<_> = Reason::ALL.iter().map(|&reason| (reason.code(), reason)).collect();
    members.one_of(node, "reason", &reasons)
}

fn trace(members: &mut Members<'_>, node: &Node) -> Option<ExpectedTrace> {
    let (from, to) = (members.text(node, "from"), members.text(node, "to"));
    let (protocol, verdict) = (protocol(members, node), verdict(members, node));
    let reason = reason(members, node);
    Some(ExpectedTrace {
        from: from?.to_owned(),
        to: to?.to_owned(),
        protocol,
        source_port: members.parsed(node, "sourcePort", "a port from 0 to 65535"),
        verdict: verdict?,
        reason,
        decided_by: members.word(node, "decidedBy"),
        passes: members.words(node, "passes"),
        avoids: members.words(node, "avoids"),
        arrives_from: members.parsed(node, "arrivesFrom", "an IP address"),
    })
}

/// `protocol`, TCP where it is not said.
pub(super) fn protocol(members: &mut Members<'_>, node: &Node) -> Protocol {
    let protocols = Protocol::ALL.map(|protocol| (protocol_word(protocol), protocol));
    members.one_of(node, "protocol", &protocols).unwrap_or(Protocol::Tcp)
}

fn dataflow(members: &mut Members<'_>, node: &Node) -> Option<ExpectedDataflow> {
    let name = members.text(node, "dataflow")?.to_owned();
    let reasons: Vec<_> = Reason::ALL.iter().map(|&reason| (reason.code(), reason)).collect();
    let kinds = CautionKind::ALL.map(|kind| (kind.code(), kind));
    let symptoms = Symptom::ALL.map(|symptom| (symptom.code(), symptom));
    let cautions = node.get("cautions").is_some();
    let (verdict, reason) = (verdict(members, node), reason(members, node));
    Some(ExpectedDataflow {
        dataflow: name,
        verdict: verdict?,
        reason,
        decided_by: members.word(node, "decidedBy"),
        step: members.parsed(node, "step", "the number of a step"),
        obstacles: codes(members, node, "obstacles", &reasons),
        symptom: members.one_of(node, "symptom", &symptoms),
        cautions: cautions.then(|| codes(members, node, "cautions", &kinds)),
    })
}

/// The codes of the list `key`, each one of `words`.
pub(super) fn codes<T: Copy>(
    members: &mut Members<'_>,
    node: &Node,
    key: &str,
    words: &[(&str, T)],
) -> Vec<T> {
    let Some(list) = node.get(key) else { return Vec::new() };
    // A single code may stand without a list.
    let elements = list.as_list().unwrap_or(std::slice::from_ref(list));
    let mut found = Vec::new();
    for element in elements {
        let one = Node::new(Value::Object(vec![(key.into(), element.clone())]));
        found.extend(members.one_of(&one, key, words));
    }
    found
}

fn next_hop(members: &mut Members<'_>, node: &Node, hop: &Node) -> Option<Asks> {
    members.at("nextHop").check_keys(hop, &asked::NEXT_HOP);
    Some(Asks::NextHop {
        from: members.text(hop, "from")?.to_owned(),
        to: members.parsed(hop, "to", "an address")?,
        next_hop_type: members.text(node, "type")?.to_owned(),
        address: members.parsed(node, "address", "an address"),
    })
}

fn route(members: &mut Members<'_>, node: &Node, route: &Node) -> Option<Asks> {
    members.at("route").check_keys(route, &asked::ROUTE);
    if route.get("router").is_some() {
        return router_route(members, node, route);
    }
    Some(Asks::Route {
        interface: members.text(route, "networkInterface")?.to_owned(),
        prefix: members.parsed(route, "prefix", "a prefix such as `10.0.0.0/16`")?,
        next_hop_type: members.word(node, "nextHopType"),
        state: members.text(node, "state")?.to_owned(),
    })
}

fn router_route(members: &mut Members<'_>, node: &Node, route: &Node) -> Option<Asks> {
    let states = [("Active", true), ("absent", false)];
    let list = node.get("addresses");
    Some(Asks::RouterRoute(Box::new(ExpectedRouterRoute {
        router: members.text(route, "router")?.to_owned(),
        prefix: members.parsed(route, "prefix", "a prefix such as `10.0.0.0/16`")?,
        is_there: members.one_of(node, "state", &states)?,
        addresses: list.map(|list| addresses(members, node, list)),
        as_path: as_path(members, node),
    })))
}

/// The numbers of the autonomous systems, when they are given.
fn as_path(members: &mut Members<'_>, node: &Node) -> Option<Vec<u32>> {
    let list = node.get("asPath")?;
    let mut inside = members.at("asPath");
    let Some(elements) = list.as_list() else {
        inside.complain("a list", list);
        return None;
    };
    let mut path = Vec::new();
    for element in elements {
        let is_number = matches!(element.value, Value::Number(_));
        match written(element).filter(|_| is_number).and_then(|text| text.parse().ok()) {
            Some(asn) => path.push(asn),
            None => inside.complain("the number of an autonomous system", element),
        }
    }
    Some(path)
}

fn resolve(members: &mut Members<'_>, node: &Node, resolve: &Node) -> Option<Asks> {
    members.at("resolve").check_keys(resolve, &asked::RESOLVE);
    let outcome = match node.get("addresses") {
        Some(list) => ExpectedName::Addresses(addresses(members, node, list)),
        None => ExpectedName::Answer(members.text(node, "answer")?.to_lowercase()),
    };
    let record_type = members.at("resolve").word(resolve, "type");
    Some(Asks::Resolve {
        from: members.text(resolve, "from")?.to_owned(),
        name: members.text(resolve, "name")?.to_owned(),
        record_type: record_type.unwrap_or_else(|| "A".to_owned()),
        outcome,
    })
}

/// The addresses of the list, in ascending order.
fn addresses(members: &mut Members<'_>, node: &Node, list: &Node) -> Vec<IpAddr> {
    let mut parsed = Vec::new();
    for text in members.words(node, "addresses") {
        match text.parse() {
            Ok(address) => parsed.push(address),
            Err(_) => {
                let message = format!("expected an address, found `{text}`");
                members.note(Diagnostic::error("wrong-value", message), "addresses", list);
            }
        }
    }
    parsed.sort_unstable();
    parsed
}

fn cites(members: &mut Members<'_>, node: &Node) -> Vec<Rule> {
    let mut rules = Vec::new();
    for text in members.words(node, "cites") {
        let number = text.strip_prefix('R').and_then(|number| number.parse().ok());
        match number.map(Rule).filter(|&rule| Rule(1) <= rule && rule <= Rule::LAST) {
            Some(rule) => rules.push(rule),
            None => {
                let message = format!("`{text}` is no rule of docs/semantics");
                members.note(Diagnostic::error("unknown-rule", message), "cites", node);
            }
        }
    }
    rules
}

fn in_words(asks: &Asks) -> String {
    match asks {
        Asks::Trace(trace) => format!("{} to {} is {}", trace.from, trace.to, trace.verdict),
        Asks::Reach(reach) => reach.to_string(),
        Asks::Dataflow(flow) => format!("{} is {}", flow.dataflow, flow.verdict),
        Asks::NextHop { from, to, next_hop_type, .. } => {
            format!("next hop of {from} to {to} is {next_hop_type}")
        }
        Asks::Route { interface, prefix, state, .. } => {
            format!("route {prefix} of {interface} is {state}")
        }
        Asks::RouterRoute(expected) => {
            let state = if expected.is_there { "known" } else { "not known" };
            format!("route {} is {state} to {}", expected.prefix, expected.router)
        }
        Asks::Resolve { from, name, .. } => format!("{from} resolves {name}"),
    }
}
