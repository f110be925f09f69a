//! Assertions over sets of packets.

use super::{Evidence, Found};
use crate::dataplane::Dataplane;
use crate::diag::Diagnostic;
use crate::question::reachability::Unreached;
use crate::question::reachability::claim::{self, Judgement};
use crate::scenario::{Claim, ExpectedReach};

/// Compares what is claimed of the packets between some places with what gets there.
pub(super) fn compare(
    plane: &Dataplane,
    expected: &ExpectedReach,
) -> Result<Found, Vec<Diagnostic>> {
    let judged = claim::judge(plane, expected).map_err(|why| match why {
        Unreached::Mistake(mistake) => vec![*mistake],
        Unreached::Bug(disagreement) => vec![claim::bug(&disagreement)],
    })?;
    let not_modelled = claim::not_modelled(plane, expected);
    let mut found = Found { not_modelled, ..Found::default() };
    let Judgement { holds, found: other, witness } = judged;
    if holds != Some(true) {
        found.differs(expected.claim.key(), wanted(expected.claim), other);
        found.witness = witness;
        found.is_unknown = holds.is_none();
    }
    Ok(found)
}

/// What the packets rest on that something is claimed of; nothing when the claim means nothing.
pub(super) fn evidence(plane: &Dataplane, expected: &ExpectedReach) -> Evidence {
    claim::exercised(plane, expected).unwrap_or_default()
}

/// What is expected, in words.
const fn wanted(claim: Claim) -> &'static str {
    match claim {
        Claim::Never | Claim::Unreachable => "that no packet gets there",
        Claim::Always => "that packets get from each place to each place",
        Claim::Only => "that packets get there from each of these places, and from nowhere else",
        Claim::Reachable => "that some packet gets there",
    }
}
