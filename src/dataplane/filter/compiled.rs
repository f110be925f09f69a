//! A rule set, cut up for fast decisions.

use super::axis::Axis;
use super::decision::first_match;
use super::{
    Action, AddressMatch, Bindings, Cause, Decision, Field, FieldMatches, FilterRule, Matching,
    MaybeSet, Packet, Parameter, PortSet, RuleIndex,
};
use crate::net::{AddressSet, Protocol};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An ordered list of rules of which the first that matches a packet decides (R175).
///
/// Each of the five conditions is an axis that is cut where some rule begins or ends; a segment
/// knows its rules as bits. A decision looks up one segment per axis and takes the first bit that
/// all have in common: O(log n) in the end points and O(n / 64) in the rules, without allocation.
#[derive(Debug)]
pub struct Filter {
    rules: Arc<[FilterRule]>,
    pub(super) actions: Box<[Action]>,
    pub(super) source: AddressAxes,
    pub(super) destination: AddressAxes,
    /// The rules of each protocol, in the order of the declaration, `width` words each.
    protocols: Box<[u64]>,
    pub(super) source_ports: Axis<u16>,
    pub(super) destination_ports: Axis<u16>,
    /// By word.
    uses: Box<[Box<[ParameterUse]>]>,
}

/// The rules by address: those that hold for sure, and those of which it is not known.
#[derive(Debug)]
pub(super) struct AddressAxes {
    pub(super) surely: FamilyAxes,
    // PERF: most rules are wholly known.
    pub(super) perhaps: Option<Box<FamilyAxes>>,
}

/// One axis for each family of addresses.
#[derive(Debug)]
pub(super) struct FamilyAxes {
    pub(super) v4: Axis<u32>,
    pub(super) v6: Axis<u128>,
}

/// Which end of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    Source,
    Destination,
}

/// The rules of one word that have a parameter at one end.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParameterUse {
    /// The number of this end and parameter among the different ones.
    pub(super) number: usize,
    pub(super) rules: u64,
    pub(super) end: End,
    pub(super) parameter: Parameter,
}

impl Filter {
    /// Compiles `rules`, the one that is tried first in front.
    #[must_use]
    pub fn new(rules: Arc<[FilterRule]>) -> Self {
        let width = rules.len().div_ceil(64);
        Self {
            actions: rules.iter().map(|rule| rule.action).collect(),
            source: address_axes(width, &rules, |rule| &rule.source),
            destination: address_axes(width, &rules, |rule| &rule.destination),
            protocols: protocol_rows(width, &rules),
            source_ports: port_axis(width, &rules, |rule| &rule.source_ports),
            destination_ports: port_axis(width, &rules, |rule| &rule.destination_ports),
            uses: parameter_uses(width, &rules),
            rules,
        }
    }

    /// The rules in order.
    #[must_use]
    pub fn rules(&self) -> &[FilterRule] {
        &self.rules
    }

    /// The rule at `index`.
    #[must_use]
    pub fn rule(&self, index: RuleIndex) -> Option<&FilterRule> {
        self.rules.get(index.index())
    }

    /// What happens to `packet` where the parameters are bound to `bindings`.
    #[inline]
    #[must_use]
    pub fn decide(&self, packet: &Packet<'_>, bindings: &Bindings) -> Decision {
        let mut matching = Matching::new(self, packet, bindings);
        let mut verdicts = (&mut matching).filter_map(|(rule, found)| {
            let action = *self.actions.get(rule.index())?;
            Some(((action, rule), found))
        });
        first_match(&mut verdicts, |rule| self.cause(rule, packet, bindings))
    }

    /// The rules that match `packet`, surely or maybe, in order: behind the one that decides comes
    /// the runner-up.
    #[must_use]
    pub fn matching<'a>(&'a self, packet: &'a Packet<'a>, bindings: &'a Bindings) -> Matching<'a> {
        Matching::new(self, packet, bindings)
    }

    /// What each condition of the rule at `index` says of `packet`.
    #[must_use]
    pub fn evaluate(
        &self,
        index: RuleIndex,
        packet: &Packet<'_>,
        bindings: &Bindings,
    ) -> Option<FieldMatches> {
        self.rule(index).map(|rule| rule.evaluate(packet, bindings))
    }

    /// Why the rule at `rule` matches `packet` only maybe.
    #[must_use]
    pub fn cause(&self, rule: RuleIndex, packet: &Packet<'_>, bindings: &Bindings) -> Cause {
        let fields = self.evaluate(rule, packet, bindings);
        let field = fields.and_then(FieldMatches::unsure).unwrap_or(Field::Source);
        Cause { rule, field }
    }

    #[inline]
    pub(super) fn width(&self) -> usize {
        self.actions.len().div_ceil(64)
    }

    /// Where parameters stand in word `word`.
    #[inline]
    pub(super) fn uses(&self, word: usize) -> &[ParameterUse] {
        self.uses.get(word).map(|uses| &**uses).unwrap_or_default()
    }

    /// The rules of a protocol.
    #[inline]
    pub(super) fn of_protocol(&self, protocol: Protocol) -> &[u64] {
        let (from, width) = (protocol as usize * self.width(), self.width());
        self.protocols.get(from..from + width).unwrap_or_default()
    }
}

fn address_axes(
    width: usize,
    rules: &[FilterRule],
    side: impl Fn(&FilterRule) -> &AddressMatch,
) -> AddressAxes {
    let fixed: Vec<&MaybeSet> = rules.iter().map(|rule| &side(rule).fixed).collect();
    let is_known = fixed.iter().all(|set| set.is_exact());
    let perhaps = || Box::new(family_axes(width, fixed.iter().map(|set| set.perhaps())));
    AddressAxes {
        surely: family_axes(width, fixed.iter().map(|set| set.surely())),
        perhaps: (!is_known).then(perhaps),
    }
}

fn family_axes<'a>(width: usize, sets: impl Iterator<Item = &'a AddressSet> + Clone) -> FamilyAxes {
    let (v4, v6) = (sets.clone().enumerate(), sets.enumerate());
    let v4 = v4.flat_map(|(rule, set)| set.intervals_v4().iter().map(move |&part| (rule, part)));
    let v6 = v6.flat_map(|(rule, set)| set.intervals_v6().iter().map(move |&part| (rule, part)));
    FamilyAxes { v4: Axis::new(width, v4), v6: Axis::new(width, v6) }
}

fn port_axis(
    width: usize,
    rules: &[FilterRule],
    side: impl Fn(&FilterRule) -> &PortSet,
) -> Axis<u16> {
    let sets = rules.iter().map(|rule| side(rule).ranges()).enumerate();
    Axis::new(
        width,
        sets.flat_map(|(rule, set)| {
            set.iter().map(move |range| (rule, (range.first(), range.last())))
        }),
    )
}

fn protocol_rows(width: usize, rules: &[FilterRule]) -> Box<[u64]> {
    let rows = Protocol::ALL
        .into_iter()
        .flat_map(|protocol| row_of(width, rules, |rule| rule.protocols.contains(protocol)));
    rows.collect()
}

/// The rules that are wanted, as one row.
fn row_of(
    width: usize,
    rules: &[FilterRule],
    is_wanted: impl Fn(&FilterRule) -> bool,
) -> Box<[u64]> {
    let mut row = vec![0; width];
    for (word, rules) in row.iter_mut().zip(rules.chunks(64)) {
        let wanted = rules.iter().enumerate().filter(|(_, rule)| is_wanted(rule));
        *word = wanted.fold(0, |bits, (bit, _)| bits | 1 << bit);
    }
    row.into()
}

fn parameter_uses(width: usize, rules: &[FilterRule]) -> Box<[Box<[ParameterUse]>]> {
    let mut numbers: BTreeMap<(End, Parameter), usize> = BTreeMap::new();
    let words = (0..width).map(|word| {
        let mut uses: Vec<ParameterUse> = Vec::new();
        for (bit, rule) in rules.iter().skip(word * 64).take(64).enumerate() {
            let sides = [(End::Source, &rule.source), (End::Destination, &rule.destination)];
            for (end, side) in sides {
                for &parameter in &side.parameters {
                    let fresh = numbers.len();
                    let number = *numbers.entry((end, parameter)).or_insert(fresh);
                    let rules = 1 << bit;
                    match uses.iter_mut().find(|found| found.number == number) {
                        Some(found) => found.rules |= rules,
                        None => uses.push(ParameterUse { number, rules, end, parameter }),
                    }
                }
            }
        }
        uses.into()
    });
    words.collect()
}
