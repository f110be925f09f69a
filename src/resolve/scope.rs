//! What readers share: the index of things, and what is noticed on the way.

use super::index::{Entry, Index};
use super::kinds::{Kind, Target};
use super::similar;
use crate::azure::{Link, MissingResource, Origin};
use crate::diag::{Diagnostic, Place};
use crate::id::{Arena, Id, ResourceId};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What readers share.
#[derive(Debug)]
pub(super) struct Scope {
    index: Index,
    places: Arena<Place>,
    notes: RefCell<Notes>,
}

/// What is noticed while reading.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Remarks, in the order of reading.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// References to what is not there, each once.
    pub(super) missing: Arena<MissingResource>,
    seen: BTreeMap<ResourceId, Id<MissingResource>>,
}

/// A reference as it was written.
#[derive(Clone, Debug)]
pub(super) struct Reference<'a> {
    /// An id or a name.
    pub(super) text: &'a str,
    /// What refers.
    pub(super) from: &'a ResourceId,
    /// Where it stands.
    pub(super) origin: Origin,
}

impl Scope {
    pub(super) fn new(index: Index, places: Arena<Place>, diagnostics: Vec<Diagnostic>) -> Self {
        let notes = Notes { diagnostics, ..Notes::default() };
        Self { index, places, notes: RefCell::new(notes) }
    }

    /// What was noticed, and the places.
    pub(super) fn finish(self) -> (Notes, Arena<Place>) {
        (self.notes.into_inner(), self.places)
    }

    /// Notes `diagnostic` at `origin`.
    pub(super) fn note(&self, diagnostic: Diagnostic, origin: &Origin) {
        let diagnostic = diagnostic.at(place(&self.places, origin, None));
        self.notes.borrow_mut().diagnostics.push(diagnostic);
    }

    /// Follows a reference to a `T`.
    pub(super) fn link<T: Target>(&self, reference: &Reference<'_>) -> Link<T> {
        match self.find(T::KIND, reference) {
            Ok(number) => Link::To(Id::planned(number)),
            Err(missing) => Link::Missing(missing),
        }
    }

    /// Is `id` a thing that was read, of whatever kind?
    pub(super) fn entry(&self, id: &ResourceId) -> Option<Entry> {
        self.index.entry(id)
    }

    fn find(&self, kind: Kind, reference: &Reference<'_>) -> Result<u32, Id<MissingResource>> {
        if !reference.text.starts_with('/') {
            return self.find_named(kind, reference);
        }
        let id = ResourceId::new(reference.text);
        match self.index.entry(&id) {
            Some(entry) if entry.kind == kind => Ok(entry.number),
            Some(entry) => {
                let found = entry.kind.words();
                let text = format!("expected {}, but `{id}` is {found}", kind.words());
                self.note(Diagnostic::warning("wrong-reference", text), &reference.origin);
                Err(self.missing(id, reference, None))
            }
            None => {
                let text = format!("`{id}` is referred to, but not in the input");
                let diagnostic = Diagnostic::warning("missing-reference", text);
                Err(self.missing(id, reference, Some(diagnostic)))
            }
        }
    }

    fn find_named(
        &self,
        kind: Kind,
        reference: &Reference<'_>,
    ) -> Result<u32, Id<MissingResource>> {
        let mut found = self.index.named(kind, reference.text);
        let inside = |(id, _): &&(&ResourceId, Entry)| id.parent().as_ref() == Some(reference.from);
        if let Some(&(_, own)) = found.iter().find(inside) {
            return Ok(own.number);
        }
        if let (1, Some((_, only))) = (found.len(), found.pop()) {
            return Ok(only.number);
        }
        let candidates = self.index.named(kind, reference.text);
        let diagnostic = match candidates.is_empty() {
            true => self.unknown_name(kind, reference.text),
            false => ambiguous(kind, reference.text, &candidates),
        };
        // A name has no id: the kind keeps equal names of different types apart.
        let id = ResourceId::new(&format!("{} `{}`", kind.words(), reference.text));
        Err(self.missing(id, reference, Some(diagnostic)))
    }

    fn unknown_name(&self, kind: Kind, name: &str) -> Diagnostic {
        let text = format!("there is no `{name}` that is {}", kind.words());
        let diagnostic = Diagnostic::warning("missing-reference", text);
        let own = name.rsplit('/').next().unwrap_or(name);
        match similar::closest(own, self.index.names_of(kind)) {
            Some(other) => diagnostic.hint(format!("did you mean `{other}`?")),
            None => diagnostic,
        }
    }

    /// The missing resource `id`; `diagnostic` is noted the first time.
    pub(super) fn missing(
        &self,
        id: ResourceId,
        reference: &Reference<'_>,
        diagnostic: Option<Diagnostic>,
    ) -> Id<MissingResource> {
        if let Some(&seen) = self.notes.borrow().seen.get(&id) {
            return seen;
        }
        if let Some(diagnostic) = diagnostic {
            self.note(diagnostic, &reference.origin);
        }
        let notes = &mut *self.notes.borrow_mut();
        let referred_by = reference.from.clone();
        let number = notes.missing.push(MissingResource { id: id.clone(), referred_by });
        notes.seen.insert(id, number);
        number
    }
}

fn ambiguous(kind: Kind, name: &str, candidates: &[(&ResourceId, Entry)]) -> Diagnostic {
    let text = format!("`{name}` is the name of more than one thing that is {}", kind.words());
    let ids: Vec<String> = candidates.iter().map(|(id, _)| format!("`{id}`")).collect();
    Diagnostic::warning("ambiguous-reference", text).hint(format!("use an id: {}", ids.join(", ")))
}

/// The full place of `origin`.
pub(super) fn place(places: &Arena<Place>, origin: &Origin, span: Option<(u32, u32)>) -> Place {
    let root = &places[origin.root];
    let pointer = format!("{}{}", root.pointer, origin.path).into_boxed_str();
    Place { pointer, span: origin.span.or(span).or(root.span), ..root.clone() }
}
