//! Which hops of a leg belong to which of its steps.

use crate::answer::{Hop, Obstacle, StepKind, TraceAnswer};

/// The hops and obstacles of one step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Portion<'a> {
    /// The first hop of the request, and one past the last.
    pub(super) hops: (usize, usize),
    /// What stops it there. What stops the reply belongs to the last step.
    pub(super) obstacles: Vec<&'a Obstacle>,
}

/// The word for a step that ends with the crossing of a peering.
const CROSSING: &str = "crossing";

/// Splits the first path of `trace`; one portion for each of `ends`, the last takes the rest.
///
/// An end that the packet does not come by leaves its step what lies before the next end that it does
/// come by.
pub(super) fn split<'a>(trace: &'a TraceAnswer, ends: &[Option<&str>]) -> Vec<Portion<'a>> {
    let request = trace.paths.first().map(|path| &*path.request).unwrap_or_default();
    let mut bounds: Vec<Option<usize>> = Vec::new();
    let mut from = 0;
    let last = ends.len().saturating_sub(1);
    for (at, end) in ends.iter().enumerate() {
        let found = end.filter(|_| at < last).and_then(|end| find(request, from, end));
        if let Some(hop) = found {
            from = hop + 1;
        }
        bounds.push(found.map(|hop| hop + 1));
    }
    fill(&mut bounds, request.len());
    let mut portions = Vec::new();
    let mut start = 0;
    for end in bounds.into_iter().flatten() {
        portions.push(Portion { hops: (start, end), obstacles: Vec::new() });
        start = end;
    }
    give(&mut portions, trace, request);
    portions
}

/// The first hop from `from` on that `end` means.
fn find(request: &[Hop], from: usize, end: &str) -> Option<usize> {
    let is_end = |hop: &Hop| {
        if end.eq_ignore_ascii_case(CROSSING) {
            return hop.steps.iter().any(|step| step.kind == StepKind::Crossing);
        }
        hop.at.eq_ignore_ascii_case(end) || hop.kind.code().eq_ignore_ascii_case(end)
    };
    let found = request.iter().skip(from).position(is_end)?;
    Some(from + found)
}

/// Ends that were not found lie just before the hop of the next that was, the last at the end.
fn fill(bounds: &mut [Option<usize>], count: usize) {
    let mut next: Option<usize> = None;
    for bound in bounds.iter_mut().rev() {
        match (*bound, next) {
            (Some(end), _) => next = Some(end.saturating_sub(1)),
            (None, Some(before)) => *bound = Some(before),
            (None, None) => {
                *bound = Some(count);
            }
        }
    }
    // Bounds never go back.
    let mut so_far = 0;
    for bound in bounds.iter_mut() {
        so_far = bound.unwrap_or(count).max(so_far);
        *bound = Some(so_far);
    }
}

/// Gives each obstacle to the portion that holds its hop.
fn give<'a>(portions: &mut [Portion<'a>], trace: &'a TraceAnswer, request: &[Hop]) {
    let last = portions.len().saturating_sub(1);
    for obstacle in &trace.obstacles {
        let place = request.iter().position(|hop| hop.at == obstacle.at);
        let at = match place {
            _ if obstacle.on_reply => last,
            _ if obstacle.reason.is_about_names() => 0,
            Some(hop) => {
                portions.iter().position(|it| it.hops.0 <= hop && hop < it.hops.1).unwrap_or(last)
            }
            None => last,
        };
        if let Some(portion) = portions.get_mut(at) {
            portion.obstacles.push(obstacle);
        }
    }
}
