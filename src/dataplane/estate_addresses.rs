//! The public addresses of an estate, and whose they are in a network that does not have them.

use super::Dataplane;
use super::graph::{Cause, Owner};
use crate::answer::{HopKind, Reason};
use std::collections::BTreeSet;
use std::net::IpAddr;

impl Dataplane {
    /// The public addresses of what is in Azure. Those of sites and of machines on the Internet are their own,
    /// and what stands for an address that is not known is nobody's anyway.
    pub fn estate_addresses(&self) -> impl Iterator<Item = IpAddr> {
        let is_of_estate = |owner| match owner {
            Owner::Location(at) => {
                !matches!(self.locations[at].kind, HopKind::Internet | HopKind::Site)
            }
            Owner::Balancer(_) | Owner::Entry(_) | Owner::Unsure(_) => true,
            Owner::Nobody(_) => false,
        };
        let owners = self.realms[self.internet].owners.iter();
        let own = owners.filter(move |(_, owner)| is_of_estate(*owner)).map(|it| it.0);
        own.filter(|&address| !super::is_nobodys(address))
    }

    /// Makes those of `addresses` nobody's that nothing has here: no machine on the Internet answers at them or
    /// sends from them. O(n log n) in the public addresses.
    pub fn make_nobodys(&mut self, addresses: &BTreeSet<IpAddr>) {
        let realm = self.internet;
        let known: BTreeSet<IpAddr> = self.realms[realm].owners.iter().map(|it| it.0).collect();
        let new: Vec<IpAddr> = addresses.difference(&known).copied().collect();
        for address in &new {
            let text = format!("{address} is of the estate on the other side only");
            // R126: what is in the network is reached by an address of its own only.
            let cause = self.causes.push(Cause::new(Reason::AddressNotFound, text, &[126]));
            self.realms[realm].owners.push(*address, Owner::Nobody(cause));
        }
        if !new.is_empty() {
            self.realms[realm].owners.settle();
        }
    }
}
