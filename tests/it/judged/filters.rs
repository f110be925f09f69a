//! Security groups and admin rules.

use crate::generated::{self, Scenario, representatives};
use crate::oracle::{Place, Said, passes};
use hopwise::answer::FlowAccess;
use hopwise::azure::{Direction, Link, Network, NetworkInterface, NicOwner};
use hopwise::dataplane::Gateways;
use hopwise::dataplane::routes::effective_table;
use hopwise::dataplane::security::Security;
use hopwise::id::Id;
use hopwise::net::{PortRange, Protocol};
use hopwise::question::LocalFlow;
use std::net::IpAddr;

/// The interfaces of machines, with an address and its place.
pub(super) fn interfaces(network: &Network) -> Vec<(Place<'_>, Id<NetworkInterface>, IpAddr)> {
    let profile = generated::profile(network);
    let nics = network.network_interfaces.iter();
    let of_machines = nics.filter(|(_, nic)| matches!(nic.owner, NicOwner::VirtualMachine(_)));
    let places = of_machines.filter_map(|(id, nic)| {
        let first = &network.ip_configurations[*nic.ip_configurations.first()?];
        let subnet = first.subnet.and_then(Link::known)?;
        Some((Place { network, profile, subnet }, id, first.private_ip_address?))
    });
    places.collect()
}

/// Every machine with one address of each class, both ways, over protocols and ports that rules name.
fn compare(scenario: &Scenario) -> Result<(), String> {
    const ASKED: [(Protocol, u16); 5] = [
        (Protocol::Tcp, 22),
        (Protocol::Tcp, 443),
        (Protocol::Tcp, 8001),
        (Protocol::Udp, 53),
        (Protocol::Icmp, 0),
    ];
    let network = scenario.network();
    let gateways = Gateways::new(&network);
    let mut security = Security::new(&network, generated::profile(&network));
    let remotes = representatives(scenario, &[]);
    for (place, nic, own) in interfaces(&network) {
        let table = effective_table(&network, place.profile, &gateways, place.subnet);
        let remotes = remotes.iter().filter(|it| it.is_ipv4() == own.is_ipv4());
        for (&remote, direction) in
            remotes.flat_map(|it| [(it, Direction::Inbound), (it, Direction::Outbound)])
        {
            for (protocol, port) in ASKED {
                let (far, near) = (PortRange::single(50_000), PortRange::single(port));
                let (near, far) = match direction {
                    Direction::Inbound => (near, far),
                    Direction::Outbound => (far, near),
                };
                let asked =
                    LocalFlow { direction, protocol, local: (own, near), remote: (remote, far) };
                let answer = security.verify_ip_flow((nic, &table), direction, &asked.flow());
                let found = match answer.access {
                    FlowAccess::Allow => Said::Known(true),
                    FlowAccess::Deny => Said::Known(false),
                    FlowAccess::Unknown => Said::Unknown,
                };
                let expected = passes(place, nic, direction, &asked.flow());
                if found != expected && !matches!(expected, Said::Open(_)) {
                    let name = network.network_interfaces[nic].meta.name();
                    return Err(format!(
                        "{name}, {asked:?}: expected {expected:?}, found {found:?}"
                    ));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn packets_pass_as_the_rules_say() {
    generated::each(0..40, compare);
}
