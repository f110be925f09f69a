//! Who has which address, and what lies between two realms.

use super::{Balancer, Cause, Entry, Evidence, Location, Owners, Unsure};
use crate::answer::Rule;
use crate::dataplane::filter::Match;
use crate::id::Id;
use crate::net::AddressSet;
use std::net::IpAddr;

/// An address space in which each address has at most one owner: a virtual network, a site, the
/// Internet (R11).
// PERF: what every packet asks comes first.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Realm {
    /// Owners of addresses.
    pub owners: Owners,
    /// What happens to packets for addresses without an owner.
    pub stray: Stray,
    /// Where packets for the platform's own addresses arrive, whatever the routes say (R213).
    pub platform: Option<Id<Location>>,
    /// Addresses without an owner that something may have after all.
    pub unsure: Vec<Unsure>,
    /// Its name.
    pub name: Box<str>,
    /// What it is.
    pub evidence: Option<Evidence>,
    /// The addresses that belong to it.
    pub space: AddressSet,
    /// Does it belong to a subscription, whose offer decides about mail to the Internet (R216)?
    pub has_offer: bool,
}

impl Realm {
    /// Who has `address`. O(log n) in the number of owners.
    #[must_use]
    pub fn owner(&self, address: IpAddr) -> Option<Owner> {
        self.owners.find(address)
    }

    /// Why something may have `address`, which has no owner.
    #[must_use]
    pub fn doubt(&self, address: IpAddr) -> Option<Id<Cause>> {
        let doubt = self.unsure.iter().find(|unsure| unsure.destinations.contains(address));
        doubt.map(|unsure| unsure.cause)
    }
}

/// What has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A location.
    Location(Id<Location>),
    /// A frontend.
    Balancer(Id<Balancer>),
    /// A public address that leads to something else.
    Entry(Id<Entry>),
    /// Something that is not modelled.
    Unsure(Id<Cause>),
    /// Nobody, although it is a public address: it is an estate's, which does not have it here.
    Nobody(Id<Cause>),
}

/// What happens to packets for addresses that nobody is known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stray {
    /// They are lost (R8, R512).
    Lost,
    /// They arrive at this location, which stands for all the machines that nobody named.
    Location(Id<Location>),
}

/// The way from one realm to another, seen from the sender: a peering, or a tunnel that does not take
/// everything.
#[derive(Clone, Debug)]
pub struct Crossing {
    /// Its name, `peering hub to spoke`.
    pub name: Box<str>,
    /// The sender's half.
    pub evidence: Option<Evidence>,
    /// What stops every packet.
    pub blocked: Option<Id<Cause>>,
    /// Why it is not sure that the crossing exists.
    pub doubt: Option<Id<Cause>>,
    /// Only packets from these sources pass, unless a gateway forwards them (R147, R148); none: all.
    pub sources: Option<(AddressSet, Id<Cause>)>,
    /// Packets from these local addresses do not pass (subnet peering, R166).
    pub unlisted: Option<(AddressSet, Id<Cause>)>,
    /// What a tunnel takes (R314); none: everything.
    pub selectors: Option<Selectors>,
    /// Are the two networks in different regions (R161)?
    pub is_global: Match,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

impl Crossing {
    /// Does it let every packet pass?
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.blocked.is_none()
            && self.doubt.is_none()
            && self.sources.is_none()
            && self.unlisted.is_none()
            && self.selectors.is_none()
    }
}

/// The traffic selectors of a tunnel, seen from the sender: all pairs of ranges (R314).
#[derive(Clone, Debug)]
pub struct Selectors {
    /// Sources and destinations of what passes.
    pub pairs: Vec<(AddressSet, AddressSet)>,
    /// Those of what may pass.
    pub perhaps: Vec<(AddressSet, AddressSet)>,
    /// Why everything else is lost.
    pub refusal: Id<Cause>,
    /// Why it is not known whether some of it passes.
    pub doubt: Id<Cause>,
}

impl Selectors {
    /// Does a packet pass?
    #[must_use]
    pub fn take(&self, source: IpAddr, destination: IpAddr) -> Match {
        let has = |pairs: &[(AddressSet, AddressSet)]| {
            pairs.iter().any(|(from, to)| from.contains(source) && to.contains(destination))
        };
        if has(&self.pairs) {
            Match::Yes
        } else if has(&self.perhaps) {
            Match::Maybe
        } else {
            Match::No
        }
    }

    /// All sets of addresses that it tells apart.
    pub fn sets(&self) -> impl Iterator<Item = &AddressSet> {
        self.pairs.iter().chain(&self.perhaps).flat_map(|(from, to)| [from, to])
    }
}
