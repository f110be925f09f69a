//! User routes (chapters 2.2 and 2.3).

use super::support::{check_hops, doubts, dropped, lines, of, table};
use hopwise::net::IpNet;

/// Network A 10.0.0.0/16, peered with B 10.1.0.0/16, with these routes on its subnet.
fn with_routes(routes: &str) -> String {
    format!(
        "
  routeTables:
    - name: rt
      routes: [{routes}]
  virtualNetworks:
    - name: a
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, routeTable: rt}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]
    - name: b
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: a}}]
"
    )
}

fn to_nva(name: &str, prefix: &str) -> String {
    format!(
        "{{name: {name}, addressPrefix: {prefix}, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.100.4}}"
    )
}

#[test]
fn a_default_route_of_the_user_takes_everything_that_was_dropped() {
    // R46, R47, G2
    let network = of(&with_routes(&to_nva("all", "0.0.0.0/0")));
    assert_eq!(
        lines(&network, "a/s"),
        [
            "Default 10.0.0.0/16 VnetLocal",
            "Default 10.1.0.0/16 VNetPeering",
            "Invalid Default 0.0.0.0/0 Internet",
            "User 0.0.0.0/0 VirtualAppliance 10.0.100.4",
        ]
    );
    assert!(dropped(&network, "a/s").is_empty());
    check_hops(
        &network,
        "a/s",
        &[
            ("172.16.9.9", "VirtualAppliance 10.0.100.4"),
            ("10.9.0.4", "VirtualAppliance 10.0.100.4"),
            ("10.1.0.4", "VNetPeering"),
        ],
    );
}

#[test]
fn a_default_route_to_none_leaves_the_rows_to_none() {
    // R521: seen for None; assumed for Internet
    for (hop, left) in [("Internet", 0), ("None", 17)] {
        let route = format!("{{name: all, addressPrefix: 0.0.0.0/0, nextHopType: {hop}}}");
        let network = of(&with_routes(&route));
        assert_eq!(dropped(&network, "a/s").len(), left, "{hop}");
        assert!(lines(&network, "a/s").contains(&"Invalid Default 0.0.0.0/0 Internet".to_string()));
        check_hops(&network, "a/s", &[("10.9.0.4", hop), ("8.8.8.8", hop)]);
    }
}

#[test]
fn a_route_equal_to_a_reserved_prefix_removes_that_row_only() {
    // R48, R498, corpus fact 4
    let network = of(&with_routes(&to_nva("ten", "10.0.0.0/8")));
    let rows = dropped(&network, "a/s");
    assert!(!rows.contains(&"10.0.0.0/8".to_string()));
    assert!(rows.contains(&"172.16.0.0/12".to_string()));
    assert_eq!(rows.len(), 16);
    check_hops(
        &network,
        "a/s",
        &[
            ("10.9.0.4", "VirtualAppliance 10.0.100.4"),
            ("10.0.3.4", "VnetLocal"),
            ("10.1.0.4", "VNetPeering"),
            ("172.16.0.1", "None"),
        ],
    );
}

#[test]
fn a_longer_route_leaves_the_reserved_prefix_for_the_rest() {
    // R50
    let network = of(&with_routes(&to_nva("some", "10.9.0.0/16")));
    let expected = [("10.9.0.4", "VirtualAppliance 10.0.100.4"), ("10.8.0.4", "None")];
    check_hops(&network, "a/s", &expected);
}

#[test]
fn a_peering_route_is_overridden_by_the_same_prefix_only() {
    // R88, R93, G4
    let network = of(&with_routes(&to_nva("peer", "10.1.0.0/16")));
    assert_eq!(
        lines(&network, "a/s"),
        [
            "Default 10.0.0.0/16 VnetLocal",
            "Invalid Default 10.1.0.0/16 VNetPeering",
            "Default 0.0.0.0/0 Internet",
            "User 10.1.0.0/16 VirtualAppliance 10.0.100.4",
        ]
    );
    check_hops(&network, "a/s", &[("10.1.0.4", "VirtualAppliance 10.0.100.4")]);
    let table = table(&network, "a/s");
    let lost = table.runner_up("10.1.0.4".parse().unwrap()).unwrap();
    assert_eq!(lost.why, "overridden by user route peer");
}

#[test]
fn the_runner_up_is_the_next_longest() {
    let network = of(&with_routes(&to_nva("ten", "10.0.0.0/8")));
    let table = table(&network, "a/s");
    let lost = table.runner_up("10.1.0.4".parse().unwrap()).unwrap();
    assert_eq!((lost.why.as_str(), lost.route.name.as_deref()), ("shorter prefix", Some("ten")));
    assert_eq!(
        table.runner_up("10.9.0.4".parse().unwrap()).unwrap().route.prefixes.as_slice(),
        ["0.0.0.0/0".parse::<IpNet>().unwrap()]
    );
}

#[test]
fn traffic_within_the_network_can_be_steered() {
    // R94, R95
    let network = of(&with_routes(&to_nva("own", "10.0.0.0/24")));
    let expected = [("10.0.0.5", "VirtualAppliance 10.0.100.4"), ("10.0.3.5", "VnetLocal")];
    check_hops(&network, "a/s", &expected);
}

#[test]
fn vnet_local_brings_a_part_back() {
    // R76
    let routes = format!(
        "{}, {{name: keep, addressPrefix: 10.0.0.0/24, nextHopType: VnetLocal}}",
        to_nva("own", "10.0.0.0/16")
    );
    let network = of(&with_routes(&routes));
    let expected = [("10.0.0.9", "VnetLocal"), ("10.0.7.7", "VirtualAppliance 10.0.100.4")];
    check_hops(&network, "a/s", &expected);
}

#[test]
fn vnet_local_elsewhere_drops() {
    // R77; the effective routes of a public lab show None
    let network =
        of(&with_routes("{name: far, addressPrefix: 10.2.0.0/16, nextHopType: VnetLocal}"));
    assert!(lines(&network, "a/s").contains(&"User 10.2.0.0/16 None".to_string()));
}

#[test]
fn several_appliances_are_one_route() {
    // R64, R66
    let route = "{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualApplianceEcmp, \
                 nextHop: {nextHopIpAddresses: [10.0.100.4, 10.0.100.5]}}";
    let network = of(&with_routes(route));
    check_hops(&network, "a/s", &[("8.8.8.8", "VirtualAppliance 10.0.100.4,10.0.100.5")]);
}

#[test]
fn routes_to_the_internet_stand_before_the_default_route() {
    let routes = format!(
        "{}, {{name: out, addressPrefix: 203.0.113.1/32, nextHopType: Internet}}",
        to_nva("all", "0.0.0.0/0")
    );
    let network = of(&with_routes(&routes));
    assert_eq!(
        lines(&network, "a/s"),
        [
            "Default 10.0.0.0/16 VnetLocal",
            "Default 10.1.0.0/16 VNetPeering",
            "User 203.0.113.1/32 Internet",
            "Invalid Default 0.0.0.0/0 Internet",
            "User 0.0.0.0/0 VirtualAppliance 10.0.100.4",
        ]
    );
    // R104
    check_hops(&network, "a/s", &[("203.0.113.1", "Internet")]);
}

/// Seen in public tables: what is active stands before what is not, among all routes to the Internet and
/// among peerings.
#[test]
fn active_rows_stand_before_invalid_ones_of_their_kind() {
    let out = "{name: out, addressPrefix: 203.0.113.1/32, nextHopType: Internet}";
    assert_eq!(
        lines(&of(&with_routes(out)), "a/s"),
        [
            "Default 10.0.0.0/16 VnetLocal",
            "Default 10.1.0.0/16 VNetPeering",
            "Default 0.0.0.0/0 Internet",
            "User 203.0.113.1/32 Internet",
        ]
    );
    let network = of("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16, 'fd00:a::/48']
      subnets: [{name: s, addressPrefixes: [10.0.0.0/24, 'fd00:a::/64'], routeTable: rt}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b}]
    - name: b
      addressPrefixes: [10.1.0.0/16, 10.2.0.0/16, 'fd00:1::/48', 'fd00:2::/48']
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a}]
  routeTables:
    - name: rt
      routes:
        - {name: v4, addressPrefix: 10.1.0.0/16, nextHopType: None}
        - {name: v6, addressPrefix: 'fd00:1::/48', nextHopType: None}
");
    let mut peered = lines(&network, "a/s");
    peered.retain(|line| line.ends_with("VNetPeering"));
    assert_eq!(
        peered,
        [
            "Default 10.2.0.0/16 VNetPeering",
            "Invalid Default 10.1.0.0/16 VNetPeering",
            "Default fd00:2::/48 VNetPeering",
            "Invalid Default fd00:1::/48 VNetPeering",
        ]
    );
}

#[test]
fn a_missing_route_table_leaves_everything_in_doubt() {
    let network = of("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24, routeTable: /subscriptions/x/resourceGroups/y/providers/Microsoft.Network/routeTables/rt}]
");
    assert_eq!(doubts(&network, "a/s", "10.0.0.5"), ["route table rt is not in the input"]);
    assert_eq!(doubts(&network, "a/s", "8.8.8.8"), ["route table rt is not in the input"]);
}

#[test]
fn a_tag_that_is_not_known_leaves_public_addresses_in_doubt() {
    // R79
    let network = of(&with_routes("{name: out, addressPrefix: AzureMonitor, nextHopType: None}"));
    let cause = "the addresses of service tag AzureMonitor of route out are not known";
    assert_eq!(doubts(&network, "a/s", "20.1.2.3"), [cause]);
    check_hops(&network, "a/s", &[("10.0.0.5", "VnetLocal"), ("10.9.0.4", "None")]);
    let network =
        of(&with_routes("{name: out, addressPrefix: AzureMonitor, nextHopType: Internet}"));
    check_hops(&network, "a/s", &[("20.1.2.3", "Internet")]);
}

fn tagged(routes: &str) -> hopwise::azure::Network {
    let mut network = of(&with_routes(routes));
    let prefixes = |list: &[&str]| list.iter().map(|p| p.parse().unwrap()).collect::<Vec<IpNet>>();
    let mut add = |name: &str, list: &[&str]| network.service_tags.insert(name, prefixes(list));
    add("Storage", &["20.1.0.0/24", "20.2.0.0/24", "20.3.0.0/24", "2603:1::/32"]);
    add("Storage.WestEurope", &["20.1.0.0/24"]);
    add("AzureCloud", &["20.0.0.0/8", "20.1.0.0/24", "20.2.0.0/24"]);
    add("AzureCloud.WestEurope", &["20.1.0.0/24", "20.4.0.0/24"]);
    network
}

#[test]
fn among_equal_prefixes_of_tags_the_narrower_tag_wins() {
    // R80
    let hop = |tag: &str, last: u8| {
        format!(
            "{{name: {tag}-route, addressPrefix: {tag}, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.100.{last}}}"
        )
    };
    let routes = [
        hop("AzureCloud", 5),
        hop("AzureCloud.WestEurope", 6),
        hop("Storage", 7),
        hop("Storage.WestEurope", 8),
        to_nva("exact", "20.3.0.0/24"),
    ];
    let network = tagged(&routes.join(", "));
    check_hops(
        &network,
        "a/s",
        &[
            ("20.1.0.1", "VirtualAppliance 10.0.100.8"),
            ("20.2.0.1", "VirtualAppliance 10.0.100.7"),
            ("20.3.0.1", "VirtualAppliance 10.0.100.4"),
            ("20.4.0.1", "VirtualAppliance 10.0.100.6"),
            ("20.9.0.1", "VirtualAppliance 10.0.100.5"),
        ],
    );
    assert!(
        lines(&network, "a/s")
            .contains(&"Invalid User 20.3.0.0/24 VirtualAppliance 10.0.100.7".to_string())
    );
}

#[test]
fn two_tags_of_one_rank_leave_what_they_share_in_doubt() {
    let routes = "{name: a, addressPrefix: Storage, nextHopType: Internet}, \
                  {name: b, addressPrefix: Sql, nextHopType: None}";
    let mut network = tagged(routes);
    network.service_tags.insert("Sql", ["20.1.0.0/24".parse().unwrap()]);
    let cause = "which of routes a and b wins is not documented";
    assert_eq!(doubts(&network, "a/s", "20.1.0.9"), [cause]);
    assert!(doubts(&network, "a/s", "20.2.0.9").is_empty());
}
