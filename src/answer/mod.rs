//! Answers as plain data, with names and positions already in them. Text, JSON and pictures are
//! views of these.

mod citation;
mod evidence;
mod name;
mod path;
mod reason;
mod verdict;

pub use citation::{Rule, Rules, weakest};
pub use evidence::{Item, ItemKind, RunnerUp};
pub use name::{NameAnswer, NameOutcome, NameStep, RecordAnswer};
pub use path::{Hop, HopKind, Obstacle, Outcome, Path, Step, StepKind, TraceAnswer};
pub use reason::Reason;
pub use verdict::{Confidence, Verdict};
