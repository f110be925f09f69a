//! Who sends packets, in one network or in both.

use crate::answer::HopKind;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Owner};
use crate::id::{Id, ResourceId};
use crate::net::AddressSet;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What tells a place from others, in whichever network: its realm, its name, and its resource.
pub(super) type Key = (String, String, Option<ResourceId>);

/// Whoever may send packets of its own.
pub(super) fn senders(plane: &Dataplane) -> BTreeMap<Key, Id<Location>> {
    let all = plane.locations.iter();
    let sends = all.filter(|(_, location)| {
        matches!(
            location.kind,
            HopKind::NetworkInterface | HopKind::ContainerGroup | HopKind::Site | HopKind::Internet
        )
    });
    sends.map(|(at, _)| (key(plane, at), at)).collect()
}

/// What tells the place `at` from others.
pub(super) fn key(plane: &Dataplane, at: Id<Location>) -> Key {
    let location = &plane.locations[at];
    let item = location.evidence.map(|evidence| plane.item(evidence));
    let realm = plane.realms[location.realm].name.to_string();
    (realm, location.name.to_string(), item.and_then(|item| item.resource))
}

/// What has addresses, by address: names, and the realms that they are in.
pub(super) struct Receivers(BTreeMap<IpAddr, Vec<(String, String)>>);

impl Receivers {
    /// Those of both networks.
    pub(super) fn of(planes: [&Dataplane; 2]) -> Self {
        let mut all: BTreeMap<IpAddr, Vec<(String, String)>> = BTreeMap::new();
        for plane in planes {
            for realm in plane.realms.values() {
                for &(address, owner) in &realm.owners {
                    let name = match owner {
                        Owner::Location(at) => &plane.locations[at].name,
                        Owner::Balancer(at) => &plane.balancers[at].name,
                        Owner::Entry(at) => &plane.entries[at].name,
                        Owner::Unsure(_) => continue,
                    };
                    let known = (realm.name.to_string(), name.to_string());
                    let names = all.entry(address).or_default();
                    if !names.contains(&known) {
                        names.push(known);
                    }
                }
            }
        }
        Self(all)
    }

    /// The names of what has one of `addresses`, each with its address; of several that have the same
    /// the one in `realm`.
    pub(super) fn among<'a>(
        &'a self,
        addresses: &'a AddressSet,
        realm: &'a str,
    ) -> impl Iterator<Item = (IpAddr, &'a str)> + 'a {
        let inside = self.0.iter().filter(|(address, _)| addresses.contains(**address));
        inside.filter_map(move |(&address, names)| {
            let near = names.iter().find(|(of, _)| of == realm);
            near.or_else(|| names.first()).map(|(_, name)| (address, name.as_str()))
        })
    }
}
