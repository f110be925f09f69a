//! The answer to `inventory` as text.

use super::item::{self, short};
use super::page::{Page, Role};
use super::table::table;
use crate::answer::{Finding, InventoryAnswer, NotModelledType};
use crate::id::ResourceId;

/// So many findings of one code, documents and ids are listed.
pub(super) const LISTED: usize = 20;

/// An inventory, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn inventory(answer: &InventoryAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    summary(&mut page, answer);
    documents(&mut page, answer);
    resources(&mut page, answer);
    not_modelled(&mut page, &answer.not_modelled);
    findings(&mut page, &answer.findings);
    page.finish()
}

fn summary(page: &mut Page, answer: &InventoryAnswer) {
    let resources: usize = answer.resources.iter().map(|count| count.count).sum();
    let types = answer.resources.len();
    let not_modelled: usize = answer.not_modelled.iter().map(|count| count.count).sum();
    let text = format!(
        "{} of {}; {not_modelled} not modelled; {}",
        item::counted(resources, "resource"),
        item::counted(types, "type"),
        item::counted(answer.findings.len(), "finding"),
    );
    page.line(0, "", &[(Role::Strong, &text)]);
}

fn documents(page: &mut Page, answer: &InventoryAnswer) {
    page.heading("Documents");
    for document in answer.documents.iter().take(LISTED) {
        let count = format!("{} ({})", document.file, document.count);
        page.line(2, "", &[(Role::Plain, &count)]);
    }
    more(page, answer.documents.len());
}

fn more(page: &mut Page, count: usize) {
    if count > LISTED {
        page.line(2, "", &[(Role::Faint, &format!("and {} more", count - LISTED))]);
    }
}

fn resources(page: &mut Page, answer: &InventoryAnswer) {
    page.gap();
    let row = |count: &crate::answer::TypeCount| {
        [format!("{:>7}", count.count), count.resource_type.clone()]
    };
    table(page, ["  Count", "Type"], answer.resources.iter().map(row).collect());
}

fn not_modelled(page: &mut Page, types: &[NotModelledType]) {
    if types.is_empty() {
        return;
    }
    page.heading("Not modelled");
    for of_type in types {
        let count = format!("({})", of_type.count);
        page.line(2, "- ", &[(Role::Plain, &of_type.resource_type), (Role::Plain, &count)]);
        ids(page, "referred to by ", &of_type.referred_by);
        ids(page, "refers to ", &of_type.refers_to);
    }
}

fn ids(page: &mut Page, lead: &str, ids: &[ResourceId]) {
    if ids.is_empty() {
        return;
    }
    let names: Vec<String> = ids.iter().take(LISTED).map(short).collect();
    let more = ids.len().saturating_sub(LISTED);
    let more = if more > 0 { format!("and {more} more") } else { String::new() };
    page.line(4, lead, &[(Role::Faint, &names.join(", ")), (Role::Faint, &more)]);
}

fn findings(page: &mut Page, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading("What looks broken (hopwise explain CODE says more)");
    for of_code in findings.chunk_by(|a, b| a.code == b.code) {
        for finding in of_code.iter().take(LISTED) {
            print_finding(page, finding);
        }
        if of_code.len() > LISTED {
            let code = of_code.first().map(|finding| finding.code).unwrap_or_default();
            let text = format!("and {} more", of_code.len() - LISTED);
            page.line(2, "- ", &[(Role::Unsure, code), (Role::Plain, &text)]);
        }
    }
}

pub(super) fn print_finding(page: &mut Page, finding: &Finding) {
    let name = format!("{}:", short(&finding.resource));
    let rules = item::rules(&finding.rules);
    let pieces = [
        (Role::Unsure, finding.code),
        (Role::Strong, &name),
        (Role::Plain, &finding.text),
        (Role::Faint, &rules),
    ];
    page.line(2, "- ", &pieces);
    page.line(4, "hint ", &[(Role::Plain, &finding.hint)]);
    if let Some(place) = &finding.place {
        page.line(4, "at   ", &[(Role::Faint, &place.to_string())]);
    }
}
