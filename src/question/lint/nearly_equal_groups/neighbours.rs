//! Lists of rules, each once, and which of them are close to each other.

use crate::azure::{Access, Direction, Network, NetworkSecurityGroup, RuleMatch, SecurityRule};
use foldhash::fast::FixedState;
use indexmap::{IndexMap, IndexSet};
use std::collections::BTreeSet;

/// What one rule decides: equal rules of different groups are the same one.
type Entry<'n> = (Direction, Access, &'n RuleMatch);

/// The lists of rules of a network's groups, by number.
#[derive(Debug)]
pub(super) struct Lists<'n> {
    groups: IndexMap<Vec<usize>, Vec<&'n NetworkSecurityGroup>, FixedState>,
}

impl<'n> Lists<'n> {
    /// O(n) in the rules of all groups.
    pub(super) fn of(network: &'n Network) -> Self {
        let mut entries: IndexSet<Entry<'n>, FixedState> = IndexSet::default();
        let mut lists = Self { groups: IndexMap::default() };
        for group in network.network_security_groups.values() {
            let number = |rule: &'n SecurityRule| {
                entries.insert_full((rule.direction, rule.access, &rule.matches)).0
            };
            let list = group.rules.iter().map(number).collect();
            lists.groups.entry(list).or_default().push(group);
        }
        lists
    }

    /// The number of different lists.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The groups that have a list, in the order in which they were read.
    pub(super) fn groups(&self, list: usize) -> &[&'n NetworkSecurityGroup] {
        self.groups.get_index(list).map_or(&[], |(_, groups)| groups)
    }

    /// Every pair of lists.
    pub(super) fn all_pairs(&self) -> BTreeSet<(usize, usize)> {
        (0..self.len()).flat_map(|a| (a + 1..self.len()).map(move |b| (a, b))).collect()
    }

    /// Lists that are equal but for one rule, which one of them lacks or has another for: each set has two
    /// or more lists. O(n) in the rules of all lists.
    pub(super) fn but_for_one_rule(&self) -> Vec<Vec<usize>> {
        let mut alike: IndexMap<u128, Vec<usize>, FixedState> = IndexMap::default();
        for (number, list) in self.groups.keys().enumerate() {
            let rests: BTreeSet<u128> = rests(list).into_iter().collect();
            for rest in rests {
                alike.entry(rest).or_default().push(number);
            }
        }
        alike.into_values().filter(|lists| lists.len() > 1).collect()
    }
}

/// A number for the whole list, and for what is left of it without each of its rules: of lists that are
/// equal, the same, and of others another but for one chance in 2^61 (a polynomial over a prime field).
fn rests(list: &[usize]) -> Vec<u128> {
    const PRIME: u128 = (1 << 61) - 1;
    const BASE: u128 = 0x1234_5678_9abc_def1 % PRIME;
    let value = |entry: usize| entry as u128 + 1;
    // What stands behind each place, and the power of the base that goes with its length.
    let mut behind = vec![(0, 1)];
    for &entry in list.iter().rev() {
        let (sum, power) = behind.last().copied().unwrap_or((0, 1));
        behind.push(((value(entry) * power + sum) % PRIME, power * BASE % PRIME));
    }
    behind.reverse();
    let mut rests: Vec<u128> = behind.iter().take(1).map(|(whole, _)| *whole).collect();
    let mut before = 0;
    for (&entry, &(sum, power)) in list.iter().zip(behind.iter().skip(1)) {
        rests.push((before * power + sum) % PRIME);
        before = (before * BASE + value(entry)) % PRIME;
    }
    rests
}

/// Numbers that belong together, by what joins them.
#[derive(Debug)]
pub(super) struct Together(Vec<usize>);

impl Together {
    pub(super) fn alone(count: usize) -> Self {
        Self((0..count).collect())
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        if let Some(first) = self.0.get_mut(a.max(b)) {
            *first = a.min(b);
        }
    }

    /// The least number of those that `at` belongs to. Nearly O(1).
    pub(super) fn first(&mut self, mut at: usize) -> usize {
        while let Some(&next) = self.0.get(at).filter(|&&next| next != at) {
            let after = self.0.get(next).copied().unwrap_or(next);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = after;
            }
            at = next;
        }
        at
    }

    /// All of two or more, ascending.
    pub(super) fn sets(&mut self) -> Vec<Vec<usize>> {
        let mut sets: IndexMap<usize, Vec<usize>, FixedState> = IndexMap::default();
        for at in 0..self.0.len() {
            sets.entry(self.first(at)).or_default().push(at);
        }
        sets.into_values().filter(|set| set.len() > 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_lists_is_equal_when_they_differ_in_one_rule() {
        let shared = |a: &[usize], b: &[usize]| {
            let a: BTreeSet<u128> = rests(a).into_iter().collect();
            rests(b).into_iter().any(|rest| a.contains(&rest))
        };
        assert!(shared(&[1, 2, 3], &[1, 2, 3]));
        assert!(shared(&[1, 2, 3], &[1, 4, 3]));
        assert!(shared(&[1, 2, 3], &[1, 3]));
        assert!(shared(&[1, 2, 3], &[2, 3, 1]), "1 has another place");
        assert!(shared(&[], &[7]));
        assert!(!shared(&[1, 2, 3], &[1]));
        assert!(!shared(&[1, 2, 3], &[3, 2, 1]));
        assert!(!shared(&[1, 2, 3, 4], &[1, 5, 6, 4]));
        assert!(!shared(&[0, 0, 1], &[1]));
    }
}
