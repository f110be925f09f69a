//! Names that lead to somebody else than the resource that has them, and to several addresses.

use super::ask;
use hopwise::answer::{NameOutcome, Reason, TraceAnswer, Verdict};

const BLOB: &str = "store.blob.core.windows.net:443";

/// A client, two accounts with an endpoint each, one for another sub-resource, and a cluster; `records` are of the
/// zone of blobs, `server` is the address recorded for the API server.
fn asked(records: &str, server: &str, to: &str) -> TraceAnswer {
    let text = format!(
        "network:
  virtualNetworks:
    - name: v
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: work, addressPrefix: 10.0.0.0/24}}, {{name: ends, addressPrefix: 10.0.3.0/24}}]
  virtualMachines:
    - {{name: client, subnet: v/work, privateIPAddress: 10.0.0.4}}
    - {{name: web, subnet: v/work, privateIPAddress: 10.0.0.9}}
  storageAccounts:
    - {{name: store, location: westeurope, publicNetworkAccess: Disabled, primaryEndpoints: {{blob: 'https://store.blob.core.windows.net/'}}}}
    - {{name: other, location: westeurope, publicNetworkAccess: Disabled, primaryEndpoints: {{blob: 'https://other.blob.core.windows.net/'}}}}
  managedClusters:
    - {{name: aks, location: westeurope, privateFQDN: aks.privatelink.westeurope.azmk8s.io, apiServerAccessProfile: {{enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false, privateDNSZone: privatelink.westeurope.azmk8s.io}}}}
  privateEndpoints:
    - {{name: own, subnet: v/ends, privateIPAddress: 10.0.3.5, target: store, groupId: blob, state: Approved}}
    - {{name: strange, subnet: v/ends, privateIPAddress: 10.0.3.6, target: other, groupId: blob, state: Approved}}
    - {{name: files, subnet: v/ends, privateIPAddress: 10.0.3.7, target: store, groupId: file, state: Approved}}
    - {{name: refused, subnet: v/ends, privateIPAddress: 10.0.3.8, target: store, groupId: blob, state: Rejected}}
    - {{name: copy, subnet: v/ends, privateIPAddress: 10.0.3.10, target: store, groupId: blob_secondary, state: Approved}}
    - {{name: gateway, subnet: v/ends, privateIPAddress: 10.0.3.11, target: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/applicationGateways/g, groupId: front, state: Approved}}
    - {{name: server, subnet: v/ends, privateIPAddress: 10.0.3.9, target: aks, groupId: management, state: Approved}}
  privateDnsZones:
    - {{name: privatelink.blob.core.windows.net, virtualNetworkLinks: [{{virtualNetwork: v}}], records: [{{name: store, A: [{records}]}}]}}
    - {{name: privatelink.westeurope.azmk8s.io, virtualNetworkLinks: [{{virtualNetwork: v}}], records: [{{name: aks, A: [{server}]}}]}}
    - {{name: corp.example, virtualNetworkLinks: [{{virtualNetwork: v}}], records: [{{name: data, CNAME: store.blob.core.windows.net}}, {{name: web, A: [10.0.0.9]}}]}}
"
    );
    ask::tcp(&ask::plane(&text), "client", to)
}

fn fares(records: &str, server: &str, to: &str) -> (Verdict, Option<Reason>) {
    let answer = asked(records, server, to);
    (answer.verdict, answer.reason)
}

const ELSEWHERE: (Verdict, Option<Reason>) = (Verdict::Unreachable, Some(Reason::ArrivesElsewhere));
const REACHED: (Verdict, Option<Reason>) = (Verdict::Reachable, None);

#[test]
fn an_endpoint_reaches_nothing_but_what_it_is_mapped_to() {
    // R296.
    assert_eq!(fares("10.0.3.5", "10.0.3.9", BLOB), REACHED);
    assert_eq!(fares("10.0.3.6", "10.0.3.9", BLOB), ELSEWHERE);
    assert_eq!(
        fares("10.0.3.6", "10.0.3.9", "store.privatelink.blob.core.windows.net:443"),
        ELSEWHERE
    );
    assert_eq!(fares("10.0.3.6", "10.0.3.9", "data.corp.example:443"), ELSEWHERE);
    // Asked for by address, whoever has it is meant.
    assert_eq!(fares("10.0.3.6", "10.0.3.9", "10.0.3.6:443"), REACHED);
    assert_eq!(fares("10.0.3.5", "10.0.3.9", "aks:443"), REACHED);
    assert_eq!(fares("10.0.3.5", "10.0.3.6", "aks:443"), ELSEWHERE);
}

#[test]
fn an_endpoint_reaches_one_sub_resource() {
    // R294.
    assert_eq!(fares("10.0.3.7", "10.0.3.9", BLOB), ELSEWHERE);
    assert_eq!(fares("10.0.3.10", "10.0.3.9", BLOB), ELSEWHERE);
}

#[test]
fn a_machine_may_hand_on_what_it_gets() {
    // R282: the address was given away; or a proxy has it.
    let unsure = (Verdict::Unknown, Some(Reason::ArrivesElsewhere));
    assert_eq!(fares("10.0.0.9", "10.0.3.9", BLOB), unsure);
    assert_eq!(fares("10.0.3.5", "10.0.0.9", "aks:443"), unsure);
    assert_eq!(fares("10.0.3.11", "10.0.3.9", BLOB), unsure);
    assert_eq!(fares("10.0.3.5", "10.0.3.9", "web.corp.example:443"), REACHED);
}

#[test]
fn which_of_several_addresses_a_client_takes_is_not_known() {
    // R285.
    let unsure = (Verdict::Unknown, Some(Reason::SomePathsFail));
    assert_eq!(fares("10.0.3.5, 10.0.3.8", "10.0.3.9", BLOB), unsure);
    assert_eq!(fares("10.0.3.8, 10.0.3.5", "10.0.3.9", BLOB), unsure);
    assert_eq!(fares("10.0.3.5, 10.0.3.6", "10.0.3.9", BLOB), unsure);
    assert_eq!(fares("10.0.3.6, 10.0.3.7", "10.0.3.9", BLOB), ELSEWHERE);
    let (verdict, _) = fares("10.0.3.6, 10.0.3.8", "10.0.3.9", BLOB);
    assert_eq!(verdict, Verdict::Unreachable);
}

/// A firewall whose only rule is for the name of a vault, which is an alias; `zones` are private ones.
fn through_firewall(zones: &str, to: &str) -> (Verdict, Option<Reason>) {
    let text = format!(
        "network:
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: AzureFirewallSubnet, addressPrefix: 10.0.5.0/26}}, {{name: work, addressPrefix: 10.0.0.0/24, routeTable: way}}]
  routeTables: [{{name: way, routes: [{{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.5.4}}]}}]
  virtualMachines: [{{name: client, subnet: hub/work, privateIPAddress: 10.0.0.4}}]
  publicIPAddresses: [{{name: fw-pip, sku: Standard, location: westeurope, ipAddress: 198.51.100.5}}]
  firewallPolicies:
    - name: policy
      dnsSettings: {{enableProxy: true}}
      ruleCollectionGroups: [{{name: g, priority: 100, ruleCollections: [{{name: c, ruleCollectionType: FirewallPolicyFilterRuleCollection, priority: 100, action: {{type: Allow}}, rules: [{{ruleType: NetworkRule, name: vault, ipProtocols: [TCP], sourceAddresses: ['*'], destinationFqdns: [kv.vault.azure.net], destinationPorts: ['443']}}]}}]}}]
  azureFirewalls: [{{name: fw, virtualNetwork: hub, privateIPAddress: 10.0.5.4, publicIPAddresses: [fw-pip], firewallPolicy: policy}}]
  privateDnsZones: [{zones}]
internet: {{records: [{{name: kv.vault.azure.net, CNAME: kv.privatelink.vaultcore.azure.net}}, {{name: kv.privatelink.vaultcore.azure.net, A: [20.62.1.1]}}, {{name: www.example.com, A: [20.9.9.9]}}]}}
"
    );
    let answer = ask::tcp(&ask::plane(&text), "client", to);
    (answer.verdict, answer.reason)
}

#[test]
fn a_firewall_follows_aliases_of_names_in_network_rules() {
    // R288, R289, R409, R509.
    let denied = (Verdict::Unreachable, Some(Reason::NoFirewallRuleMatches));
    assert_eq!(through_firewall("", "20.62.1.1:443"), REACHED);
    assert_eq!(through_firewall("", "www.example.com:443"), denied);
    let zone = |links: &str| {
        format!(
            "{{name: privatelink.vaultcore.azure.net, virtualNetworkLinks: [{links}], records: [{{name: kv, A: [10.0.3.26]}}]}}"
        )
    };
    // A zone that is linked to the firewall's network has another address.
    assert_eq!(through_firewall(&zone("{virtualNetwork: hub}"), "20.62.1.1:443"), denied);
    assert_eq!(through_firewall(&zone(""), "20.62.1.1:443"), REACHED);
}

/// What a client on premises gets for the name of an account, whose server forwards the private zone alone.
fn on_premises(resubmits: &str) -> NameOutcome {
    let text = format!(
        "network:
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: GatewaySubnet, addressPrefix: 10.0.9.0/27}}, {{name: rin, addressPrefix: 10.0.4.0/28}}, {{name: ends, addressPrefix: 10.0.3.0/24}}]
  publicIPAddresses: [{{name: gw-pip, sku: Standard, location: westeurope, ipAddress: 198.51.100.200}}]
  virtualNetworkGateways: [{{name: gw, gatewayType: Vpn, vpnType: RouteBased, virtualNetwork: hub, publicIPAddress: gw-pip, enableBgp: true}}]
  localNetworkGateways: [{{name: office, addressPrefixes: [192.168.10.0/24], gatewayIpAddress: 203.0.113.64}}]
  connections: [{{name: to-office, connectionType: IPsec, virtualNetworkGateway1: gw, localNetworkGateway2: office, enableBgp: true, connectionStatus: Connected}}]
  dnsResolvers: [{{name: r, location: westeurope, virtualNetwork: hub, inboundEndpoints: [{{name: in, ipConfigurations: [{{subnet: hub/rin, privateIpAddress: 10.0.4.4}}]}}]}}]
  storageAccounts: [{{name: store, location: westeurope, primaryEndpoints: {{blob: 'https://store.blob.core.windows.net/'}}}}]
  privateEndpoints: [{{name: own, subnet: hub/ends, privateIPAddress: 10.0.3.5, target: store, groupId: blob, state: Approved}}]
  privateDnsZones: [{{name: privatelink.blob.core.windows.net, virtualNetworkLinks: [{{virtualNetwork: hub}}], records: [{{name: store, A: [10.0.3.5]}}]}}]
internet: {{records: [{{name: store.blob.core.windows.net, A: [20.60.1.1]}}]}}
onPremises:
  - name: office
    addressPrefixes: [192.168.10.0/24]
    hosts: [{{name: worker, ipAddress: 192.168.10.5}}, {{name: odns, ipAddress: 192.168.10.53, dns: {{{resubmits}forwarders: [{{domain: privatelink.blob.core.windows.net, servers: [10.0.4.4]}}]}}}}]
    dnsServers: [192.168.10.53]
    publicIPAddress: 203.0.113.64
    connections: [{{localNetworkGateway: office, advertisedPrefixes: [192.168.10.0/24]}}]
"
    );
    ask::name(&ask::plane(&text), "worker", "store.blob.core.windows.net").outcome
}

#[test]
fn a_forwarder_for_the_private_zone_alone_is_not_known_to_do() {
    // R280, R281.
    let is = |address: &str| NameOutcome::Addresses(vec![address.parse().unwrap()]);
    assert_eq!(on_premises("resubmitsAliases: true, "), is("10.0.3.5"));
    assert_eq!(on_premises("resubmitsAliases: false, "), is("20.60.1.1"));
    assert!(matches!(on_premises(""), NameOutcome::Unknown(_)));
}

/// A machine in a subnet with one service endpoint that asks a site, and an account of AI services that lets nobody in
/// but that subnet.
fn beside_endpoint(service: &str, to: &str) -> (Verdict, Option<Reason>) {
    let text = format!(
        "network:
  virtualNetworks:
    - name: v
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: work, addressPrefix: 10.0.1.0/24, serviceEndpoints: [{{service: {service}, locations: ['*']}}]}}]
  virtualMachines: [{{name: client, subnet: v/work, privateIPAddress: 10.0.1.4}}]
  sites: [{{name: x, location: westeurope, defaultHostName: x.azurewebsites.net}}]
  accounts:
    - {{name: open, location: westeurope, endpoint: 'https://open.cognitiveservices.azure.com/', networkAcls: {{defaultAction: Allow}}}}
    - {{name: closed, location: westeurope, endpoint: 'https://closed.cognitiveservices.azure.com/', networkAcls: {{defaultAction: Deny, ipRules: [], virtualNetworkRules: [{{id: v/work}}]}}}}
"
    );
    let answer = ask::tcp(&ask::plane(&text), "client", to);
    (answer.verdict, answer.reason)
}

#[test]
fn a_service_endpoint_leads_to_its_own_service() {
    // R57, R430.
    for service in ["Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Web"] {
        let to = "open.cognitiveservices.azure.com:443";
        assert_eq!(beside_endpoint(service, to), REACHED, "{service}");
        let to = "closed.cognitiveservices.azure.com:443";
        let refused = (Verdict::Unreachable, Some(Reason::RefusedByService));
        assert_eq!(beside_endpoint(service, to), refused, "{service}");
    }
    for service in ["Microsoft.Web", "Microsoft.CognitiveServices", "Microsoft.Storage"] {
        assert_eq!(beside_endpoint(service, "x.azurewebsites.net:443"), REACHED, "{service}");
    }
    let own = "Microsoft.CognitiveServices";
    assert_eq!(beside_endpoint(own, "closed.cognitiveservices.azure.com:443"), REACHED);
}
