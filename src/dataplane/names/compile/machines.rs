//! Virtual machines as far as names are concerned: name inside the guest, network, addresses.

use super::network_of;
use crate::azure::{
    IpConfiguration, Link, Network, NetworkInterface, VirtualMachine, VirtualNetwork,
};
use crate::dataplane::unknowns::Unknowns;
use crate::id::Id;
use crate::net::RecordData;
use std::net::IpAddr;

/// A machine.
pub(super) struct Machine<'a> {
    pub machine: &'a VirtualMachine,
    /// The name inside the guest, in lower case.
    pub name: Box<str>,
    /// The network of its primary interface; `None` when that is not in the input.
    pub network: Option<Id<VirtualNetwork>>,
    /// Its primary addresses, at most one per family (R259).
    pub primary: Vec<IpAddr>,
    /// Why its name is not known; it is called by its resource's name then, which it may not have.
    pub unknown_name: Option<Box<str>>,
    /// Why an address of its primary interface is not known, or whether the machine is there.
    pub unknown_address: Option<Box<str>>,
    /// Every address with the network that it belongs to.
    pub addresses: Vec<(Id<VirtualNetwork>, IpAddr)>,
}

impl Machine<'_> {
    /// Its address records: A, and AAAA for dual-stack machines (R259).
    pub(super) fn address_data(&self) -> Vec<RecordData> {
        let data = self.primary.iter().map(|&address| match address {
            IpAddr::V4(v4) => RecordData::A(vec![v4]),
            IpAddr::V6(v6) => RecordData::Aaaa(vec![v6]),
        });
        data.collect()
    }
}

/// The machines of `network`, in the order of their ids.
pub(super) fn of<'a>(network: &'a Network, unknowns: &Unknowns) -> Vec<Machine<'a>> {
    network.virtual_machines.values().map(|machine| one(network, unknowns, machine)).collect()
}

fn one<'a>(network: &'a Network, unknowns: &Unknowns, machine: &'a VirtualMachine) -> Machine<'a> {
    let interfaces: Vec<_> = machine.interfaces.iter().filter_map(|link| link.known()).collect();
    let primary = machine.interfaces.first().copied().and_then(Link::known);
    let configurations = primary.map(|id| configurations(network, id)).unwrap_or_default();
    let home = configurations.first().and_then(|it| network_of(network, it.subnet));
    let every = interfaces.iter().flat_map(|&id| self::configurations(network, id));
    let placed =
        |it: &IpConfiguration| Some((network_of(network, it.subnet)?, it.private_ip_address?));
    let lacks_address = configurations.iter().any(|it| it.private_ip_address.is_none());
    let name = machine.meta.name();
    let unknown_address = || format!("the address of machine {name} is not in the input").into();
    let perhaps = interfaces.iter().map(|&id| &network.network_interfaces[id]);
    let perhaps = { perhaps }.find_map(|nic| unknowns.of_interface(nic));
    Machine {
        machine,
        name: machine.computer_name.to_lowercase().into(),
        network: home,
        primary: home.map(|_| primary_addresses(&configurations)).unwrap_or_default(),
        unknown_name: unknown_name(network, machine),
        unknown_address: (home.is_none() || lacks_address)
            .then(unknown_address)
            .or_else(|| perhaps.map(Into::into)),
        addresses: every.filter_map(placed).collect(),
    }
}

/// The addresses that are registered: of IPv4 that of the first configuration, for which no other stands in.
fn primary_addresses(configurations: &[&IpConfiguration]) -> Vec<IpAddr> {
    let mut addresses = configurations.iter().map(|it| it.private_ip_address);
    let first = addresses.next().flatten();
    let is_found = first.is_some_and(|address| address.is_ipv6());
    let v6 = addresses.flatten().find(|address| address.is_ipv6() && !is_found);
    first.into_iter().chain(v6).collect()
}

/// Why the name that it registers is not known, where that is so.
fn unknown_name(network: &Network, machine: &VirtualMachine) -> Option<Box<str>> {
    let is_name = |property: &str| {
        ["osProfile", "osProfile/computerName"].iter().any(|it| it.eq_ignore_ascii_case(property))
    };
    let mut unknown = network.unknown_values.iter();
    let value = unknown.find(|it| it.of == machine.meta.id && is_name(&it.property))?;
    Some(format!("machine {} may have the name: it {}", machine.meta.name(), value.why).into())
}

/// The IP configurations of an interface, the primary one first.
fn configurations(network: &Network, id: Id<NetworkInterface>) -> Vec<&IpConfiguration> {
    let ids = &network.network_interfaces[id].ip_configurations;
    let mut all: Vec<_> = ids.iter().map(|&id| &network.ip_configurations[id]).collect();
    all.sort_by_key(|it| !it.is_primary);
    all
}
