//! Who sends packets, in one network or in both.

use super::super::reachability::sends;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Owner};
use crate::id::Id;
use crate::net::{AddressSet, IpNet};
use crate::reach::{Key, key};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whoever sends packets of its own accord.
pub(super) fn senders(plane: &Dataplane) -> BTreeMap<Key, Id<Location>> {
    let all = plane.locations.iter();
    let sending = all.filter(|&(at, _)| sends(plane, at));
    sending.map(|(at, _)| (key(plane, at), at)).collect()
}

/// A name for each of `keys` that no other has where their networks tell them apart.
pub(super) fn names<'a>(keys: &BTreeSet<&'a Key>) -> BTreeMap<&'a Key, String> {
    let mut realms: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (realm, name, _) in keys {
        realms.entry(name).or_default().insert(realm);
    }
    let name = |key: &'a Key| named(&key.0, &key.1, realms.get(&*key.1));
    keys.iter().map(|&key| (key, name(key))).collect()
}

/// The name, with its network where things in several networks are called so.
fn named(realm: &str, name: &str, realms: Option<&BTreeSet<&str>>) -> String {
    let is_alone = realms.is_none_or(|realms| realms.len() < 2);
    if is_alone { name.to_owned() } else { format!("{realm}/{name}") }
}

/// The entries of `map` with one of `addresses`. O(log n) for each interval.
pub(super) fn within<'a, T>(
    map: &'a BTreeMap<IpAddr, T>,
    addresses: &'a AddressSet,
) -> impl Iterator<Item = (&'a IpAddr, &'a T)> {
    let v4 = addresses.intervals_v4().iter();
    let v4 = v4.map(|&(first, last)| (Ipv4Addr::from(first).into(), Ipv4Addr::from(last).into()));
    let v6 = addresses.intervals_v6().iter();
    let v6 = v6.map(|&(first, last)| (Ipv6Addr::from(first).into(), Ipv6Addr::from(last).into()));
    let intervals = v4.chain(v6);
    intervals.flat_map(|(first, last): (IpAddr, IpAddr)| map.range(first..=last))
}

/// What has addresses, by address: the realms that it is in, and what it is called.
#[derive(Debug)]
pub(super) struct Receivers {
    by_address: BTreeMap<IpAddr, Vec<(String, String)>>,
    /// Addresses of the Internet that nothing has.
    pub(super) others: AddressSet,
}

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
                        Owner::Unsure(_) | Owner::Nobody(_) => continue,
                    };
                    let known = (realm.name.to_string(), name.to_string());
                    let names = all.entry(address).or_default();
                    if !names.contains(&known) {
                        names.push(known);
                    }
                }
            }
        }
        let mut realms: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (realm, name) in all.values().flatten() {
            realms.entry(name).or_default().insert(realm);
        }
        let told = all.iter().map(|(&address, names)| {
            let told = names.iter().map(|(realm, name)| {
                (realm.clone(), named(realm, name, realms.get(name.as_str())))
            });
            (address, told.collect())
        });
        let by_address: BTreeMap<_, _> = told.collect();
        let addresses = by_address.keys().map(|&address| IpNet::from(address)).collect();
        let [before, after] = planes.map(Dataplane::public_space);
        Self { by_address, others: before.union(after).difference(&addresses) }
    }

    /// Does anything have this address?
    pub(super) fn has(&self, address: IpAddr) -> bool {
        self.by_address.contains_key(&address)
    }

    /// What everything is called.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_address.values().flatten().map(|(_, name)| name.as_str())
    }

    /// The names of what has one of `addresses`, each with its address; of several that have the same
    /// the one in `realm`.
    pub(super) fn among<'a>(
        &'a self,
        addresses: &'a AddressSet,
        realm: &'a str,
    ) -> impl Iterator<Item = (IpAddr, &'a str)> + 'a {
        within(&self.by_address, addresses).filter_map(move |(&address, names)| {
            let near = names.iter().find(|(of, _)| of == realm);
            near.or_else(|| names.first()).map(|(_, name)| (address, name.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_the_same_name_are_told_apart_by_their_networks() {
        let keys = [("a", "web"), ("b", "web"), ("b", "db")]
            .map(|(realm, name)| -> Key { (realm.to_owned(), name.to_owned(), None) });
        let names = names(&keys.iter().collect());
        assert_eq!(names.into_values().collect::<Vec<_>>(), ["a/web", "db", "b/web"]);
    }
}
