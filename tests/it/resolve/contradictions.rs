//! What contradicts itself is said, with the rule, and modelled as written.

use super::support::scenario;

/// The remarks on `text` are exactly those with these codes, each citing its rule.
fn check(text: &str, expected: &[(&str, &str)]) {
    let (_, diagnostics) = scenario(text);
    let codes: Vec<&str> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(
        codes,
        expected.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
        "{diagnostics:?}"
    );
    for (diagnostic, (_, rule)) in diagnostics.iter().zip(expected) {
        assert!(diagnostic.message.contains(rule), "{}", diagnostic.message);
        assert!(diagnostic.place.is_some());
    }
}

fn network(space: &str, subnets: &str) -> String {
    format!(
        "network: {{virtualNetworks: [{{name: v, addressPrefixes: [{space}], subnets: [{subnets}]}}]}}"
    )
}

#[test]
fn forbidden_ranges() {
    check(&network("169.254.0.0/16", ""), &[("forbidden-range", "(R5)")]);
    check(&network("168.63.129.16/32", ""), &[("forbidden-range", "(R5)")]);
    check(
        &network("168.63.0.0/16", ""),
        &[("forbidden-range", "`168.63.129.16/32`, which Azure refuses (R6)")],
    );
    check(&network("100.64.0.0/10", ""), &[]);
}

#[test]
fn a_misread_range_is_remarked_on_once() {
    let wrong = network("10.0.0.0/16", "{name: a, addressPrefix: 10.0.0}");
    check(&wrong, &[("wrong-value", "expected an address prefix, found `10.0.0`")]);
    for none in ["{name: a}", "{name: a, addressPrefixes: []}"] {
        check(&network("10.0.0.0/16", none), &[("missing-property", "`a` has no `addressPrefix`")]);
    }
}

#[test]
fn subnets_outside_overlapping_or_of_a_bad_size() {
    let outside = "{name: a, addressPrefix: 10.1.0.0/24}";
    check(&network("10.0.0.0/16", outside), &[("subnet-outside-network", "(R10)")]);
    let overlapping = "{name: a, addressPrefix: 10.0.0.0/24}, {name: b, addressPrefix: 10.0.0.128/25}, {name: c, addressPrefix: 10.0.0.0/26}";
    let twice = [("overlapping-subnets", "`a` and `c`"), ("overlapping-subnets", "`a` and `b`")];
    check(&network("10.0.0.0/16", overlapping), &twice);
    let small = "{name: a, addressPrefix: 10.0.0.0/30}, {name: b, addressPrefix: 'fd00::/65'}";
    let sizes = [("subnet-size", "(R9)"), ("subnet-size", "(R9)")];
    check(&network("10.0.0.0/16, 'fd00::/48'", small), &sizes);
}

const PEERS: &str = "network:
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings: [{name: p, remoteVirtualNetwork: b, MORE}]
    - name: b
      addressPrefixes: [10.0.0.0/8]
      subnets: [{name: s, addressPrefix: 10.9.0.0/24}]
      virtualNetworkPeerings: [{name: p, remoteVirtualNetwork: a, MORE}]";

#[test]
fn overlapping_peers_are_said_once() {
    check(&PEERS.replace(", MORE", ""), &[("overlapping-peers", "(R133)")]);
    // R165: only the listed subnets count.
    let listed = "peerCompleteVnets: false, localSubnetNames: [s], remoteSubnetNames: [s]";
    check(&PEERS.replace("MORE", listed), &[]);
}

#[test]
fn addresses_outside_reserved_or_held_twice() {
    let estate = |first: &str, second: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  virtualMachines: [{{name: a, subnet: v/s, privateIPAddress: {first}}}, {{name: b, subnet: v/s, privateIPAddress: {second}}}]"
        )
    };
    check(&estate("10.0.0.4", "10.0.0.254"), &[]);
    check(&estate("10.0.1.4", "10.0.0.4"), &[("address-outside-subnet", "`10.0.1.4`")]);
    let kept = [("reserved-address", "(R7)"), ("reserved-address", "(R7)")];
    check(&estate("10.0.0.3", "10.0.0.255"), &kept);
    check(&estate("10.0.0.4", "10.0.0.4"), &[("duplicate-address", "`b-nic/ipconfig1`")]);
}

#[test]
fn equal_priorities_in_one_direction() {
    let rule = |name: &str, direction: &str| {
        format!(
            "{{name: {name}, priority: 100, direction: {direction}, access: Allow, protocol: '*', sourceAddressPrefix: '*', \
                 sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}}"
        )
    };
    let group = |second: &str| {
        let rules = [rule("a", "Inbound"), rule("b", second)].join(", ");
        format!("network: {{networkSecurityGroups: [{{name: g, securityRules: [{rules}]}}]}}")
    };
    check(&group("Outbound"), &[]);
    check(&group("Inbound"), &[("duplicate-priority", "(R174)")]);
}

#[test]
fn priorities_are_from_100_to_4096() {
    // R174
    let group = |priority: u16| {
        format!(
            "network: {{networkSecurityGroups: [{{name: g, securityRules: [{{name: a, priority: {priority}, direction: Inbound, access: Allow, \
             protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}}]}}]}}"
        )
    };
    check(&group(100), &[]);
    check(&group(4096), &[]);
    check(&group(99), &[("priority-out-of-range", "(R174)")]);
    check(&group(4097), &[("priority-out-of-range", "(R174)")]);
}

#[test]
fn equal_prefixes_in_one_route_table() {
    let table = |second: &str| {
        format!(
            "network: {{routeTables: [{{name: t, routes: [{{name: a, addressPrefix: 10.0.0.0/8, nextHopType: None}}, \
             {{name: b, addressPrefix: {second}, nextHopType: Internet}}]}}]}}"
        )
    };
    check(&table("10.0.0.0/9"), &[]);
    check(&table("10.0.0.0/8"), &[("duplicate-prefix", "(R68)")]);
}

#[test]
fn two_zones_of_one_name_and_two_of_registration() {
    let id = |group: &str| {
        format!(
            "/subscriptions/s/resourceGroups/{group}/providers/Microsoft.Network/privateDnsZones"
        )
    };
    let zone = |group: &str, name: &str, more: &str| {
        format!(
            "    - {{id: {}/{name}, type: Microsoft.Network/privateDnsZones, records: [], virtualNetworkLinks: [{{virtualNetwork: v{more}}}]}}\n",
            id(group)
        )
    };
    let estate = |zones: &[String]| {
        format!(
            "network:\n  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16]}}]\n  resources:\n{}",
            zones.concat()
        )
    };
    let same = [zone("one", "a.example", ""), zone("two", "a.example", "")];
    check(&estate(&same), &[("duplicate-link", "(R255)")]);
    let both =
        ["a.example", "b.example"].map(|name| zone("one", name, ", registrationEnabled: true"));
    check(&estate(&both), &[("duplicate-link", "(R257)")]);
}

#[test]
fn clusters_that_azure_refuses() {
    let estate = |more: &str, zone: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  privateDnsZones: [{{name: {zone}}}]
  managedClusters: [{{name: c, location: westeurope, apiServerAccessProfile: {{{more}}}}}]"
        )
    };
    let zone = "a.privatelink.westeurope.azmk8s.io";
    let own = format!("enablePrivateCluster: true, privateDNSZone: {zone}");
    check(&estate(&own, zone), &[]);
    for wrong in [
        "a.privatelink.northeurope.azmk8s.io",
        "a.westeurope.azmk8s.io",
        "a.b.privatelink.westeurope.azmk8s.io",
    ] {
        let own = format!("enablePrivateCluster: true, privateDNSZone: {wrong}");
        check(&estate(&own, wrong), &[("cluster-refused", "(R453)")]);
    }
    let nowhere =
        "enablePrivateCluster: true, privateDNSZone: none, enablePrivateClusterPublicFQDN: false";
    check(&estate(nowhere, zone), &[("cluster-refused", "(R452)")]);
    let ranged = "enablePrivateCluster: true, authorizedIPRanges: [203.0.113.0/24]";
    check(&estate(ranged, zone), &[("cluster-refused", "(R441)")]);
    let ranges: Vec<String> = (0..201).map(|at| format!("203.0.113.{at}/32")).collect();
    let many = format!("authorizedIPRanges: [{}]", ranges.join(", "));
    check(&estate(&many, zone), &[("cluster-refused", "(R440)")]);
}
