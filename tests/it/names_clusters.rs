//! Names of AKS clusters (R449-R460) and the name halves of G32 and R458.

use crate::names_support::{Estate, estate, estate_of};
use hopwise::answer::Rule;

const PRIVATE: &str = "aks-1.abc.privatelink.westeurope.azmk8s.io";
const PUBLIC: &str = "aks-2.hcp.westeurope.azmk8s.io";

/// A private cluster in a spoke, a hub that is peered with it, and a network that is not.
fn cluster(more: &str) -> String {
    format!(
        "
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-aks, remoteVirtualNetwork: aks}}]
    - name: aks
      addressPrefixes: [10.2.0.0/16]
      subnets: [{{name: nodes, addressPrefix: 10.2.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-hub, remoteVirtualNetwork: hub}}]
  virtualMachines:
    - {{name: jumpbox, subnet: hub/s, privateIPAddress: 10.1.0.4}}
    - {{name: inside, subnet: aks/nodes, privateIPAddress: 10.2.0.9}}
  managedClusters:
    - name: cluster
      fqdn: {PUBLIC}
      privateFQDN: {PRIVATE}
      apiServerAccessProfile: {{enablePrivateCluster: true{more}}}
      agentPoolProfiles: [{{name: system, vnetSubnetID: aks/nodes}}]
  privateEndpoints:
    - {{name: kube-apiserver, subnet: aks/nodes, privateIPAddress: 10.2.0.5, target: cluster, groupId: management}}
"
    )
}

fn zone(linked: &str) -> String {
    format!(
        "network: {{privateDnsZones: [{{name: abc.privatelink.westeurope.azmk8s.io, virtualNetworkLinks: [{linked}], records: [{{name: aks-1, A: [10.2.0.5]}}]}}]}}"
    )
}

fn with_zone(more: &str, linked: &str) -> Estate {
    estate_of(&[&cluster(more), &zone(linked)])
}

#[test]
fn r458_with_peering_alone_the_private_name_fails_and_the_public_one_leads_inside() {
    let estate = with_zone("", "{virtualNetwork: aks}");
    estate.check_citing("jumpbox", PRIVATE, "nxdomain", &[247, 450]);
    estate.check_citing("jumpbox", PUBLIC, "10.2.0.5", &[451]);
    estate.check("inside", PRIVATE, "10.2.0.5");
    let linked = with_zone("", "{virtualNetwork: aks}, {virtualNetwork: hub}");
    linked.check_citing("jumpbox", PRIVATE, "10.2.0.5", &[247]);
}

#[test]
fn r462_a_record_that_does_not_lead_to_the_endpoint_is_listed() {
    let stale = zone("{virtualNetwork: aks}").replace("10.2.0.5", "10.2.0.6");
    let estate = estate_of(&[&cluster(""), &stale]);
    let found: Vec<_> = estate.names.unresolved_endpoints();
    let found: Vec<_> = found.iter().map(|it| (&*it.endpoint.name, it.name.as_str())).collect();
    assert_eq!(found, [("kube-apiserver", PRIVATE)]);
    assert!(with_zone("", "{virtualNetwork: aks}").names.unresolved_endpoints().is_empty());
}

#[test]
fn g32_from_the_internet_only_the_public_name_resolves() {
    let estate = with_zone("", "{virtualNetwork: aks}");
    estate.check("internet", PRIVATE, "nxdomain");
    estate.check("internet", PUBLIC, "10.2.0.5");
    let answer = estate.answer("internet", PRIVATE);
    assert!(answer.rules.contains(&Rule(459)), "{answer:#?}");
}

#[test]
fn r451_the_public_name_can_be_switched_off() {
    let off = ", enablePrivateClusterPublicFQDN: false";
    let estate = with_zone(off, "{virtualNetwork: aks}");
    estate.check_citing("jumpbox", PUBLIC, "nxdomain", &[451]);
    estate.check("inside", PRIVATE, "10.2.0.5");
}

#[test]
fn r450_a_system_zone_that_is_not_in_the_input_is_linked_to_the_clusters_network() {
    let estate = estate(&cluster(""));
    estate.check_citing("inside", PRIVATE, "10.2.0.5", &[450]);
    // Whether somebody linked it to the hub is not in the input.
    estate.check("jumpbox", PRIVATE, "unknown");
    estate.check("internet", PRIVATE, "nxdomain");
}

#[test]
fn r452_without_a_zone_only_the_public_name_is_there() {
    let estate = estate(&cluster(", privateDNSZone: none"));
    estate.check("inside", PUBLIC, "10.2.0.5");
    estate.check("inside", PRIVATE, "nxdomain");
}

#[test]
fn r455_a_spoke_with_custom_dns_needs_the_link_on_the_network_of_its_servers() {
    let with = |linked: &str| {
        let text = cluster("").replace(
            "addressPrefixes: [10.2.0.0/16]",
            "addressPrefixes: [10.2.0.0/16]\n      dnsServers: [10.1.0.4]",
        );
        estate_of(&[&text, &zone(linked)])
    };
    with("{virtualNetwork: aks}").check("inside", PRIVATE, "nxdomain");
    with("{virtualNetwork: aks}, {virtualNetwork: hub}").check("inside", PRIVATE, "10.2.0.5");
}

#[test]
fn r460_a_second_endpoint_with_its_own_zone_serves_another_network() {
    let extra = "
network:
  virtualNetworks:
    - {name: client, addressPrefixes: [10.3.0.0/16], subnets: [{name: s, addressPrefix: 10.3.0.0/24}]}
  virtualMachines: [{name: far, subnet: client/s, privateIPAddress: 10.3.0.4}]
  privateEndpoints:
    - {name: extra, subnet: client/s, privateIPAddress: 10.3.0.5, target: cluster, groupId: management}
  privateDnsZones:
    - name: abc.privatelink.westeurope.azmk8s.io
      id: /subscriptions/s/resourceGroups/client/providers/Microsoft.Network/privateDnsZones/abc.privatelink.westeurope.azmk8s.io
      virtualNetworkLinks: [{virtualNetwork: client}]
      records: [{name: aks-1, A: [10.3.0.5]}]
";
    let estate = estate_of(&[&cluster(""), &zone("{virtualNetwork: aks}"), extra]);
    estate.check("far", PRIVATE, "10.3.0.5");
    estate.check("inside", PRIVATE, "10.2.0.5");
    // The public name keeps the address in the node subnet (R449).
    estate.check("far", PUBLIC, "10.2.0.5");
}

#[test]
fn r438_the_address_of_a_public_cluster_is_what_the_scenario_tells() {
    let text = |internet: &str| {
        format!(
            "{internet}\nnetwork: {{managedClusters: [{{name: cluster, fqdn: {PUBLIC}, agentPoolProfiles: []}}]}}"
        )
    };
    estate(&text("")).check("internet", PUBLIC, "unknown");
    let told = format!("internet: {{records: [{{name: {PUBLIC}, A: [203.0.113.44]}}]}}");
    estate(&text(&told)).check("internet", PUBLIC, "203.0.113.44");
}
