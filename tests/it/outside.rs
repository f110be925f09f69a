//! Tunnels, circuits, and what lies behind them.

use super::ask::{plane, steps, tcp, trace, way};
use crate::scenarios::{compile_with, read};
use hopwise::answer::{Reason, TraceAnswer, Verdict};
use hopwise::import::{Document, read_patch};
use hopwise::net::Protocol;
use std::path::Path;

/// A hub with a VPN gateway, and an office; `site` goes on with the connection of the office.
fn office(site: &str) -> String {
    format!(
        "network:
  virtualNetworks: [{{name: hub, addressPrefixes: [10.1.0.0/16], subnets: [{{name: GatewaySubnet, addressPrefix: 10.1.0.0/27}}, {{name: work, addressPrefix: 10.1.2.0/24}}]}}]
  publicIPAddresses: [{{name: gateway-pip, sku: Standard, ipAddress: 198.51.100.20}}]
  virtualNetworkGateways: [{{name: gateway, gatewayType: Vpn, virtualNetwork: hub, publicIPAddress: gateway-pip, enableBgp: true}}]
  localNetworkGateways: [{{name: office, addressPrefixes: [192.168.10.0/24], gatewayIpAddress: 203.0.113.7}}]
  connections: [{{name: to-office, virtualNetworkGateway1: gateway, localNetworkGateway2: office, enableBgp: true, connectionStatus: Connected}}]
  virtualMachines: [{{name: machine, subnet: hub/work, privateIPAddress: 10.1.2.4}}]
internet: {{hosts: [{{name: server, ipAddress: 198.51.100.80}}]}}
onPremises:
  - name: office
    addressPrefixes: [192.168.10.0/24]
    hosts: [{{name: pc, ipAddress: 192.168.10.5}}]
    {site}
"
    )
}

const TUNNEL: &str = "publicIPAddress: 203.0.113.7
    connections: [{localNetworkGateway: office, advertisedPrefixes: [192.168.10.0/24]}]";

/// The headers around the packet, in the order met.
fn outer(answer: &TraceAnswer) -> Vec<String> {
    steps(answer).filter_map(|step| step.flow_outer).map(|flow| flow.to_string()).collect()
}

#[test]
fn a_tunnel_wraps_the_packet_and_leaves_it_as_it_is() {
    // R317
    let plane = plane(&office(TUNNEL));
    let answer = tcp(&plane, "pc", "machine:22");
    assert_eq!(answer.verdict, Verdict::Reachable);
    assert_eq!(way(&answer), ["pc", "office edge", "gateway", "machine"]);
    let there = "ESP 203.0.113.7 -> 198.51.100.20";
    assert_eq!(outer(&answer), [there, "ESP 198.51.100.20 -> 203.0.113.7"]);
    assert_eq!(answer.warnings, [""; 0]);
    let inner = answer.paths[0].request.last().unwrap().flow;
    assert_eq!(inner.to_string(), "TCP 192.168.10.5 -> 10.1.2.4:22");
}

#[test]
fn behind_a_translation_it_is_wrapped_in_udp() {
    // RFC 3948: port 4500 on both sides, of which the translation changes one.
    let site = TUNNEL.replace("{localNetworkGateway", "{isBehindNat: true, localNetworkGateway");
    let answer = tcp(&plane(&office(&site)), "pc", "machine:22");
    let there = "UDP 203.0.113.7 -> 198.51.100.20:4500";
    assert_eq!(outer(&answer), [there, "UDP 198.51.100.20:4500 -> 203.0.113.7"]);
}

#[test]
fn a_tunnel_whose_ends_do_not_fit_or_are_not_known_is_remarked_upon() {
    let elsewhere = TUNNEL.replace("203.0.113.7", "203.0.113.9");
    let answer = tcp(&plane(&office(&elsewhere)), "pc", "machine:22");
    assert_eq!(answer.warnings.len(), 1);
    assert!(answer.warnings[0].contains("expects the device at 203.0.113.7"), "{answer:?}");
    let nowhere = office(TUNNEL).replace(", ipAddress: 198.51.100.20", "");
    let answer = tcp(&plane(&nowhere), "pc", "machine:22");
    assert_eq!((answer.verdict, outer(&answer).len()), (Verdict::Reachable, 0));
    assert!(answer.warnings[0].contains("gateway has no public address in the input"));
}

#[test]
fn a_site_that_only_a_local_network_gateway_tells_of_has_a_tunnel_too() {
    let text = office(TUNNEL);
    let (network, _) = text.split_once("onPremises").unwrap();
    let answer = tcp(&plane(network), "machine", "192.168.10.5:443");
    assert_eq!(answer.verdict, Verdict::Reachable);
    let there = "ESP 198.51.100.20 -> 203.0.113.7";
    assert_eq!(outer(&answer), [there, "ESP 203.0.113.7 -> 198.51.100.20"]);
}

#[test]
fn the_ends_of_a_tunnel_talk_over_the_internet() {
    let plane = plane(&office(TUNNEL));
    for (to, protocol) in [("gateway-pip:500", Protocol::Udp), ("gateway-pip", Protocol::Esp)] {
        let answer = trace(&plane, "office edge", to, protocol);
        assert_eq!(answer.verdict, Verdict::Reachable, "{to}");
        assert_eq!(answer.paths[0].request[0].flow.source.to_string(), "203.0.113.7");
    }
    // The address is that of the edge, whatever machine stands behind it.
    let by_address = trace(&plane, "203.0.113.7", "gateway-pip:500", Protocol::Udp);
    assert_eq!(way(&by_address)[0], "office edge");
}

#[test]
fn machines_of_a_site_appear_on_the_internet_with_its_address() {
    let answer = tcp(&plane(&office(TUNNEL)), "pc", "server:443");
    assert_eq!(answer.verdict, Verdict::Reachable);
    let last = answer.paths[0].request.last().unwrap();
    assert_eq!(last.flow.to_string(), "TCP 203.0.113.7 -> 198.51.100.80:443");
    let back = answer.paths[0].reply.last().unwrap();
    assert_eq!((&*back.at, back.flow.destination.to_string()), ("pc", "192.168.10.5".into()));
    // Any machine of the site does, and without a known address it is some address.
    let any = tcp(&plane(&office(TUNNEL)), "192.168.10.77", "server:443");
    assert_eq!(any.verdict, Verdict::Reachable);
    let unnamed = TUNNEL.replace("publicIPAddress: 203.0.113.7\n    ", "");
    let answer = tcp(&plane(&office(&unnamed)), "pc", "server:443");
    assert_eq!(answer.verdict, Verdict::Reachable);
}

#[test]
fn a_site_knows_what_its_filters_let_through() {
    // R319: the gateway announces the network; the site takes a part of that, or nothing.
    let filter = |prefixes: &str| {
        let accepted = format!("{{acceptedPrefixes: [{prefixes}], localNetworkGateway");
        let text = office(&TUNNEL.replace("{localNetworkGateway", &accepted));
        tcp(&plane(&text), "pc", "machine:22")
    };
    assert_eq!(filter("10.0.0.0/8").verdict, Verdict::Reachable);
    let refused = filter("10.2.0.0/16");
    assert_eq!(refused.reason, Some(Reason::SiteHasNoRoute));
    assert_eq!(refused.obstacles[0].at, "office edge");
    assert_eq!(refused.obstacles[0].text, "of Azure, office knows nothing");
    assert_eq!(filter("").reason, Some(Reason::SiteHasNoRoute));
}

#[test]
fn a_site_whose_tunnels_are_down_says_so() {
    // R507
    let down =
        office(TUNNEL).replace("connectionStatus: Connected", "connectionStatus: NotConnected");
    assert_eq!(tcp(&plane(&down), "pc", "machine:22").reason, Some(Reason::ConnectionDown));
    let off = office(&TUNNEL.replace("{localNetworkGateway", "{isUp: false, localNetworkGateway"));
    assert_eq!(tcp(&plane(&off), "pc", "machine:22").reason, Some(Reason::ConnectionDown));
    // Who never was joined to Azure misses no tunnel: private addresses are nothing for the Internet.
    let alone = office("publicIPAddress: 203.0.113.7");
    let alone = tcp(&plane(&alone), "pc", "machine:22");
    assert_eq!(alone.reason, Some(Reason::PrivateAddressOnInternet));
}

#[test]
fn a_circuit_carries_packets_as_they_are() {
    let text = office(
        "connections: [{expressRouteCircuit: circuit, advertisedPrefixes: [192.168.10.0/24]}]",
    )
    .replace("gatewayType: Vpn", "gatewayType: ExpressRoute")
    .replace("localNetworkGateway2: office", "peer: circuit")
    .replace("  virtualMachines", "  expressRouteCircuits: [{name: circuit}]\n  virtualMachines");
    let answer = tcp(&plane(&text), "pc", "machine:22");
    assert_eq!(answer.verdict, Verdict::Reachable);
    assert_eq!((outer(&answer).len(), answer.warnings.len()), (0, 0));
}

#[test]
fn a_session_that_hears_too_much_goes_down_and_the_vpn_takes_over() {
    // R348: private peering takes 4 000 prefixes of a Standard circuit, 10 000 of a Premium one.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/aks/expressroute.yaml");
    let imported = read(&path);
    let first_hop = |count: u32, tier: &str| {
        let more = (1..count).map(|number| {
            let [_, _, high, low] = number.to_be_bytes();
            format!("172.20.{high}.{low}/32")
        });
        let all: Vec<String> = std::iter::once("192.168.10.0/24".to_owned()).chain(more).collect();
        let text = format!(
            "{{onPremises: {{data-centre: {{connections: {{circuit: {{advertisedPrefixes: [{}]}}}}}}}}, expressRouteCircuits: {{circuit: {{sku: {{tier: {tier}}}}}}}}}",
            all.join(", ")
        );
        let patch = read_patch(Document { name: "patch".into(), text: text.as_bytes() }).unwrap();
        let mut snapshot = imported.snapshot.clone();
        assert_eq!(patch.apply(&mut snapshot), []);
        let plane = compile_with(snapshot).unwrap();
        let out = tcp(&plane, "jumpbox", "workstation:22");
        let back = tcp(&plane, "workstation", "jumpbox:22");
        assert_eq!((out.verdict, back.verdict), (Verdict::Reachable, Verdict::Reachable));
        // A session that is down is so for both sides.
        let first = out.paths[0].request[1].at.clone();
        assert!(way(&back).contains(&&*first), "{:?}", way(&back));
        first
    };
    assert_eq!(first_hop(4_000, "Standard"), "circuit");
    assert_eq!(first_hop(4_001, "Standard"), "vpngw");
    assert_eq!(first_hop(4_001, "Premium"), "circuit");
}

/// A private address is nobody's on the Internet (R202); the machine's public one leads to it (R126).
#[test]
fn who_asks_from_the_internet_for_a_private_address_is_told_the_public_one() {
    let plane = plane(
        "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  publicIPAddresses: [{name: pip, sku: Basic, ipAddress: 198.51.100.4}]
  virtualMachines:
    - {name: seen, subnet: v/s, privateIPAddress: 10.0.0.4, publicIPAddress: pip}
    - {name: hidden, subnet: v/s, privateIPAddress: 10.0.0.5}
",
    );
    let hint = "the Internet reaches seen by its public address 198.51.100.4: ask for that";
    let answer = tcp(&plane, "internet", "seen:22");
    assert_eq!(answer.reason, Some(Reason::PrivateAddressOnInternet));
    assert!(answer.warnings.iter().any(|it| it == hint), "{:?}", answer.warnings);
    let answer = tcp(&plane, "internet", "hidden:22");
    assert_eq!(answer.reason, Some(Reason::PrivateAddressOnInternet));
    assert_eq!(answer.warnings, [] as [&str; 0]);
    assert_eq!(tcp(&plane, "internet", "198.51.100.4:22").verdict, Verdict::Reachable);
}
