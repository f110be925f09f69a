//! Which thing an id or a plain name stands for.

use super::kinds::Kind;
use crate::id::ResourceId;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a thing is, and its number among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it is.
    pub(super) kind: Kind,
    /// How many of its kind come before it.
    pub(super) number: u32,
}

/// Things by id and by name.
#[derive(Debug, Default)]
pub(super) struct Index {
    entries: IndexMap<ResourceId, Entry, RandomState>,
    counts: BTreeMap<Kind, u32>,
    names: OnceLock<Names>,
}

/// Positions in `entries`, by kind and name in lower case.
type Names = BTreeMap<Kind, BTreeMap<String, Vec<usize>>>;

impl Index {
    /// Adds the next thing.
    pub(super) fn push(&mut self, id: ResourceId, kind: Kind) {
        let count = self.counts.entry(kind).or_default();
        self.entries.insert(id, Entry { kind, number: *count });
        *count += 1;
    }

    /// What `id` is, if it is there, with the id as it was read first.
    pub(super) fn get(&self, id: &ResourceId) -> Option<(&ResourceId, Entry)> {
        self.entries.get_key_value(id).map(|(id, entry)| (id, *entry))
    }

    /// The things of `kind` with this name; `name` may say `owner/part`.
    pub(super) fn named(&self, kind: Kind, name: &str) -> Vec<(&ResourceId, Entry)> {
        let (owner, own) = match name.rsplit_once('/') {
            Some((owner, own)) => (Some(owner), own),
            None => (None, name),
        };
        let of_kind = self.names().get(&kind);
        let found = of_kind.and_then(|names| names.get(&own.to_ascii_lowercase()));
        let things = found.into_iter().flatten().filter_map(|&at| self.entries.get_index(at));
        let things = things.filter(|(id, _)| {
            owner.is_none_or(|o| id.parent().is_some_and(|p| p.name().eq_ignore_ascii_case(o)))
        });
        things.map(|(id, entry)| (id, *entry)).collect()
    }

    /// Every name of things of `kind`, in lower case, ascending.
    pub(super) fn names_of(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.names().get(&kind).into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let mut names = Names::new();
            for (at, (id, entry)) in self.entries.iter().enumerate() {
                let of_kind = names.entry(entry.kind).or_default();
                of_kind.entry(id.name().to_ascii_lowercase()).or_default().push(at);
            }
            names
        })
    }
}
