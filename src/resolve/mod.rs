//! From [`Snapshot`] to [`Network`]: every reference followed, every default explicit.
//!
//! First the [`plan`] numbers all things in the order of their ids; then each is read by the function
//! that the [`table`] names for its type, through [`fields`], which know nothing of types; then what
//! follows from several resources together is [derived](derive) and what contradicts itself is
//! [checked](check). Knows nothing of wire formats, routes or packets.

mod asked;
mod check;
mod derive;
mod draft;
mod fields;
mod frame;
mod index;
mod kinds;
mod path;
mod plan;
mod read;
mod scope;
mod spot;
mod table;
mod text;

use crate::azure::{Network, Snapshot};
use crate::diag::Diagnostic;
use draft::Draft;
use plan::Plan;
use scope::Known;

pub use frame::Frame;

/// Resolves what was read. The remarks are those about the meaning; those about the documents stay
/// with the snapshot.
///
/// The trees are dropped one by one as they are read. O(n log n) in the number of resources.
#[must_use]
pub fn resolve(snapshot: Snapshot) -> (Network, Vec<Diagnostic>) {
    let (network, remarks, _) = resolved(snapshot);
    (network, remarks)
}

/// As [`resolve`], with what it takes to read parts of the network again.
#[must_use]
pub fn resolve_with_frame(snapshot: Snapshot) -> (Network, Vec<Diagnostic>, Frame) {
    let ids = snapshot.resources.keys().cloned().collect();
    let (network, remarks, mut known) = resolved(snapshot);
    known.places = network.places.clone();
    (network, remarks, Frame::new(known, ids))
}

fn resolved(snapshot: Snapshot) -> (Network, Vec<Diagnostic>, Known) {
    let Plan { items, mut known, not_modelled, diagnostics: mut remarks, unknown_values } =
        Plan::new(snapshot.resources);
    let mut draft = Draft { not_modelled, ..Draft::default() };
    draft.network.service_tags = snapshot.service_tags;
    let notes = read::all(items, &known, &mut draft);
    remarks.extend(notes.diagnostics);
    draft.network.missing = notes.missing;
    draft.network.unknown_values = notes.unknown_values;
    draft.network.unknown_values.extend(unknown_values);
    draft.network.places = std::mem::take(&mut known.places);
    let network = derive::finish(draft, &mut remarks);
    check::all(&network, &mut remarks);
    (network, remarks, known)
}
