//! Where resources and remarks of all documents come together.

use super::Imported;
use super::deploy::{self, Settings};
use super::scenario::Scenario;
use super::template::Template;
use super::{arm, merge};
use crate::azure::tree::Node;
use crate::azure::{Resource, ServiceTags, Snapshot};
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use std::collections::BTreeMap;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    resources: Vec<(ResourceId, Resource)>,
    diagnostics: Vec<Diagnostic>,
    pub(super) scenarios: Vec<Scenario>,
    pub(super) templates: Vec<Template>,
    pub(super) parameters: Vec<Template>,
}

impl Collected {
    /// Adds the resource `id` with the tree `body`, read at `place`.
    pub(super) fn resource(&mut self, id: ResourceId, body: Node, place: Place) {
        let resource = arm::resource(&id, body, place);
        self.resources.push((id, resource));
    }

    /// Adds a remark.
    pub(super) fn note(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The number of resources so far.
    pub(super) const fn len(&self) -> usize {
        self.resources.len()
    }

    /// The places of the resources from number `first` on.
    pub(super) fn places_from(&mut self, first: usize) -> impl Iterator<Item = &mut Place> {
        self.resources.iter_mut().skip(first).map(|(_, resource)| &mut resource.place)
    }

    /// Joins what several documents say of one resource, and brings all in an order that does not
    /// depend on the order of documents.
    pub(super) fn finish(mut self, settings: &Settings) -> Imported {
        let templates = deploy::all(&mut self, settings);
        self.resources.sort_by(|(a, x), (b, y)| {
            let by_place = || x.place.cmp(&y.place);
            a.cmp(b).then_with(by_place).then_with(|| merge::order(&x.body, &y.body))
        });
        let resources = self.joined();
        self.diagnostics.sort_by(|a, b| (&a.place, a).cmp(&(&b.place, b)));
        self.scenarios.sort_by(Scenario::order);
        let service_tags = ServiceTags::default();
        let snapshot = Snapshot { resources, service_tags, diagnostics: self.diagnostics };
        Imported { snapshot, scenarios: self.scenarios, templates }
    }

    /// The resources by id, each once. Of two values the one that was read at the first place stays.
    fn joined(&mut self) -> BTreeMap<ResourceId, Resource> {
        let mut single: Vec<(ResourceId, Resource)> = Vec::with_capacity(self.resources.len());
        for (id, resource) in std::mem::take(&mut self.resources) {
            match single.last_mut().filter(|(last, _)| *last == id) {
                Some((id, strong)) => {
                    merge::join(id, strong, resource, &mut |remark| self.diagnostics.push(remark));
                }
                None => single.push((id, resource)),
            }
        }
        single.into_iter().collect()
    }
}
