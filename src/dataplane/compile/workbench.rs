//! A compiled network of which a part may change.

use super::builder::Builder;
use crate::azure::{
    Change, Link, Network, NetworkSecurityGroup, PlatformProfile, RouteTable, Subnet,
};
use crate::dataplane::graph::Location;
use crate::dataplane::security::Security;
use crate::dataplane::{Dataplane, routes};
use crate::id::Id;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A dataplane that is still on the workbench: what a change does not touch is not compiled again.
///
/// INVARIANT: after any changes it answers as the changed network compiled afresh does. Causes, filters and
/// rows of before stay in their arenas, where nothing refers to them.
pub struct Workbench {
    builder: Builder,
}

impl fmt::Debug for Workbench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbench").finish_non_exhaustive()
    }
}

impl Workbench {
    /// Compiles `network` with the platform's data of `profile`, as [`super::compile()`] does.
    #[must_use]
    pub fn new(network: Arc<Network>, profile: &'static PlatformProfile) -> Self {
        Self { builder: super::built(network, profile) }
    }

    /// The dataplane as it is now.
    #[must_use]
    pub const fn plane(&self) -> &Dataplane {
        &self.builder.plane
    }

    /// The dataplane, which changes no more.
    #[must_use]
    pub fn into_plane(self) -> Dataplane {
        self.builder.plane
    }

    /// Changes the network and compiles what depends on that: for rules the rule sets of the group and
    /// the places where it holds, for routes the tables of the subnets and the tags that follow from
    /// them. Gives the change that undoes it.
    ///
    /// The whole network is compiled again where more may follow: in networks with just-in-time
    /// policies, which add rules of their own, and for the routes of a subnet with a gateway. The network
    /// is copied first if somebody else holds it.
    pub fn change(&mut self, change: Change) -> Change {
        let before = change.undone(&self.builder.network);
        let subnets = match &change {
            Change::Routes(table, _) => self.subnets_with(*table),
            Change::Rules(..) => Vec::new(),
        };
        let group = match &change {
            Change::Rules(group, _) => Some(*group),
            Change::Routes(..) => None,
        };
        let is_local = self.is_local(&subnets);
        self.with_network(|network| change.apply(network));
        if !is_local {
            let network = Arc::clone(&self.builder.network);
            *self = Self::new(network, self.builder.plane.profile);
        } else if let Some(group) = group {
            self.builder.renew_rules(group);
        } else {
            self.builder.renew_routes(&subnets);
        }
        before
    }

    /// The places where `change` may let packets be treated otherwise; none where that may be anywhere,
    /// because the whole network is compiled again. Locations keep their numbers in a change.
    #[must_use]
    pub fn places(&self, change: &Change) -> Option<Vec<Id<Location>>> {
        let builder = &self.builder;
        let (subnets, group) = match change {
            Change::Routes(table, _) => (self.subnets_with(*table), None),
            Change::Rules(group, _) => (Vec::new(), builder.by_group.get(group)),
        };
        if !self.is_local(&subnets) {
            return None;
        }
        let numbers = group.into_iter().flatten().copied().chain(builder.guarded_in(&subnets));
        Some(numbers.filter_map(|number| Some(builder.guarded.get(number)?.at)).collect())
    }

    fn subnets_with(&self, table: Id<RouteTable>) -> Vec<Id<Subnet>> {
        let subnets = self.builder.network.subnets.iter();
        let with = subnets.filter(|(_, subnet)| subnet.route_table == Some(Link::To(table)));
        with.map(|(id, _)| id).collect()
    }

    /// Does nothing but rules and tables follow from a change of the routes of `subnets`?
    fn is_local(&self, subnets: &[Id<Subnet>]) -> bool {
        let builder = &self.builder;
        let within = builder.guarded_in(subnets).into_iter();
        let within = within.filter_map(|number| Some(builder.guarded.get(number)?.at));
        let mut within = within.map(|at| &builder.plane.locations[at]);
        builder.network.just_in_time_policies.is_empty()
            && !within.any(|location| location.is_outside())
    }

    fn with_network(&mut self, change: impl FnOnce(&mut Network)) {
        let builder = &mut self.builder;
        let mut network = std::mem::take(&mut builder.network);
        // So that nobody else holds it.
        drop(std::mem::take(&mut builder.plane.network));
        change(Arc::make_mut(&mut network));
        builder.plane.network = Arc::clone(&network);
        builder.network = network;
    }
}

impl Builder {
    /// The rules of `group` have changed.
    fn renew_rules(&mut self, group: Id<NetworkSecurityGroup>) {
        let places = self.by_group.get(&group).cloned().unwrap_or_default();
        self.with_security(|builder, security| {
            security.renew(group);
            builder.renew_guards(security, &places);
        });
        self.renew_probes(&places);
    }

    /// The routes of route tables of `subnets` have changed.
    fn renew_routes(&mut self, subnets: &[Id<Subnet>]) {
        let network = Arc::clone(&self.network);
        let (profile, gateways) = (self.plane.profile, &self.plane.gateways);
        let effective = routes::tables_of(&network, profile, gateways, subnets.iter().copied());
        let mut done = BTreeSet::new();
        for (&subnet, effective) in subnets.iter().zip(effective) {
            if let Some(&table) = self.subnet_tables.get(subnet.index())
                && done.insert(table)
            {
                self.plane.tables[table] = self.table(&effective, network.subnets[subnet].network);
                self.tell_apart(table);
            }
            if let Some(place) = self.plane.effective.get_mut(subnet.index()) {
                *place = effective;
            }
        }
        let places = self.guarded_in(subnets);
        self.with_security(|builder, security| builder.renew_guards(security, &places));
        self.renew_probes(&places);
    }

    /// The guarded locations in these subnets, ascending.
    fn guarded_in(&self, subnets: &[Id<Subnet>]) -> Vec<usize> {
        let each = subnets.iter().filter_map(|subnet| self.by_subnet.get(subnet));
        let mut all: Vec<usize> = each.flatten().copied().collect();
        all.sort_unstable();
        all
    }

    fn renew_guards(&mut self, security: &mut Security<'_>, places: &[usize]) {
        for &number in places {
            if let Some(place) = self.guarded.get(number) {
                security.forget(place.subnet);
            }
        }
        for &number in places {
            self.add_guards(security, number);
        }
    }

    /// Where rules have changed, so may which probes they let in.
    fn renew_probes(&mut self, places: &[usize]) {
        let guarded = places.iter().filter_map(|&number| Some(self.guarded.get(number)?.at));
        let places: BTreeSet<Id<Location>> = guarded.collect();
        self.judge_probes(|at| places.contains(&at));
    }

    fn with_security(&mut self, work: impl FnOnce(&mut Self, &mut Security<'_>)) {
        let network = Arc::clone(&self.network);
        let Some(mut book) = self.book.take() else { return };
        book.filters = std::mem::take(&mut self.plane.filters);
        book.sets = std::mem::take(&mut self.plane.rule_sets);
        let mut security = Security::resume(&network, self.plane.profile, book);
        work(self, &mut security);
        self.keep(security);
    }
}
