//! What else a change does to packets.

use super::difference::ends;
use super::item;
use super::page::{Page, Role};
use crate::answer::{Blast, FlowChange, FlowChangeKind as Kind, FlowExtent};

/// So many groups are listed one by one.
const LISTED: usize = 10;

/// The groups, each in a line, and how far they were looked for.
pub(super) fn blast(page: &mut Page, indent: usize, blast: &Blast) {
    if blast.flows.is_empty() {
        page.line(indent, "", &[(Role::Plain, "opens and closes nothing else")]);
    }
    extent(page, indent, ("also opens", Kind::Opened, &blast.opened), blast);
    extent(page, indent, ("also closes", Kind::Closed, &blast.closed), blast);
    extent(page, indent, ("also reroutes", Kind::Rerouted, &blast.rerouted), blast);
    extent(page, indent, ("leaves in doubt", Kind::Doubtful, &blast.doubtful), blast);
    page.line(indent, "", &[(Role::Faint, &exactness(blast))]);
}

fn exactness(blast: &Blast) -> String {
    let unknown = blast.unknown.as_ref();
    let but = unknown.map(|it| format!(" but {it} that are unknown before and after"));
    let but = but.unwrap_or_default();
    format!("exact, for all packets to addresses from all senders{but}; names are not compared")
}

fn extent(
    page: &mut Page,
    indent: usize,
    (what, kind, extent): (&str, Kind, &FlowExtent),
    blast: &Blast,
) {
    let groups: Vec<&FlowChange> = blast.flows.iter().filter(|flow| flow.kind == kind).collect();
    if groups.is_empty() {
        return;
    }
    let pairs = item::counted(extent.pairs, "pair");
    let title = format!("{what} packets between {pairs} of sender and receiver:");
    page.line(indent, "", &[(Role::Unsure, &title)]);
    for flow in groups.iter().take(LISTED) {
        let who = format!("{} -> {}", ends(&flow.from), ends(&flow.to));
        let who = format!("{}:", [&*who, flow.pairs.in_words()].join(" ").trim_end());
        page.line(indent + 2, "- ", &[(Role::Plain, &who), (Role::Plain, &packets(flow))]);
    }
    if groups.len() > LISTED {
        page.line(indent + 2, "", &[(Role::Faint, "and more: --output json has all")]);
    }
}

/// The first of the packets in words, and how many lines more there are.
fn packets(flow: &FlowChange) -> String {
    let first = flow.packets.first().map_or("", String::as_str);
    match flow.packets.len() {
        0 | 1 => first.to_owned(),
        count => format!("{first}; and {} more", count - 1),
    }
}
