//! What contradicts itself: remarks with the rule that says so, never an abort.

use crate::azure::Network;
use crate::diag::Diagnostic;

/// Notes every contradiction.
pub(super) fn all(_network: &Network, _diagnostics: &mut Vec<Diagnostic>) {}
