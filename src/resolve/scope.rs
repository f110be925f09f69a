//! What readers share: the index of things, and what is noticed on the way.

use super::index::{Entry, Index};
use super::kinds::{Kind, Target};
use super::path::{Path, PathId, Paths};
use crate::azure::{Link, MissingResource, Origin, UnknownValue, Unread};
use crate::diag::{self, Diagnostic, Place};
use crate::id::{Arena, Id, ResourceId};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known before anything is read.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Known {
    /// Which things there are.
    pub(in crate::resolve) index: Index,
    /// Where each resource was read.
    pub(in crate::resolve) places: Arena<Place>,
    /// The ways to the things.
    pub(in crate::resolve) paths: Paths,
    /// What is in the input, but not what it is a part of.
    pub(in crate::resolve) orphans: BTreeSet<ResourceId>,
    /// What network profiles refer to.
    pub(in crate::resolve) network_profiles: BTreeMap<ResourceId, Vec<ResourceId>>,
}

/// What readers of one thread share.
#[derive(Debug)]
pub(in crate::resolve) struct Scope<'k> {
    known: &'k Known,
    paths: RefCell<Paths>,
    notes: RefCell<Notes>,
}

/// What is noticed while reading.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Notes {
    /// Remarks, in the order of reading.
    pub(in crate::resolve) diagnostics: Vec<Diagnostic>,
    /// References to what is not there, each once.
    pub(in crate::resolve) missing: Arena<MissingResource>,
    seen: BTreeMap<ResourceId, Id<MissingResource>>,
    /// Properties whose values are not known, in the order of reading.
    pub(in crate::resolve) unknown_values: Vec<UnknownValue>,
}

/// A reference as it was written.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct Reference<'a> {
    /// An id or a name.
    pub(in crate::resolve) text: &'a str,
    /// What refers.
    pub(in crate::resolve) from: &'a ResourceId,
    /// Where it stands.
    pub(in crate::resolve) origin: Origin,
}

/// The thing that a reference means, with its number among those of its kind.
type Found<'s> = Result<(&'s ResourceId, u32), Id<MissingResource>>;

impl<'k> Scope<'k> {
    pub(in crate::resolve) fn new(known: &'k Known) -> Self {
        let paths = Paths::after(&known.paths);
        Self { known, paths: paths.into(), notes: RefCell::default() }
    }

    /// The number of `path`, written out.
    pub(in crate::resolve) fn path(&self, path: &Path<'_>) -> PathId {
        self.paths.borrow_mut().number(path, Some(&self.known.paths))
    }

    /// `path` as a JSON pointer.
    pub(in crate::resolve) fn pointer(&self, path: &Path<'_>) -> Arc<str> {
        self.paths.borrow_mut().pointer(path, Some(&self.known.paths))
    }

    /// What was noticed since the last time.
    pub(in crate::resolve) fn take_notes(&self) -> Notes {
        self.notes.take()
    }

    /// Adds what was noticed elsewhere; it must not be a missing resource.
    pub(in crate::resolve) fn add_notes(&self, notes: Notes) {
        let own = &mut *self.notes.borrow_mut();
        own.diagnostics.extend(notes.diagnostics);
        own.unknown_values.extend(notes.unknown_values);
    }

    /// All that was noticed.
    pub(in crate::resolve) fn finish(self) -> Notes {
        let mut notes = self.notes.into_inner();
        notes.unknown_values = each_once(std::mem::take(&mut notes.unknown_values));
        for value in &notes.unknown_values {
            // Anything else was remarked on where it was read.
            let Unread::Unknown(on) = &value.why else { continue };
            let text = format!("`{}` {on}", value.property);
            let place = value.origin.place(&self.known.places);
            notes.diagnostics.push(Diagnostic::note("unknown-value", text).at(place));
        }
        notes
    }

    /// Notes `diagnostic` at `origin`.
    pub(in crate::resolve) fn note(&self, diagnostic: Diagnostic, origin: &Origin) {
        let diagnostic = diagnostic.at(origin.place(&self.known.places));
        self.notes.borrow_mut().diagnostics.push(diagnostic);
    }

    /// Follows a reference to a `T`.
    pub(in crate::resolve) fn link<T: Target>(&self, reference: &Reference<'_>) -> Link<T> {
        match self.find(T::KIND, reference) {
            Ok((_, number)) => Link::To(Id::planned(number)),
            Err(missing) => Link::Missing(missing),
        }
    }

    /// Which resource is meant is not known.
    pub(in crate::resolve) fn unread_link<T: Target>(
        &self,
        why: &Unread,
        reference: &Reference<'_>,
    ) -> Link<T> {
        // In one segment: what stands in it may have slashes.
        let name = why.as_str().replace('/', "|");
        let id = ResourceId::new(&format!("{} {name}", T::KIND.words()));
        Link::Missing(self.add_missing(id, reference, Some(why.clone())))
    }

    /// Notes that a value is not known.
    pub(in crate::resolve) fn unknown(&self, value: UnknownValue) {
        self.notes.borrow_mut().unknown_values.push(value);
    }

    /// Does `read`, whose result says by itself what in it is not known.
    pub(in crate::resolve) fn in_model<T>(&self, read: impl FnOnce() -> T) -> T {
        let first = self.notes.borrow().unknown_values.len();
        let result = read();
        for value in self.notes.borrow_mut().unknown_values.iter_mut().skip(first) {
            value.is_in_model = true;
        }
        result
    }

    /// Is `id` a thing that was read, of whatever kind?
    pub(in crate::resolve) fn entry(&self, id: &ResourceId) -> Option<Entry> {
        self.known.index.get(id).map(|(_, entry)| entry)
    }

    /// What the network profile `id` refers to and was read as a `T`; none where it is not in the input.
    pub(in crate::resolve) fn in_profile<T: Target>(
        &self,
        id: &ResourceId,
    ) -> Option<Vec<Link<T>>> {
        let all = self.known.network_profiles.get(id)?.iter();
        let known = all.filter_map(|id| self.entry(id)).filter(|entry| entry.kind == T::KIND);
        Some(known.map(|entry| Link::To(Id::planned(entry.number))).collect())
    }

    /// The thing that a reference to something of `kind` means.
    pub(in crate::resolve) fn find(&self, kind: Kind, reference: &Reference<'_>) -> Found<'_> {
        if !reference.text.starts_with('/') {
            return self.find_named(kind, reference);
        }
        let id = ResourceId::new(reference.text);
        let diagnostic = match self.known.index.get(&id) {
            Some((id, entry)) if entry.kind == kind => return Ok((id, entry.number)),
            Some((_, entry)) => {
                let found = entry.kind.words();
                let text = format!("expected {}, but `{id}` is {found}", kind.words());
                Diagnostic::warning("wrong-reference", text)
            }
            // That was said of it.
            None if self.known.orphans.contains(&id) => {
                return Err(self.add_missing(id, reference, None));
            }
            None => {
                let text = format!("`{id}` is referred to, but not in the input");
                Diagnostic::warning("missing-reference", text)
            }
        };
        Err(self.missing(id, reference, diagnostic))
    }

    fn find_named(&self, kind: Kind, reference: &Reference<'_>) -> Found<'_> {
        let found = self.known.index.named(kind, reference.text);
        let is_own = |(id, _): &&(&ResourceId, Entry)| id.parent().as_ref() == Some(reference.from);
        let own = found.iter().find(is_own);
        let only = found.first().filter(|_| found.len() == 1);
        if let Some(&(id, entry)) = own.or(only) {
            return Ok((id, entry.number));
        }
        let diagnostic = match found.is_empty() {
            true => self.unknown_name(kind, reference.text),
            false => ambiguous(kind, reference.text, &found),
        };
        // A name has no id: the kind keeps equal names of different types apart.
        let id = ResourceId::new(&format!("{} `{}`", kind.words(), reference.text));
        Err(self.missing(id, reference, diagnostic))
    }

    /// The ids of the things of one of `kinds` called `name`; `list/name` means those of one list of a
    /// scenario only, such as `managedClusters/prod`.
    pub(in crate::resolve) fn named(&self, kinds: &[Kind], name: &str) -> Vec<ResourceId> {
        let called = |name: &str| -> Vec<ResourceId> {
            let found = kinds.iter().flat_map(|&kind| self.known.index.named(kind, name));
            found.map(|(id, _)| id.clone()).collect()
        };
        let found = called(name);
        match name.split_once('/').filter(|_| found.is_empty()) {
            None => found,
            Some((list, own)) => {
                let is_in_list = |id: &ResourceId| list_of(id).eq_ignore_ascii_case(list);
                called(own).into_iter().filter(is_in_list).collect()
            }
        }
    }

    fn unknown_name(&self, kind: Kind, name: &str) -> Diagnostic {
        let text = format!("there is no `{name}` that is {}", kind.words());
        let diagnostic = Diagnostic::warning("missing-reference", text);
        let own = name.rsplit('/').next().unwrap_or(name);
        let near = diag::similar(own, self.known.index.names_of(kind));
        let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
        let meant = (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")));
        diagnostic.maybe_hint(meant)
    }

    /// The missing resource `id`; `diagnostic` is noted the first time.
    pub(in crate::resolve) fn missing(
        &self,
        id: ResourceId,
        reference: &Reference<'_>,
        diagnostic: Diagnostic,
    ) -> Id<MissingResource> {
        if let Some(&seen) = self.notes.borrow().seen.get(&id) {
            return seen;
        }
        self.note(diagnostic, &reference.origin);
        self.add_missing(id, reference, None)
    }

    fn add_missing(
        &self,
        id: ResourceId,
        reference: &Reference<'_>,
        unknown: Option<Unread>,
    ) -> Id<MissingResource> {
        let notes = &mut *self.notes.borrow_mut();
        if let Some(&seen) = notes.seen.get(&id) {
            return seen;
        }
        let referred_by = reference.from.clone();
        let lacks_owner = unknown.is_none() && self.known.orphans.contains(&id);
        let missing = MissingResource { id: id.clone(), referred_by, unknown, lacks_owner };
        let number = notes.missing.push(missing);
        notes.seen.insert(id, number);
        number
    }
}

/// Values that were read more than once. What one reader has no word for counts.
fn each_once(values: Vec<UnknownValue>) -> Vec<UnknownValue> {
    let mut found: Vec<UnknownValue> = Vec::new();
    let mut seen = BTreeMap::new();
    for value in values {
        let at = *seen.entry((value.of.clone(), value.origin.clone())).or_insert(found.len());
        match found.get_mut(at) {
            Some(before) => before.is_in_model &= value.is_in_model,
            None => found.push(value),
        }
    }
    found
}

/// The list of a scenario that the resource would stand in: the last word of its type.
pub(in crate::resolve) fn list_of(id: &ResourceId) -> String {
    let resource_type = id.resource_type().unwrap_or_default();
    resource_type.rsplit('/').next().unwrap_or_default().to_owned()
}

fn ambiguous(kind: Kind, name: &str, candidates: &[(&ResourceId, Entry)]) -> Diagnostic {
    let text = format!("`{name}` is the name of more than one thing that is {}", kind.words());
    let ids: Vec<String> = candidates.iter().map(|(id, _)| format!("`{id}`")).collect();
    Diagnostic::warning("ambiguous-reference", text).hint(format!("use an id: {}", ids.join(", ")))
}
