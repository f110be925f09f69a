//! Filters that behave alike are one.

use super::{Filter, FilterRule};
use crate::id::{Arena, Id};
use std::collections::BTreeMap;
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
