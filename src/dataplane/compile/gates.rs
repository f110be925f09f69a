//! The filters that packets meet at each location.

use super::builder::Builder;
use crate::azure::Direction;
use crate::dataplane::graph::Location;
use crate::dataplane::security::{Place, Security};
use crate::id::Id;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Builder {
    /// Security groups and admin rules, bound to each place (R183, R191, R227).
    pub(super) fn add_gates(&mut self) {
        let network = Arc::clone(&self.network);
        let mut security = Security::new(&network, self.plane.profile);
        let places = self.guarded_places();
        for (at, subnet) in self.placed_in_subnets() {
            let place = places.get(&at).copied().unwrap_or_else(|| Place::of_service(subnet));
            let table = self.effective_of(subnet);
            let arriving = security.guards(place, &table, Direction::Inbound);
            let leaving = security.guards(place, &table, Direction::Outbound);
            let location = &mut self.plane.locations[at];
            location.arriving = arriving;
            location.leaving = leaving;
        }
        let (filters, rule_sets) = security.into_parts();
        self.plane.filters = filters;
        self.plane.rule_sets = rule_sets;
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
