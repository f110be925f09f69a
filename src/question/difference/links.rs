//! Which changes of a configuration hang together: what is added or removed, and what refers to it.

use crate::answer::{ConfigurationChange, ConfigurationChangeKind as Kind};
use crate::azure::Snapshot;
use crate::azure::tree::{Seen, View};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of changes by the numbers of others.
type Edges = BTreeMap<usize, BTreeSet<usize>>;

/// For each side, what refers there to resources that the other side lacks: before, after.
///
/// Without them a resource that goes would leave references to nothing, and a reference would come without what
/// it leads to, of which nothing is known then.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// The changes that refer to the resource of a change.
    referring: [Edges; 2],
    /// The changes whose resources a change refers to.
    referred: [Edges; 2],
}

impl Links {
    /// O(n log n) in the texts that differ.
    pub(super) fn of(changes: &[ConfigurationChange], snapshots: [&Snapshot; 2]) -> Self {
        let mut links = Self::default();
        for (side, (snapshot, lonely)) in
            snapshots.into_iter().zip([Kind::Removed, Kind::Added]).enumerate()
        {
            let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            let whole = changes.iter().enumerate().filter(|(_, it)| it.path.is_empty());
            for (number, change) in whole.filter(|(_, it)| it.kind == lonely) {
                for name in [change.resource.as_str(), change.resource.name()] {
                    names.entry(name.to_ascii_lowercase()).or_default().push(number);
                }
            }
            for (number, change) in changes.iter().enumerate() {
                for named in texts(change, snapshot).iter().flat_map(|text| beginnings(text)) {
                    for &owner in names.get(named).into_iter().flatten().filter(|&&it| it != number)
                    {
                        links.referring[side].entry(owner).or_default().insert(number);
                        links.referred[side].entry(number).or_default().insert(owner);
                    }
                }
            }
        }
        links
    }

    /// The changes that have to be taken back with that of `number`, itself included.
    pub(super) fn undone_with(&self, number: usize) -> BTreeSet<usize> {
        let [before, after] = [&self.referred[0], &self.referring[1]];
        all_from(number, [before, after])
    }

    /// The changes that have to be made with that of `number`, itself included.
    pub(super) fn made_with(&self, number: usize) -> BTreeSet<usize> {
        let [before, after] = [&self.referring[0], &self.referred[1]];
        all_from(number, [before, after])
    }
}

/// Everything that edges lead to.
fn all_from(number: usize, edges: [&Edges; 2]) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([number]);
    let mut open = vec![number];
    while let Some(one) = open.pop() {
        let next = edges.iter().filter_map(|edges| edges.get(&one)).flatten();
        open.extend(next.filter(|&&it| found.insert(it)).copied());
    }
    found
}

/// All texts of a change on one side, in small letters; of a whole resource also its own id, which begins with that
/// of what it is a part of.
fn texts(change: &ConfigurationChange, snapshot: &Snapshot) -> Vec<String> {
    let Some(resource) = snapshot.resources.get(&change.resource) else { return Vec::new() };
    let mut found = Vec::new();
    let steps = change.path.split('/').skip(1);
    let value = steps.fold(Some(resource.body.view()), |view, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        part(view?, &step)
    });
    if let Some(view) = value {
        collect(view, &mut found);
    }
    if change.path.is_empty() {
        found.push(change.resource.as_str().to_ascii_lowercase());
    }
    found
}

fn part<'v>(view: View<'v>, step: &str) -> Option<View<'v>> {
    if view.is_object() {
        return view.get(step);
    }
    view.elements().find(|element| {
        let own = ["name", "id"].iter().find_map(|key| element.get(key)?.as_text());
        own.is_some_and(|own| own.eq_ignore_ascii_case(step))
    })
}

fn collect(view: View<'_>, found: &mut Vec<String>) {
    match view.seen() {
        Seen::Text(text) => found.push(text.to_ascii_lowercase()),
        Seen::List(elements) => elements.for_each(|element| collect(element, found)),
        Seen::Object(members) => members.for_each(|(_, member)| collect(member, found)),
        Seen::Null | Seen::Bool(_) | Seen::Number(_) | Seen::Unknown(_) => {}
    }
}

/// A text and what it begins with, up to each slash: a part is referred to with what it is a part of.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices('/').map(|(at, _)| at).chain([text.len()]);
    ends.filter_map(|end| text.get(..end)).filter(|part| !part.is_empty())
}
