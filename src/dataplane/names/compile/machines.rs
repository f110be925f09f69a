//! Virtual machines as far as names are concerned: name inside the guest, network, addresses.

use super::network_of;
use crate::azure::{
    IpConfiguration, Link, Network, NetworkInterface, VirtualMachine, VirtualNetwork,
};
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
    /// Is its name not known?
    pub has_unknown_name: bool,
    /// Is an address of its primary interface not given?
    pub has_unknown_address: bool,
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
pub(super) fn of(network: &Network) -> Vec<Machine<'_>> {
    network.virtual_machines.values().map(|machine| one(network, machine)).collect()
}

fn one<'a>(network: &'a Network, machine: &'a VirtualMachine) -> Machine<'a> {
    let interfaces: Vec<_> = machine.interfaces.iter().filter_map(|link| link.known()).collect();
    let primary = machine.interfaces.first().copied().and_then(Link::known);
    let configurations = primary.map(|id| configurations(network, id)).unwrap_or_default();
    let first = |v4: bool| {
        let addresses = configurations.iter().filter_map(|it| it.private_ip_address);
        { addresses }.find(|address| address.is_ipv4() == v4)
    };
    let every = interfaces.iter().flat_map(|&id| self::configurations(network, id));
    let placed =
        |it: &IpConfiguration| Some((network_of(network, it.subnet)?, it.private_ip_address?));
    Machine {
        machine,
        name: machine.computer_name.to_lowercase().into(),
        network: configurations.first().and_then(|it| network_of(network, it.subnet)),
        primary: [true, false].into_iter().filter_map(first).collect(),
        has_unknown_name: has_unknown_name(network, machine),
        has_unknown_address: configurations.iter().any(|it| it.private_ip_address.is_none()),
        addresses: every.filter_map(placed).collect(),
    }
}

/// Is the name that it registers a value that is not known? Then it is called by its resource's name, which it
/// may not have.
fn has_unknown_name(network: &Network, machine: &VirtualMachine) -> bool {
    let is_name = |property: &str| {
        ["osProfile", "osProfile/computerName"].iter().any(|it| it.eq_ignore_ascii_case(property))
    };
    let mut unknown = network.unknown_values.iter();
    unknown.any(|value| value.of == machine.meta.id && is_name(&value.property))
}

/// The IP configurations of an interface, the primary one first.
fn configurations(network: &Network, id: Id<NetworkInterface>) -> Vec<&IpConfiguration> {
    let ids = &network.network_interfaces[id].ip_configurations;
    let mut all: Vec<_> = ids.iter().map(|&id| &network.ip_configurations[id]).collect();
    all.sort_by_key(|it| !it.is_primary);
    all
}
