//! What location specifiers mean: expectations from `docs/scenarios.md`.

use crate::ask::plane;
use hopwise::dataplane::Dataplane;
use hopwise::diag::Place;
use hopwise::import;
use hopwise::question::locate::{Ends, Side, ends};
use hopwise::question::places;

/// A hub and two spokes with a bit of everything, and what is around them.
const NETWORK: &str = "\
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: jump, addressPrefix: 10.0.1.0/24}
        - {name: AzureFirewallSubnet, addressPrefix: 10.0.2.0/26}
        - {name: empty, addressPrefix: 10.0.9.0/24}
    - name: spoke-1
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: app, addressPrefix: 10.1.1.0/24, networkSecurityGroup: guard}
        - {name: data, addressPrefix: 10.1.2.0/24, routeTable: by-firewall}
    - name: spoke-2
      addressPrefixes: [10.2.0.0/16]
      subnets:
        - {name: app, addressPrefix: 10.2.1.0/24, networkSecurityGroup: guard}
  networkSecurityGroups: [{name: guard}]
  routeTables: [{name: by-firewall}]
  applicationSecurityGroups: [{name: web}]
  publicIPAddresses:
    - {name: jump-pip, sku: Standard, ipAddress: 198.51.100.1}
    - {name: front-pip, sku: Standard, ipAddress: 198.51.100.2}
    - {name: firewall-pip, sku: Standard, ipAddress: 198.51.100.3}
    - {name: idle-pip, sku: Standard, ipAddress: 198.51.100.4}
  azureFirewalls:
    - {name: firewall, virtualNetwork: hub, privateIPAddress: 10.0.2.4, publicIPAddresses: [firewall-pip]}
  virtualMachines:
    - {name: jumpbox, subnet: hub/jump, privateIPAddress: 10.0.1.4, publicIPAddress: jump-pip}
    - {name: app-1, subnet: spoke-1/app, privateIPAddress: 10.1.1.4, applicationSecurityGroups: [web]}
    - {name: app-2, subnet: spoke-2/app, privateIPAddress: 10.2.1.4, applicationSecurityGroups: [web]}
    - {name: database, subnet: spoke-1/data, privateIPAddress: 10.1.2.4}
    - {name: guard, subnet: spoke-1/data, privateIPAddress: 10.1.2.9}
  loadBalancers:
    - name: front
      sku: Standard
      frontendIPConfigurations: [{name: f, publicIPAddress: front-pip}]
      backendAddressPools: [{name: pool}]
  storageAccounts: [{name: lake}, {name: pond}]
  privateEndpoints:
    - {name: lake-endpoint, subnet: spoke-1/data, privateIPAddress: 10.1.2.5, target: lake, groupId: blob, state: Approved}
  managedClusters:
    - {name: aks, privateFQDN: a.privatelink.westeurope.azmk8s.io, apiServerAccessProfile: {enablePrivateCluster: true}}
  resources:
    - {type: Microsoft.Storage/storageAccounts, name: other}
onPremises:
  - {name: office, addressPrefixes: [192.168.0.0/24], hosts: [{name: pc, ipAddress: 192.168.0.5}], publicIPAddress: 203.0.113.1}
internet:
  hosts: [{name: laptop, ipAddress: 203.0.113.10}]
  records: [{name: pond.blob.core.windows.net, CNAME: pond.example.com}]
";

fn meaning(plane: &Dataplane, text: &str, side: Side) -> Result<Ends, String> {
    let spec = import::spec(text, Place::default()).map_err(|mistake| mistake.message)?;
    ends(plane, &spec, side).map_err(|mistake| mistake.message)
}

/// The names of the sources that `text` means, by realm and name.
#[track_caller]
fn sources(text: &str, expected: &[&str]) {
    let plane = plane(NETWORK);
    let spec = import::spec(text, Place::default()).unwrap();
    let found = places(&plane, &spec).unwrap().sources;
    let names: Vec<String> = found.places.iter().map(|place| place.name.clone()).collect();
    assert_eq!(names, expected, "{text}");
}

/// The places that `text` means as a destination, and the addresses that it means wherever they lead.
#[track_caller]
fn destinations(text: &str, expected: &[&str], addresses: &[&str]) {
    let plane = plane(NETWORK);
    let spec = import::spec(text, Place::default()).unwrap();
    let found = places(&plane, &spec).unwrap().destinations;
    let names: Vec<String> = found.places.iter().map(|place| place.name.clone()).collect();
    assert_eq!(names, expected, "{text}");
    let shown: Vec<String> = found.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(shown, addresses, "{text}");
}

#[track_caller]
fn refused(text: &str, message: &str) {
    let plane = plane(NETWORK);
    assert_eq!(meaning(&plane, text, Side::Source).unwrap_err(), message, "{text}");
}

#[test]
fn names_mean_what_is_called_so_and_what_is_in_it() {
    sources("jumpbox", &["jumpbox"]);
    sources("JUMPBOX-nic", &["jumpbox"]);
    sources("hub", &["firewall", "jumpbox"]);
    sources("hub/jump", &["jumpbox"]);
    sources("spoke-1/data", &["database", "guard", "lake-endpoint"]);
    sources("by-firewall", &["database", "guard"]);
    sources("web", &["app-1", "app-2"]);
    sources("firewall", &["firewall"]);
    sources("lake-endpoint", &["lake-endpoint"]);
    sources("office", &["a machine at office", "pc"]);
    sources("office/pc", &["pc"]);
    sources("'office edge'", &["office edge"]);
}

#[test]
fn sorts_tell_things_apart_that_are_called_the_same() {
    sources("vm:guard", &["guard"]);
    sources("nsg:guard", &["app-1", "app-2"]);
    refused("guard", "`guard` may be any of 2");
    refused("subnet:app", "`app` may be any of 2");
    refused("vnet:jump", "no `vnet` in the input is called `jump`");
}

#[test]
fn a_star_means_everything_that_fits() {
    sources("spoke-*/app", &["app-1", "app-2"]);
    sources("vm:app-*", &["app-1", "app-2"]);
    sources(
        "vnet:*",
        &["firewall", "jumpbox", "app-1", "database", "guard", "lake-endpoint", "app-2"],
    );
    sources("/subscriptions/*/virtualNetworks/spoke-2", &["app-2"]);
    // Services stand at public addresses, of which the input tells none.
    sources(
        "resource-group:scen*",
        &[
            "lake",
            "other",
            "firewall",
            "jumpbox",
            "app-1",
            "database",
            "guard",
            "lake-endpoint",
            "app-2",
        ],
    );
}

/// A service is its public address and its private endpoints.
#[test]
fn a_service_is_where_it_answers() {
    sources("lake", &["lake", "lake-endpoint"]);
    sources("service:lake", &["lake", "lake-endpoint"]);
}

#[test]
fn addresses_mean_packets_and_whatever_has_them() {
    sources("10.1.0.0/16", &["app-1", "database", "guard", "lake-endpoint"]);
    sources("10.1.2.4-10.1.2.5", &["database", "lake-endpoint"]);
    sources("192.168.0.5", &["pc"]);
    sources("192.168.0.128/25", &["a machine at office"]);
    sources("203.0.113.10", &["laptop"]);
    // R201: Azure's own addresses are on the Internet, also those that the expansion of the tag leaves out.
    sources("13.97.0.1", &["a machine on the Internet"]);
    destinations("21.0.0.0/8", &[], &["21.0.0.0/8"]);
    // What sends from a public address has it not itself.
    sources("198.51.100.1", &["jumpbox"]);
    destinations("10.1.2.4", &["database"], &["10.1.2.4/32"]);
    destinations("198.51.100.1", &[], &["198.51.100.1/32"]);
    destinations("192.168.0.0/24", &["pc"], &["192.168.0.0/24"]);
    refused(
        "10.77.0.0/16",
        "`10.77.0.0/16` is no place of packets: nothing in the input has such an address",
    );
}

#[test]
fn what_is_sent_to_a_public_address_or_frontend_is_meant_wherever_it_arrives() {
    destinations("jump-pip", &[], &["198.51.100.1/32"]);
    destinations("front", &[], &["198.51.100.2/32"]);
    destinations("jumpbox", &["jumpbox"], &[]);
    sources("jump-pip", &["jumpbox"]);
    refused(
        "front",
        "`front` is no place of packets: a load balancer sends nothing of its own accord",
    );
    refused("idle-pip", "`idle-pip` is no place of packets: nothing sends from it");
}

#[test]
fn the_outside_is_the_internet_and_the_sites() {
    sources("internet", &["a machine on the Internet", "laptop"]);
    sources("tag:Internet", &["a machine on the Internet", "laptop"]);
    sources("on-premises", &["a machine at office", "pc"]);
    sources(
        "anywhere but not (vnet:* or internet or on-premises)",
        &["lake", "other", "the Azure platform", "office edge"],
    );
}

#[test]
fn sets_are_joined_pair_by_pair() {
    sources("spoke-1 but not spoke-1/data", &["app-1"]);
    sources("spoke-1 and web", &["app-1"]);
    sources("jumpbox or web but not 10.2.0.0/16", &["jumpbox", "app-1"]);
    destinations("spoke-1 and 10.1.2.0/24", &["database", "guard", "lake-endpoint"], &[]);
    destinations("jumpbox and 198.51.100.1", &["jumpbox"], &[]);
    destinations("spoke-1/data but not 10.1.2.5", &["database", "guard"], &[]);
}

/// The addresses at which packets arrive at the place called `name` that are meant.
fn at(plane: &Dataplane, text: &str, name: &str) -> hopwise::net::AddressSet {
    let found = meaning(plane, text, Side::Destination).unwrap();
    let mut places = plane.locations.iter().filter(|(_, location)| *location.name == *name);
    found.at(places.next().unwrap().0).clone()
}

#[test]
fn an_address_beside_a_place_is_that_address_alone() {
    // The machine has a private address and a public one before it.
    let plane = plane(NETWORK);
    let private = at(&plane, "jumpbox and 10.0.1.4", "jumpbox");
    assert_eq!(private.prefixes(), ["10.0.1.4/32".parse().unwrap()]);
    let public = at(&plane, "jumpbox and 198.51.100.1", "jumpbox");
    assert_eq!(public.prefixes(), ["198.51.100.1/32".parse().unwrap()]);
    let either = at(&plane, "jumpbox and (10.0.1.4 or 198.51.100.1)", "jumpbox");
    assert_eq!(either, private.union(&public));
}

#[test]
fn an_address_of_a_machine_with_several_is_not_the_others() {
    let plane = plane(
        "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  publicIPAddresses: [{name: one, sku: Standard, ipAddress: 198.51.100.1}, {name: two, sku: Standard, ipAddress: 198.51.100.2}]
  networkInterfaces:
    - name: nic
      ipConfigurations:
        - {name: c, primary: true, subnet: v/s, privateIPAddress: 10.0.0.4, publicIPAddress: one}
        - {name: d, subnet: v/s, privateIPAddress: 10.0.0.5, publicIPAddress: two}
",
    );
    let contains = |text: &str| {
        let meant = at(&plane, text, "nic");
        ["10.0.0.4", "198.51.100.1", "10.0.0.5", "198.51.100.2"]
            .map(|address| meant.contains(address.parse().unwrap()))
    };
    assert_eq!(contains("10.0.0.4"), [true, true, false, false]);
    assert_eq!(contains("nic and 10.0.0.4"), [true, false, false, false]);
    assert_eq!(contains("nic but not 10.0.0.4"), [false, false, true, true]);
}

#[test]
fn what_words_leave_together_may_be_nothing() {
    let plane = plane(NETWORK);
    for text in ["app-1 and app-2", "spoke-1 but not anywhere", "jumpbox and 9.9.9.9"] {
        let spec = import::spec(text, Place::default()).unwrap();
        let message = format!(
            "`{text}` is no place of packets: nobody and no address is in what its words leave together"
        );
        assert_eq!(places(&plane, &spec).unwrap_err().message, message);
    }
}

#[test]
fn what_means_nothing_is_a_mistake() {
    refused("jumpbx", "nothing in the input is called `jumpbx`");
    refused(
        "hub/empty",
        "`hub/empty` is no place of packets: it is a subnet with nothing in it, or behind it",
    );
    refused("aks", "`aks` is no place of packets: no address of it is in the input");
    // Its name leads to another, of which the input tells nothing.
    refused(
        "pond",
        "`pond` is no place of packets: it is a service, whose public addresses are not in the input; name its \
         private endpoint, or the tag of its addresses",
    );
    refused("tag:Storage", "`tag:Storage` is a tag whose contents are not in the input");
    refused("tag:VirtualNetwork", "`tag:VirtualNetwork` stands for other addresses at each subnet");
    refused(
        "resource-group:prod",
        "`resource-group:prod` is no place of packets: nothing that sends or takes packets is in it",
    );
}
