//! What `inventory` says of things that Azure refuses or does not support, each with a case beside it that it takes.

use super::inventory::{check, findings};

/// How often `code` is found in `network`.
fn count(network: &str, code: &str) -> usize {
    findings(network).iter().filter(|(found, _)| found == code).count()
}

fn gateway_subnet(more: &str) -> String {
    format!(
        "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/16], subnets: [{{name: GatewaySubnet, addressPrefix: 10.0.255.0/27, {more}}}]}}]\n"
    )
}

#[test]
fn what_gateways_do_not_work_with() {
    // R333: no group. R329: no default route. R331: no appliance for the subnet's own range.
    let code = "gateway-subnet-refused";
    let group =
        gateway_subnet("networkSecurityGroup: g") + "  networkSecurityGroups: [{name: g}]\n";
    check(&group, &[(code, "GatewaySubnet")]);
    let route = |prefix: &str, hop: &str| {
        gateway_subnet("routeTable: t")
            + &format!(
                "  routeTables: [{{name: t, routes: [{{name: r, addressPrefix: {prefix}, {hop}}}]}}]\n"
            )
    };
    let appliance = "nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.1.4";
    let cases = [
        ("0.0.0.0/0", appliance, 1),
        ("0.0.0.0/0", "nextHopType: None", 1),
        ("0.0.0.0/0", "nextHopType: Internet", 1),
        ("10.0.0.0/16", appliance, 1),
        ("10.0.255.0/27", appliance, 1),
        ("10.0.255.0/28", appliance, 0),
        ("10.0.0.0/16", "nextHopType: VnetLocal", 0),
        ("10.1.0.0/16", appliance, 0),
    ];
    for (prefix, hop, expected) in cases {
        assert_eq!(count(&route(prefix, hop), code), expected, "{prefix} {hop}");
    }
}

#[test]
fn what_application_gateways_do_not_work_with() {
    // R30: nothing else in the subnet. R224: 65200-65535 from GatewayManager, all from AzureLoadBalancer, out to
    // the Internet. R429: a default route only to the Internet.
    let network = |subnet: &str, more: &str| {
        format!(
            "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/16], subnets: [{{name: web, addressPrefix: 10.0.0.0/24, {subnet}}}]}}]
  applicationGateways: [{{name: agw, gatewayIPConfigurations: [{{name: i, subnet: a/web}}]}}]\n{more}"
        )
    };
    let rule = |name: &str, number: u16, way: &str, access: &str, from: &str, ports: &str| {
        format!(
            "{{name: {name}, priority: {number}, direction: {way}, access: {access}, protocol: Tcp, sourceAddressPrefix: '{from}', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '{ports}'}}"
        )
    };
    let group = |rules: &[String]| {
        let rules = rules.join(", ");
        network(
            "networkSecurityGroup: g",
            &format!("  networkSecurityGroups: [{{name: g, securityRules: [{rules}]}}]\n"),
        )
    };
    let manager = rule("m", 100, "Inbound", "Allow", "GatewayManager", "65200-65535");
    let narrow = rule("m", 100, "Inbound", "Allow", "GatewayManager", "65200-65534");
    let no_probes = rule("p", 200, "Inbound", "Deny", "AzureLoadBalancer", "*");
    let no_more = rule("d", 4000, "Inbound", "Deny", "*", "*");
    let not_out = rule("o", 100, "Outbound", "Deny", "*", "*");
    let route = |hop: &str| {
        network(
            "routeTable: t",
            &format!(
                "  routeTables: [{{name: t, routes: [{{name: r, addressPrefix: 0.0.0.0/0, {hop}}}]}}]\n"
            ),
        )
    };
    let other = "  virtualMachines: [{name: vm, subnet: a/web, privateIPAddress: 10.0.0.9}]\n";
    let cases = [
        (network("", ""), 0),
        (network("", other), 1),
        (group(std::slice::from_ref(&manager)), 0),
        (group(&[]), 1),
        (group(&[narrow]), 1),
        (group(&[manager.clone(), no_probes]), 1),
        (group(&[manager.clone(), no_more]), 1),
        (group(&[manager, not_out]), 1),
        (route("nextHopType: Internet"), 0),
        (route("nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.1.4"), 1),
    ];
    for (network, expected) in cases {
        assert_eq!(count(&network, "application-gateway-refused"), expected, "{network}");
    }
}

#[test]
fn zones_that_hide_what_bastion_needs() {
    // R286
    let network = |zone: &str, linked: &str| {
        format!(
            "  virtualNetworks:
    - {{name: a, addressPrefixes: [10.0.0.0/16], subnets: [{{name: AzureBastionSubnet, addressPrefix: 10.0.1.0/26}}]}}
    - {{name: b, addressPrefixes: [10.1.0.0/16]}}
  bastionHosts: [{{name: bas, virtualNetwork: a, publicIPAddress: p}}]
  publicIPAddresses: [{{name: p, sku: Standard, ipAddress: 20.1.2.3}}]
  privateDnsZones: [{{name: {zone}, virtualNetworkLinks: [{{name: l, virtualNetwork: {linked}}}]}}]\n"
        )
    };
    let code = "bastion-zone-linked";
    for zone in ["management.azure.com", "blob.core.windows.net", "core.windows.net"] {
        check(&network(zone, "a"), &[(code, zone)]);
    }
    for zone in ["vaultcore.windows.net", "vault.azure.net", "azure.com"] {
        check(&network(zone, "a"), &[(code, zone)]);
        check(&network(zone, "b"), &[]);
    }
    check(&network("privatelink.blob.core.windows.net", "a"), &[]);
}

#[test]
fn subnets_of_private_link_services() {
    // R308
    let network = |policies: &str| {
        format!(
            "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, privateLinkServiceNetworkPolicies: {policies}}}]}}]
  loadBalancers: [{{name: lb, frontendIPConfigurations: [{{name: f, subnet: a/s, privateIPAddress: 10.0.0.10}}]}}]
  privateLinkServices: [{{name: pls, loadBalancerFrontendIpConfigurations: [lb/f], ipConfigurations: [{{name: n, subnet: a/s, privateIPAddress: 10.0.0.11}}]}}]\n"
        )
    };
    assert_eq!(count(&network("Enabled"), "private-link-service-refused"), 1);
    assert_eq!(count(&network("Disabled"), "private-link-service-refused"), 0);
}

#[test]
fn subnets_that_a_nat_gateway_does_not_serve() {
    // R413
    let network = |subnet: &str, sku: &str| {
        format!(
            "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/16], subnets: [{{name: {subnet}, addressPrefix: 10.0.0.0/24, natGateway: nat}}]}}]
  natGateways: [{{name: nat, publicIpAddresses: [out]}}]
  publicIPAddresses: [{{name: out, sku: Standard, ipAddress: 20.1.2.3}}, {{name: in, sku: {sku}, ipAddress: 20.1.2.4}}]
  virtualMachines: [{{name: vm, subnet: a/{subnet}, privateIPAddress: 10.0.0.9, publicIPAddress: in}}]\n"
        )
    };
    let code = "nat-gateway-refused";
    assert_eq!(count(&network("work", "Standard"), code), 0);
    assert_eq!(count(&network("work", "Basic"), code), 1);
    assert_eq!(count(&network("GatewaySubnet", "Standard"), code), 1);
    let balanced = |sku: &str| {
        network("work", "Standard")
            + &format!(
                "  loadBalancers: [{{name: lb, sku: {sku}, frontendIPConfigurations: [{{name: f, subnet: a/work, privateIPAddress: 10.0.0.20}}]}}]\n"
            )
    };
    assert_eq!(count(&balanced("Standard"), code), 0);
    assert_eq!(count(&balanced("Basic"), code), 1);
}

#[test]
fn families_in_one_rule() {
    // R181
    let network = |from: &str, to: &str| {
        format!(
            "  networkSecurityGroups:
    - name: g
      securityRules: [{{name: r, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefixes: [{from}], sourcePortRange: '*', destinationAddressPrefix: '{to}', destinationPortRange: '443'}}]\n"
        )
    };
    let code = "address-families-mixed";
    let cases = [
        ("10.0.0.0/8", "10.1.0.0/16", 0),
        ("'fd00::/8'", "fd00:1::/32", 0),
        ("10.0.0.0/8", "*", 0),
        ("10.0.0.0/8", "VirtualNetwork", 0),
        ("10.0.0.0/8", "fd00::/8", 1),
        ("10.0.0.0/8, 'fd00::/8'", "*", 1),
    ];
    for (from, to, expected) in cases {
        assert_eq!(count(&network(from, to), code), expected, "{from} {to}");
    }
}

#[test]
fn a_resolver_does_without_ipv6() {
    // R276
    let network = |prefixes: &str| {
        format!(
            "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/16, 'fd00::/48'], subnets: [{{name: dns, addressPrefixes: [{prefixes}], delegations: [{{name: d, serviceName: Microsoft.Network/dnsResolvers}}]}}]}}]
  dnsResolvers: [{{name: r, virtualNetwork: a, inboundEndpoints: [{{name: in, subnet: a/dns}}]}}]\n"
        )
    };
    assert_eq!(count(&network("10.0.0.0/28"), "service-subnet-refused"), 0);
    assert_eq!(count(&network("10.0.0.0/28, 'fd00::/64'"), "service-subnet-refused"), 1);
}

/// The parts of a list, `count` of them.
fn list(count: usize, each: &dyn Fn(usize) -> String) -> String {
    (0..count).map(each).collect::<Vec<_>>().join(", ")
}

/// A circuit with `count` networks on it.
fn circuit(tier: &str, count: usize) -> String {
    let gateways = list(count, &|at| {
        format!("{{name: g{at}, gatewayType: ExpressRoute, virtualNetwork: n{at}}}")
    });
    let joined = list(count, &|at| {
        format!(
            "{{name: c{at}, connectionType: ExpressRoute, virtualNetworkGateway1: g{at}, peer: er}}"
        )
    });
    let networks = list(count, &|at| {
        format!(
            "{{name: n{at}, addressPrefixes: [10.{at}.0.0/16], subnets: [{{name: GatewaySubnet, addressPrefix: 10.{at}.0.0/27}}]}}"
        )
    });
    format!(
              "  virtualNetworks: [{networks}]\n  virtualNetworkGateways: [{gateways}]\n  connections: [{joined}]
  expressRouteCircuits: [{{name: er, sku: {{tier: {tier}}}}}]\n"
          )
}

#[test]
fn limits_of_networks_nat_gateways_and_circuits() {
    // R34, R136, R236: 20 DNS servers, 500 peerings, 3,000 subnets. R413: 16 addresses. R359: 10 networks, 100 on Premium.
    let servers = |count| {
        let all = list(count, &|at| format!("10.0.0.{}", at + 1));
        format!(
            "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/8], dhcpOptions: {{dnsServers: [{all}]}}}}]\n"
        )
    };
    let peerings = |count| {
        let halves = list(count, &|at| format!("{{name: p{at}, remoteVirtualNetwork: b{at}}}"));
        format!(
            "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/8], virtualNetworkPeerings: [{halves}]}}]\n"
        )
    };
    let subnets = |count| {
        let all = list(count, &|at| {
            format!("{{name: s{at}, addressPrefix: 10.{}.{}.0/24}}", at / 256, at % 256)
        });
        format!(
            "  virtualNetworks: [{{name: a, addressPrefixes: [10.0.0.0/8], subnets: [{all}]}}]\n"
        )
    };
    let nat = |addresses, prefix: &str| {
        let own = list(addresses, &|at| format!("p{at}"));
        let all = list(addresses, &|at| {
            format!("{{name: p{at}, sku: Standard, ipAddress: 20.0.0.{at}}}")
        });
        format!(
            "  natGateways: [{{name: nat, publicIpAddresses: [{own}], publicIpPrefixes: [x]}}]
  publicIPAddresses: [{all}]
  publicIPPrefixes: [{{name: x, ipPrefix: {prefix}}}]\n"
        )
    };
    let cases = [
        (servers(20), 0),
        (servers(21), 1),
        (peerings(500), 0),
        (peerings(501), 1),
        (subnets(3_000), 0),
        (subnets(3_001), 1),
        (nat(8, "20.1.0.0/29"), 0),
        (nat(9, "20.1.0.0/29"), 1),
        (circuit("Standard", 10), 0),
        (circuit("Standard", 11), 1),
        (circuit("Premium", 11), 0),
        (circuit("Premium", 101), 1),
    ];
    for (network, expected) in cases {
        let start: String = network.chars().take(200).collect();
        assert_eq!(count(&network, "limit-exceeded"), expected, "{start}");
    }
}
