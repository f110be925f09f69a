//! Load balancers, NAT gateways and application gateways.

use super::support::{address, codes, named, quiet, scenario};
use hopwise::azure::*;
use hopwise::net::{PortRange, Protocol, ProtocolSet};

const BALANCED: &str = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  publicIPAddresses: [{name: pip, sku: Standard}]
  networkInterfaces:
    - {name: a, ipConfigurations: [{name: c, subnet: v/s, privateIPAddress: 10.0.0.4, loadBalancerBackendAddressPools: [lb/told-by-nic, lb/told-by-both]}]}
    - {name: b, ipConfigurations: [{name: c, subnet: v/s, privateIPAddress: 10.0.0.5}]}
  loadBalancers:
    - name: lb
      sku: {name: Standard}
      frontendIPConfigurations:
        - {name: private, subnet: v/s, privateIPAddress: 10.0.0.100}
        - {name: public, publicIPAddress: pip}
        - {name: odd, publicIPPrefix: {id: /subscriptions/s/x}}
      backendAddressPools:
        - {name: told-by-nic}
        - {name: told-by-both, backendIPConfigurations: [a/c, b/c]}
        - {name: by-address, loadBalancerBackendAddresses: [{name: x, ipAddress: 10.0.0.9, virtualNetwork: v}]}
      loadBalancingRules:
        - {name: ha, frontendIPConfiguration: private, backendAddressPool: told-by-nic, protocol: All, frontendPort: 0, backendPort: 0, enableFloatingIP: true}
        - {name: web, frontendIPConfiguration: public, backendAddressPools: [told-by-both], protocol: Tcp, frontendPort: 80, backendPort: 8080, disableOutboundSnat: true}
      inboundNatRules:
        - {name: one, frontendIPConfiguration: public, backendIPConfiguration: b/c, protocol: Tcp, frontendPort: 2222, backendPort: 22}
        - {name: range, frontendIPConfiguration: public, backendAddressPool: told-by-nic, protocol: Tcp, frontendPortRangeStart: 500, frontendPortRangeEnd: 599, backendPort: 22}
      outboundRules:
        - {name: out, frontendIPConfigurations: [public], backendAddressPool: told-by-nic, protocol: All}";

#[test]
fn a_load_balancer_with_its_parts() {
    let network = quiet(BALANCED);
    let balancer = network.load_balancers.values().next().unwrap();
    assert_eq!(balancer.sku, Sku::Standard);
    let frontend = |name| &named(&network.frontends, name, |f| f.id.name()).address;
    let subnet = network.subnets.ids().next().unwrap();
    let private = FrontendAddress::Private(Some(Link::To(subnet)), Some(address("10.0.0.100")));
    assert_eq!(*frontend("private"), private);
    assert!(matches!(frontend("public"), FrontendAddress::Public(Link::To(_))));
    assert_eq!(*frontend("odd"), FrontendAddress::Other);
    let rule = |name: &str| balancer.rules.iter().find(|rule| &*rule.name == name).unwrap();
    let (tcp, udp) = (ProtocolSet::single(Protocol::Tcp), ProtocolSet::single(Protocol::Udp));
    // R419: all ports of TCP and UDP, no ICMP.
    assert!(rule("ha").is_ha_ports() && rule("ha").has_floating_ip);
    assert_eq!(rule("ha").protocols, tcp.union(udp));
    assert_eq!((rule("web").frontend_port, rule("web").backend_port), (80, 8080));
    assert!(rule("web").disables_outbound_snat && rule("web").frontend.known().is_some());
    let [one, range] = &balancer.inbound_nat_rules[..] else { panic!("two rules") };
    assert_eq!((one.frontend_ports, one.backend_port), (PortRange::single(2222), 22));
    assert!(one.backend.unwrap().known().is_some());
    assert_eq!(range.frontend_ports, PortRange::new(500, 599).unwrap());
    assert!(range.backend_pool.unwrap().known().is_some());
    assert_eq!(balancer.outbound_rules[0].frontends.len(), 1);
}

#[test]
fn members_of_pools_are_told_by_either_side() {
    let network = quiet(BALANCED);
    let pool = |name| named(&network.backend_pools, name, |pool| pool.id.name());
    let members = |name| {
        let members = pool(name).members.iter().map(|link| link.known().unwrap());
        let of = |id| network.ip_configurations[id].interface;
        members.map(|id| network.network_interfaces[of(id)].meta.name()).collect::<Vec<_>>()
    };
    assert_eq!(members("told-by-nic"), ["a"]);
    assert_eq!(members("told-by-both"), ["a", "b"]);
    assert_eq!(pool("by-address").addresses, [address("10.0.0.9")]);
    assert!(pool("by-address").network.is_some());
}

#[test]
fn a_rule_without_a_port_is_left_out_with_a_warning() {
    let (network, diagnostics) = scenario(&BALANCED.replace("frontendPort: 80, ", ""));
    assert_eq!(network.load_balancers.values().next().unwrap().rules.len(), 1);
    assert_eq!(codes(&diagnostics), ["missing-property"]);
}

#[test]
fn nat_gateways_have_addresses_and_prefixes() {
    let network = quiet(
        "network:
  publicIPAddresses: [{name: pip, sku: Standard}]
  publicIPPrefixes: [{name: range, ipPrefix: 198.51.100.0/28}]
  natGateways: [{name: n, publicIpAddresses: [pip], publicIpPrefixes: [range]}]
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, natGateway: n}]}]",
    );
    let gateway = network.nat_gateways.values().next().unwrap();
    assert_eq!((gateway.public_ip_addresses.len(), gateway.public_ip_prefixes.len()), (1, 1));
    let range = network.public_ip_prefixes.values().next().unwrap();
    assert_eq!(range.prefix, Some("198.51.100.0/28".parse().unwrap()));
    let subnet = network.subnets.values().next().unwrap();
    assert!(subnet.nat_gateway.unwrap().known().is_some());
}

#[test]
fn an_application_gateway_has_a_subnet_and_frontends() {
    let network = quiet(
        "network:
  publicIPAddresses: [{name: pip, sku: Standard}]
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  applicationGateways:
    - {name: g, gatewayIPConfigurations: [{name: c, subnet: v/s}],
       frontendIPConfigurations: [{name: a, publicIPAddress: pip}, {name: b, privateIPAddress: 10.0.0.10, subnet: v/s}]}",
    );
    let gateway = network.application_gateways.values().next().unwrap();
    assert!(gateway.subnet.unwrap().known().is_some());
    assert_eq!(gateway.private_addresses, [address("10.0.0.10")]);
    assert_eq!(gateway.public_ip_addresses.len(), 1);
    // R587: without listeners in the input nothing is known of its ports.
    assert_eq!(gateway.listeners, None);
}

#[test]
fn an_application_gateway_listens_at_ports_of_its_frontends() {
    let gateway = |listeners: &str| {
        let network = quiet(&format!(
            "network:
  publicIPAddresses: [{{name: pip, sku: Standard}}]
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  applicationGateways:
    - name: g
      sku: {{name: WAF_v2, tier: WAF_v2}}
      gatewayIPConfigurations: [{{name: c, subnet: v/s}}]
      frontendIPConfigurations: [{{name: a, publicIPAddress: pip}}, {{name: b, properties: {{privateIPAddress: 10.0.0.10, subnet: v/s}}}}]
      frontendPorts: [{{name: web, properties: {{port: 443}}}}, {{name: other, port: 8080}}]
      httpListeners: [{listeners}]"
        ));
        network.application_gateways.values().next().unwrap().clone()
    };
    // By the ids of an export, and by names.
    let id = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/applicationGateways/g";
    let exported = format!(
        "{{name: one, properties: {{frontendIPConfiguration: {{id: {id}/frontendIPConfigurations/A}}, frontendPort: {{id: {id}/frontendPorts/web}}}}}}"
    );
    let both = gateway(&format!(
        "{exported}, {{name: two, frontendIPConfiguration: b, frontendPort: other}}"
    ));
    assert_eq!(both.is_version_2, Some(true));
    let listeners = both.listeners.unwrap();
    let found = listeners.iter().map(|it| (&*it.frontend, it.private_address, it.port));
    let private = Some(address("10.0.0.10"));
    assert_eq!(found.collect::<Vec<_>>(), [("a", None, 443), ("b", private, 8080)]);
    assert!(listeners[0].public_ip_address.is_some());
    // R587: one that cannot be followed may be for any port.
    let lost = gateway(&format!(
        "{exported}, {{name: two, frontendIPConfiguration: b, frontendPort: gone}}"
    ));
    assert_eq!(lost.listeners, None);
}
