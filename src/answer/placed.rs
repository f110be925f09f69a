//! Every place that an answer names, so that lines can be looked up when it is reported.

use super::{
    AssertionCheck, Caution, ChangeWitness, CheckAnswer, CompareAnswer, ConfigurationChange,
    Coverage, DataflowAnswer, DifferenceAnswer, EffectiveRoutesAnswer, EffectiveRulesAnswer,
    EvaluatedGroup, ExposedOpening, ExposedPlace, Finding, FlowChange, GateAnswer, Hindrance, Hop,
    InventoryAnswer, Item, LegAnswer, LintAnswer, MatchedRule, Mutant, Mutation, NameAnswer,
    NameStep, NextHopAnswer, Obstacle, Path, PlacesAnswer, ReachAnswer, ReachGroup, RepairAnswer,
    RouteRow, RouterRoute, RouterRoutesAnswer, RuleCheckAnswer, RunnerUp, ScenarioCheck, Step,
    StepAnswer, TraceAnswer, WayAnswer, WaysAnswer, Witness, WitnessFate,
};
use crate::diag::{Diagnostic, Place};

/// Something with places in it.
pub trait Placed {
    /// Calls `visit` with every place, in the order of the answer.
    fn places(&mut self, visit: &mut dyn FnMut(&mut Place));
}

impl<T: Placed> Placed for [T] {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Place)) {
        self.iter_mut().for_each(|part| part.places(visit));
    }
}

impl<T: Placed> Placed for Vec<T> {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Place)) {
        self.as_mut_slice().places(visit);
    }
}

impl<T: Placed> Placed for Option<T> {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Place)) {
        if let Some(part) = self {
            part.places(visit);
        }
    }
}

impl<T: Placed> Placed for Box<T> {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Place)) {
        (**self).places(visit);
    }
}

impl Placed for Place {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Place)) {
        visit(self);
    }
}

macro_rules! placed {
    ($($part:ty: $($field:ident)+;)+) => {
        $(impl Placed for $part {
            fn places(&mut self, visit: &mut dyn FnMut(&mut Place)) {
                $(self.$field.places(visit);)+
            }
        })+
    };
}

placed! {
    Diagnostic: place;
    Item: place;
    RunnerUp: item;
    Step: decided_by runner_up;
    Hop: steps;
    Obstacle: decided_by;
    Path: request reply obstacles;
    TraceAnswer: name paths obstacles;
    GateAnswer: decided_by;
    Hindrance: decided_by;
    StepAnswer: gates;
    LegAnswer: trace steps;
    Caution: decided_by;
    DataflowAnswer: legs hindrances cautions;
    WayAnswer: dataflow;
    WaysAnswer: ways;
    AssertionCheck: obstacle witness place;
    Coverage: never;
    Mutant: item;
    Mutation: unnoticed;
    ScenarioCheck: assertions mistakes coverage mutation;
    CheckAnswer: scenarios;
    Witness: decided_by obstacle;
    ReachGroup: witness;
    ExposedOpening: witness also_by;
    ExposedPlace: openings;
    ReachAnswer: groups exposed;
    ConfigurationChange: place;
    WitnessFate: decided_by;
    ChangeWitness: before after;
    FlowChange: witness place;
    DifferenceAnswer: flows configuration;
    NameStep: decided_by linked_by;
    NameAnswer: steps;
    Finding: place;
    InventoryAnswer: findings;
    LintAnswer: findings;
    RouteRow: origin;
    EffectiveRoutesAnswer: routes;
    NextHopAnswer: route;
    RouterRoute: origin;
    RouterRoutesAnswer: routes;
    MatchedRule: origin;
    EvaluatedGroup: matched_rule;
    RuleCheckAnswer: decided_by evaluated;
}

impl Placed for PlacesAnswer {
    /// Places of packets are no places in documents.
    fn places(&mut self, _: &mut dyn FnMut(&mut Place)) {}
}

impl Placed for CompareAnswer {
    /// Azure's answers name no places.
    fn places(&mut self, _: &mut dyn FnMut(&mut Place)) {}
}

impl Placed for RepairAnswer {
    /// Edits are about resources, not about places.
    fn places(&mut self, _: &mut dyn FnMut(&mut Place)) {}
}

impl Placed for EffectiveRulesAnswer {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Place)) {
        let rules = self.groups.iter_mut().flat_map(|group| &mut group.rules);
        rules.for_each(|rule| rule.origin.places(visit));
    }
}
