//! The filters that packets meet at each location.

use super::builder::Builder;
use crate::azure::{Direction, Subnet};
use crate::dataplane::graph::Location;
use crate::dataplane::security::{Place, RuleOwner, Security};
use crate::id::Id;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A location in a subnet, and the rules that hold there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guarded {
    pub(super) at: Id<Location>,
    pub(super) subnet: Id<Subnet>,
    pub(super) place: Place,
}

impl Builder {
    /// Security groups and admin rules, bound to each place (R183, R191, R227).
    pub(super) fn add_gates(&mut self) {
        let network = Arc::clone(&self.network);
        let mut security = Security::new(&network, self.plane.profile);
        let places = self.guarded_places();
        let placed = self.placed_in_subnets().into_iter().map(|(at, subnet)| {
            let place = places.get(&at).copied().unwrap_or_else(|| Place::of_service(subnet));
            Guarded { at, subnet, place }
        });
        self.guarded = placed.collect();
        security.prepare(self.guarded.iter().map(|guarded| guarded.place));
        for number in 0..self.guarded.len() {
            self.add_guards(&mut security, number);
            self.note_groups(&security, number);
        }
        self.keep(security);
    }

    /// Notes the subnet of a guarded location, and which groups hold there.
    fn note_groups(&mut self, security: &Security<'_>, number: usize) {
        let Some(place) = self.guarded.get(number) else { return };
        self.by_subnet.entry(place.subnet).or_default().push(number);
        for guard in self.plane.locations[place.at].arriving.list.iter() {
            if let RuleOwner::Group(group) = security.rule_sets()[guard.rules].owner {
                self.by_group.entry(group).or_default().push(number);
            }
        }
    }

    /// Hands what was compiled over to the plane, and keeps the rest.
    pub(super) fn keep(&mut self, security: Security<'_>) {
        let mut book = security.into_book();
        self.plane.filters = std::mem::take(&mut book.filters);
        self.plane.rule_sets = std::mem::take(&mut book.sets);
        self.book = Some(book);
    }

    /// The filters at one of the guarded locations.
    pub(super) fn add_guards(&mut self, security: &mut Security<'_>, number: usize) {
        let Some(&Guarded { at, subnet, place }) = self.guarded.get(number) else { return };
        let table = self.effective_of(subnet);
        let location = &mut self.plane.locations[at];
        location.arriving = security.guards(place, &table, Direction::Inbound);
        location.leaving = security.guards(place, &table, Direction::Outbound);
    }

    /// Places that are more than a service in a subnet.
    fn guarded_places(&self) -> BTreeMap<Id<Location>, Place> {
        let (network, places) = (&self.network, &self.plane.places);
        let interfaces = places.interfaces.iter();
        let interfaces = interfaces.map(|(&id, &at)| (at, Place::of_interface(network, id)));
        let endpoints = places.private_endpoints.iter();
        let endpoints = endpoints.map(|(&id, &at)| (at, Place::of_private_endpoint(network, id)));
        interfaces.chain(endpoints).collect()
    }
}
