//! Packets of symbolic answers, followed by the concrete engine before anybody sees them.

use crate::answer::Verdict;
use crate::dataplane::Dataplane;
use crate::net::Flow;
use crate::trace::{Ask, Fate, Traced, trace};
use std::fmt;

/// The two engines disagree about a packet: a bug of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Where the packet starts.
    pub from: String,
    /// The packet.
    pub flow: Flow,
    /// What the symbolic engine says.
    pub expected: Verdict,
    /// What the concrete engine says.
    pub found: Verdict,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, flow, expected, found } = self;
        write!(f, "of the packet {flow} from {from} one engine says {expected}, the other {found}")
    }
}

impl std::error::Error for Disagreement {}

/// What became of a packet.
pub(super) const fn verdict(fate: Fate) -> Verdict {
    match fate {
        Fate::Arrives => Verdict::Reachable,
        Fate::Stops => Verdict::Unreachable,
        Fate::Unsure => Verdict::Unknown,
    }
}

/// Follows a packet that must fare as `expected`; `from` is what its sender is called.
///
/// # Errors
/// When it fares otherwise.
pub(super) fn replayed(
    plane: &Dataplane,
    ask: &Ask<'_>,
    (from, expected): (&str, Verdict),
) -> Result<Traced, Disagreement> {
    let traced = trace(plane, ask);
    let found = verdict(traced.fate);
    if found == expected {
        return Ok(traced);
    }
    Err(Disagreement { from: from.to_owned(), flow: ask.flow, expected, found })
}
