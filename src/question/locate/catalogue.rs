//! Everything that has a name, and looking it up.

use super::entry::{End, Entry, Holder, of_configuration, of_interface};
use super::{Refusal, attached};
use crate::azure::{Meta, Network};
use crate::diag::similar;
use crate::id::ResourceId;
use crate::net::DnsName;
use crate::question::Endpoint;

/// The end called `text`: a name, `owner/name`, an ARM id or `internet`. O(n) in the size of the
/// estate.
pub(super) fn find(network: &Network, text: &str) -> Result<End, Refusal> {
    if text.eq_ignore_ascii_case("internet") {
        return Ok(Endpoint::Internet.into());
    }
    pick(network, text, &all(network))
}

/// As [`find`], among machines and network interfaces alone where one of them is called so.
pub(super) fn find_interface(network: &Network, text: &str) -> Result<End, Refusal> {
    let mut entries = Vec::new();
    machines(network, &mut entries);
    match pick(network, text, &entries) {
        Err(Refusal::NotFound { text, similar }) => match find(network, &text) {
            Err(Refusal::NotFound { .. }) => Err(Refusal::NotFound { text, similar }),
            other => other,
        },
        found => found,
    }
}

/// The id of the resource called `text`, whatever it is.
pub(super) fn resource(network: &Network, text: &str) -> Result<ResourceId, Refusal> {
    let entries = all(network);
    let mut found: Vec<&Entry<'_>> = Vec::new();
    for entry in entries.iter().filter(|it| it.id.starts_with('/') && is_called(it, text)) {
        if found.iter().all(|other| !other.id.eq_ignore_ascii_case(&entry.id)) {
            found.push(entry);
        }
    }
    match &*found {
        [entry] => Ok(ResourceId::new(&entry.id)),
        [] => Err(not_found(text, &entries)),
        several => Err(Refusal::ambiguous(text, several.iter().map(|entry| entry.candidate()))),
    }
}

fn pick(network: &Network, text: &str, entries: &[Entry<'_>]) -> Result<End, Refusal> {
    let found: Vec<&Entry<'_>> = entries.iter().filter(|entry| is_called(entry, text)).collect();
    let mut ends: Vec<(&End, &Entry<'_>)> = Vec::new();
    for entry in &found {
        if let Ok(end) = &entry.end
            && ends.iter().all(|(other, _)| *other != end)
        {
            ends.push((end, entry));
        }
    }
    match (&*ends, &*found) {
        ([(end, _)], _) => Ok((*end).clone()),
        ([], []) => Err(not_found(text, entries)),
        ([], [entry, ..]) => Err(no_end(network, text, entry)),
        (several, _) => {
            let candidates = several.iter().map(|(_, entry)| entry.candidate());
            Err(Refusal::ambiguous(text, candidates))
        }
    }
}

pub(super) fn is_called(entry: &Entry<'_>, text: &str) -> bool {
    if text.starts_with('/') {
        return entry.id.eq_ignore_ascii_case(text.trim_end_matches('/'));
    }
    if entry.name.eq_ignore_ascii_case(text) {
        return true;
    }
    let Some((owner, name)) = text.rsplit_once('/') else { return false };
    entry.name.eq_ignore_ascii_case(name)
        && entry.owners.iter().any(|other| other.eq_ignore_ascii_case(owner))
}

pub(super) fn not_found(text: &str, entries: &[Entry<'_>]) -> Refusal {
    let name = text.rsplit('/').next().unwrap_or(text);
    let ends = entries.iter().filter(|entry| entry.end.is_ok());
    let names = ends.map(|entry| &*entry.name).chain(["internet"]);
    let similar = similar(name, names).into_iter().map(str::to_owned).collect();
    Refusal::NotFound { text: text.to_owned(), similar }
}

fn no_end(network: &Network, text: &str, entry: &Entry<'_>) -> Refusal {
    let what = entry.end.as_ref().err().copied().unwrap_or_default();
    if matches!(entry.group, Some(Holder::Cluster(_) | Holder::Service(_))) {
        return Refusal::NoOneName { text: text.to_owned(), what };
    }
    let inside = ResourceId::new(&entry.id);
    let candidates = attached::interfaces_of(network, &inside);
    Refusal::NoEnd { text: text.to_owned(), what, candidates }
}

pub(super) fn all(network: &Network) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    machines(network, &mut entries);
    endpoints(network, &mut entries);
    devices(network, &mut entries);
    services(network, &mut entries);
    outside(network, &mut entries);
    containers(network, &mut entries);
    entries
}

fn entry<'a>(meta: &'a Meta, label: &'static str, end: Result<End, &'static str>) -> Entry<'a> {
    named(&meta.id, label, end)
}

fn named<'a>(id: &'a ResourceId, label: &'static str, end: Result<End, &'static str>) -> Entry<'a> {
    let mut segments = id.as_str().rsplit('/');
    let owner = segments.nth(2).filter(|_| id.parent().is_some());
    let owners = owner.into_iter().chain(id.resource_group()).collect();
    Entry { name: id.name().into(), owners, id: id.to_string(), label, end, group: None }
}

fn machines<'a>(network: &'a Network, entries: &mut Vec<Entry<'a>>) {
    for (id, machine) in network.virtual_machines.iter() {
        let interfaces: Vec<_> =
            machine.interfaces.iter().filter_map(|link| link.known()).collect();
        let end = interfaces.first().map(|&primary| of_interface(network, primary));
        let end = end.ok_or("a virtual machine without a network interface in the input");
        let group = Holder::Machine(id);
        entries.push(entry(&machine.meta, "virtual machine", end).holding(group));
        for interface in interfaces {
            let meta = &network.network_interfaces[interface].meta;
            let end = Ok(of_interface(network, interface));
            let of_machine = Entry {
                owners: vec![machine.meta.name()],
                ..entry(meta, "network interface", end)
            };
            entries.push(of_machine);
        }
    }
    for (id, interface) in network.network_interfaces.iter() {
        entries.push(entry(&interface.meta, "network interface", Ok(of_interface(network, id))));
        for &configuration in &interface.ip_configurations {
            let ip = &network.ip_configurations[configuration];
            let end = Ok(of_configuration(network, ip));
            entries.push(named(&ip.id, "IP configuration", end));
        }
    }
}

fn endpoints<'a>(network: &'a Network, entries: &mut Vec<Entry<'a>>) {
    for (id, endpoint) in network.private_endpoints.iter() {
        entries.push(entry(
            &endpoint.meta,
            "private endpoint",
            Ok(Endpoint::PrivateEndpoint(id).into()),
        ));
    }
    for (id, address) in network.public_ip_addresses.iter() {
        entries.push(entry(
            &address.meta,
            "public IP address",
            Ok(Endpoint::PublicAddress(id).into()),
        ));
    }
    for (id, frontend) in network.frontends.iter() {
        let balancer = &network.load_balancers[frontend.load_balancer].meta;
        let label = "frontend of a load balancer";
        let of_balancer = named(&frontend.id, label, Ok(Endpoint::Frontend(id).into()));
        entries.push(Entry { name: balancer.name().into(), ..of_balancer.clone() });
        entries.push(of_balancer);
    }
    for (id, endpoint) in network.outbound_endpoints.iter() {
        entries.push(entry(
            &endpoint.meta,
            "outbound endpoint",
            Ok(Endpoint::OutboundEndpoint(id).into()),
        ));
    }
    for (id, endpoint) in network.inbound_endpoints.iter() {
        entries.push(entry(
            &endpoint.meta,
            "inbound endpoint",
            Ok(Endpoint::InboundEndpoint(id).into()),
        ));
    }
}

fn devices<'a>(network: &'a Network, entries: &mut Vec<Entry<'a>>) {
    for (id, firewall) in network.firewalls.iter() {
        entries.push(entry(&firewall.meta, "Azure Firewall", Ok(Endpoint::Firewall(id).into())));
    }
    for (id, server) in network.route_servers.iter() {
        entries.push(entry(&server.meta, "Route Server", Ok(Endpoint::RouteServer(id).into())));
    }
    for (id, bastion) in network.bastion_hosts.iter() {
        entries.push(entry(&bastion.meta, "Bastion", Ok(Endpoint::Bastion(id).into())));
    }
    for (id, gateway) in network.virtual_network_gateways.iter() {
        entries.push(entry(
            &gateway.meta,
            "virtual network gateway",
            Ok(Endpoint::Gateway(id).into()),
        ));
    }
    for (id, group) in network.container_groups.iter() {
        let end = match group.subnet {
            Some(_) => Ok(Endpoint::ContainerGroup(id).into()),
            None => Err("a container group in no virtual network"),
        };
        entries.push(entry(&group.meta, "container group", end));
    }
    for (id, gateway) in network.application_gateways.iter() {
        let end = Ok(Endpoint::ApplicationGateway(id).into());
        entries.push(entry(&gateway.meta, "application gateway", end));
    }
}

/// Services that are known by one name alone.
fn services<'a>(network: &'a Network, entries: &mut Vec<Entry<'a>>) {
    for (id, cluster) in network.managed_clusters.iter() {
        let private = cluster.private_fqdn.as_ref().filter(|_| cluster.is_private);
        let end = private.or(cluster.fqdn.as_ref()).map(name);
        let end = end.ok_or("a cluster whose API server has no name in the input");
        let group = Holder::Cluster(id);
        entries.push(entry(&cluster.meta, "managed cluster", end).holding(group));
    }
    for (id, service) in network.service_targets.iter() {
        let end = match &*service.names {
            [only] => Ok(name(only)),
            [] => Err("a service without a name in the input"),
            _ => Err("a service with several names"),
        };
        let group = Holder::Service(id);
        entries.push(entry(&service.meta, "service", end).holding(group));
    }
}

fn name(name: &DnsName) -> End {
    End::Name(name.clone())
}

fn outside<'a>(network: &'a Network, entries: &mut Vec<Entry<'a>>) {
    for (id, site) in network.sites.iter() {
        let of_site = entry(&site.meta, "site on premises", Ok(Endpoint::Site(id).into()));
        entries.push(of_site.holding(Holder::Site(id)));
        entries.push(Entry {
            name: site.edge_name().into(),
            owners: vec![site.meta.name()],
            id: site.edge_name(),
            label: "edge of a site on premises",
            end: Ok(Endpoint::SiteEdge(id).into()),
            group: None,
        });
        for (number, host) in site.hosts.iter().enumerate() {
            entries.push(Entry {
                name: (&*host.name).into(),
                owners: vec![site.meta.name()],
                id: format!("{}/{}", site.meta.name(), host.name),
                label: "host on premises",
                end: Ok(Endpoint::SiteHost(id, number).into()),
                group: None,
            });
        }
    }
    for (number, host) in network.internet.hosts.iter().enumerate() {
        entries.push(Entry {
            name: (&*host.name).into(),
            owners: vec!["internet"],
            id: format!("internet/{}", host.name),
            label: "host on the Internet",
            end: Ok(Endpoint::InternetHost(number).into()),
            group: None,
        });
    }
}

fn containers<'a>(network: &'a Network, entries: &mut Vec<Entry<'a>>) {
    for (id, subnet) in network.subnets.iter() {
        let entry = entry(&subnet.meta, "subnet", Err("a subnet"));
        entries.push(entry.holding(Holder::Subnet(id)));
    }
    for (id, virtual_network) in network.virtual_networks.iter() {
        let entry = entry(&virtual_network.meta, "virtual network", Err("a virtual network"));
        entries.push(entry.holding(Holder::Network(id)));
    }
    for (id, group) in network.network_security_groups.iter() {
        let end = Err("a network security group");
        let entry = entry(&group.meta, "network security group", end);
        entries.push(entry.holding(Holder::SecurityGroup(id)));
    }
    for (id, group) in network.application_security_groups.iter() {
        let end = Err("an application security group");
        let entry = entry(&group.meta, "application security group", end);
        entries.push(entry.holding(Holder::ApplicationSecurityGroup(id)));
    }
    for (id, table) in network.route_tables.iter() {
        let entry = entry(&table.meta, "route table", Err("a route table"));
        entries.push(entry.holding(Holder::RouteTable(id)));
    }
}
