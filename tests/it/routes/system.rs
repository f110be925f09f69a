//! What every subnet has (chapters 1 and 2.1).

use super::support::{check_hops, dropped, line, lines, of, table};

const ALONE: &str = "
  virtualNetworks:
    - {name: a, location: westeurope, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}
";

#[test]
fn a_network_alone_has_its_range_the_internet_and_what_is_dropped() {
    // R38, R39, R43, R45, G1
    let network = of(ALONE);
    assert_eq!(
        lines(&network, "a/s"),
        ["Default 10.0.0.0/16 VnetLocal", "Default 0.0.0.0/0 Internet"]
    );
    assert_eq!(dropped(&network, "a/s").len(), 17);
    assert_eq!(dropped(&network, "a/s")[..2], ["10.0.0.0/8", "127.0.0.0/8"]);
    check_hops(
        &network,
        "a/s",
        &[
            ("10.0.5.4", "VnetLocal"),
            ("10.9.0.4", "None"),
            ("172.16.0.1", "None"),
            ("100.64.0.1", "None"),
            ("8.8.8.8", "Internet"),
        ],
    );
}

#[test]
fn networks_without_a_link_do_not_know_each_other() {
    // R1
    let network = of("
  virtualNetworks:
    - {name: a, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}
    - {name: b, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}
");
    check_hops(&network, "a/s", &[("10.1.0.4", "None")]);
}

#[test]
fn every_range_has_a_row() {
    // R2
    let network = of("
  virtualNetworks:
    - {name: a, addressPrefixes: [10.2.0.0/16, 10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}
");
    let expected = [
        "Default 10.2.0.0/16 VnetLocal",
        "Default 10.1.0.0/16 VnetLocal",
        "Default 0.0.0.0/0 Internet",
    ];
    assert_eq!(lines(&network, "a/s"), expected);
}

#[test]
fn a_range_takes_the_place_of_the_reserved_prefix_that_it_equals() {
    // R41
    let network = of("
  virtualNetworks:
    - {name: a, addressPrefixes: [192.168.0.0/16], subnets: [{name: s, addressPrefix: 192.168.0.0/24}]}
");
    check_hops(&network, "a/s", &[("192.168.77.1", "VnetLocal"), ("10.0.0.4", "None")]);
    assert!(!dropped(&network, "a/s").contains(&"192.168.0.0/16".to_string()));
}

#[test]
fn a_range_removes_the_reserved_prefix_that_it_contains() {
    // R42
    let network = of("
  virtualNetworks:
    - {name: a, addressPrefixes: [172.0.0.0/11], subnets: [{name: s, addressPrefix: 172.0.0.0/24}]}
");
    check_hops(&network, "a/s", &[("172.31.255.9", "VnetLocal"), ("192.168.0.1", "None")]);
    assert!(!dropped(&network, "a/s").contains(&"172.16.0.0/12".to_string()));
}

#[test]
fn public_ranges_hide_their_owner_on_the_internet() {
    // R4
    let network = of("
  virtualNetworks:
    - {name: a, addressPrefixes: [8.8.8.0/24], subnets: [{name: s, addressPrefix: 8.8.8.0/25}]}
");
    check_hops(&network, "a/s", &[("8.8.8.8", "VnetLocal"), ("8.8.4.4", "Internet")]);
}

#[test]
fn ipv6_rows_follow_those_of_ipv4() {
    // R25
    let network = of("
  virtualNetworks:
    - {name: a, addressPrefixes: ['fd00:db8::/48', 10.0.0.0/16], subnets: [{name: s, addressPrefixes: [10.0.0.0/24, 'fd00:db8::/64']}]}
");
    let table = table(&network, "a/s");
    let rows: Vec<String> = table.routes.iter().map(|route| line(&network, route)).collect();
    assert_eq!(rows[..2], ["Default 10.0.0.0/16 VnetLocal", "Default 0.0.0.0/0 Internet"]);
    assert_eq!(
        rows[rows.len() - 2..],
        ["Default fd00:db8::/48 VnetLocal", "Default ::/0 Internet"]
    );
    check_hops(&network, "a/s", &[("fd00:db8::5", "VnetLocal"), ("2001:db8::1", "Internet")]);
}
