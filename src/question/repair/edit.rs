//! One edit, before it is tried.

use super::command::Command;
use super::patch;
use crate::answer::{EditAnswer, Rule};
use crate::azure::tree::Node;

/// An edit that may help.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edit {
    /// What sort of edit.
    pub(super) kind: &'static str,
    /// What to do, in a sentence.
    pub(super) sentence: String,
    /// Commands that do it.
    pub(super) commands: Vec<Command>,
    /// The change.
    pub(super) patch: Node,
    /// The rules that it rests on.
    pub(super) rules: Vec<Rule>,
}

impl Edit {
    pub(super) fn new(kind: &'static str, sentence: String, rules: &[u16], patch: Node) -> Self {
        let rules = rules.iter().copied().map(Rule).collect();
        Self { kind, sentence, commands: Vec::new(), patch, rules }
    }

    /// The same, done by `command` too.
    pub(super) fn by(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Both as one, which is no edit by half.
    pub(super) fn and(self, other: Self) -> Self {
        let mut rules = [self.rules, other.rules].concat();
        rules.sort();
        rules.dedup();
        Self {
            kind: self.kind,
            sentence: format!("{}, and {}", self.sentence, other.sentence),
            commands: [self.commands, other.commands].concat(),
            patch: patch::joined(self.patch, other.patch),
            rules,
        }
    }

    /// For people.
    pub(super) fn answer(&self) -> EditAnswer {
        EditAnswer {
            kind: self.kind,
            sentence: self.sentence.clone(),
            commands: self.commands.iter().map(ToString::to_string).collect(),
            rules: self.rules.clone(),
        }
    }
}

/// The patches of all `edits` as one.
pub(super) fn whole(edits: &[Edit]) -> Node {
    let nothing = Node::new(crate::azure::tree::Value::Object(Vec::new()));
    edits.iter().fold(nothing, |whole, edit| patch::joined(whole, edit.patch.clone()))
}
