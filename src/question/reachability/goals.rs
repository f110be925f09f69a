//! What packets have to get to, and between which ends any are asked about.

use super::names::Names;
use super::openings::meant;
use super::relation::{facing, leading_to};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{EntryTarget, Evidence, Location, Owner};
use crate::diag::Diagnostic;
use crate::id::Id;
use crate::net::{AddressSet, IpNet};
use crate::question::locate::{Ends, Refusal, Side, ends};
use crate::reach::stays_outside;
use crate::scenario::Spec;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What packets have to get to.
pub(super) struct Goal {
    /// The place; none for an address, wherever it leads.
    pub(super) at: Option<Id<Location>>,
    /// Ways to address it: any of them will do, and all of the addresses of the one.
    pub(super) addresses: Vec<AddressSet>,
}

impl Goal {
    pub(super) fn name(&self, names: &Names) -> String {
        let address = || self.addresses.iter().find_map(AddressSet::first);
        self.at.map_or_else(
            || address().map(|address: IpAddr| address.to_string()).unwrap_or_default(),
            |at| names.of(at).to_owned(),
        )
    }

    /// Are packets from `from` to it asked about?
    pub(super) fn is_asked(&self, plane: &Dataplane, from: Id<Location>) -> bool {
        let leads_back = |set: &AddressSet| set.first().is_some_and(|it| is_own(plane, from, it));
        match self.at {
            Some(to) => is_pair(plane, from, to),
            None => !self.addresses.iter().all(leads_back),
        }
    }
}

/// Are packets from one place to the other asked about? Not those that a machine sends to itself, nor those that
/// stay on the Internet or within a site.
pub(super) fn is_pair(plane: &Dataplane, from: Id<Location>, to: Id<Location>) -> bool {
    plane.device(from) != plane.device(to) && !stays_outside(plane, from, to)
}

/// Is it a public address of the sender's own?
fn is_own(plane: &Dataplane, from: Id<Location>, address: IpAddr) -> bool {
    let Some(Owner::Entry(entry)) = plane.realms[plane.internet].owner(address) else {
        return false;
    };
    match plane.entries[entry].target {
        EntryTarget::Translate(at, _) | EntryTarget::Location(at, _) => {
            plane.device(at) == plane.device(from)
        }
        EntryTarget::Balancer(_) | EntryTarget::Nothing(_) => false,
    }
}

/// What there is of a destination.
pub(super) struct Targets {
    /// Places.
    pub(super) places: Vec<Id<Location>>,
    /// Addresses that lead to others.
    pub(super) addresses: AddressSet,
}

/// What `spec` means as a destination, of which there is something. O(n) in the places.
pub(super) fn taking(plane: &Dataplane, spec: &Spec) -> Result<(Ends, Targets), Box<Diagnostic>> {
    let to = ends(plane, spec, Side::Destination)?;
    let facing = facing(plane);
    let is_target = |&at: &Id<Location>| {
        let (location, meant) = (&plane.locations[at], to.at(at));
        let has_own = match plane.stands_for_others(at) {
            true => plane.addresses_at(at).overlaps(meant),
            false => location.addresses.iter().any(|&it| meant.contains(it)),
        };
        // One whose address is not known is there all the same.
        let is_without = !plane.stands_for_others(at) && location.addresses.is_empty();
        let is_led_to = || is_without || !leading_to(plane, at, &facing, meant).is_empty();
        !meant.is_empty() && (has_own || (meant != to.elsewhere() && is_led_to()))
    };
    let places: Vec<Id<Location>> = plane.locations.ids().filter(is_target).collect();
    let addresses = leading(plane, &to, &facing);
    match places.is_empty() && addresses.is_empty() {
        true => Err(nobody(spec)),
        false => Ok((to, Targets { places, addresses })),
    }
}

/// Each word of `spec` means something, and all of it together nothing.
pub(in crate::question) fn nobody(spec: &Spec) -> Box<Diagnostic> {
    let why = "nobody and no address is in what its words leave together".to_owned();
    let refusal = Refusal::NobodyThere { text: spec.text.clone(), why };
    Box::new(Diagnostic::from(refusal).at(spec.place.clone()))
}

/// Is some packet from one of `sources` to the other end asked about?
pub(super) fn asked(
    plane: &Dataplane,
    (from, sources): (&Spec, &[Id<Location>]),
    (to, targets): (&Spec, &Targets),
) -> Result<(), Box<Diagnostic>> {
    let addresses = choices(&targets.addresses, false);
    let is_asked = |&at: &Id<Location>| {
        let mut addresses = addresses.iter().filter_map(AddressSet::first);
        targets.places.iter().any(|&to| is_pair(plane, at, to))
            || addresses.any(|address| !is_own(plane, at, address))
    };
    if sources.iter().any(is_asked) {
        return Ok(());
    }
    let message = format!("no packet from `{}` to `{}` crosses a network", from.text, to.text);
    let hint = "what a machine sends to itself, and what stays on the Internet or within a site, is not \
                judged; name two different ends";
    Err(Box::new(Diagnostic::error("no-pair", message).hint(hint).at(to.place.clone())))
}

/// What `to` means: places, and addresses that lead to others.
pub(super) fn goals(plane: &Dataplane, to: &Ends) -> Vec<Goal> {
    let facing = facing(plane);
    let spaces = Spaces::of(plane);
    let goals = |spaces: Option<&Spaces>| -> Vec<Goal> {
        // What is sent to an address that forwards ports arrives wherever these lead.
        let is_alone =
            |at| plane.forwards_ports(at) && plane.addresses_at(at).overlaps(to.elsewhere());
        let goal = |at| match to.at(at) != to.elsewhere() {
            _ if plane.locations[at].leads_on() || is_alone(at) => None,
            true => named(plane, at, to.at(at), &facing),
            false => unnamed(plane, (at, to.elsewhere()), &facing, spaces),
        };
        let alone = choices(&leading(plane, to, &facing), false);
        let alone = alone.into_iter().map(|one| Goal { at: None, addresses: vec![one] });
        plane.locations.ids().filter_map(goal).chain(alone).collect()
    };
    let found = goals(Some(&spaces));
    if found.is_empty() { goals(None) } else { found }
}

/// Addresses that are meant wherever they lead, but to a place that is not.
fn leading(plane: &Dataplane, to: &Ends, facing: &AddressSet) -> AddressSet {
    let all = choices(&facing.intersection(to.elsewhere()), false);
    let is_meant = |it: &&AddressSet| {
        let address = it.first();
        let leads_to = address.and_then(|it| plane.behind_public(it));
        leads_to.is_none_or(|at| address.is_some_and(|it| to.at(at).contains(it)))
    };
    all.iter().filter(is_meant).fold(AddressSet::EMPTY, |all, it| all.union(it))
}

/// Whose addresses are whose: what is in a network of the input is hardly on the Internet, or at a site.
pub(super) struct Spaces {
    /// Addresses of virtual networks.
    networks: AddressSet,
    /// Addresses of these and of sites.
    all: AddressSet,
}

impl Spaces {
    pub(super) fn of(plane: &Dataplane) -> Self {
        let spaces = |counts: fn(Evidence) -> bool| {
            let realms = plane.realms.values();
            let counting = realms.filter(|realm| realm.evidence.is_some_and(counts));
            counting.flat_map(|realm| realm.space.prefixes()).collect::<AddressSet>()
        };
        let networks = spaces(|it| matches!(it, Evidence::VirtualNetwork(_)));
        let sites = spaces(|it| matches!(it, Evidence::Site(_)));
        Self { all: networks.union(&sites), networks }
    }

    /// The addresses of `own` that are meant at a place: of one that stands for machines without a name those that are
    /// in no other network.
    pub(super) fn beyond(
        &self,
        plane: &Dataplane,
        own: AddressSet,
        at: Id<Location>,
    ) -> AddressSet {
        let location = &plane.locations[at];
        match (plane.stands_for_others(at), location.realm == plane.internet) {
            (false, _) => own,
            (true, true) => own.difference(&self.all),
            (true, false) => own.difference(&self.networks),
        }
    }
}

/// A place that is meant: by its own addresses, and by what leads to it.
fn named(
    plane: &Dataplane,
    at: Id<Location>,
    meant: &AddressSet,
    facing: &AddressSet,
) -> Option<Goal> {
    let stands_for_others = plane.stands_for_others(at);
    let own = self::meant(plane, plane.addresses_at(at).intersection(meant), at);
    let mut addresses = choices(&own, stands_for_others);
    addresses.extend(choices(&leading_to(plane, at, facing, meant), false));
    // One whose address is not known is there all the same.
    let is_without = !stands_for_others && plane.locations[at].addresses.is_empty();
    let is_meant = !addresses.is_empty() || (is_without && !meant.is_empty());
    is_meant.then_some(Goal { at: Some(at), addresses })
}

/// A place that has some of the addresses that are meant wherever they are: machines without a name on the Internet
/// or at a site, say.
fn unnamed(
    plane: &Dataplane,
    (at, meant): (Id<Location>, &AddressSet),
    facing: &AddressSet,
    spaces: Option<&Spaces>,
) -> Option<Goal> {
    if meant.is_empty() {
        return None;
    }
    let own = plane.addresses_at(at).intersection(meant).difference(facing);
    let own = self::meant(plane, own, at);
    let own = match spaces {
        Some(spaces) => spaces.beyond(plane, own, at),
        None => own,
    };
    let addresses = choices(&own, plane.stands_for_others(at));
    (!addresses.is_empty()).then_some(Goal { at: Some(at), addresses })
}

/// Each address by itself; or, of a place that stands for many machines, all of a family at once.
pub(super) fn choices(addresses: &AddressSet, is_many: bool) -> Vec<AddressSet> {
    let v4 = AddressSet::everything_v4();
    let families = [addresses.intersection(&v4), addresses.difference(&v4)];
    let families = families.into_iter().filter(|family| !family.is_empty());
    if is_many {
        return families.collect();
    }
    let single = |family: AddressSet| {
        let v4 = family.intervals_v4().iter().flat_map(|&(first, last)| first..=last);
        let v6 = family.intervals_v6().iter().flat_map(|&(first, last)| first..=last);
        let v4 = v4.map(|address| IpAddr::from(Ipv4Addr::from(address))).collect::<Vec<_>>();
        { v4 }
            .into_iter()
            .chain(v6.map(|address| Ipv6Addr::from(address).into()))
            .collect::<Vec<_>>()
    };
    families.flat_map(single).map(|host| [IpNet::from(host)].into_iter().collect()).collect()
}
