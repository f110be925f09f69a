//! Names that Azure provides (R243-R246) and registers (R259, R260), and public addresses.

use crate::names_support::{Estate, estate, estate_of};
use hopwise::net::RecordType;

/// Two peered networks with machines; `more` stands in network A.
fn pair(more: &str) -> String {
    format!(
        "
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.0.0.0/16, 'fd00:db8:a::/48']
      subnets: [{{name: s, addressPrefixes: [10.0.0.0/24, 'fd00:db8:a::/64']}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: B}}]
{more}
    - name: B
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: A}}]
  virtualMachines:
    - {{name: a, subnet: A/s, privateIPAddress: 10.0.0.4, privateIPv6Address: 'fd00:db8:a::4'}}
    - {{name: a2, subnet: A/s, privateIPAddress: 10.0.0.5}}
    - {{name: b, subnet: B/s, privateIPAddress: 10.1.0.4}}
"
    )
}

/// With zone `corp.example`.
fn with_zone(links: &str, records: &str) -> Estate {
    let zone = format!(
        "network: {{privateDnsZones: [{{name: corp.example, virtualNetworkLinks: [{links}], records: [{records}]}}]}}"
    );
    estate_of(&[&pair(""), &zone])
}

#[test]
fn r243_machines_know_each_other_only_in_the_same_network() {
    let estate = estate(&pair(""));
    estate.check_citing("a", "a2", "10.0.0.5", &[243]);
    estate.check_citing("b", "a2", "nxdomain", &[243]);
    estate.check("internet", "a2.xyz.ax.internal.cloudapp.net", "nxdomain");
}

#[test]
fn r243_a_full_name_needs_the_suffix() {
    let interface = "
network:
  networkInterfaces:
    - name: named-nic
      dnsSettings: {internalDomainNameSuffix: xyz.ax.internal.cloudapp.net}
      ipConfigurations: [{name: ipconfig1, subnet: A/s, privateIPAddress: 10.0.0.6}]
  virtualMachines: [{name: named, networkInterfaces: [named-nic]}]
";
    let estate = estate_of(&[&pair(""), interface]);
    estate.check("a", "named.xyz.ax.internal.cloudapp.net", "10.0.0.6");
    estate.check("a", "a2.xyz.ax.internal.cloudapp.net", "10.0.0.5");
    estate.check("a", "a2.other.ax.internal.cloudapp.net", "nxdomain");
    // B's own suffix is not in the input.
    estate.check("b", "named.xyz.ax.internal.cloudapp.net", "unknown");
}

#[test]
fn r244_with_custom_servers_bare_names_get_a_placeholder() {
    let custom = estate(&pair("      dnsServers: [10.1.0.4]"));
    custom.check_citing("a", "a2", "nxdomain", &[244]);
}

#[test]
fn r245_reverse_names_stay_in_the_network() {
    let ptr = RecordType::Ptr;
    let alone = estate(&pair(""));
    alone.check_type("a", "5.0.0.10.in-addr.arpa", ptr, "a2.internal.cloudapp.net.");
    alone.check_type("b", "5.0.0.10.in-addr.arpa", ptr, "nxdomain");
    alone.check_type("a", "4.0.1.10.in-addr.arpa", ptr, "nxdomain");
    // Two names with registration.
    let registered = with_zone("{virtualNetwork: A, registrationEnabled: true}", "");
    let both = "a2.internal.cloudapp.net. a2.corp.example.";
    registered.check_type("a", "5.0.0.10.in-addr.arpa", ptr, both);
    // R3: so does space that carriers share.
    alone.check_type("a", "4.0.64.100.in-addr.arpa", ptr, "nxdomain");
    // Public addresses belong to the public DNS.
    alone.check_type("a", "8.8.8.8.in-addr.arpa", ptr, "unknown");
}

#[test]
fn r246_an_own_reverse_zone_overrides() {
    let ptr = RecordType::Ptr;
    let with = |records: &str| {
        let zone = format!(
            "network: {{privateDnsZones: [{{name: 0.10.in-addr.arpa, virtualNetworkLinks: [{{virtualNetwork: A}}], records: [{records}]}}]}}"
        );
        estate_of(&[&pair(""), &zone])
    };
    with("").check_type("a", "5.0.0.10.in-addr.arpa", ptr, "nxdomain");
    let told = with("{name: '5.0', PTR: [web.corp.example]}");
    told.check_type("a", "5.0.0.10.in-addr.arpa", ptr, "web.corp.example.");
}

#[test]
fn r259_machines_register_their_primary_addresses() {
    let links = "{virtualNetwork: A, registrationEnabled: true}, {virtualNetwork: B}";
    let estate = with_zone(links, "{name: a2, A: [10.9.9.9]}, {name: hand, A: [10.0.0.77]}");
    estate.check_citing("b", "a.corp.example", "10.0.0.4", &[259]);
    estate.check_type("b", "a.corp.example", RecordType::Aaaa, "fd00:db8:a::4");
    estate.check_type("b", "a2.corp.example", RecordType::Aaaa, "nodata");
    // A record made by hand is overwritten, others stay.
    estate.check("b", "a2.corp.example", "10.0.0.5");
    estate.check("b", "hand.corp.example", "10.0.0.77");
    // B resolves and does not register.
    estate.check("a", "b.corp.example", "nxdomain");
}

#[test]
fn r260_machines_of_one_name_collide() {
    let twin = "
network:
  virtualNetworks: [{name: C, addressPrefixes: [10.2.0.0/16], subnets: [{name: s, addressPrefix: 10.2.0.0/24}]}]
  virtualMachines: [{name: twin, subnet: C/s, privateIPAddress: 10.2.0.4, osProfile: {computerName: A2}}]
  privateDnsZones:
    - name: corp.example
      virtualNetworkLinks: [{virtualNetwork: A, registrationEnabled: true}, {virtualNetwork: C, registrationEnabled: true}]
      records: []
";
    let estate = estate_of(&[&pair(""), twin]);
    estate.check("a", "a2.corp.example", "unknown");
    estate.check("a", "a.corp.example", "10.0.0.4");
}

#[test]
fn names_of_public_addresses_are_public() {
    let public = "
network:
  publicIPAddresses:
    - {name: pip, sku: Standard, ipAddress: 203.0.113.5, dnsSettings: {fqdn: web.westeurope.cloudapp.azure.com}}
    - {name: dynamic, sku: Standard, dnsSettings: {fqdn: dyn.westeurope.cloudapp.azure.com}}
";
    let estate = estate_of(&[&pair(""), public]);
    for who in ["a", "internet"] {
        estate.check(who, "web.westeurope.cloudapp.azure.com", "203.0.113.5");
        estate.check(who, "dyn.westeurope.cloudapp.azure.com", "unknown");
    }
}
