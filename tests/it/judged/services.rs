//! Firewalls of services, over the Internet and over service endpoints.

use super::filters::interfaces;
use crate::generated::{self, Scenario};
use crate::oracle::{Comes, Said, admits, listens, next_hop, passes};
use hopwise::answer::NextHopType;
use hopwise::azure::{Direction, Network, ServiceTarget};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::id::Id;
use hopwise::net::{Flow, PortRange, Protocol};
use hopwise::trace::{self, Ask, Fate};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// How often which outcome was expected, over the Internet and over endpoints.
type Counts = BTreeMap<(bool, Said<bool>), usize>;

/// The services with an address that the public DNS tells.
fn services<'n>(scenario: &Scenario, network: &'n Network) -> Vec<(IpAddr, &'n ServiceTarget)> {
    let records = scenario.document["internet"]["records"].as_array().cloned().unwrap_or_default();
    let address = |service: &ServiceTarget| -> Option<IpAddr> {
        let name = service.names.first()?.as_str();
        let record = records.iter().find(|record| record["name"] == name)?;
        record["A"][0].as_str()?.parse().ok()
    };
    network.service_targets.values().filter_map(|it| Some((address(it)?, it))).collect()
}

fn fate(plane: &Dataplane, from: Id<Location>, flow: Flow) -> Fate {
    trace::verdict(plane, &Ask { from, flow, target: None, host: None, only: None })
}

/// Ports that all, some and none of the services listen on.
const PORTS: [u16; 4] = [80, 443, 1433, 3389];

fn tcp(source: IpAddr, destination: IpAddr, port: u16) -> Flow {
    let flow = Flow::new(source, destination, Protocol::Tcp, port);
    Flow { source_ports: PortRange::single(50_000), ..flow }
}

/// Both must let it pass.
fn both(gate: Said<bool>, service: Said<bool>) -> Said<bool> {
    match (gate, service) {
        (Said::Open(why), _) | (_, Said::Open(why)) => Said::Open(why),
        (Said::Known(false), _) | (_, Said::Known(false)) => Said::Known(false),
        (Said::Unknown, _) | (_, Said::Unknown) => Said::Unknown,
        (Said::Known(true), Said::Known(true)) => Said::Known(true),
    }
}

/// Every named machine on the Internet, and every machine whose packets go over a service endpoint.
fn compare(scenario: &Scenario) -> Result<Counts, String> {
    let plane = scenario.plane();
    let network = plane.network();
    let mut counts = Counts::new();
    let mut hold = |is_outside, from, flow, expected: Said<bool>| {
        let found = match fate(&plane, from, flow) {
            Fate::Arrives => Said::Known(true),
            Fate::Stops => Said::Known(false),
            Fate::Unsure => Said::Unknown,
        };
        let is_open = matches!(expected, Said::Open(_));
        *counts.entry((is_outside, expected.clone())).or_default() += 1;
        if found == expected || is_open {
            return Ok(());
        }
        let name = &plane.locations[from].name;
        Err(format!("{name}, {flow:?}: expected {expected:?}, found {found:?}"))
    };
    let services = services(scenario, network);
    let has = |address: IpAddr| services.iter().filter(|it| it.0 == address).count();
    let is_public = |address: IpAddr| {
        network.public_ip_addresses.values().any(|it| it.ip_address == Some(address))
    };
    for &(address, service) in services.iter().filter(|it| has(it.0) == 1 && !is_public(it.0)) {
        for &from in plane.places.internet_hosts.values() {
            for &own in &plane.locations[from].addresses {
                for port in PORTS.into_iter().filter(|_| own.is_ipv4() && has(own) == 0) {
                    let admits = admits(service, Comes::FromOutside(own));
                    let expected = both(listens(service, port), admits);
                    hold(true, from, tcp(own, address, port), expected)?;
                }
            }
        }
        for (place, nic, own) in interfaces(network) {
            let hop = Said::Known((NextHopType::VirtualNetworkServiceEndpoint, Vec::new()));
            if !own.is_ipv4() || next_hop(place, address) != hop {
                continue;
            }
            for port in PORTS {
                let flow = tcp(own, address, port);
                let gate = passes(place, nic, Direction::Outbound, &flow);
                let admits = admits(service, Comes::OverEndpoint(place.subnet));
                let expected = both(gate, both(listens(service, port), admits));
                hold(false, plane.places.interfaces[&nic], flow, expected)?;
            }
        }
    }
    Ok(counts)
}

/// And each outcome is expected often enough to tell something, both ways.
#[test]
fn firewalls_of_services_let_in_whom_the_rules_let_in() {
    let all = Mutex::new(Counts::new());
    generated::each(0..600, |scenario| {
        let counts = compare(scenario)?;
        let mut all = all.lock().unwrap();
        counts.into_iter().for_each(|(key, count)| *all.entry(key).or_default() += count);
        Ok(())
    });
    let all = all.into_inner().unwrap();
    println!("{all:?}");
    for is_outside in [true, false] {
        for said in [Said::Known(true), Said::Known(false), Said::Unknown] {
            let count = all.get(&(is_outside, said.clone())).copied().unwrap_or_default();
            assert!(count >= 3, "{said:?} is rare: {all:?}");
        }
    }
}
