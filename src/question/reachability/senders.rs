//! Sources by the bundles that they send in: of many machines few differ.

use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::reach::Bundle;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sources that send in the same bundles.
#[derive(Debug)]
pub(super) struct Sort {
    /// Which they are; ascending.
    pub(super) sources: Vec<Id<Location>>,
    /// The lists of sources that they are in, by number.
    lists: Vec<usize>,
}

/// All sources, in sorts, and the bundles that each sends in.
#[derive(Debug)]
pub(super) struct Senders {
    sorts: Vec<Sort>,
    sort_of: BTreeMap<Id<Location>, usize>,
    /// For each list of sources that bundles have: the sorts in it, and the bundles that have it.
    lists: Vec<(Vec<usize>, Vec<usize>)>,
    /// The list of each bundle.
    list_of: Vec<usize>,
}

impl Senders {
    /// The sources of `bundles`. O(n log n) in the places of all different lists.
    pub(super) fn of(bundles: &[Bundle]) -> Self {
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        let mut lists: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        let mut list_of = Vec::with_capacity(bundles.len());
        let mut lists_of: BTreeMap<Id<Location>, Vec<usize>> = BTreeMap::new();
        for (number, bundle) in bundles.iter().enumerate() {
            let list = *known.entry(Arc::as_ptr(&bundle.from).addr()).or_insert_with(|| {
                for &from in &*bundle.from {
                    lists_of.entry(from).or_default().push(lists.len());
                }
                lists.push((Vec::new(), Vec::new()));
                lists.len() - 1
            });
            list_of.push(list);
            if let Some((_, bundles)) = lists.get_mut(list) {
                bundles.push(number);
            }
        }
        let mut by_lists: BTreeMap<Vec<usize>, Vec<Id<Location>>> = BTreeMap::new();
        for (from, lists) in lists_of {
            by_lists.entry(lists).or_default().push(from);
        }
        let mut senders = Self { sorts: Vec::new(), sort_of: BTreeMap::new(), lists, list_of };
        for (lists, sources) in by_lists {
            senders.add(Sort { sources, lists });
        }
        senders
    }

    fn add(&mut self, sort: Sort) {
        let number = self.sorts.len();
        self.sort_of.extend(sort.sources.iter().map(|&from| (from, number)));
        for &list in &sort.lists {
            if let Some((sorts, _)) = self.lists.get_mut(list) {
                sorts.push(number);
            }
        }
        self.sorts.push(sort);
    }

    /// The bundles with packets from a place.
    pub(super) fn bundles_from(&self, from: Id<Location>) -> impl Iterator<Item = usize> {
        let sort = self.sort_of.get(&from).and_then(|&sort| self.sorts.get(sort));
        let lists = sort.into_iter().flat_map(|sort| &sort.lists);
        lists.filter_map(|&list| self.lists.get(list)).flat_map(|(_, bundles)| bundles).copied()
    }

    /// The sources of some bundles, in sorts, by which of these bundles they send in.
    pub(super) fn by_bundles(&self, bundles: &[usize]) -> BTreeMap<Vec<usize>, Vec<&Sort>> {
        let mut of_sort: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &bundle in bundles {
            let list = self.list_of.get(bundle).and_then(|&list| self.lists.get(list));
            for &sort in list.iter().flat_map(|(sorts, _)| sorts) {
                of_sort.entry(sort).or_default().push(bundle);
            }
        }
        let mut found: BTreeMap<Vec<usize>, Vec<&Sort>> = BTreeMap::new();
        for (sort, bundles) in of_sort {
            found.entry(bundles).or_default().extend(self.sorts.get(sort));
        }
        found
    }
}
