//! The concrete engine: one packet, there and back, with full evidence. Knows nothing of Azure.

mod ask;
mod batch;
mod carry;
mod choice;
mod delivery;
mod fate;
mod firewall;
mod leaving;
mod moves;
pub mod names;
mod recorder;
mod replies;
mod services;
mod session;
mod walker;

pub use ask::Ask;
pub use batch::verdicts;
pub use carry::Carrier;
pub use fate::Fate;
pub use recorder::{Nothing, Recorder, Recording};

use crate::answer::Path;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use batch::Ahead;
use walker::Walker;

/// Does the packet get there and back? Records nothing, and allocates nothing on a way of up
/// to 24 places, there and back, that leaves up to 16 flow records.
#[must_use]
pub fn verdict<'a>(plane: &'a Dataplane, ask: &Ask<'a>) -> Fate {
    // PERF: both ends are far away in memory, and are read at the same time.
    walk(plane, ask, &batch::look_ahead_of(plane, ask))
}

fn walk<'a>(plane: &'a Dataplane, ask: &Ask<'a>, ahead: &Ahead) -> Fate {
    Walker::new(plane, *ask, ahead, Nothing).run()
}

/// Every path of the packet, there and back, with hops, steps and obstacles.
#[must_use]
pub fn trace<'a>(plane: &'a Dataplane, ask: &Ask<'a>) -> Traced {
    trace_with_places(plane, ask).0
}

/// The same, and the places that it rests on, ascending: where these treat packets alike the answer is the same. None
/// where others may matter too.
#[must_use]
pub fn trace_with_places<'a>(
    plane: &'a Dataplane,
    ask: &Ask<'a>,
) -> (Traced, Option<Vec<Id<Location>>>) {
    // PERF: as for a verdict, and so are the words about both ends.
    let ahead = batch::look_ahead_of(plane, ask);
    plane.look_ahead([Some(ask.from), ask.target].into_iter().flatten());
    let mut walker = Walker::new(plane, *ask, &ahead, Recording::new(plane));
    let fate = walker.run();
    let recorder = walker.into_recorder();
    let places = recorder.places();
    let (paths, assumptions, warnings) = recorder.finish();
    (Traced { fate, paths, assumptions, warnings }, places)
}

/// What the concrete engine found.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// The verdict over all paths.
    pub fate: Fate,
    /// The paths, in a stable order.
    pub paths: Vec<Path>,
    /// Assumptions that were used.
    pub assumptions: Vec<crate::answer::Assumption>,
    /// Remarks, such as asymmetry that does no harm.
    pub warnings: Vec<String>,
}

impl Traced {
    /// Where the request ends, over all paths, sorted.
    #[must_use]
    pub fn ends(&self) -> Vec<String> {
        let last = self.paths.iter().filter_map(|path| path.request.last());
        let all: std::collections::BTreeSet<String> = last.map(|hop| hop.at.clone()).collect();
        all.into_iter().collect()
    }
}
