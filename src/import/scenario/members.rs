//! The members of one object of a scenario, with remarks on what is not as expected.

use super::Scenario;
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::names::{closest, listed};
use crate::import::source::step;
use std::str::FromStr;

/// Reads the members of the object at `pointer`.
pub(super) struct Members<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) pointer: String,
    pub(super) remarks: &'a mut Vec<Diagnostic>,
}

impl Members<'_> {
    /// The members of what stands `name` further down.
    pub(super) fn at(&mut self, name: &str) -> Members<'_> {
        let pointer = step(&self.pointer, name);
        Members { scenario: self.scenario, pointer, remarks: self.remarks }
    }

    /// Each element of the list `name`, with a reader of its members.
    pub(super) fn each<T>(
        &mut self,
        node: &Node,
        name: &str,
        mut read: impl FnMut(&mut Members<'_>, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(list) = node.get(name) else { return Vec::new() };
        let mut inside = self.at(name);
        let Some(nodes) = list.as_list() else {
            inside.complain("a list", list);
            return Vec::new();
        };
        let numbered = nodes.iter().enumerate();
        let read = numbered.filter_map(|(at, node)| read(&mut inside.at(&at.to_string()), node));
        read.collect()
    }

    /// Complains about members that `what` does not have, and about what is no object.
    pub(super) fn check_keys(&mut self, node: &Node, what: &str, keys: &[&str]) {
        let Value::Object(members) = &node.value else {
            return self.complain("an object", node);
        };
        for (key, member) in members {
            if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                let mut remark =
                    Diagnostic::error("unknown-key", format!("`{key}` is no key of {what}"));
                remark = match closest(key, keys.iter().copied()) {
                    Some(meant) => remark.hint(format!("did you mean `{meant}`?")),
                    None if keys.len() < 10 => {
                        remark.hint(format!("one of {}", listed(keys.iter().copied())))
                    }
                    None => remark,
                };
                self.note(remark, key, member);
            }
        }
    }

    /// Something else was expected here.
    pub(super) fn complain(&mut self, expected: &str, node: &Node) {
        let message = format!("expected {expected}, found {}", node.kind());
        let place = self.scenario.place(&self.pointer, node);
        self.remarks.push(Diagnostic::error("wrong-value", message).at(place));
    }

    /// Notes `remark` at the member `key`.
    pub(super) fn note(&mut self, remark: Diagnostic, key: &str, node: &Node) {
        let pointer = step(&self.pointer, key);
        self.remarks.push(remark.at(self.scenario.place(&pointer, node)));
    }

    /// The text `key`, which must be there.
    pub(super) fn text<'n>(&mut self, node: &'n Node, key: &str) -> Option<&'n str> {
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
    pub(super) fn parsed<T: FromStr>(
        &mut self,
        node: &Node,
        key: &str,
        expected: &str,
    ) -> Option<T> {
        self.parsed_with(node, key, expected, |text| text.parse().ok())
    }

    /// As [`Self::parsed`], with a parser.
    pub(super) fn parsed_with<T>(
        &mut self,
        node: &Node,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = node.get(key)?;
        let parsed = written(found).and_then(|text| parse(&text));
        if parsed.is_none() {
            let text = written(found).unwrap_or_else(|| found.kind().to_owned());
            let message = format!("expected {expected}, found `{text}`");
            self.note(Diagnostic::error("wrong-value", message), key, found);
        }
        parsed
    }

    /// The one of `known` that `key` names.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        node: &Node,
        key: &str,
        known: &[(&str, T)],
    ) -> Option<T> {
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
}

/// What stands at a node, which YAML may take for a number.
pub(super) fn written(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::List(_) | Value::Object(_) | Value::Unknown(_) => None,
    }
}

/// One text, or a list of them.
pub(super) fn names(node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    match node.as_list() {
        Some(nodes) => nodes.iter().filter_map(written).collect(),
        None => written(node).into_iter().collect(),
    }
}
