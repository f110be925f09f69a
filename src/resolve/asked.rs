//! Members that nobody asked for, though somebody asked for one that is nearly called so.
//!
//! ARM has many more properties than are read, so one that is not read is no mistake by itself. In what
//! people write by hand it is one when it differs in two letters at most from a property that is read there.

use super::path::Step;
use super::spot::Spot;
use crate::azure::tree::View;
use crate::diag::{slip, unread};
use std::cell::RefCell;

/// A member, and what it stands in.
type Written<'a> = (Spot<'a>, &'a str, View<'a>);

/// The members of what was written by hand, in `properties` and beside it, and the names that were asked for.
/// Complains when dropped.
#[derive(Debug)]
pub(in crate::resolve) struct Asked<'a> {
    written: Vec<Written<'a>>,
    names: RefCell<Vec<Box<str>>>,
}

impl<'a> Asked<'a> {
    /// Nothing is watched but what was written by hand: there alone values know where they stand.
    pub(in crate::resolve) fn of(spot: Spot<'a>) -> Self {
        let mut written = Vec::new();
        if spot.node.is_object() && spot.node.span().is_some() {
            for (name, node) in spot.node.members() {
                let is_outer = name.eq_ignore_ascii_case("properties");
                let inside =
                    is_outer.then(|| (spot.step(Step::Member(name), node), node.members()));
                let inside =
                    inside.into_iter().flat_map(|(spot, all)| all.map(move |it| (spot, it)));
                written.extend(inside.map(|(spot, (name, node))| (spot, name, node)));
                written.push((spot, name, node));
            }
        }
        Self { written, names: RefCell::default() }
    }

    /// `name` is asked for.
    pub(in crate::resolve) fn note(&self, name: &str) {
        if !self.written.is_empty() {
            self.names.borrow_mut().push(name.into());
        }
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        let names = self.names.borrow();
        for &(spot, member, node) in &self.written {
            if names.iter().any(|name| name.eq_ignore_ascii_case(member)) {
                continue;
            }
            if let Some(meant) = slip(member, names.iter().map(|name| &**name)) {
                spot.step(Step::Member(member), node).note(unread(member, meant));
            }
        }
    }
}
