//! Two lists of rules beside each other.

use super::neighbours::Lists;
use crate::azure::{Access, Direction, NetworkSecurityGroup, RuleAddress};
use crate::dataplane::Dataplane;
use crate::dataplane::security::default_rules;
use crate::net::AddressSet;
use crate::packet_set::{Overflow, Set};
use crate::question::decision::{Decision, Decisions, Difference, Question, Ruling, Undecided};
use crate::question::inventory::Found;
use crate::question::reachability::{Space, openings};
use std::collections::BTreeMap;

/// So many prefixes are named at each end.
const PREFIXES: usize = 4;

const WAYS: [Direction; 2] = [Direction::Inbound, Direction::Outbound];

/// Decides about lists, each once.
#[derive(Debug)]
pub(super) struct Comparison<'n> {
    lists: &'n Lists<'n>,
    decisions: Decisions<'n>,
    known: BTreeMap<usize, [Decision; 2]>,
    undecided: BTreeMap<usize, Undecided>,
}

impl<'n> Comparison<'n> {
    pub(super) fn new(plane: &'n Dataplane, lists: &'n Lists<'n>) -> Self {
        let decisions = Decisions::new(plane.network(), plane.profile());
        Self { lists, decisions, known: BTreeMap::new(), undecided: BTreeMap::new() }
    }

    /// In what one box of packets of one direction two lists differ, in words; `None` when they differ in
    /// nothing or in more, or when it is not known.
    pub(super) fn differ(&mut self, a: usize, b: usize) -> Option<String> {
        let (of_a, of_b) = (self.decision(a)?, self.decision(b)?);
        let mut ways =
            { WAYS }.into_iter().zip(of_a.iter().zip(&of_b)).filter(|(_, (a, b))| a != b);
        let (way, (left, right)) = ways.next()?;
        if ways.next().is_some() {
            return None;
        }
        let differences = self.decisions.differences(left, right);
        let told = differences.and_then(|them| self.in_words((a, b), way, &them));
        told.unwrap_or_else(|overflow| {
            self.undecided.insert(a, overflow.into());
            None
        })
    }

    /// What each list lets pass and the other does not: at most one box, or nothing is said.
    fn in_words(
        &mut self,
        (a, b): (usize, usize),
        way: Direction,
        differences: &[Difference],
    ) -> Result<Option<String>, Overflow> {
        let mut texts = Vec::new();
        for (side, (by, other)) in [(a, b), (b, a)].into_iter().enumerate() {
            let only = |it: &Difference| it.only.get(side).copied().unwrap_or(Set::NONE);
            let here: Vec<&Difference> =
                differences.iter().filter(|it| !only(it).is_empty()).collect();
            let all = self.decisions.sets.union_all(here.iter().map(|it| only(it)));
            self.decisions.sets.checked()?;
            let everything = Space::plain(AddressSet::everything());
            let boxes = openings(&self.decisions.sets, all, (&everything, &everything));
            match (&*boxes, &*here) {
                ([], _) | (_, []) => {}
                ([one], [first, ..]) => {
                    let where_ = self.answered_alike(&here);
                    let decided = self.decided((first, only(first)), [by, other], way);
                    self.decisions.sets.checked()?;
                    texts.push(format!("{}{where_}: {decided}", one.in_words(PREFIXES)));
                }
                _ => return Ok(None),
            }
        }
        let [name_a, name_b] = [a, b].map(|list| self.name(list));
        let way = way.as_arm().to_lowercase();
        let flows = if texts.len() == 1 { "one flow" } else { "two flows" };
        Ok((!texts.is_empty()).then(|| {
            format!("{name_a} and {name_b} differ in {flows}, {way} {}", texts.join("; and in "))
        }))
    }

    /// `web allows it by https (100), db denies it by DenyAllInBound (65500)`.
    fn decided(
        &mut self,
        (difference, set): (&Difference, Set),
        lists: [usize; 2],
        way: Direction,
    ) -> String {
        let mut told = Vec::new();
        for list in lists {
            let rules = self.lists.groups(list).first().map(|group| rules(group, way));
            let rules = rules.unwrap_or_default();
            let each: Vec<Ruling<'_>> = rules.iter().map(|&(.., ruling)| ruling).collect();
            let by = self.decisions.decided_by(&each, &difference.answers, set);
            let named = by.iter().flatten().filter_map(|&at| rules.get(at));
            let named: Vec<_> = named.collect();
            let names = named.iter().map(|(rule, priority, _)| format!("{rule} ({priority})"));
            let names = names.collect::<Vec<_>>().join(", ");
            let name = self.name(list);
            told.push(match named.first() {
                Some((.., (Access::Allow, _))) => format!("{name} allows it by {names}"),
                Some((.., (Access::Deny, _))) => format!("{name} denies it by {names}"),
                None => format!("{name} has no rule for it"),
            });
        }
        told.join(", ")
    }

    /// What is the same wherever two lists differ: ` where VirtualNetwork holds the source`.
    fn answered_alike(&self, differences: &[&Difference]) -> String {
        let Some((first, rest)) = differences.split_first() else { return String::new() };
        let alike = first.answers.iter().filter(|it| rest.iter().all(|r| r.answers.contains(it)));
        let each: Vec<String> =
            alike.filter_map(|&(at, is)| said(self.decisions.question(at)?, is)).collect();
        if each.is_empty() { String::new() } else { format!(" where {}", each.join(" and ")) }
    }

    fn name(&self, list: usize) -> &'n str {
        self.lists.groups(list).first().map_or("", |group| group.meta.name())
    }

    fn decision(&mut self, list: usize) -> Option<[Decision; 2]> {
        if let Some(known) = self.known.get(&list) {
            return Some(known.clone());
        }
        let group = self.lists.groups(list).first()?;
        let [inbound, outbound] = WAYS.map(|way| {
            let rules: Vec<Ruling<'n>> =
                rules(group, way).into_iter().map(|(.., ruling)| ruling).collect();
            self.decisions.of(&rules)
        });
        match inbound.and_then(|inbound| Ok([inbound, outbound?])) {
            Ok(both) => {
                self.known.insert(list, both.clone());
                Some(both)
            }
            Err(why) => {
                self.undecided.insert(list, why);
                None
            }
        }
    }

    /// The groups that were compared with no other, and why.
    pub(super) fn unjudged(&self) -> Vec<Found> {
        let each = self.undecided.iter().filter_map(|(&list, why)| {
            let group = self.lists.groups(list).first()?;
            let name = group.meta.name();
            Some(Found {
                resource: group.meta.id.clone(),
                text: format!("whether another group is nearly equal to {name} is not said: {why}"),
                hint: "compare it by hand".to_owned(),
                origin: Some(group.meta.origin.clone()),
            })
        });
        each.collect()
    }
}

/// A group's rules of one direction in order, default ones included: name, number, what they decide.
fn rules(group: &NetworkSecurityGroup, way: Direction) -> Vec<(&str, u16, Ruling<'_>)> {
    let own = group.rules.iter().filter(|rule| rule.direction == way);
    let own = own.map(|rule| (&*rule.name, rule.priority, (rule.access, &*rule.matches)));
    let defaults = default_rules(way).iter();
    let defaults = defaults.map(|rule| (rule.name, rule.priority, (rule.access, &rule.matches)));
    own.chain(defaults).collect()
}

fn said(question: Question<'_>, is: bool) -> Option<String> {
    let holds = if is { "holds" } else { "does not hold" };
    let (entry, end) = match question {
        Question::PortsAreIgnored => return None,
        Question::Source(entry) => (entry, "source"),
        Question::Destination(entry) => (entry, "destination"),
    };
    match entry {
        RuleAddress::ServiceTag(name) => Some(format!("{name} {holds} the {end}")),
        RuleAddress::Group(_) => Some(format!("a group {holds} the {end}")),
        RuleAddress::Any
        | RuleAddress::Prefix(_)
        | RuleAddress::Range(..)
        | RuleAddress::Unreadable(_) => None,
    }
}
