//! What decided, in a line.

use super::page::{Page, Role};
use crate::answer::{Item, Rule, RunnerUp};
use crate::id::ResourceId;
use std::fmt::Write;

/// `decided by security rule web/deny-ssh (net.yaml:12)`.
pub(super) fn decided_by(page: &mut Page, indent: usize, item: &Item) {
    let (name, place) = (&item.name, place(item));
    let pieces =
        [(Role::Faint, &*item.kind.to_string()), (Role::Strong, name), (Role::Faint, &place)];
    page.line(indent, "decided by ", &pieces);
}

/// `runner-up user route all (net.yaml:30): shorter prefix`.
pub(super) fn runner_up(page: &mut Page, indent: usize, runner_up: &RunnerUp) {
    let RunnerUp { item, why } = runner_up;
    let kind = item.kind.to_string();
    let place = place(item);
    let why = format!("lost: {why}");
    let pieces = [
        (Role::Faint, &*kind),
        (Role::Plain, &item.name),
        (Role::Faint, &place),
        (Role::Plain, &why),
    ];
    page.line(indent, "runner-up  ", &pieces);
}

/// `networkSecurityGroups/web` instead of the whole id; parts under what they belong to: `hub/web`.
pub(super) fn short(id: &ResourceId) -> String {
    let parent = id.parent();
    let collection = id.as_str().rsplit('/').nth(1).unwrap_or_default();
    format!("{}/{}", parent.as_ref().map_or(collection, ResourceId::name), id.name())
}

/// `1 type`, `2 types`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `(net.yaml:12)`, or nothing.
pub(super) fn place(item: &Item) -> String {
    item.place.as_ref().map(|place| format!("({place})")).unwrap_or_default()
}

/// `[R89 R110]`, or nothing.
pub(super) fn rules(rules: &[Rule]) -> String {
    let mut text = String::new();
    for rule in rules {
        let _ = write!(text, "{}{rule}", if text.is_empty() { "[" } else { " " });
    }
    if !text.is_empty() {
        text.push(']');
    }
    text
}

/// A list of remarks under a heading; nothing when there are none.
pub(super) fn list(page: &mut Page, title: &str, remarks: &[String]) {
    if remarks.is_empty() {
        return;
    }
    page.heading(title);
    for remark in remarks {
        page.line(2, "- ", &[(Role::Plain, remark)]);
    }
}

/// All rules under a heading; nothing when there are none.
pub(super) fn all_rules(page: &mut Page, rules: &[Rule]) {
    if !rules.is_empty() {
        let numbers: Vec<String> = rules.iter().map(ToString::to_string).collect();
        page.gap();
        page.line(0, "Rules: ", &[(Role::Faint, &numbers.join(" "))]);
    }
}
