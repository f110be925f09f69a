//! Connected groups (chapter 3.5). Scenario files have no list for them; the struct is built here.

use super::support::{check_hops, doubts, lines, of, vnet};
use hopwise::azure::{ConnectedGroup, Link, MissingResource, Network};
use hopwise::id::ResourceId;

fn grouped(network_part: &str, members: &[&str]) -> Network {
    let mut network = of(network_part);
    let networks = members.iter().map(|name| Link::To(vnet(&network, name))).collect();
    let mut meta = network.virtual_networks.values().next().unwrap().meta.clone();
    meta.id = ResourceId::new("/providers/Microsoft.Network/networkManagers/m/connectedGroups/g");
    network.connected_groups.push(ConnectedGroup { meta, networks, is_in_force: true });
    network
}

const THREE: &str = "
  virtualNetworks:
    - {name: a, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}
    - {name: b, addressPrefixes: [10.1.0.0/16, 10.9.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}
    - {name: c, addressPrefixes: [10.2.0.0/16, 10.9.1.0/24], subnets: [{name: s, addressPrefix: 10.2.0.0/24}]}
";

#[test]
fn members_reach_each_other_without_peerings_but_not_where_they_overlap() {
    // R170, R171
    let network = grouped(THREE, &["a", "b", "c"]);
    assert_eq!(
        lines(&network, "a/s"),
        [
            "Default 10.0.0.0/16 VnetLocal",
            "Default 10.1.0.0/16 ConnectedGroup",
            "Default 10.2.0.0/16 ConnectedGroup",
            "Default 0.0.0.0/0 Internet",
        ]
    );
    check_hops(&network, "a/s", &[("10.9.1.4", "None"), ("10.9.2.4", "None")]);
}

#[test]
fn who_is_no_member_sees_nothing() {
    // R170
    let network = grouped(THREE, &["a", "b"]);
    check_hops(&network, "c/s", &[("10.0.0.4", "None")]);
    check_hops(&network, "a/s", &[("10.9.1.4", "ConnectedGroup"), ("10.2.0.4", "None")]);
}

#[test]
fn subnet_peering_wins_over_the_group() {
    // R169
    let network = grouped("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings:
        - {name: to-b, remoteVirtualNetwork: b, peerCompleteVnets: false, localSubnetNames: [s], remoteSubnetNames: [s]}
    - name: b
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings:
        - {name: to-a, remoteVirtualNetwork: a, peerCompleteVnets: false, localSubnetNames: [s], remoteSubnetNames: [s]}
", &["a", "b"]);
    check_hops(&network, "a/s", &[("10.1.0.4", "VNetPeering"), ("10.1.9.4", "None")]);
}

#[test]
fn a_member_that_is_missing_leaves_the_rest_in_doubt() {
    let mut network = grouped(THREE, &["a", "b"]);
    let id = ResourceId::new("/x/providers/Microsoft.Network/virtualNetworks/z");
    let missing = network.missing.push(MissingResource {
        id: id.clone(),
        referred_by: id,
        unknown: None,
        lacks_owner: false,
    });
    let group = network.connected_groups.ids().next().unwrap();
    network.connected_groups[group].networks.push(Link::Missing(missing));
    let cause = "z, a member of a connected group, is not in the input";
    assert_eq!(doubts(&network, "a/s", "10.77.0.4"), [cause]);
    check_hops(&network, "a/s", &[("10.0.0.4", "VnetLocal"), ("10.1.0.4", "ConnectedGroup")]);
}
