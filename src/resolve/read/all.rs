//! Everything is read in the order of ids, some of it ahead of its turn.

use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;
use crate::resolve::kinds::{Put, Reader, Role, Thing};
use crate::resolve::plan::Item;
use crate::resolve::scope::{Known, Notes, Scope};
use rayon::prelude::*;

/// So many things are read ahead. Their trees go when they are in the network.
const AHEAD: usize = 1024;

/// Some things, and what was read of them ahead of their turn.
type Batch = (Vec<Item>, Vec<Option<(Put, Notes)>>);

/// Reads `items` into `draft`, and gives what was noticed.
///
/// What stands alone is read at the same time as others, ahead of its turn. The result is as if each
/// were read in its turn.
pub(in crate::resolve) fn all(items: Vec<Item>, known: &Known, draft: &mut Draft) -> Notes {
    let scope = Scope::new(known);
    let mut rest = items.into_iter();
    let mut batch = next(&mut rest, known);
    while !batch.0.is_empty() {
        let mut following = Batch::default();
        rayon::in_place_scope(|workers| {
            workers.spawn(|_| following = next(&mut rest, known));
            put(batch, &scope, draft);
        });
        batch = following;
    }
    scope.finish()
}

/// The next things, those that stand alone read.
fn next(rest: &mut impl Iterator<Item = Item>, known: &Known) -> Batch {
    let items: Vec<Item> = rest.take(AHEAD).collect();
    let own = || Scope::new(known);
    let read = items.par_iter().map_init(own, |scope, item| ahead(item, scope)).collect();
    (items, read)
}

fn put((items, read): Batch, scope: &Scope<'_>, draft: &mut Draft) {
    for (item, read) in items.into_iter().zip(read) {
        match read {
            Some((put, notes)) => {
                put(draft);
                scope.add_notes(notes);
            }
            None => in_turn(&item, scope, draft),
        }
    }
}

/// Reads `item`, if it stands alone.
pub(in crate::resolve) fn ahead(item: &Item, scope: &Scope<'_>) -> Option<(Put, Notes)> {
    let Role::Thing(Thing { read: Reader::Alone(read), .. }) = item.row.role else { return None };
    let put = read(&Fields::of(item, scope)?);
    let notes = scope.take_notes();
    // Missing resources are numbered in the order of ids.
    notes.missing.is_empty().then_some((put, notes))
}

fn in_turn(item: &Item, scope: &Scope<'_>, draft: &mut Draft) {
    let Some(fields) = Fields::of(item, scope) else { return };
    match item.row.role {
        Role::Thing(Thing { read: Reader::Alone(read), .. }) => read(&fields)(draft),
        Role::Thing(Thing { read: Reader::InTurn(read), .. }) | Role::Remark(read) => {
            read(&fields, draft);
        }
        Role::Part => {}
    }
}
