//! The answer to `compare` as text: a line for each answer of Azure, and what differs below it.

use super::item;
use super::page::{Page, Role};
use crate::answer::{CompareAnswer, ComparedAnswer};

/// Where Azure and hopwise agree, at most `width` characters wide where words allow.
#[must_use]
pub fn compare(answer: &CompareAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    answer.answers.iter().for_each(|compared| one(&mut page, compared));
    let all = item::counted(answer.answers.len(), "answer");
    let counts = format!(
        "{} the same, {} not, {} unknown",
        answer.agreeing, answer.disagreeing, answer.unknown
    );
    page.gap();
    page.line(0, "", &[(Role::Strong, &format!("{all} of Azure:")), (Role::Plain, &counts)]);
    page.finish()
}

fn one(page: &mut Page, compared: &ComparedAnswer) {
    let (role, word) = match (compared.unsure.is_empty(), compared.disagreements.is_empty()) {
        (false, _) => (Role::Unsure, "UNKNOWN"),
        (true, true) => (Role::Good, "same"),
        (true, false) => (Role::Bad, "DIFFERS"),
    };
    let what = format!("{} of {}", compared.question.words(), compared.about);
    let entries = item::counted(compared.entries, "entry").replace("entrys", "entries");
    let file = format!("({}, {entries})", compared.file);
    page.line(0, "", &[(role, word), (Role::Strong, &what), (Role::Faint, &file)]);
    for why in &compared.unsure {
        page.line(2, "", &[(Role::Plain, why)]);
    }
    for found in &compared.disagreements {
        page.line(2, "", &[(Role::Strong, &found.at)]);
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        page.line(4, "- Azure   ", &[(Role::Plain, &said(&found.azure))]);
        page.line(4, "+ hopwise ", &[(Role::Plain, &said(&found.ours))]);
    }
}
