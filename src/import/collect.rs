//! Where resources and remarks of all documents come together.

use super::Imported;
use super::bare;
use super::changes;
use super::deploy::{self, Settings};
use super::scenario::Scenario;
use super::template::Template;
use super::{arm, merge};
use crate::azure::tree::{Names, Node, Tree, Writer};
use crate::azure::{Resource, ServiceTags, Snapshot};
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use rayon::slice::ParallelSliceMut;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    resources: Vec<(ResourceId, Resource)>,
    /// The names of members in what is fresh.
    pub(super) names: Names,
    /// Resources whose names may not be all that there will be.
    fresh: Vec<Fresh>,
    diagnostics: Vec<Diagnostic>,
    pub(super) scenarios: Vec<Scenario>,
    pub(super) templates: Vec<Template>,
    pub(super) parameters: Vec<Template>,
    /// Plans and states of Terraform, and what-if results.
    pub(super) changes: Vec<Template>,
    /// Texts that they mark as sensitive.
    pub(super) secrets: BTreeSet<String>,
}

/// A resource on its way.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) id: ResourceId,
    pub(super) resource_type: Arc<str>,
    /// Its tree, packed with names that others use as well.
    pub(super) body: Arc<str>,
    pub(super) place: Place,
}

impl Collected {
    /// Adds the resource `id` with the tree `body`, read at `place`.
    pub(super) fn resource(&mut self, id: ResourceId, body: Node, place: Place) {
        let (resource_type, body) = arm::shaped(&id, body);
        let mut writer = Writer::default();
        writer.node(&body, &mut self.names);
        self.add(Fresh { id, resource_type, body: writer.finish(), place });
    }

    /// Adds a resource that is packed with [the names](Self::names).
    pub(super) fn add(&mut self, fresh: Fresh) {
        self.fresh.push(fresh);
    }

    /// Adds a remark.
    pub(super) fn note(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The ids of the resources so far.
    pub(super) fn ids(&self) -> BTreeSet<ResourceId> {
        let ids = self.resources.iter().map(|(id, _)| id);
        ids.chain(self.fresh.iter().map(|fresh| &fresh.id)).cloned().collect()
    }

    /// The resources so far. Of two that tell of one, the first that was read.
    pub(super) fn known(&mut self) -> BTreeMap<ResourceId, Resource> {
        self.pack();
        self.resources.iter().rev().cloned().collect()
    }

    /// Is there a resource whose id `is_it` chooses?
    pub(super) fn has_any(&self, is_it: impl Fn(&ResourceId) -> bool) -> bool {
        self.resources.iter().any(|(id, _)| is_it(id)) || self.fresh.iter().any(|it| is_it(&it.id))
    }

    /// Takes out the resources that `is_it` chooses, each once.
    pub(super) fn take(
        &mut self,
        is_it: impl Fn(&ResourceId) -> bool,
    ) -> BTreeMap<ResourceId, Resource> {
        self.pack();
        let taken = self.resources.extract_if(.., |(id, _)| is_it(id)).collect();
        self.joined(taken)
    }

    /// Gives back what was taken out.
    pub(super) fn put(&mut self, id: ResourceId, resource: Resource) {
        self.resources.push((id, resource));
    }

    /// Changes what was read of the resource `id`.
    pub(super) fn change(&mut self, id: &ResourceId, mut make: impl FnMut(&mut Resource)) {
        self.pack();
        self.resources.iter_mut().filter(|(own, _)| own == id).for_each(|(_, it)| make(it));
    }

    /// Takes out the resources `told`, also where their owners tell of them, and drops the parts of those `gone`.
    pub(super) fn forget(
        &mut self,
        told: &BTreeSet<ResourceId>,
        gone: &BTreeSet<ResourceId>,
    ) -> BTreeMap<ResourceId, Resource> {
        self.pack();
        let mut taken = self.take_parts(told);
        let is_in_gone = |id: &ResourceId| {
            std::iter::successors(id.parent(), ResourceId::parent)
                .any(|owner| gone.contains(&owner))
        };
        taken.extend(self.resources.extract_if(.., |(id, _)| told.contains(id)));
        self.resources.retain(|(id, _)| !is_in_gone(id));
        // Most of it goes: what it does not agree on is not worth a remark.
        joined(taken, &mut |_| {})
    }

    /// Takes the parts `told` out of the lists of their owners.
    fn take_parts(&mut self, told: &BTreeSet<ResourceId>) -> Vec<(ResourceId, Resource)> {
        let mut parts: BTreeMap<ResourceId, Vec<&ResourceId>> = BTreeMap::new();
        for id in told {
            if let Some(owner) = id.parent() {
                parts.entry(owner).or_default().push(id);
            }
        }
        let mut taken = Vec::new();
        for (id, resource) in &mut self.resources {
            let Some(parts) = parts.get(id) else { continue };
            let mut body = resource.body.node();
            for &part in parts {
                let found = arm::taken_out(&mut body, part);
                taken.extend(found.map(|body| (part.clone(), arm::part(part, &body, resource))));
            }
            resource.body = Tree::new(&body);
        }
        taken
    }

    /// The number of resources so far.
    pub(super) const fn len(&self) -> usize {
        self.resources.len() + self.fresh.len()
    }

    /// Gives what was added since the last time the names that it uses: to be done when there are many.
    pub(super) fn pack(&mut self) {
        let names = Arc::new(std::mem::take(&mut self.names));
        self.resources.extend(std::mem::take(&mut self.fresh).into_iter().map(|fresh| {
            let Fresh { id, resource_type, body, place } = fresh;
            let body = Tree::written(Arc::clone(&names), body);
            (id, Resource { resource_type, body, place })
        }));
    }

    /// Adds what was collected elsewhere.
    pub(super) fn append(&mut self, mut other: Self) {
        other.pack();
        self.resources.append(&mut other.resources);
        self.diagnostics.append(&mut other.diagnostics);
        self.scenarios.append(&mut other.scenarios);
        self.templates.append(&mut other.templates);
        self.parameters.append(&mut other.parameters);
        self.changes.append(&mut other.changes);
    }

    /// Puts `start` before the pointers of all places.
    pub(super) fn prefix(&mut self, start: &str) {
        let resources = self.resources.iter_mut().map(|(_, resource)| &mut resource.place);
        let fresh = self.fresh.iter_mut().map(|fresh| &mut fresh.place);
        let remarks = self.diagnostics.iter_mut().filter_map(|remark| remark.place.as_mut());
        for place in resources.chain(fresh).chain(remarks) {
            place.pointer = format!("{start}{}", place.pointer).into();
        }
        let documents = self.templates.iter_mut().chain(&mut self.parameters);
        for template in documents.chain(&mut self.changes) {
            template.pointer = format!("{start}{}", template.pointer);
        }
    }

    /// Joins what several documents say of one resource, and brings all in an order that does not
    /// depend on the order of documents.
    pub(super) fn finish(mut self, settings: &Settings) -> Imported {
        // Templates are deployed onto what plans, states and results tell.
        let changes = changes::all(&mut self, settings);
        let templates = deploy::all(&mut self, settings);
        self.pack();
        let resources = std::mem::take(&mut self.resources);
        let mut resources = self.joined(resources);
        self.diagnostics.extend(bare::doubt(&mut resources));
        self.diagnostics.sort_by(|a, b| (&a.place, a).cmp(&(&b.place, b)));
        self.scenarios.sort_by(Scenario::order);
        let service_tags = ServiceTags::default();
        let (diagnostics, patched) = (self.diagnostics, Vec::new());
        let snapshot = Snapshot { resources, service_tags, diagnostics, patched };
        let (scenarios, secrets) = (self.scenarios, self.secrets);
        Imported { snapshot, scenarios, templates, changes, secrets }
    }

    /// The resources by id, each once. Of two values the one that was read at the first place stays.
    fn joined(&mut self, resources: Vec<(ResourceId, Resource)>) -> BTreeMap<ResourceId, Resource> {
        joined(resources, &mut |remark| self.diagnostics.push(remark))
    }
}

/// The resources by id, each once. Of two values the one that was read at the first place stays.
fn joined(
    mut resources: Vec<(ResourceId, Resource)>,
    note: &mut dyn FnMut(Diagnostic),
) -> BTreeMap<ResourceId, Resource> {
    resources.par_sort_by(|(a, x), (b, y)| {
        let by_place = || x.place.cmp(&y.place);
        a.cmp(b).then_with(by_place).then_with(|| merge::order(&x.body.node(), &y.body.node()))
    });
    resources.dedup_by(|(id, weak), (strong_id, strong)| {
        let is_same = id == strong_id;
        if is_same {
            merge::join(strong_id, strong, weak, note);
        }
        is_same
    });
    resources.into_iter().collect()
}
