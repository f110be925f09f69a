//! The answer to `diff` as text.

use super::item;
use super::page::{Page, Role};
use crate::answer::{
    ChangeWitness, ConfigurationChange, DifferenceAnswer, FlowChange, FlowChangeKind as Kind,
    Members, Verdict, WitnessFate,
};

/// So many ends or packets of a group are listed; `--output json` has all.
const LISTED: usize = 12;

/// Longer values are cut.
const VALUE: usize = 200;

/// Every group of flows and every change of the configuration, at most `width` characters wide where
/// words allow, with ANSI escapes.
#[must_use]
pub fn difference(answer: &DifferenceAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    heading(&mut page, answer);
    for (number, flow) in (1..).zip(&answer.flows) {
        one(&mut page, number, flow, &answer.configuration);
    }
    if !answer.configuration.is_empty() {
        page.heading("What differs in the configuration");
    }
    for change in &answer.configuration {
        configuration(&mut page, 2, "- ", change);
    }
    if !answer.not_modelled.is_empty() {
        page.heading("Changed, and not modelled: which packets this opens or closes is not told");
    }
    for change in answer.unfollowed() {
        let change = ConfigurationChange { before: None, after: None, ..change.clone() };
        configuration(&mut page, 2, "- ", &change);
    }
    item::list(&mut page, "Ends that are only before", &answer.only_before);
    item::list(&mut page, "Ends that are only after", &answer.only_after);
    item::list(&mut page, "Worth knowing", &answer.notes);
    page.finish()
}

fn heading(page: &mut Page, answer: &DifferenceAnswer) {
    let is_good = answer.is_empty() && answer.unknown.is_none() && !answer.is_partial;
    let role = if is_good { Role::Good } else { Role::Strong };
    let told = answer.in_words();
    let ends = format!("from {} to {}", answer.before, answer.after);
    page.line(0, "", &[(role, &told), (Role::Plain, &ends)]);
    if let Some(told) = answer.unknown_in_words() {
        page.line(0, "", &[(Role::Unsure, &told)]);
    }
}

const fn role(kind: Kind) -> Role {
    match kind {
        Kind::Opened | Kind::Closed => Role::Bad,
        Kind::Rerouted => Role::Plain,
        Kind::Doubtful => Role::Unsure,
    }
}

fn one(page: &mut Page, number: usize, flow: &FlowChange, changes: &[ConfigurationChange]) {
    page.gap();
    let lead = format!("{number}. ");
    let kind = flow.kind.to_string().to_uppercase();
    let (from, to) = (ends(&flow.from), ends(&flow.to));
    let pieces = [
        (role(flow.kind), kind.as_str()),
        (Role::Strong, from.as_str()),
        (Role::Plain, "->"),
        (Role::Strong, to.as_str()),
        (Role::Plain, flow.pairs.in_words()),
    ];
    page.line(0, &lead, &pieces);
    page.set_margin(3);
    for packets in flow.packets.iter().take(LISTED) {
        page.line(0, "packets  ", &[(Role::Plain, packets)]);
    }
    if flow.packets.len() > LISTED {
        let more = format!("and {} more", flow.packets.len() - LISTED);
        page.line(9, "", &[(Role::Faint, &more)]);
    }
    page.line(0, "such as  ", &[(Role::Plain, &flow.witness.packet)]);
    let ChangeWitness { before, after, .. } = &flow.witness;
    // The way back is worth a word where that alone is another one.
    let is_about_reply = flow.kind == Kind::Rerouted && before.hops == after.hops;
    fate(page, "before   ", before, is_about_reply);
    fate(page, "after    ", after, is_about_reply);
    moved_to(page, flow);
    for cause in flow.causes.iter().filter_map(|number| changes.get(*number)) {
        configuration(page, 0, "because  ", cause);
    }
    page.set_margin(0);
}

/// Where the packet ends, and where it did, when it arrives elsewhere than before.
fn moved_to(page: &mut Page, flow: &FlowChange) {
    let (before, after) = (&flow.witness.before, &flow.witness.after);
    let arrive = [before, after].iter().all(|it| it.verdict == Verdict::Reachable);
    if arrive && before.ends != after.ends {
        let words = format!("{}; before: {}", after.ends.join(", "), before.ends.join(", "));
        page.line(0, "ends at  ", &[(Role::Strong, &words)]);
    }
}

/// The first names, and how many more there are.
pub(super) fn ends(names: &Members) -> String {
    let shown = names.joined(LISTED, ", ");
    match names.len().checked_sub(LISTED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

fn fate(page: &mut Page, lead: &str, fate: &WitnessFate, is_about_reply: bool) {
    let verdict = fate.verdict.to_string();
    let mut way =
        if fate.hops.is_empty() { String::new() } else { format!("by {}", fate.hops.join(", ")) };
    if is_about_reply {
        way.push_str(&format!("; the reply by {}", fate.reply_hops.join(", ")));
    }
    let reason = fate.reason.map(|reason| format!("({reason})")).unwrap_or_default();
    let rules = item::rules(&fate.rules);
    let stop = fate.stop.as_deref().unwrap_or(&way);
    let pieces = [
        (super::trace::role(fate.verdict), verdict.as_str()),
        (Role::Plain, reason.as_str()),
        (Role::Plain, stop),
        (Role::Faint, rules.as_str()),
    ];
    page.line(0, lead, &pieces);
    if let Some(decided_by) = &fate.decided_by {
        item::decided_by(page, 9, decided_by);
    }
}

fn configuration(page: &mut Page, indent: usize, lead: &str, change: &ConfigurationChange) {
    let what = format!(
        "{}{}",
        item::short(&change.resource),
        change.path_in_words().replace("/properties", "")
    );
    let value = match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} -> {}", cut(before), cut(after)),
        (Some(one), None) | (None, Some(one)) => cut(one),
        (None, None) => String::new(),
    };
    let place = change.place.as_ref().map(|place| format!("({place})")).unwrap_or_default();
    let kind = change.kind.to_string();
    let pieces = [
        (Role::Plain, kind.as_str()),
        (Role::Strong, what.as_str()),
        (Role::Plain, value.as_str()),
        (Role::Faint, place.as_str()),
    ];
    page.line(indent, lead, &pieces);
}

fn cut(value: &str) -> String {
    if value.chars().count() <= VALUE {
        return value.to_owned();
    }
    value.chars().take(VALUE).chain("…".chars()).collect()
}
