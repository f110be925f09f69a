//! The answer to `reach` as text.

use super::item;
use super::page::{Page, Piece, Role};
use crate::answer::{
    AlikeNames, ExposedOpening, ExposedPlace, Item, MatrixCell, Members, Opening, ReachAnswer,
    ReachGroup, ReachMatrix, Verdict, Witness,
};

/// So many names and prefixes are listed in a line.
const LISTED: usize = 8;

/// Who reaches what, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn reachability(answer: &ReachAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    heading(&mut page, answer);
    match (&answer.matrix, &answer.exposed) {
        (Some(found), _) => matrix(&mut page, found),
        (None, Some(places)) => places.iter().for_each(|place| exposed(&mut page, place)),
        (None, None) => {
            for (number, one) in (1..).zip(&answer.groups) {
                group(&mut page, number, one);
            }
        }
    }
    item::list(&mut page, "Left out, as its address or network is not known", &answer.left_out);
    item::list(&mut page, "Assumptions used", &answer.assumptions);
    item::list(&mut page, "Not modelled, and in the way", &answer.not_modelled);
    item::all_rules(&mut page, &answer.rules);
    page.finish()
}

fn heading(page: &mut Page, answer: &ReachAnswer) {
    let ReachAnswer { from, to, packets, verdict, .. } = answer;
    let role = super::trace::role(*verdict);
    let word = match verdict {
        Verdict::Reachable => "REACHABLE",
        Verdict::Unreachable => "UNREACHABLE",
        Verdict::Unknown => "UNKNOWN",
    };
    let ends = format!("{from} -> {to}, {packets} packets");
    page.line(0, "", &[(role, word), (Role::Strong, &ends)]);
    let sources = item::counted(answer.sources, "place");
    let what = match (&answer.exposed, answer.groups.len()) {
        (_, 0) => "nothing gets through".to_owned(),
        (Some(places), _) => format!("{} exposed", item::counted(places.len(), "place")),
        (None, count) => format!("{} of places and packets", item::counted(count, "group")),
    };
    let how = match (answer.is_exact, answer.left_out.is_empty()) {
        (true, _) => "exact: every packet was judged",
        (false, true) => "every packet was judged; of those marked UNKNOWN it cannot be said",
        (false, false) => "not of everything, as below",
    };
    let text = format!("From {sources}: {what}; {how}.");
    page.line(0, "", &[(Role::Plain, &text)]);
}

fn group(page: &mut Page, number: usize, group: &ReachGroup) {
    page.gap();
    let (sources, destinations) = (listed(&group.sources, &[]), destinations(group));
    let lead = format!("{number}. ");
    let mut pieces =
        vec![(Role::Strong, &*sources), (Role::Plain, "->"), (Role::Strong, &*destinations)];
    pieces.splice(0..0, mark_of(group.verdict));
    page.line(0, &lead, &pieces);
    for (_, line) in Opening::lines(&group.openings, LISTED) {
        page.line(3, "", &[(Role::Plain, &line)]);
    }
    witness(page, 3, &group.witness);
}

/// The destinations, of which those that are sources, too, are called so.
fn destinations(group: &ReachGroup) -> String {
    let others = group.destinations.without(&group.sources);
    if others.len() == group.destinations.len() {
        return listed(&others, &[]);
    }
    listed(&others, &["each other"])
}

fn exposed(page: &mut Page, place: &ExposedPlace) {
    page.heading(&place.place);
    // What is sure comes first.
    for alike in place.openings.chunk_by(|a, b| a.verdict == b.verdict) {
        let openings: Vec<Opening> = alike.iter().map(|it| it.opening.clone()).collect();
        for (numbers, text) in Opening::lines(&openings, LISTED) {
            let told: Vec<&ExposedOpening> =
                numbers.iter().filter_map(|&number| alike.get(number)).collect();
            let Some(ExposedOpening { verdict, witness: packet, .. }) = told.first() else {
                continue;
            };
            let mut pieces = vec![(Role::Plain, &*text)];
            pieces.splice(0..0, mark_of(*verdict));
            page.line(2, "- ", &pieces);
            witness(page, 4, packet);
            also_by(page, packet, &told);
        }
    }
}

/// What lets other packets of the same line pass.
fn also_by(page: &mut Page, shown: &Witness, told: &[&ExposedOpening]) {
    let all = told.iter().flat_map(|it| it.witness.decided_by.iter().chain(&it.also_by));
    let mut known: Vec<&Item> = shown.decided_by.iter().collect();
    for item in all {
        if !known.contains(&item) {
            decided(page, 4, "also by ", item);
            known.push(item);
        }
    }
}

fn decided(page: &mut Page, indent: usize, lead: &str, item: &Item) {
    let (kind, place) = (item.kind.to_string(), item::place(item));
    let pieces = [(Role::Faint, &*kind), (Role::Plain, &*item.name), (Role::Faint, &*place)];
    page.line(indent, lead, &pieces);
}

/// What is said of packets that do not always get there.
fn mark_of(verdict: Verdict) -> Option<Piece<'static>> {
    match verdict {
        Verdict::Reachable => None,
        Verdict::Unreachable => Some((Role::Unsure, "ON SOME PATHS")),
        Verdict::Unknown => Some((Role::Unsure, "UNKNOWN")),
    }
}

/// The packet that was followed, and what decided.
pub(super) fn witness(page: &mut Page, indent: usize, witness: &Witness) {
    let flow = witness.flow.to_string();
    let way = witness.places.join(", ");
    page.line(
        indent,
        "such as ",
        &[(Role::Plain, &flow), (Role::Faint, "by"), (Role::Faint, &way)],
    );
    witness.decided_by.iter().for_each(|item| decided(page, indent, "by ", item));
    if let Some(obstacle) =
        witness.obstacle.as_ref().filter(|_| witness.verdict != Verdict::Reachable)
    {
        let rules = item::rules(&obstacle.rules);
        let pieces = [
            (Role::Unsure, obstacle.reason.code()),
            (Role::Plain, &*obstacle.text),
            (Role::Faint, &*rules),
        ];
        page.line(indent, "because ", &pieces);
    }
}

/// These words and the first names, and how many more.
fn listed(members: &Members, words: &[&str]) -> String {
    let shown: Vec<&str> = words.iter().copied().chain(members.iter()).take(LISTED).collect();
    let shown = shown.join(", ");
    match (words.len() + members.len()).checked_sub(LISTED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// So many groups of names are shown.
const GROUPS: usize = 30;

/// A matrix with many names, in groups.
fn alike(page: &mut Page, by: &str, AlikeNames { groups, cells, own }: &AlikeNames) {
    page.heading(&format!("By {by}, in groups that fare alike: from the row to the column"));
    for (number, names) in (1..).zip(groups.iter().take(GROUPS)) {
        let shown: Vec<&str> = names.iter().take(LISTED).map(String::as_str).collect();
        let more = names.len() - shown.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let text = format!("{}{more}", shown.join(", "));
        page.line(2, &format!("{number}. "), &[(Role::Plain, &text)]);
    }
    if let Some(more) = groups.len().checked_sub(GROUPS).filter(|&more| more > 0) {
        let text = format!("and {}, smaller: --output json has all", item::counted(more, "group"));
        page.line(2, "", &[(Role::Faint, &text)]);
    }
    page.gap();
    for (number, (own, cells)) in (1..).zip(own.iter().zip(cells).take(GROUPS)) {
        let marks: Vec<String> = cells.iter().take(GROUPS).map(mark).collect();
        let text = format!("{} | {}", mark(own), marks.join(" "));
        page.line(2, &format!("{number:>3}  "), &[(Role::Plain, &text)]);
    }
    let text = "first from each of the row to itself, then to each other of each column";
    page.line(0, "", &[(Role::Faint, text)]);
    key(page);
}

/// A table while it fits, with rows and columns numbered where names are long; else a list.
fn matrix(page: &mut Page, matrix: &ReachMatrix) {
    if let Some(found) = &matrix.alike {
        return alike(page, matrix.by, found);
    }
    page.heading(&format!("By {}: from the row to the column", matrix.by));
    for (number, name) in (1..).zip(&matrix.names) {
        page.line(2, &format!("{number}. "), &[(Role::Plain, name)]);
    }
    page.gap();
    let rows = matrix.names.iter().zip(&matrix.cells);
    for (number, (_, cells)) in (1..).zip(rows) {
        let marks: Vec<String> = cells.iter().map(mark).collect();
        page.line(2, &format!("{number:>3}  "), &[(Role::Plain, &marks.join(" "))]);
    }
    key(page);
}

/// What the marks mean.
fn key(page: &mut Page) {
    let text = "all: from every place to every place some packet; some: between some places; none; ?: not known; \
                -: there are no such places";
    page.line(0, "", &[(Role::Faint, text)]);
}

fn mark(cell: &MatrixCell) -> String {
    let MatrixCell { pairs, reached, unknown } = *cell;
    let word = match (pairs, reached, unknown) {
        (0, _, _) => "-",
        (_, 0, 0) => "none",
        (_, 0, _) => "?",
        (pairs, reached, _) if reached >= pairs => "all",
        _ => "some",
    };
    format!("{word:<4}")
}
