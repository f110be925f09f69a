//! The members of one object of a scenario, with remarks on what is not as expected.

use super::Scenario;
use super::schema::Level;
use crate::azure::tree::{Node, Value};
use crate::diag::{Diagnostic, Place};
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

    /// Complains about members that `level` does not have, and about what is no object.
    pub(super) fn check_keys(&mut self, node: &Node, level: &Level) {
        let Value::Object(members) = &node.value else {
            return self.complain("an object", node);
        };
        for (key, member) in members {
            if !level.names().any(|known| known.eq_ignore_ascii_case(key)) {
                let message = format!("`{key}` is no key of {}", level.what());
                let remark = Diagnostic::error("unknown-key", message);
                let remark = match closest(key, level.names()) {
                    Some(meant) => remark.hint(format!("did you mean `{meant}`?")),
                    None if level.names().count() < 10 => {
                        remark.hint(format!("one of {}", listed(level.names())))
                    }
                    None => remark,
                };
                self.note(remark, key, member);
            }
        }
    }

    /// The place of `node`, which stands here.
    pub(super) fn place(&self, node: &Node) -> Place {
        self.scenario.place(&self.pointer, node)
    }

    /// Something else was expected here.
    pub(super) fn complain(&mut self, expected: &str, node: &Node) {
        let message = format!("expected {expected}, found {}", node.kind());
        let place = self.place(node);
        self.remarks.push(Diagnostic::error("wrong-value", message).at(place));
    }

    /// Notes `remark` at the member `key`.
    pub(super) fn note(&mut self, remark: Diagnostic, key: &str, node: &Node) {
        let pointer = step(&self.pointer, key);
        let remark = remark.at(self.scenario.place(&pointer, node));
        self.remarks.push(self.scenario.underlined(remark));
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

    /// What stands at `key`, which YAML may take for a number; none where it is left out.
    pub(super) fn word(&mut self, node: &Node, key: &str) -> Option<String> {
        let found = node.get(key).filter(|found| found.value != Value::Null)?;
        let word = written(found);
        if word.is_none() {
            self.at(key).complain("a text", found);
        }
        word
    }

    /// The texts of `key`: one, or a list of them.
    pub(super) fn words(&mut self, node: &Node, key: &str) -> Vec<String> {
        let Some(found) = node.get(key).filter(|found| found.value != Value::Null) else {
            return Vec::new();
        };
        let elements = found.as_list().unwrap_or(std::slice::from_ref(found));
        let mut inside = self.at(key);
        let words = elements.iter().filter_map(|element| {
            let word = written(element);
            if word.is_none() {
                inside.complain("a text", element);
            }
            word
        });
        words.collect()
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
