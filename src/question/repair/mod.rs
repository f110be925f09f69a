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

use crate::azure::Snapshot;
use crate::dataplane::Dataplane;

/// An estate that can be changed and compiled again.
#[expect(missing_debug_implementations, reason = "closures have no words")]
pub struct WhatIf<'a> {
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// Compiles a changed snapshot; none when it cannot be resolved without errors.
    pub compile: &'a (dyn Fn(Snapshot) -> Option<Dataplane> + Sync),
}
