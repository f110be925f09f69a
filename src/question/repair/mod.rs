//! What is the smallest change that makes it work? Every change that is shown was applied and asked
//! again (design, 4).

mod blast;
mod command;
mod edit;
mod gates;
mod goal;
mod packets;
mod patch;
mod search;

pub use goal::{Goal, TraceGoal};
pub use search::{Limits, repair};

use super::bench::{Bench, Resolve, Resolved};
use crate::azure::Snapshot;
use crate::dataplane::Dataplane;
use std::cell::RefCell;

/// An estate that can be changed and compiled again.
#[derive(Debug)]
pub struct WhatIf<'a> {
    /// What was read.
    snapshot: &'a Snapshot,
    /// The same as packets see it.
    plane: &'a Dataplane,
    /// Where changes are tried.
    bench: RefCell<Bench<'a>>,
}

impl<'a> WhatIf<'a> {
    /// What was read, what was made of it, and how the same is made of changed copies.
    #[must_use]
    pub fn new(
        snapshot: &'a Snapshot,
        (resolved, plane): (Resolved, &'a Dataplane),
        resolve: &'a Resolve<'a>,
    ) -> Self {
        let bench = Bench::new(snapshot.clone(), Some(resolved), resolve);
        Self { snapshot, plane, bench: RefCell::new(bench) }
    }

    /// What `look` sees in the network of `changed`; none when that cannot be resolved without errors.
    fn with<T>(&self, changed: Snapshot, look: impl FnOnce(&Dataplane) -> T) -> Option<T> {
        self.bench.borrow_mut().with(changed, look)
    }
}
