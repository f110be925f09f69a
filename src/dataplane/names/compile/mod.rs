//! From the network to names.

mod askers;
mod clusters;
mod machines;
mod public;
mod rulesets;
mod servers;
mod tables;
mod views;
mod zone_groups;
mod zones;

use super::{At, Names, Position, Realm, View};
use crate::answer::{Item, ItemKind, Rule};
use crate::azure::{Link, Meta, Network, Origin, Subnet, VirtualNetwork};
use crate::dataplane::unknowns::Unknowns;
use crate::id::{Id, ResourceId};
use machines::Machine;
use std::net::IpAddr;

/// Compiles everything about names out of `network`. The order of the input does not show.
#[must_use]
pub fn compile(network: &Network) -> Names {
    let unknowns = Unknowns::of(network);
    let machines = machines::of(network, &unknowns);
    let mut compiler = Compiler { network, unknowns, machines, names: Names::default() };
    compiler.add_views();
    compiler.add_private_zones();
    compiler.doubt_links();
    compiler.add_rulesets();
    compiler.add_public_dns();
    compiler.add_clusters();
    compiler.add_servers();
    compiler.add_askers();
    compiler.names
}

/// The work in progress.
struct Compiler<'a> {
    network: &'a Network,
    unknowns: Unknowns,
    machines: Vec<Machine<'a>>,
    names: Names,
}

impl<'a> Compiler<'a> {
    fn item(&self, kind: ItemKind, meta: &Meta) -> Item {
        self.part(kind, meta.name(), &meta.id, &meta.origin)
    }

    fn part(&self, kind: ItemKind, name: &str, id: &ResourceId, origin: &Origin) -> Item {
        let place = Some(self.network.place(origin));
        Item { kind, name: name.to_owned(), resource: Some(id.clone()), place }
    }

    fn view(&self, network: Id<VirtualNetwork>) -> Option<Id<View>> {
        self.names.view_of(network)
    }

    fn network_of(&self, subnet: Option<Link<Subnet>>) -> Option<Id<VirtualNetwork>> {
        network_of(self.network, subnet)
    }

    /// Something with `address` inside `network`.
    fn inside(at: At, network: Id<VirtualNetwork>, address: Option<IpAddr>) -> Position {
        Position { at, realm: Realm::Network(network), address }
    }
}

fn network_of(network: &Network, subnet: Option<Link<Subnet>>) -> Option<Id<VirtualNetwork>> {
    subnet.and_then(Link::known).map(|id| network.subnets[id].network)
}

fn rules(numbers: &[u16]) -> Vec<Rule> {
    numbers.iter().copied().map(Rule).collect()
}

/// `name (address)`, as hops and steps show it.
fn label(name: &str, address: IpAddr) -> String {
    format!("{name} ({address})")
}
