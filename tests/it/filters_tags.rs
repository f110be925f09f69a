//! Service tags and application security groups: chapters 4.2 and 4.3 of the rules, by hand.

use crate::filters_support::*;
use hopwise::answer::Rule;
use hopwise::dataplane::filter::Match;
use hopwise::dataplane::security::VirtualNetworkTag;

/// Hub b (10.1/16), peers a (10.0/16) and c (10.2/16); a's subnet has a route table.
fn hub(routes: &str, extra: &str) -> String {
    format!(
        "
network:
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g, routeTable: t}}, {{name: s2, addressPrefix: 10.0.2.0/24}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]
    - name: b
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: sb, addressPrefix: 10.1.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: a}}, {{name: to-c, remoteVirtualNetwork: c, allowVirtualNetworkAccess: false}}]
    - name: c
      addressPrefixes: [10.2.0.0/16]
      subnets: [{{name: sc, addressPrefix: 10.2.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]
  routeTables: [{{name: t, routes: [{routes}]}}]
  networkSecurityGroups: [{{name: g, securityRules: []}}]
  virtualMachines: [{{name: vm, subnet: a/s, privateIPAddress: 10.0.0.4}}]
{extra}"
    )
}

fn tag(yaml: &str, subnet: &str) -> VirtualNetworkTag {
    let estate = estate(yaml);
    let subnet = estate.subnet(subnet);
    VirtualNetworkTag::at(&estate.network, estate.profile, subnet, &estate.table(subnet))
}

fn prefixes(yaml: &str, subnet: &str) -> Vec<String> {
    let tag = tag(yaml, subnet);
    assert!(tag.addresses.is_exact(), "{:?}", tag.unsure);
    tag.addresses.surely().prefixes().iter().map(ToString::to_string).collect()
}

const HOST: &str = "168.63.129.16/32";

#[test]
fn the_tag_is_the_network_its_peers_and_the_host() {
    // R195, R139, corpus fact 2
    assert_eq!(prefixes(&hub("", ""), "s"), ["10.0.0.0/15", HOST]);
    // R142: where access is not allowed the peer is not in it; the other side's own link counts there.
    assert_eq!(prefixes(&hub("", ""), "sb"), ["10.0.0.0/15", HOST]);
    assert_eq!(prefixes(&hub("", ""), "sc"), ["10.1.0.0/16", "10.2.0.0/16", HOST]);
}

#[test]
fn user_routes_to_an_appliance_or_a_gateway_widen_it() {
    // R195, R197, R519
    let routes = "
      {name: nva, addressPrefix: 172.16.0.0/12, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.4},
      {name: gateway, addressPrefix: 192.168.0.0/24, nextHopType: VirtualNetworkGateway},
      {name: internet, addressPrefix: 20.0.0.0/8, nextHopType: Internet},
      {name: local, addressPrefix: 30.0.0.0/8, nextHopType: VnetLocal},
      {name: none, addressPrefix: 40.0.0.0/8, nextHopType: None}";
    let expected = ["10.0.0.0/15", HOST, "172.16.0.0/12", "192.168.0.0/24"];
    assert_eq!(prefixes(&hub(routes, ""), "s"), expected);
    assert_eq!(prefixes(&hub(routes, ""), "s2"), ["10.0.0.0/15", HOST], "another subnet");
}

/// Whatever the tag of a route stands for is in `VirtualNetwork`, also what packets never take the route to. The
/// smallest case of the oracle.
#[test]
fn a_route_for_a_tag_that_is_not_known_counts_where_another_one_takes_the_packets() {
    // R79, R195, R197, R207
    let routes = "
      {name: tagged, addressPrefix: AzureActiveDirectory, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.4},
      {name: one, addressPrefix: 20.60.0.7/32, nextHopType: Internet}";
    let tag = tag(&hub(routes, ""), "s");
    let is_in = |address: &str| tag.addresses.contains(address.parse().unwrap());
    assert_eq!(is_in("20.60.0.7"), Match::Maybe);
    assert_eq!(is_in("20.60.0.8"), Match::Maybe);
    assert_eq!(is_in("192.168.7.7"), Match::No, "no tag holds what is private");
    assert_eq!(is_in("10.0.7.7"), Match::Yes);
    assert!(tag.unsure.iter().all(|it| it.contains("AzureActiveDirectory")), "{:?}", tag.unsure);
    let elsewhere = routes.replace(
        "nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.4",
        "nextHopType: Internet",
    );
    assert_eq!(
        prefixes(&hub(&elsewhere, ""), "s"),
        ["10.0.0.0/15", HOST],
        "R519: such routes never count"
    );
}

const ALL_TO_NVA: &str = "{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.4}";

#[test]
fn a_default_route_to_an_appliance_makes_it_everything() {
    // R196
    let tag = tag(&hub(ALL_TO_NVA, ""), "s");
    assert_eq!(tag.addresses.contains("8.8.8.8".parse().unwrap()), Match::Yes);
    assert_eq!(tag.addresses.contains("2001:db8::1".parse().unwrap()), Match::No);
    let cites = |address: &str| tag.part_of(address.parse().unwrap()).unwrap().cites;
    assert_eq!(cites("8.8.8.8"), Rule(196));
    assert_eq!(cites("10.0.7.7"), Rule(195), "addresses of the network rest on the surer rule");
    assert_eq!(cites("10.1.7.7"), Rule(139));
}

#[test]
fn a_missing_table_may_put_the_addresses_of_a_service_endpoint_into_it() {
    // R196, R197: what the table says of 0.0.0.0/0 counts, whichever route wins (R91).
    let missing = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/x/providers/Microsoft.Network/routeTables/t";
    let endpoint = format!(
        "routeTable: {missing}, serviceEndpoints: [{{service: Microsoft.Storage, locations: ['*']}}]"
    );
    let yaml = hub("", "").replace("routeTable: t", &endpoint);
    for address in ["8.8.8.8", "20.60.0.4"] {
        assert_eq!(tag(&yaml, "s").addresses.contains(address.parse().unwrap()), Match::Maybe);
    }
}

/// R127: a peer whose own half is not connected is not in it, as no route leads there.
#[test]
fn a_peer_that_does_not_answer_is_not_in_it() {
    let alone = hub("", "").replace(
        "{name: to-a, remoteVirtualNetwork: a}",
        "{name: to-a, remoteVirtualNetwork: a, peeringState: Disconnected}",
    );
    assert_eq!(prefixes(&alone, "s"), ["10.0.0.0/16", HOST]);
}

/// R127, R139: it may be connected to a network that is not in the input, where nothing says whether.
#[test]
fn a_peer_that_is_missing_may_be_in_it() {
    let to_gone = |more: &str| {
        let half = format!(
            "{{name: to-b, remoteVirtualNetwork: gone, remoteAddressSpace: {{addressPrefixes: [10.9.0.0/16]}}{more}}}"
        );
        let host = "{name: host, addressPrefix: 10.9.0.1/32, nextHopType: None}";
        tag(&hub(host, "").replacen("{name: to-b, remoteVirtualNetwork: b}", &half, 1), "s")
    };
    for (more, expected) in [
        ("", Match::Maybe),
        (", peeringState: Connected", Match::Yes),
        (", peeringState: Disconnected", Match::No),
        (", allowVirtualNetworkAccess: false", Match::No),
    ] {
        let tag = to_gone(more);
        // Also what packets never take the peering to (R80).
        for address in ["10.9.0.1", "10.9.7.7"] {
            assert_eq!(tag.addresses.contains(address.parse().unwrap()), expected, "{more}");
        }
        assert_eq!(tag.addresses.contains("10.10.0.1".parse().unwrap()), Match::No);
    }
}

/// R197: prefixes of service endpoints are never in it, so that their addresses are not known is no doubt.
#[test]
fn service_endpoints_leave_no_doubt_about_it() {
    let endpoint = hub("", "").replace(
        "addressPrefix: 10.0.2.0/24",
        "addressPrefix: 10.0.2.0/24, serviceEndpoints: [{service: Microsoft.Storage}]",
    );
    assert_eq!(prefixes(&endpoint, "s2"), ["10.0.0.0/15", HOST]);
}

/// R197: a user route to an appliance or to nobody knows where counts whatever other route packets
/// take; one to the Internet does not (R519).
#[test]
fn a_route_to_what_cannot_be_read_may_put_anything_into_it() {
    let host = "{name: host, addressPrefix: 203.0.113.80/32, nextHopType: None}";
    let other = |hop: &str| {
        let routes = format!("{host}, {{name: r, nextHopType: {hop}}}");
        let tag = tag(&hub(&routes, ""), "s");
        tag.addresses.contains("203.0.113.80".parse().unwrap())
    };
    assert_eq!(other("VirtualAppliance, nextHopIpAddress: 10.1.0.4"), Match::Maybe);
    assert_eq!(other("Internet"), Match::No);
}

#[test]
fn behind_an_appliance_the_internet_passes_the_default_rules() {
    // G25, R196
    let estate = estate(&hub(ALL_TO_NVA, ""));
    let flow = "TCP 203.0.113.9 -> 10.0.0.4:443";
    check(&estate, "vm", Inbound, flow, "Allow g/AllowVnetInBound");
    let rules = estate.verify("vm", Inbound, flow).rules;
    assert!(rules.contains(&Rule(196)), "{rules:?}");
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 8.8.8.8:443", "Allow g/AllowVnetOutBound");
}

#[test]
fn behind_an_appliance_to_deny_the_network_is_to_deny_everything() {
    // R196
    let deny = "securityRules: [{name: no, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: VirtualNetwork,
      sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}]";
    let with = |routes| estate(&hub(routes, "").replace("securityRules: []", deny));
    let flow = "TCP 203.0.113.9 -> 10.0.0.4:443";
    check(&with(ALL_TO_NVA), "vm", Inbound, flow, "Deny g/no");
    check(&with(""), "vm", Inbound, flow, "Deny g/DenyAllInBound");
}

/// A VPN gateway in b, which serves a.
fn with_branch(prefix: &str) -> String {
    hub("", &format!("
  virtualNetworkGateways: [{{name: vpn, virtualNetwork: b, gatewayType: Vpn, publicIPAddress: p, vpnClientConfiguration: {{vpnClientAddressPool: {{addressPrefixes: [172.20.0.0/24]}}}}}}]
  publicIPAddresses: [{{name: p, sku: Standard, ipAddress: 20.1.1.1}}]
  localNetworkGateways: [{{name: office, localNetworkAddressSpace: {{addressPrefixes: [{prefix}]}}, gatewayIpAddress: 203.0.113.7}}]
  connections: [{{name: to-office, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office}}]
onPremises:
  - {{name: office, addressPrefixes: ['{prefix}'], publicIPAddress: 203.0.113.7, connections: [{{localNetworkGateway: office}}]}}
"))
        .replace("{name: sb, addressPrefix: 10.1.0.0/24}", "{name: GatewaySubnet, addressPrefix: 10.1.0.0/24}")
        .replace("{name: to-a, remoteVirtualNetwork: a}", "{name: to-a, remoteVirtualNetwork: a, allowGatewayTransit: true}")
        .replace("{name: to-b, remoteVirtualNetwork: b}]\n    - name: b", "{name: to-b, remoteVirtualNetwork: b, useRemoteGateways: true}]\n    - name: b")
}

#[test]
fn branches_and_clients_of_the_gateway_are_in_it() {
    // R195, R197, R199
    let expected = ["10.0.0.0/15", HOST, "172.20.0.0/24", "192.168.10.0/24"];
    assert_eq!(prefixes(&with_branch("192.168.10.0/24"), "s"), expected);
}

#[test]
fn a_default_route_from_the_branch_makes_it_everything() {
    // R198
    let tag = tag(&with_branch("0.0.0.0/0"), "s");
    let address = "203.0.113.99".parse().unwrap();
    assert_eq!(tag.addresses.contains(address), Match::Yes);
    assert_eq!(tag.part_of(address).unwrap().cites, Rule(198));
}

#[test]
fn a_route_table_that_is_missing_leaves_it_open() {
    let yaml = hub("", "").replace("routeTable: t}", "routeTable: {id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/routeTables/gone}}");
    let tag = tag(&yaml, "s");
    assert_eq!(tag.addresses.contains("8.8.8.8".parse().unwrap()), Match::Maybe);
    assert_eq!(tag.addresses.contains("10.1.0.4".parse().unwrap()), Match::Yes);
}

#[test]
fn public_space_of_the_network_is_not_the_internet() {
    // R201
    let yaml = hub("", "").replace("10.0.0.0/16", "20.0.0.0/16").replace("10.0.", "20.0.");
    let estate = estate(&yaml.replace("securityRules: []", "securityRules: [{name: no, priority: 100, direction: Outbound, access: Deny,
      protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: Internet, destinationPortRange: '*'}]"));
    check(&estate, "vm", Outbound, "TCP 20.0.0.4 -> 20.0.9.9:80", "Allow g/AllowVnetOutBound");
    check(&estate, "vm", Outbound, "TCP 20.0.0.4 -> 20.1.9.9:80", "Deny g/no");
}

fn to_tag(name: &str) -> String {
    hub("", "").replace("securityRules: []", &format!("securityRules: [{{name: r, priority: 100, direction: Outbound, access: Deny,
      protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: {name}, destinationPortRange: '443'}}]"))
}

#[test]
fn a_tag_without_contents_matches_maybe_and_only_public_addresses() {
    // R207, R205
    let estate = estate(&to_tag("Storage.WestEurope"));
    let unknown =
        "Unknown: rule r of g: the contents of the service tag Storage.WestEurope are not known";
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 20.60.1.1:443", unknown);
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 20.60.1.1:80", "Allow g/AllowInternetOutBound");
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 10.1.0.4:443", "Allow g/AllowVnetOutBound");
    let estate = estate.with_tag("storage.westeurope", "20.60.0.0/16");
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 20.60.1.1:443", "Deny g/r");
    check(
        &estate,
        "vm",
        Outbound,
        "TCP 10.0.0.4 -> 20.61.1.1:443",
        "Allow g/AllowInternetOutBound",
    );
}

/// R207: what is no tag of Azure's file may be anything.
#[test]
fn a_name_that_no_list_of_tags_has_matches_maybe() {
    let estate = estate(&to_tag("VirtualNetworkx"));
    let unknown =
        "Unknown: rule r of g: the contents of the service tag VirtualNetworkx are not known";
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 10.1.0.4:443", unknown);
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 10.1.0.4:80", "Allow g/AllowVnetOutBound");
}

#[test]
fn where_both_outcomes_agree_a_maybe_does_not_matter() {
    let yaml = to_tag("Storage").replace("access: Deny", "access: Allow");
    check(
        &estate(&yaml),
        "vm",
        Outbound,
        "TCP 10.0.0.4 -> 20.60.1.1:443",
        "Allow g/AllowInternetOutBound",
    );
}

const GROUPS: &str = "
network:
  virtualNetworks:
    - {name: a, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}],
       virtualNetworkPeerings: [{name: p, remoteVirtualNetwork: b}]}
    - {name: b, addressPrefixes: [10.1.0.0/16], subnets: [{name: t, addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}],
       virtualNetworkPeerings: [{name: p, remoteVirtualNetwork: a}]}
  applicationSecurityGroups: [{name: web}, {name: db}, {name: empty}]
  networkSecurityGroups:
    - name: g
      securityRules:
        - {name: web-to-db, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceApplicationSecurityGroups: [web],
           sourcePortRange: '*', destinationApplicationSecurityGroups: [db], destinationPortRange: '1433'}
        - {name: from-empty, priority: 110, direction: Inbound, access: Allow, protocol: Tcp, sourceApplicationSecurityGroups: [empty],
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}
        - {name: no, priority: 200, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}
  virtualMachines:
    - {name: w, subnet: a/s, privateIPAddress: 10.0.0.4, applicationSecurityGroups: [web]}
    - {name: d, subnet: a/s, privateIPAddress: 10.0.0.5, applicationSecurityGroups: [db]}
    - {name: nva, subnet: a/s, privateIPAddress: 10.0.0.6}
    - {name: far, subnet: b/t, privateIPAddress: 10.1.0.5}
";

#[test]
fn a_group_stands_for_its_members_and_at_the_near_end_for_member_interfaces_only() {
    let estate = estate(GROUPS);
    // R208
    check(&estate, "d", Inbound, "TCP 10.0.0.4 -> 10.0.0.5:1433", "Allow g/web-to-db");
    check(&estate, "d", Inbound, "TCP 10.0.0.6 -> 10.0.0.5:1433", "Deny g/no");
    check(&estate, "w", Inbound, "TCP 10.0.0.4 -> 10.0.0.4:1433", "Deny g/no");
    // A packet for d that comes by an appliance is not for a member there.
    check(&estate, "nva", Inbound, "TCP 10.0.0.4 -> 10.0.0.5:1433", "Deny g/no");
    // R210: members of another network are not known there. R211: an empty group matches nothing.
    check(&estate, "far", Inbound, "TCP 10.0.0.4 -> 10.1.0.5:1433", "Deny g/no");
}
