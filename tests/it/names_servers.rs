//! Who is asked (R235-R242), servers on premises (R280, R281) and firewalls (R288, R289, G41).

use crate::names_support::{Estate, Wires, address, brief, estate, estate_of};
use hopwise::dataplane::names::At;
use hopwise::net::RecordType;

/// A hub with two DNS machines that hold what the appliances say, and a spoke that asks both.
fn two_servers(first: &str, second: &str) -> Estate {
    estate(&two_servers_as_text(first, second))
}

fn two_servers_as_text(first: &str, second: &str) -> String {
    format!(
        "
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]
    - name: spoke
      addressPrefixes: [10.2.0.0/16]
      dnsServers: [10.1.0.53, 10.1.0.54]
      subnets: [{{name: s, addressPrefix: 10.2.0.0/24}}]
  virtualMachines:
    - {{name: dns1, subnet: hub/s, privateIPAddress: 10.1.0.53}}
    - {{name: dns2, subnet: hub/s, privateIPAddress: 10.1.0.54}}
    - {{name: client, subnet: spoke/s, privateIPAddress: 10.2.0.4}}
appliances:
  - {{name: dns1, networkInterfaces: [dns1-nic], kind: host, dns: {first}}}
  - {{name: dns2, networkInterfaces: [dns2-nic], kind: host, dns: {second}}}
"
    )
}

const KNOWS_1: &str = "{zones: [corp.example], records: [{name: db.corp.example, A: [10.1.0.1]}]}";
const KNOWS_2: &str = "{zones: [corp.example], records: [{name: db.corp.example, A: [10.1.0.2]}]}";
const EMPTY: &str = "{zones: [corp.example]}";

#[test]
fn r237_the_next_server_is_asked_only_when_one_does_not_answer() {
    let dead = |cut: &[&str], unsure: &[&str]| Wires {
        cut: cut.iter().map(|it| address(it)).collect(),
        unsure: unsure.iter().map(|it| address(it)).collect(),
        ..Wires::default()
    };
    let estate = two_servers(KNOWS_1, KNOWS_2);
    estate.check_citing("client", "db.corp.example", "10.1.0.1", &[235]);
    estate.check_over(dead(&["10.1.0.53"], &[]), "client", "db.corp.example", "10.1.0.2");
    estate.check_over(
        dead(&["10.1.0.53", "10.1.0.54"], &[]),
        "client",
        "db.corp.example",
        "timeout",
    );
    // Not on NXDOMAIN.
    two_servers(EMPTY, KNOWS_2).check("client", "db.corp.example", "nxdomain");
    // Where it is not known whether the first one answers, both answers count.
    estate.check_over(dead(&[], &["10.1.0.53"]), "client", "db.corp.example", "unknown");
    let same = two_servers(KNOWS_1, KNOWS_1);
    same.check_over(dead(&[], &["10.1.0.53"]), "client", "db.corp.example", "10.1.0.1");
}

/// Both servers forward to machines that are perhaps lost, or answer by themselves: whoever answers, the answer is
/// the same.
#[test]
fn r237_a_server_that_is_perhaps_answered_is_perhaps_silent() {
    let knows = |record: &str| {
        format!("{{forwarders: [{{domain: ., servers: [10.2.0.9]}}], records: [{record}]}}")
    };
    let unsure = || Wires { unsure: vec![address("10.2.0.9")], ..Wires::default() };
    let same = two_servers(&knows(""), "{records: [{name: db.corp.example, A: [10.1.0.1]}]}");
    let there = "
network: {virtualMachines: [{name: upstream, subnet: spoke/s, privateIPAddress: 10.2.0.9}]}
appliances: [{name: upstream, networkInterfaces: [upstream-nic], kind: host, dns: {records: [{name: db.corp.example, A: [10.1.0.1]}]}}]
";
    // What the first one forwards to is not in the input, and answers unless the query is lost.
    same.check_over(unsure(), "client", "db.corp.example", "unknown");
    let with = |first: &str, second: &str| estate_of(&[&two_servers_as_text(first, second), there]);
    let same = with(&knows(""), "{records: [{name: db.corp.example, A: [10.1.0.1]}]}");
    same.check_over(unsure(), "client", "db.corp.example", "10.1.0.1");
    let other = with(&knows(""), "{records: [{name: db.corp.example, A: [10.1.0.2]}]}");
    other.check_over(unsure(), "client", "db.corp.example", "unknown");
    let neither = with(&knows(""), &knows(""));
    neither.check_over(unsure(), "client", "db.corp.example", "unknown");
}

#[test]
fn r238_the_query_is_carried_from_the_client_to_the_server() {
    let estate = two_servers(KNOWS_1, KNOWS_2);
    let mut wires = Wires { cut: vec![address("10.1.0.53")], ..Wires::default() };
    estate.ask("client", "db.corp.example", RecordType::A, &mut wires);
    let asked: Vec<_> = wires.asked.iter().map(|&(at, to)| (estate.who(at), to)).collect();
    let client = || "client".to_owned();
    assert_eq!(asked, [(client(), address("10.1.0.53")), (client(), address("10.1.0.54"))]);
}

#[test]
fn two_servers_that_forward_to_each_other_are_a_loop() {
    let to = |address: &str| format!("{{forwarders: [{{domain: ., servers: [{address}]}}]}}");
    let estate = two_servers(&to("10.1.0.54"), &to("10.1.0.53"));
    estate.check_citing("client", "db.corp.example", "timeout", &[273]);
}

#[test]
fn a_server_that_is_not_in_the_input_is_unknown_and_a_public_resolver_is_public() {
    let with = |server: &str| {
        estate(&format!(
            "
internet: {{records: [{{name: www.example.com, A: [198.51.100.80]}}]}}
network:
  virtualNetworks:
    - {{name: A, addressPrefixes: [10.0.0.0/16], dnsServers: [{server}], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}
  virtualMachines: [{{name: a, subnet: A/s, privateIPAddress: 10.0.0.4}}]
"
        ))
    };
    with("10.0.0.9").check("a", "www.example.com", "unknown");
    with("8.8.8.8").check("a", "www.example.com", "198.51.100.80");
    let cut = Wires { cut: vec![address("10.0.0.9")], ..Wires::default() };
    with("10.0.0.9").check_over(cut, "a", "www.example.com", "timeout");
}

/// A hub with the zone of a database, its inbound endpoint, and a site whose server forwards.
fn on_premises(dns: &str) -> Estate {
    estate(&format!(
        "
onPremises:
  - name: office
    addressPrefixes: [192.168.10.0/24]
    hosts:
      - {{name: pc, ipAddress: 192.168.10.5}}
      - {{name: dc, ipAddress: 192.168.10.53, dns: {dns}}}
    dnsServers: [192.168.10.53]
internet: {{records: [{{name: srv.database.windows.net, A: [203.0.113.33]}}]}}
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: inbound, addressPrefix: 10.1.8.0/28}}, {{name: pe, addressPrefix: 10.1.5.0/24}}]
  dnsResolvers:
    - name: resolver
      virtualNetwork: hub
      inboundEndpoints: [{{name: in, ipConfigurations: [{{subnet: hub/inbound, privateIpAddress: 10.1.8.4}}]}}]
  privateEndpoints:
    - {{name: sql, subnet: hub/pe, privateIPAddress: 10.1.5.4, groupId: sqlServer, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/srv}}
  privateDnsZones:
    - name: privatelink.database.windows.net
      virtualNetworkLinks: [{{virtualNetwork: hub}}]
      records: [{{name: srv, A: [10.1.5.4]}}]
"
    ))
}

#[test]
fn r240_the_platform_answers_only_inside_azure() {
    let estate = on_premises("{forwarders: [{domain: ., servers: [168.63.129.16]}]}");
    estate.check_citing("pc", "srv.database.windows.net", "timeout", &[240]);
}

#[test]
fn r280_forwarding_the_public_suffix_to_the_inbound_endpoint_gives_the_private_address() {
    let estate = on_premises("{forwarders: [{domain: database.windows.net, servers: [10.1.8.4]}]}");
    estate.check_citing("pc", "srv.database.windows.net", "10.1.5.4", &[265, 247, 277]);
    let cut = Wires { cut: vec![address("10.1.8.4")], ..Wires::default() };
    estate.check_over(cut, "pc", "srv.database.windows.net", "timeout");
    // Without any forwarder, the public address (R277).
    on_premises("{}").check("pc", "srv.database.windows.net", "203.0.113.33");
}

#[test]
fn r281_forwarding_the_private_zone_alone_works_only_if_aliases_are_resubmitted() {
    // R558: whoever means the private address forwards the public suffix, as above.
    let with = |more: &str| {
        on_premises(&format!(
            "{{forwarders: [{{domain: privatelink.database.windows.net, servers: [10.1.8.4]}}, {{domain: ., servers: [8.8.8.8]}}]{more}}}"
        ))
    };
    with("").check_citing("pc", "srv.database.windows.net", "unknown", &[281]);
    with(", resubmitsAliases: true").check("pc", "srv.database.windows.net", "10.1.5.4");
    with(", resubmitsAliases: false").check("pc", "srv.database.windows.net", "203.0.113.33");
    // A name within the zone is forwarded by any server.
    with("").check("pc", "srv.privatelink.database.windows.net", "10.1.5.4");
}

/// A branch that is a network of its own, as in the labs: its DNS machine forwards the private zone to
/// the hub's inbound endpoint and the rest to 168.63.129.16.
fn branch(more: &str) -> Estate {
    estate(&format!(
        "
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.11.0.0/16]
      subnets: [{{name: inbound, addressPrefix: 10.11.8.0/28}}, {{name: pe, addressPrefix: 10.11.7.0/24}}]
    - name: branch
      addressPrefixes: [10.10.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.10.0.0/24}}]
  virtualMachines:
    - {{name: vm, subnet: branch/s, privateIPAddress: 10.10.0.5, dnsServers: [10.10.0.6]}}
    - {{name: unbound, subnet: branch/s, privateIPAddress: 10.10.0.6}}
  dnsResolvers:
    - name: resolver
      virtualNetwork: hub
      inboundEndpoints: [{{name: in, ipConfigurations: [{{subnet: hub/inbound, privateIpAddress: 10.11.8.4}}]}}]
  privateEndpoints:
    - {{name: blob, subnet: hub/pe, privateIPAddress: 10.11.7.99, groupId: blob, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct}}
  privateDnsZones:
    - name: privatelink.blob.core.windows.net
      virtualNetworkLinks: [{{virtualNetwork: hub}}]
      records: [{{name: acct, A: [10.11.7.99]}}]
internet: {{records: [{{name: acct.blob.core.windows.net, A: [203.0.113.20]}}]}}
appliances:
  - name: unbound
    networkInterfaces: [unbound-nic]
    kind: host
    dns:
      records: [{{name: vm.corp, A: [10.10.0.5]}}]
      forwarders:
        - {{domain: privatelink.blob.core.windows.net, servers: [10.11.8.4]}}
        - {{domain: ., servers: [168.63.129.16]}}
{more}
"
    ))
}

#[test]
fn r281_unbound_in_a_branch_resubmits_and_gets_the_private_address() {
    // Seen in the labs of 2024: the machine in the branch got the endpoint's address.
    let unbound = branch("      resubmitsAliases: true");
    unbound.check_citing("vm", "acct.blob.core.windows.net", "10.11.7.99", &[265, 281, 509]);
    unbound.check("vm", "vm.corp", "10.10.0.5");
    // What another server does is not known (R281), and whoever does not has the public address.
    branch("").check("vm", "acct.blob.core.windows.net", "unknown");
    let other = branch("      resubmitsAliases: false");
    other.check_citing("vm", "acct.blob.core.windows.net", "203.0.113.20", &[239]);
}

#[test]
fn a_site_without_servers_has_the_public_dns() {
    let estate = estate(
        "
onPremises: [{name: home, addressPrefixes: [192.168.0.0/24], hosts: [{name: pc, ipAddress: 192.168.0.5}]}]
internet: {records: [{name: www.example.com, A: [198.51.100.80]}], hosts: [{name: laptop, ipAddress: 203.0.113.10}]}
",
    );
    for who in ["pc", "home", "laptop", "internet"] {
        estate.check(who, "www.example.com", "198.51.100.80");
        estate.check_type(who, "www.example.com", RecordType::Aaaa, "nodata");
        estate.check(who, "other.example.com", "unknown");
    }
}

#[test]
fn r343_clients_of_a_point_to_site_gateway_ask_the_custom_servers_of_its_network() {
    let estate = estate(
        "
onPremises:
  - name: laptops
    addressPrefixes: [172.16.0.0/24]
    hosts: [{name: laptop, ipAddress: 172.16.0.2}]
    connections: [{virtualNetworkGateway: vpn}]
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      dnsServers: [10.1.8.4]
      subnets: [{name: GatewaySubnet, addressPrefix: 10.1.0.0/27}, {name: inbound, addressPrefix: 10.1.8.0/28}]
  virtualNetworkGateways:
    - {name: vpn, virtualNetwork: hub, gatewayType: Vpn, sku: VpnGw1, vpnClientConfiguration: {vpnClientAddressPool: {addressPrefixes: [172.16.0.0/24]}}}
  dnsResolvers:
    - name: resolver
      virtualNetwork: hub
      inboundEndpoints: [{name: in, ipConfigurations: [{subnet: hub/inbound, privateIpAddress: 10.1.8.4}]}]
  privateDnsZones:
    - {name: corp.example, virtualNetworkLinks: [{virtualNetwork: hub}], records: [{name: db, A: [10.1.0.9]}]}
",
    );
    estate.check_citing("laptop", "db.corp.example", "10.1.0.9", &[343, 265]);
}

/// G41: a spoke asks the DNS proxy of the hub's firewall; the zone is linked to `linked`.
fn g41(linked: &str, policy: &str) -> Estate {
    estate_of(&[
        "
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: AzureFirewallSubnet, addressPrefix: 10.1.1.0/26}, {name: s, addressPrefix: 10.1.0.0/24}]
    - name: spoke
      addressPrefixes: [10.2.0.0/16]
      dnsServers: [10.1.1.4]
      subnets: [{name: s, addressPrefix: 10.2.0.0/24}]
  virtualMachines:
    - {name: vm, subnet: spoke/s, privateIPAddress: 10.2.0.4}
    - {name: dns, subnet: hub/s, privateIPAddress: 10.1.0.53}
  azureFirewalls: [{name: fw, virtualNetwork: hub, privateIPAddress: 10.1.1.4, firewallPolicy: policy}]
",
        &format!("network: {{firewallPolicies: [{{name: policy, dnsSettings: {policy}}}]}}"),
        &format!("network: {{privateDnsZones: [{{name: corp.example, virtualNetworkLinks: [{{virtualNetwork: {linked}}}], records: [{{name: db, A: [10.2.0.9]}}]}}]}}"),
        "network: {dnsZones: [{name: corp.example, records: [{name: www, A: [198.51.100.80]}]}]}",
    ])
}

#[test]
fn g41_the_firewall_has_the_view_of_its_own_network() {
    let proxy = "{enableProxy: true}";
    g41("spoke", proxy).check_citing("vm", "db.corp.example", "nxdomain", &[288, 289]);
    g41("hub", proxy).check_citing("vm", "db.corp.example", "10.2.0.9", &[288, 289]);
    // The proxy is no guest: nothing is assumed.
    assert!(g41("hub", proxy).answer("vm", "db.corp.example").assumptions.is_empty());
    g41("hub", "{enableProxy: false}").check_citing("vm", "db.corp.example", "timeout", &[288]);
}

#[test]
fn r288_the_proxy_forwards_to_its_own_servers() {
    let estate = g41("hub", "{enableProxy: true, servers: [10.1.0.53]}");
    let mut wires = Wires::default();
    let answer = estate.ask("vm", "db.corp.example", RecordType::A, &mut wires);
    assert_eq!(brief(&answer), "10.2.0.9");
    let asked: Vec<_> = wires.asked.iter().map(|&(at, to)| (estate.who(at), to)).collect();
    assert_eq!(
        asked,
        [("vm".to_owned(), address("10.1.1.4")), ("fw".to_owned(), address("10.1.0.53"))]
    );
}

#[test]
fn wildcards_of_a_server_and_of_the_public_dns_stand_for_missing_names() {
    let wild = "{records: [{name: '*.apps.example', A: [10.1.0.7]}], forwarders: [{domain: x.apps.example, servers: [10.1.0.54]}]}";
    let estate = two_servers(wild, "{records: [{name: b.x.apps.example, A: [10.1.0.8]}]}");
    estate.check("client", "a.apps.example", "10.1.0.7");
    estate.check("client", "b.x.apps.example", "10.1.0.8");
    let internet =
        estate_of(&["internet: {records: [{name: '*.apps.example', A: [198.51.100.7]}]}"]);
    internet.check("internet", "a.apps.example", "198.51.100.7");
    internet.check("internet", "apps.example", "unknown");
}

/// R254, RFC 4592: a name below which something is recorded exists, so that no wildcard stands for it, nor one from
/// further above for what is below it.
#[test]
fn r254_wildcards_do_not_stand_for_names_that_exist_above_others() {
    let records = "records: [{name: '*.apps.example', A: [10.1.0.7]}, {name: x.y.apps.example, A: [10.1.0.8]}]";
    let server = two_servers(&format!("{{{records}}}"), "{}");
    let internet = estate_of(&[&format!("internet: {{{records}}}")]);
    for (estate, who) in [(server, "client"), (internet, "internet")] {
        estate.check(who, "a.apps.example", "10.1.0.7");
        estate.check(who, "b.a.apps.example", "10.1.0.7");
        for exists in ["apps.example", "y.apps.example", "z.y.apps.example"] {
            estate.check(who, exists, "unknown");
        }
    }
}

#[test]
fn the_assumption_about_dns_servers_can_be_forbidden() {
    let with = |assume: &str| {
        estate(&format!(
            "
{assume}
network:
  virtualNetworks:
    - {{name: A, addressPrefixes: [10.0.0.0/16], dnsServers: [10.0.0.53], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}
  virtualMachines:
    - {{name: a, subnet: A/s, privateIPAddress: 10.0.0.4}}
    - {{name: dns, subnet: A/s, privateIPAddress: 10.0.0.53}}
  privateDnsZones:
    - {{name: corp.example, virtualNetworkLinks: [{{virtualNetwork: A}}], records: [{{name: db, A: [10.0.0.9]}}]}}
"
        ))
    };
    with("").check("a", "db.corp.example", "10.0.0.9");
    with("assume: {dnsForwardsToAzure: false}").check("a", "db.corp.example", "unknown");
    let told = with("assume: {dnsForwardsToAzure: true}").answer("a", "db.corp.example");
    assert_eq!((brief(&told).as_str(), told.assumptions.len()), ("10.0.0.9", 0));
}

#[test]
fn a_load_balancer_in_front_of_servers_answers_what_they_agree_on() {
    let with = |second: &str| {
        estate(&format!(
            "
network:
  virtualNetworks:
    - {{name: A, addressPrefixes: [10.0.0.0/16], dnsServers: [10.0.0.53], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}
  virtualMachines:
    - {{name: a, subnet: A/s, privateIPAddress: 10.0.0.4}}
    - {{name: dns1, subnet: A/s, privateIPAddress: 10.0.0.5}}
    - {{name: dns2, subnet: A/s, privateIPAddress: 10.0.0.6}}
  loadBalancers:
    - name: lb
      sku: {{name: Standard}}
      frontendIPConfigurations: [{{name: f, subnet: A/s, privateIPAddress: 10.0.0.53}}]
      backendAddressPools: [{{name: p, loadBalancerBackendAddresses: [{{name: x, ipAddress: 10.0.0.5, virtualNetwork: A}}, {{name: y, ipAddress: 10.0.0.6, virtualNetwork: A}}]}}]
      loadBalancingRules: [{{name: dns, frontendIPConfiguration: lb/f, backendAddressPool: lb/p, protocol: Udp, frontendPort: 53, backendPort: 53}}]
appliances:
  - {{name: dns1, networkInterfaces: [dns1-nic], kind: host, dns: {KNOWS_1}}}
  - {{name: dns2, networkInterfaces: [dns2-nic], kind: host, dns: {second}}}
"
        ))
    };
    with(KNOWS_1).check("a", "db.corp.example", "10.1.0.1");
    with(KNOWS_2).check("a", "db.corp.example", "unknown");
}

impl Estate {
    /// The label of who asks from there.
    fn who(&self, at: At) -> String {
        self.names.asker(at).map(|id| self.names.askers[id].label.clone()).unwrap_or_default()
    }
}
