//! What a list of rules lets pass, at every place at once.
//!
//! What a tag such as `VirtualNetwork` or a group stands for differs from place to place. So the answer is a
//! tree: for each such entry one side for the packets that it holds, and one for those that it does not. It
//! is reduced, so that two lists let pass the same at every place exactly when their trees are equal.

use super::cover::{INTERVALS_MAX, World, headers};
use crate::azure::{Access, Network, PlatformProfile, RuleAddress, RuleMatch};
use crate::dataplane::security::{
    Tag, entry_addresses, entry_bound, is_same_entry, names_platform,
};
use crate::net::{AddressSet, PortRange, Protocol};
use crate::packet_set::{Overflow, Set, Sets};

/// So many entries may differ from place to place in one list: a tree has 2^n leaves at most.
const QUESTIONS_MAX: usize = 8;

/// A rule as far as it decides: what it does, and to what.
pub(super) type Ruling<'n> = (Access, &'n RuleMatch);

/// Decisions of one network, which may be compared with each other.
#[derive(Debug)]
pub(super) struct Decisions<'n> {
    network: &'n Network,
    profile: &'n PlatformProfile,
    pub(super) sets: Sets,
    /// Each asked once, in the order in which they were met.
    questions: Vec<Question<'n>>,
}

/// What differs from place to place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Question<'n> {
    /// Are rules with ports for packets without ports (R179)?
    PortsAreIgnored,
    /// Does this entry hold the source?
    Source(&'n RuleAddress),
    /// Does it hold the destination?
    Destination(&'n RuleAddress),
}

/// The packets that pass, by the answers to questions. INVARIANT: both sides of a fork differ, and
/// questions ascend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Whatever the answers.
    Passing(Set),
    /// As question `at` is answered.
    Fork { at: usize, yes: Box<Decision>, no: Box<Decision> },
}

/// Why a list of rules has no decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Undecided {
    /// A rule has parts that could not be read, or names a service of the host (R212).
    #[error("a rule cannot be read, or names a service of the host")]
    NotPlain,
    /// Too much differs from place to place.
    #[error("more than {QUESTIONS_MAX} tags and groups stand for other addresses at other places")]
    TooManyQuestions,
    /// Sets grew too large.
    #[error(transparent)]
    TooLarge(#[from] Overflow),
}

/// Answers to questions, by number.
pub(super) type Answers = Vec<(usize, bool)>;

/// Where two decisions differ: the answers, what only the one lets pass, and what only the other does.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    pub(super) answers: Answers,
    pub(super) only: [Set; 2],
}

impl<'n> Decisions<'n> {
    pub(super) fn new(network: &'n Network, profile: &'n PlatformProfile) -> Self {
        let sets = Sets::limited(INTERVALS_MAX);
        Self { network, profile, sets, questions: Vec::new() }
    }

    pub(super) fn question(&self, at: usize) -> Option<Question<'n>> {
        self.questions.get(at).copied()
    }

    /// What `rules` let pass, the one that is tried first in front; what none is for is dropped.
    ///
    /// O(2^q n log n) operations on sets for n rules of which q entries differ from place to place.
    ///
    /// # Errors
    /// When a rule cannot be read, too much differs, or sets grow too large.
    pub(super) fn of(&mut self, rules: &[Ruling<'n>]) -> Result<Decision, Undecided> {
        let questions = self.questions_of(rules)?;
        let decision = self.decide(rules, &questions, &mut Vec::new());
        self.sets.checked()?;
        Ok(decision)
    }

    /// Do the rules behind the one at `at` do the same to all that it decides about, whatever the answers?
    /// Then the decision is the same without it.
    ///
    /// O(2^q n) operations on sets within its packets, for n rules of which q entries differ from place to
    /// place; rules that are never for its packets may be left out.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(super) fn is_repeated(
        &mut self,
        rules: &[Ruling<'n>],
        at: usize,
    ) -> Result<bool, Undecided> {
        let questions = self.questions_of(rules)?;
        let is_repeated = self.is_repeated_where(rules, at, &questions, &mut Vec::new());
        self.sets.checked()?;
        Ok(is_repeated)
    }

    fn is_repeated_where(
        &mut self,
        rules: &[Ruling<'n>],
        at: usize,
        open: &[usize],
        known: &mut Answers,
    ) -> bool {
        let Some((&question, rest)) = open.split_first() else {
            return self.is_repeated_by(rules, at, known);
        };
        [true, false].into_iter().all(|answer| {
            known.push((question, answer));
            let is_repeated = self.is_repeated_where(rules, at, rest, known);
            known.pop();
            is_repeated
        })
    }

    /// The same by these answers.
    fn is_repeated_by(&mut self, rules: &[Ruling<'n>], at: usize, known: &Answers) -> bool {
        let Some(&(access, matches)) = rules.get(at) else { return true };
        let mut left = self.packets(matches, known);
        for (number, &(other, matches)) in rules.iter().enumerate() {
            if left.is_empty() {
                return true;
            }
            if number == at {
                continue;
            }
            let taken = self.packets(matches, known);
            if number > at && other != access && self.sets.intersects(left, taken) {
                return false;
            }
            left = self.sets.difference(left, taken);
        }
        // What no rule is for is dropped.
        left.is_empty() || access == Access::Deny
    }

    /// The questions that `rules` leave open, ascending.
    fn questions_of(&mut self, rules: &[Ruling<'n>]) -> Result<Vec<usize>, Undecided> {
        if !rules.iter().all(|(_, matches)| is_plain(matches)) {
            return Err(Undecided::NotPlain);
        }
        let questions = self.asked_by(rules);
        if questions.len() > QUESTIONS_MAX {
            return Err(Undecided::TooManyQuestions);
        }
        Ok(questions)
    }

    fn decide(&mut self, rules: &[Ruling<'n>], open: &[usize], known: &mut Answers) -> Decision {
        let Some((&at, rest)) = open.split_first() else {
            return Decision::Passing(self.passing(rules, known));
        };
        let mut side = |answer| {
            known.push((at, answer));
            let side = self.decide(rules, rest, known);
            known.pop();
            side
        };
        let (yes, no) = (side(true), side(false));
        if yes == no { yes } else { Decision::Fork { at, yes: yes.into(), no: no.into() } }
    }

    fn passing(&mut self, rules: &[Ruling<'n>], known: &Answers) -> Set {
        let each = rules.iter().map(|&(access, matches)| {
            (self.packets(matches, known), usize::from(access == Access::Deny))
        });
        let each: Vec<(Set, usize)> = each.collect();
        self.sets.first_match(&each, 2).first().copied().unwrap_or(Set::NONE)
    }

    /// The packets that a rule is for, by the answers.
    fn packets(&mut self, matches: &RuleMatch, known: &Answers) -> Set {
        let sources = self.side(&matches.sources, known, Question::Source);
        let destinations = self.side(&matches.destinations, known, Question::Destination);
        let world = match self.answer(Question::PortsAreIgnored, known) {
            true => World::PortsAreIgnored,
            false => World::PortsNeedPorts,
        };
        headers(&mut self.sets, (&sources, &destinations), &matches.into(), world)
    }

    fn side<'e>(
        &self,
        entries: &'e [RuleAddress],
        known: &Answers,
        question: fn(&'e RuleAddress) -> Question<'e>,
    ) -> AddressSet {
        entries.iter().fold(AddressSet::EMPTY, |all, entry| {
            let fixed = entry_addresses(self.network, self.profile, entry);
            let holds = self.answer(question(entry), known);
            let set = match fixed {
                Some(set) if holds => set.surely().union(set.perhaps()),
                Some(set) => set.surely().clone(),
                None if holds => entry_bound(entry),
                None => AddressSet::EMPTY,
            };
            all.union(&set)
        })
    }

    fn answer(&self, question: Question<'_>, known: &Answers) -> bool {
        known.iter().any(|&(at, answer)| {
            answer && self.questions.get(at).is_some_and(|asked| asked.is_same(question))
        })
    }

    /// The questions that `rules` leave open, ascending.
    fn asked_by(&mut self, rules: &[Ruling<'n>]) -> Vec<usize> {
        let mut asked = Vec::new();
        for &(_, matches) in rules {
            if may_ignore_ports(matches) {
                asked.push(self.number(Question::PortsAreIgnored));
            }
            for (entries, question) in [
                (&matches.sources, Question::Source as fn(&'n RuleAddress) -> Question<'n>),
                (&matches.destinations, Question::Destination),
            ] {
                for entry in entries {
                    let fixed = entry_addresses(self.network, self.profile, entry);
                    if fixed.is_none_or(|set| !set.is_exact()) {
                        asked.push(self.number(question(entry)));
                    }
                }
            }
        }
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    fn number(&mut self, question: Question<'n>) -> usize {
        let known = self.questions.iter().position(|asked| asked.is_same(question));
        known.unwrap_or_else(|| {
            self.questions.push(question);
            self.questions.len() - 1
        })
    }

    /// Where two decisions differ, place by place. O(2^q) operations on sets.
    ///
    /// # Errors
    /// When sets grow too large.
    pub(super) fn differences(
        &mut self,
        a: &Decision,
        b: &Decision,
    ) -> Result<Vec<Difference>, Overflow> {
        let mut found = Vec::new();
        self.compare([a, b], &mut Vec::new(), &mut found);
        self.sets.checked()?;
        Ok(found)
    }

    fn compare(
        &mut self,
        [a, b]: [&Decision; 2],
        known: &mut Answers,
        found: &mut Vec<Difference>,
    ) {
        if a == b || self.is_impossible(known) {
            return;
        }
        let Some(at) = [a, b].iter().filter_map(|it| it.question()).min() else {
            let [a, b] = [a, b].map(Decision::passing);
            let only = [self.sets.difference(a, b), self.sets.difference(b, a)];
            found.push(Difference { answers: known.clone(), only });
            return;
        };
        for answer in [true, false] {
            known.push((at, answer));
            self.compare([a.answered(at, answer), b.answered(at, answer)], known, found);
            known.pop();
        }
    }

    /// R201: no address is of the network and of the Internet.
    fn is_impossible(&self, known: &Answers) -> bool {
        let holds = |tag: Tag<'_>, is_source: bool| {
            known.iter().any(|&(at, answer)| {
                let entry = match self.questions.get(at) {
                    Some(Question::Source(entry)) if is_source => entry,
                    Some(Question::Destination(entry)) if !is_source => entry,
                    _ => return false,
                };
                answer && matches!(entry, RuleAddress::ServiceTag(name) if Tag::named(name) == tag)
            })
        };
        [true, false]
            .iter()
            .any(|&side| holds(Tag::VirtualNetwork, side) && holds(Tag::Internet, side))
    }

    /// Which of `rules` come first for packets of `set`, by the answers; `None` where none is for some of them.
    pub(super) fn decided_by(
        &mut self,
        rules: &[Ruling<'n>],
        answers: &Answers,
        set: Set,
    ) -> Vec<Option<usize>> {
        let mut found = Vec::new();
        let mut rest = set;
        for (at, (_, matches)) in rules.iter().enumerate() {
            let own = self.packets(matches, answers);
            if !self.sets.intersection(rest, own).is_empty() {
                found.push(Some(at));
            }
            rest = self.sets.difference(rest, own);
        }
        if !rest.is_empty() {
            found.push(None);
        }
        found
    }
}

impl Question<'_> {
    fn is_same(self, other: Question<'_>) -> bool {
        match (self, other) {
            (Self::PortsAreIgnored, Question::PortsAreIgnored) => true,
            (Self::Source(a), Question::Source(b))
            | (Self::Destination(a), Question::Destination(b)) => is_same_entry(a, b),
            _ => false,
        }
    }
}

impl Decision {
    fn question(&self) -> Option<usize> {
        match self {
            Self::Passing(_) => None,
            Self::Fork { at, .. } => Some(*at),
        }
    }

    fn passing(&self) -> Set {
        match self {
            Self::Passing(set) => *set,
            Self::Fork { no, .. } => no.passing(),
        }
    }

    fn answered(&self, question: usize, answer: bool) -> &Self {
        match self {
            Self::Fork { at, yes, no } if *at == question => {
                if answer {
                    yes
                } else {
                    no
                }
            }
            Self::Passing(_) | Self::Fork { .. } => self,
        }
    }
}

/// May it matter whether ports are looked at of packets without any?
fn may_ignore_ports(matches: &RuleMatch) -> bool {
    let has = |with_ports: bool| {
        let mut each = Protocol::ALL.into_iter().filter(|it| it.has_ports() == with_ports);
        each.any(|protocol| matches.protocols.contains(protocol))
    };
    let is_any = |ports: &[PortRange]| ports.iter().any(|range| range.is_any());
    let all = is_any(&matches.source_ports) && is_any(&matches.destination_ports);
    has(true) && has(false) && !all
}

/// Can everything in the rule be read, and is it for packets that rules see in their order (R212)?
pub(super) fn is_plain(matches: &RuleMatch) -> bool {
    let mut sides = matches.sources.iter().chain(&matches.destinations);
    sides.all(|entry| !matches!(entry, RuleAddress::Unreadable(_)))
        && !matches.source_ports.is_empty()
        && !names_platform(matches)
}
