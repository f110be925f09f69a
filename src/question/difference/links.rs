//! Which changes of a configuration hang together: what is added or removed, and what refers to it.

use crate::answer::{ConfigurationChange, ConfigurationChangeKind as Kind};
use crate::azure::Snapshot;
use crate::azure::tree::{Seen, View};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of changes by the numbers of others.
type Edges = BTreeMap<usize, BTreeSet<usize>>;

/// For each side, what refers there to resources that the other side lacks.
///
/// Without them a resource that goes would leave references to nothing, and a reference would come without what
/// it leads to, of which nothing is known then.
#[derive(Debug)]
pub(super) struct Links {
    before: References,
    after: References,
}

/// References to the resources of changes.
#[derive(Debug, Default)]
struct References {
    /// The changes that refer to the resource of a change.
    referring: Edges,
    /// The changes whose resources a change refers to.
    referred: Edges,
}

impl Links {
    /// O(n log n) in the texts that differ.
    pub(super) fn of(changes: &[ConfigurationChange], [before, after]: [&Snapshot; 2]) -> Self {
        Self {
            before: References::of(changes, before, Kind::Removed),
            after: References::of(changes, after, Kind::Added),
        }
    }

    /// The changes that have to be taken back with that of `number`, itself included.
    pub(super) fn undone_with(&self, number: usize) -> BTreeSet<usize> {
        all_from(number, [&self.before.referred, &self.after.referring])
    }

    /// The changes that have to be made with that of `number`, itself included.
    pub(super) fn made_with(&self, number: usize) -> BTreeSet<usize> {
        all_from(number, [&self.before.referring, &self.after.referred])
    }
}

impl References {
    /// Those in `snapshot` to resources that are on its side only.
    fn of(changes: &[ConfigurationChange], snapshot: &Snapshot, lonely: Kind) -> Self {
        let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let whole = changes.iter().enumerate().filter(|(_, it)| it.path.is_empty());
        for (number, change) in whole.filter(|(_, it)| it.kind == lonely) {
            for name in [change.resource.as_str(), change.resource.name()] {
                names.entry(name.to_ascii_lowercase()).or_default().push(number);
            }
        }
        let mut found = Self::default();
        for (number, change) in changes.iter().enumerate() {
            let texts = texts(change, snapshot);
            let named = texts.iter().flat_map(|text| beginnings(text));
            let owners = named.filter_map(|named| names.get(named)).flatten();
            for &owner in owners.filter(|&&owner| owner != number) {
                found.referring.entry(owner).or_default().insert(number);
                found.referred.entry(number).or_default().insert(owner);
            }
        }
        found
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
    let mut steps = change.path.split('/').skip(1);
    let value = steps.try_fold(resource.body.view(), |view, step| {
        part(view, &step.replace("~1", "/").replace("~0", "~"))
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
