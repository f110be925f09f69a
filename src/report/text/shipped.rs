//! The scenarios to start from, as text.

use super::page::Page;
use super::table::table;
use crate::answer::ShippedAnswer;

/// A table of names and what each shows, at most `width` characters wide where words allow.
#[must_use]
pub fn shipped(answer: &ShippedAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let rows = answer.scenarios.iter().map(|it| [it.name.clone(), it.about.clone()]);
    table(&mut page, ["Name", "What it shows"], rows.collect());
    page.finish()
}
