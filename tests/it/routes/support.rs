//! Networks from scenario text, and tables as lines.

use hopwise::azure::{Network, PlatformProfile, VirtualNetwork};
use hopwise::dataplane::routes::{effective_route_type, effective_table};
use hopwise::dataplane::{EffectiveRoute, EffectiveTable, Gateways, RouteSource, RouteState};
use hopwise::diag::Severity;
use hopwise::id::Id;
use hopwise::import::{Document, read_all};
use hopwise::resolve::resolve;
use std::net::IpAddr;

/// The network of a scenario, which must be read without an error.
pub(super) fn network(yaml: &str) -> Network {
    let document = Document { name: "test.yaml".into(), text: yaml.as_bytes() };
    let snapshot = read_all([document]).snapshot;
    let remarks = snapshot.diagnostics.clone();
    let (network, more) = resolve(snapshot);
    let errors: Vec<_> =
        remarks.iter().chain(&more).filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    network
}

/// The scenario with a `network` part only.
pub(super) fn of(network_part: &str) -> Network {
    network(&format!("network:\n{network_part}"))
}

pub(super) fn profile() -> &'static PlatformProfile {
    PlatformProfile::by_name(PlatformProfile::DEFAULT).unwrap()
}

pub(super) fn vnet(network: &Network, name: &str) -> Id<VirtualNetwork> {
    let mut found = network.virtual_networks.iter().filter(|(_, v)| v.meta.name() == name);
    found.next().unwrap_or_else(|| panic!("no network {name}")).0
}

/// The table of `subnet`, written `network/subnet`.
pub(super) fn table(network: &Network, subnet: &str) -> EffectiveTable {
    let (home, name) = subnet.split_once('/').unwrap();
    let mut subnets = network.virtual_networks[vnet(network, home)].subnets.iter();
    let id = subnets.find(|&&id| network.subnets[id].meta.name() == name).unwrap();
    effective_table(network, profile(), &Gateways::new(network), *id)
}

/// A row: `Default 10.0.0.0/16 VnetLocal`, with `Invalid` before it, with addresses after it.
pub(super) fn line(network: &Network, route: &EffectiveRoute) -> String {
    let state = match route.state {
        RouteState::Active => "",
        RouteState::Invalid => "Invalid ",
    };
    let source = match route.source {
        RouteSource::Default => "Default",
        RouteSource::User => "User",
        RouteSource::VirtualNetworkGateway => "Gateway",
    };
    let prefixes: Vec<String> = route.prefixes.as_slice().iter().map(ToString::to_string).collect();
    let kind = effective_route_type(network, route.next_hop);
    let addresses: Vec<String> = route.addresses.iter().map(ToString::to_string).collect();
    let line = format!("{state}{source} {} {kind} {}", prefixes.join(","), addresses.join(","));
    line.trim_end().to_string()
}

/// All rows, without those to None.
pub(super) fn lines(network: &Network, subnet: &str) -> Vec<String> {
    let table = table(network, subnet);
    let shown = table.routes.iter().map(|route| line(network, route));
    shown.filter(|line| !(line.starts_with("Default") && line.ends_with(" None"))).collect()
}

/// The prefixes that the platform drops.
pub(super) fn dropped(network: &Network, subnet: &str) -> Vec<String> {
    let table = table(network, subnet);
    let none = table.routes.iter().map(|route| line(network, route));
    let none = none
        .filter_map(|line| Some(line.strip_prefix("Default ")?.strip_suffix(" None")?.to_string()));
    none.collect()
}

/// Checks where packets to each destination go: the row's type, and its addresses if any.
pub(super) fn check_hops(network: &Network, subnet: &str, expected: &[(&str, &str)]) {
    let table = table(network, subnet);
    for &(destination, hop) in expected {
        let address: IpAddr = destination.parse().unwrap();
        let route = table.next_hop(address);
        let shown = route.map_or("nothing".to_string(), |route| {
            let kind = effective_route_type(network, route.next_hop);
            let addresses: Vec<String> = route.addresses.iter().map(ToString::to_string).collect();
            format!("{kind} {}", addresses.join(",")).trim_end().to_string()
        });
        assert_eq!(shown, hop, "{subnet} to {destination}");
        let doubts: Vec<_> = table.doubts(address).collect();
        assert!(doubts.is_empty(), "{subnet} to {destination}: {doubts:?}");
    }
}

/// The causes of doubt about `destination`.
pub(super) fn doubts(network: &Network, subnet: &str, destination: &str) -> Vec<String> {
    let table = table(network, subnet);
    table.doubts(destination.parse().unwrap()).map(|doubt| doubt.cause.clone()).collect()
}
