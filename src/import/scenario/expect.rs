//! `expect` and `variants`.

use super::Scenario;
use crate::answer::{Reason, Rule, Verdict};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::names::{closest, listed};
use crate::import::source::step;
use crate::net::Protocol;
use crate::scenario::{Asks, Expectation, ExpectedName, ExpectedTrace, Variant};
use std::str::FromStr;

/// The keys of an assertion.
const KEYS: &[&str] = &[
    "name",
    "cites",
    "from",
    "to",
    "protocol",
    "sourcePort",
    "verdict",
    "reason",
    "decidedBy",
    "passes",
    "avoids",
    "nextHop",
    "type",
    "address",
    "route",
    "nextHopType",
    "state",
    "resolve",
    "addresses",
    "answer",
];

impl Scenario {
    /// The assertions of `expect`, and remarks on those that cannot be read.
    #[must_use]
    pub fn expectations(&self) -> (Vec<Expectation>, Vec<Diagnostic>) {
        let mut remarks = Vec::new();
        let found = self.assertions(self.expect(), "/expect", &mut remarks);
        (found, remarks)
    }

    /// The variants, and remarks on those that cannot be read.
    #[must_use]
    pub fn variant_list(&self) -> (Vec<Variant>, Vec<Diagnostic>) {
        let mut remarks = Vec::new();
        let nodes = self.variants().and_then(Node::as_list).unwrap_or_default();
        let variants = nodes.iter().enumerate().filter_map(|(at, node)| {
            let pointer = step("/variants", &at.to_string());
            let mut reader =
                Reader { scenario: self, pointer: pointer.clone(), remarks: &mut remarks };
            let name = reader.text(node, "name")?.to_owned();
            let patch = node.get("patch").cloned().unwrap_or_else(|| Node::new(Value::Null));
            let expect = step(&pointer, "expect");
            let expect = self.assertions(node.get("expect"), &expect, &mut remarks);
            Some(Variant { name, patch, expect, place: self.place(&pointer, node) })
        });
        let variants = variants.collect();
        (variants, remarks)
    }

    fn assertions(
        &self,
        nodes: Option<&Node>,
        pointer: &str,
        remarks: &mut Vec<Diagnostic>,
    ) -> Vec<Expectation> {
        let nodes = nodes.and_then(Node::as_list).unwrap_or_default();
        let read = nodes.iter().enumerate().filter_map(|(at, node)| {
            let pointer = step(pointer, &at.to_string());
            Reader { scenario: self, pointer, remarks }.expectation(node)
        });
        read.collect()
    }
}

struct Reader<'a> {
    scenario: &'a Scenario,
    pointer: String,
    remarks: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn expectation(&mut self, node: &Node) -> Option<Expectation> {
        self.check_keys(node);
        let asks = if let Some(hop) = node.get("nextHop") {
            self.next_hop(node, hop)?
        } else if let Some(route) = node.get("route") {
            self.route(node, route)?
        } else if let Some(resolve) = node.get("resolve") {
            self.resolve(node, resolve)?
        } else {
            Asks::Trace(Box::new(self.trace(node)?))
        };
        let name = node.get("name").and_then(Node::as_text);
        let name = name.map_or_else(|| in_words(&asks), str::to_owned);
        let place = self.scenario.place(&self.pointer, node);
        Some(Expectation { name, cites: self.cites(node), asks, place })
    }

    fn check_keys(&mut self, node: &Node) {
        let Value::Object(members) = &node.value else { return };
        for (key, member) in members {
            if !KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                let mut remark =
                    Diagnostic::error("unknown-key", format!("`{key}` is no key of an assertion"));
                if let Some(meant) = closest(key, KEYS.iter().copied()) {
                    remark = remark.hint(format!("did you mean `{meant}`?"));
                }
                self.note(remark, key, member);
            }
        }
    }

    fn note(&mut self, remark: Diagnostic, key: &str, node: &Node) {
        let pointer = step(&self.pointer, key);
        self.remarks.push(remark.at(self.scenario.place(&pointer, node)));
    }

    fn text<'n>(&mut self, node: &'n Node, key: &str) -> Option<&'n str> {
        let found = node.get(key);
        let text = found.and_then(Node::as_text);
        if text.is_none() {
            let what = found.map_or("nothing", Node::kind);
            let message = format!("expected a text `{key}`, found {what}");
            self.note(Diagnostic::error("wrong-value", message), key, found.unwrap_or(node));
        }
        text
    }

    /// The value of `key`, parsed; a remark with what was `expected` when it cannot be.
    fn parsed<T: FromStr>(&mut self, node: &Node, key: &str, expected: &str) -> Option<T> {
        let found = node.get(key)?;
        let parsed = written(found).and_then(|text| text.parse().ok());
        if parsed.is_none() {
            let text = written(found).unwrap_or_else(|| found.kind().to_owned());
            let message = format!("expected {expected}, found `{text}`");
            self.note(Diagnostic::error("wrong-value", message), key, found);
        }
        parsed
    }

    /// The one of `known` that `key` names.
    fn one_of<T: Copy>(&mut self, node: &Node, key: &str, known: &[(&str, T)]) -> Option<T> {
        let found = node.get(key)?;
        let text = written(found).unwrap_or_default();
        let hit = known.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        if hit.is_none() {
            let words = known.iter().map(|&(word, _)| word);
            let message = format!("`{text}` is no `{key}`");
            let mut remark = Diagnostic::error("wrong-value", message);
            remark = match closest(&text, words.clone()) {
                Some(meant) => remark.hint(format!("did you mean `{meant}`?")),
                None if known.len() < 10 => remark.hint(format!("one of {}", listed(words))),
                None => remark,
            };
            self.note(remark, key, found);
        }
        hit.map(|&(_, value)| value)
    }

    fn trace(&mut self, node: &Node) -> Option<ExpectedTrace> {
        let (from, to) = (self.text(node, "from")?.to_owned(), self.text(node, "to")?.to_owned());
        let protocols = Protocol::ALL.map(|protocol| (protocol_word(protocol), protocol));
        let protocol = self.one_of(node, "protocol", &protocols).unwrap_or(Protocol::Tcp);
        let verdicts = [
            ("reachable", Verdict::Reachable),
            ("unreachable", Verdict::Unreachable),
            ("unknown", Verdict::Unknown),
        ];
        if node.get("verdict").is_none() {
            let remark = Diagnostic::error("wrong-value", "expected a `verdict`, found nothing");
            self.note(
                remark.hint(format!("one of {}", listed(verdicts.iter().map(|v| v.0)))),
                "",
                node,
            );
        }
        let verdict = self.one_of(node, "verdict", &verdicts)?;
        let reasons: Vec<_> = Reason::ALL.iter().map(|&reason| (reason.code(), reason)).collect();
        Some(ExpectedTrace {
            from,
            to,
            protocol,
            source_port: self.parsed(node, "sourcePort", "a port from 0 to 65535"),
            verdict,
            reason: self.one_of(node, "reason", &reasons),
            decided_by: node.get("decidedBy").and_then(written),
            passes: names(node.get("passes")),
            avoids: names(node.get("avoids")),
        })
    }

    fn next_hop(&mut self, node: &Node, hop: &Node) -> Option<Asks> {
        Some(Asks::NextHop {
            from: self.text(hop, "from")?.to_owned(),
            to: self.parsed(hop, "to", "an address")?,
            next_hop_type: self.text(node, "type")?.to_owned(),
            address: self.parsed(node, "address", "an address"),
        })
    }

    fn route(&mut self, node: &Node, route: &Node) -> Option<Asks> {
        Some(Asks::Route {
            interface: self.text(route, "networkInterface")?.to_owned(),
            prefix: self.parsed(route, "prefix", "a prefix such as `10.0.0.0/16`")?,
            next_hop_type: node.get("nextHopType").and_then(written),
            state: self.text(node, "state")?.to_owned(),
        })
    }

    fn resolve(&mut self, node: &Node, resolve: &Node) -> Option<Asks> {
        let addresses = node.get("addresses").map(|list| names(Some(list)));
        let outcome = match addresses {
            Some(texts) => {
                let mut parsed: Vec<_> =
                    texts.iter().filter_map(|text| text.parse().ok()).collect();
                parsed.sort_unstable();
                ExpectedName::Addresses(parsed)
            }
            None => ExpectedName::Answer(self.text(node, "answer")?.to_lowercase()),
        };
        let record_type = resolve.get("type").and_then(written);
        Some(Asks::Resolve {
            from: self.text(resolve, "from")?.to_owned(),
            name: self.text(resolve, "name")?.to_owned(),
            record_type: record_type.unwrap_or_else(|| "A".to_owned()),
            outcome,
        })
    }

    fn cites(&mut self, node: &Node) -> Vec<Rule> {
        let mut rules = Vec::new();
        for text in names(node.get("cites")) {
            let number = text.strip_prefix('R').and_then(|number| number.parse().ok());
            match number.map(Rule).filter(|&rule| Rule(1) <= rule && rule <= Rule::LAST) {
                Some(rule) => rules.push(rule),
                None => {
                    let message = format!("`{text}` is no rule of docs/semantics");
                    self.note(Diagnostic::error("unknown-rule", message), "cites", node);
                }
            }
        }
        rules
    }
}

const fn protocol_word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Icmp => "icmp",
        Protocol::Esp => "esp",
        Protocol::Ah => "ah",
    }
}

/// What stands at a node, which YAML may take for a number.
fn written(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::List(_) | Value::Object(_) => None,
    }
}

/// One text, or a list of them.
fn names(node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    match node.as_list() {
        Some(nodes) => nodes.iter().filter_map(written).collect(),
        None => written(node).into_iter().collect(),
    }
}

fn in_words(asks: &Asks) -> String {
    match asks {
        Asks::Trace(trace) => format!("{} to {} is {}", trace.from, trace.to, trace.verdict),
        Asks::NextHop { from, to, next_hop_type, .. } => {
            format!("next hop of {from} to {to} is {next_hop_type}")
        }
        Asks::Route { interface, prefix, state, .. } => {
            format!("route {prefix} of {interface} is {state}")
        }
        Asks::Resolve { from, name, .. } => format!("{from} resolves {name}"),
    }
}
