//! Reads ahead what the words about a place are made of.
//!
//! A hop quotes names and places of a dozen resources that lie far apart in memory. They do not depend on
//! each other, so they are read step by step for both ends of a packet, before any of them is quoted.

use crate::azure::{Link, Meta};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::dataplane::security::{Attachment, Guard, RuleOwner};
use crate::id::Id;
use smallvec::SmallVec;
use std::hint::black_box;

/// Resources behind two ends: mostly an interface, a subnet and two groups, each in two directions.
type Behind<'a> = SmallVec<[&'a Meta; 16]>;

impl Dataplane {
    /// Reads what is said of the places `ends`, without saying it.
    // PERF: the reads of one loop do not wait for each other.
    pub fn look_ahead(&self, ends: impl Iterator<Item = Id<Location>> + Clone) {
        let behind: Behind<'_> =
            ends.clone().flat_map(|end| self.behind(&self.locations[end])).collect();
        for meta in &behind {
            black_box((meta.id.as_str().as_ptr(), meta.origin.path.as_ptr()));
        }
        for meta in &behind {
            black_box((
                meta.id.as_str().as_bytes().last(),
                self.network.places[meta.origin.root].line,
            ));
        }
        for meta in &behind {
            black_box(self.network.places[meta.origin.root].pointer.as_bytes().first());
        }
        for end in ends {
            let location = &self.locations[end];
            let routes = self.tables[location.table].effective.as_ref();
            black_box((location.name.as_bytes().first(), routes.map(|it| it.routes.len())));
        }
    }

    /// The resources that decide at `location`.
    fn behind(&self, location: &Location) -> impl Iterator<Item = &Meta> {
        let own = location.evidence.and_then(|evidence| self.network_meta(evidence));
        let guards = location.leaving.list.iter().chain(&*location.arriving.list);
        let decide = guards.flat_map(|guard| [self.owner(guard), self.attached(guard)]);
        own.map(|(_, meta)| meta).into_iter().chain(decide.flatten())
    }

    fn owner(&self, guard: &Guard) -> Option<&Meta> {
        match self.rule_sets[guard.rules].owner {
            RuleOwner::Admin(id) => Some(&self.network.virtual_networks[id].meta),
            RuleOwner::Group(id) => Some(&self.network.network_security_groups[id].meta),
            RuleOwner::Missing(_) => None,
        }
    }

    fn attached(&self, guard: &Guard) -> Option<&Meta> {
        match guard.attachment {
            Attachment::Network(id) => Some(&self.network.virtual_networks[id].meta),
            Attachment::Subnet(Link::To(id)) => Some(&self.network.subnets[id].meta),
            Attachment::Subnet(Link::Missing(_)) => None,
            Attachment::Interface(id) => Some(&self.network.network_interfaces[id].meta),
        }
    }
}
