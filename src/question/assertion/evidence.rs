//! What an answer rests on: items that decided, and those that would have otherwise.

use crate::answer::{DataflowAnswer, Hop, Item, NameAnswer, Path, TraceAnswer};

/// The items that an answer names.
#[derive(Clone, Debug, Default)]
pub(in crate::question) struct Evidence {
    /// What decided.
    pub(in crate::question) decided: Vec<Item>,
    /// What was next in line: the next rule that matches, the route that lost.
    pub(in crate::question) consulted: Vec<Item>,
    /// How many boxes of headers of sets of packets were not followed, so that what they rest on may be missing.
    pub(in crate::question) not_followed: usize,
}

impl Evidence {
    /// Of a packet, there and back, on every path.
    pub(super) fn of_trace(answer: &TraceAnswer) -> Self {
        let mut evidence = Self::default();
        evidence.trace(answer);
        evidence
    }

    /// Of every leg of a dataflow, and its conditions.
    pub(super) fn of_dataflow(answer: &DataflowAnswer) -> Self {
        let mut evidence = Self::default();
        for leg in &answer.legs {
            leg.trace.iter().for_each(|trace| evidence.trace(trace));
            let gates = leg.steps.iter().flat_map(|step| &step.gates);
            evidence.decided.extend(gates.filter_map(|gate| gate.decided_by.clone()));
        }
        let hindrances = answer.hindrances.iter();
        evidence.decided.extend(hindrances.filter_map(|it| it.decided_by.clone()));
        evidence
    }

    /// Of a look-up.
    pub(super) fn of_name(answer: &NameAnswer) -> Self {
        let mut evidence = Self::default();
        evidence.name(answer);
        evidence
    }

    /// Of what decided alone.
    pub(super) fn of_items(decided: Vec<Item>) -> Self {
        Self { decided, ..Self::default() }
    }

    fn trace(&mut self, answer: &TraceAnswer) {
        answer.name.iter().for_each(|name| self.name(name));
        for path in &answer.paths {
            path.request.iter().chain(&path.reply).for_each(|hop| self.hop(hop));
        }
        let obstacles = answer.obstacles.iter();
        self.decided.extend(obstacles.filter_map(|it| it.decided_by.clone()));
    }

    /// Adds what packets rest on that were followed along `paths`.
    pub(in crate::question) fn paths(&mut self, paths: &[Path]) {
        for path in paths {
            path.request.iter().chain(&path.reply).for_each(|hop| self.hop(hop));
            self.decided.extend(path.obstacles.iter().filter_map(|it| it.decided_by.clone()));
        }
    }

    fn hop(&mut self, hop: &Hop) {
        for step in &hop.steps {
            self.decided.extend(step.decided_by.clone());
            self.consulted.extend(step.runner_up.iter().map(|second| second.item.clone()));
        }
    }

    fn name(&mut self, answer: &NameAnswer) {
        for step in &answer.steps {
            self.decided.extend(step.decided_by.iter().chain(&step.linked_by).cloned());
        }
    }
}
