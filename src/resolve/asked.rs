//! Members that nobody asked for, though somebody asked for one that is nearly called so.
//!
//! ARM has many more properties than are read, so one that is not read is no mistake by itself. In what
//! people write by hand it is one when a property that was asked for is absent and differs in two letters
//! at most.

use super::path::Step;
use super::spot::Spot;
use crate::azure::tree::View;
use crate::diag::{Diagnostic, similar};
use std::cell::RefCell;

/// Shorter names are too like each other.
const SHORTEST: usize = 6;

/// The members of what was written by hand, and the names that were asked for. Complains when dropped.
#[derive(Debug)]
pub(in crate::resolve) struct Asked<'a> {
    written: Option<(Spot<'a>, Vec<(&'a str, View<'a>)>)>,
    names: RefCell<Vec<Box<str>>>,
}

impl<'a> Asked<'a> {
    /// Nothing is watched but what was written by hand: there alone values know where they stand.
    pub(in crate::resolve) fn of(spot: Spot<'a>) -> Self {
        let by_hand = spot.node.is_object() && spot.node.span().is_some();
        let written = by_hand.then(|| (spot, spot.node.members().collect()));
        Self { written, names: RefCell::default() }
    }

    /// `name` is asked for.
    pub(in crate::resolve) fn note(&self, name: &str) {
        if self.written.is_some() {
            self.names.borrow_mut().push(name.into());
        }
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        let Some((spot, members)) = &self.written else { return };
        let names = self.names.borrow();
        let is = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        let absent = |name: &&str| !members.iter().any(|(member, _)| is(member, name));
        let absent: Vec<&str> = names.iter().map(|name| &**name).filter(absent).collect();
        for &(member, node) in members.iter().filter(|(member, _)| member.len() >= SHORTEST) {
            if names.iter().any(|name| is(name, member)) {
                continue;
            }
            let close = similar(member, absent.iter().copied());
            if let Some(meant) = close.into_iter().find(|name| is_slip(member, name)) {
                let text = format!("`{member}` is no property that is read");
                let remark = Diagnostic::warning("unknown-property", text);
                let place = spot.step(Step::Member(member), node);
                place.note(remark.hint(format!("did you mean `{meant}`?")));
            }
        }
    }
}

/// Is the one the other, mistyped? The plural of a name is another name.
fn is_slip(written: &str, meant: &str) -> bool {
    let (written, meant) = (written.to_lowercase(), meant.to_lowercase());
    let plural =
        |one: &str, many: &str| many.strip_prefix(one).is_some_and(|end| matches!(end, "s" | "es"));
    !plural(&written, &meant)
        && !plural(&meant, &written)
        && strsim::damerau_levenshtein(&written, &meant) <= 2
}
