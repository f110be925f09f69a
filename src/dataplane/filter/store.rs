//! Filters that behave alike are one.

use super::{Filter, FilterRule};
use crate::id::{Arena, Id};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every different filter, once.
#[derive(Debug, Default)]
pub struct Filters {
    arena: Arena<Filter>,
    known: BTreeMap<Arc<[FilterRule]>, Id<Filter>>,
}

impl Filters {
    /// The filter of `rules`; compiled when they are new.
    pub fn intern(&mut self, rules: Arc<[FilterRule]>) -> Id<Filter> {
        if let Some(&id) = self.known.get(&rules) {
            return id;
        }
        let id = self.arena.push(Filter::new(Arc::clone(&rules)));
        self.known.insert(rules, id);
        id
    }

    /// Compiles those of `lists` that are new, on all cores.
    pub fn prepare<'a>(&mut self, lists: impl Iterator<Item = &'a Arc<[FilterRule]>>) {
        let mut seen = BTreeSet::new();
        let new: Vec<&Arc<[FilterRule]>> =
            lists.filter(|&rules| !self.known.contains_key(rules) && seen.insert(rules)).collect();
        let filters: Vec<Filter> =
            new.par_iter().map(|&rules| Filter::new(Arc::clone(rules))).collect();
        for (rules, filter) in new.into_iter().zip(filters) {
            self.known.insert(Arc::clone(rules), self.arena.push(filter));
        }
    }

    /// The different filters.
    #[must_use]
    pub const fn arena(&self) -> &Arena<Filter> {
        &self.arena
    }
}

impl std::ops::Index<Id<Filter>> for Filters {
    type Output = Filter;
    fn index(&self, id: Id<Filter>) -> &Filter {
        &self.arena[id]
    }
}
