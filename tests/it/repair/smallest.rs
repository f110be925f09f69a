//! Whether the smallest change is found, and one at all, where it stands in another network than the sender's.

use super::{ask, patched};
use hopwise::answer::{RepairAnswer, Verdict};
use hopwise::import::{self, Document};

/// The answer about the first expectation of a scenario; what it offers first is tried once more.
pub(super) fn answer(text: &str) -> RepairAnswer {
    let imported = import::read_all([Document { name: "it".into(), text: text.as_bytes() }]);
    let scenario = &imported.scenarios[0];
    let expected = scenario.expectations().0.remove(0);
    let flows = scenario.dataflows().0;
    let answer = ask(&imported.snapshot, &flows, &expected).unwrap();
    if let Some(fix) = answer.fixes.first() {
        let changed = patched(&imported.snapshot, &fix.patch.to_string());
        assert_eq!(ask(&changed, &flows, &expected).unwrap().verdict, Verdict::Reachable);
    }
    answer
}

/// The sentences of each fix.
pub(super) fn fixes(text: &str) -> Vec<Vec<String>> {
    let sentences = |fix: &hopwise::answer::Fix| {
        fix.edits.iter().map(|edit| edit.sentence.clone()).collect::<Vec<_>>()
    };
    answer(text).fixes.iter().map(sentences).collect()
}

/// R58, R72, R87: the peering brings the route to the endpoint as well as the next hop of the route that leads nowhere.
#[test]
fn a_peering_alone_leads_to_an_endpoint_or_an_appliance() {
    let network = |to: &str| {
        format!(
            "network:
  virtualNetworks:
    - {{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{{name: nva, addressPrefix: 10.0.6.0/24}}, {{name: app, addressPrefix: 10.0.0.0/24}}]}}
    - {{name: spoke, addressPrefixes: [10.1.0.0/16], subnets: [{{name: app, addressPrefix: 10.1.0.0/24, routeTable: by-nva}}]}}
  routeTables: [{{name: by-nva, routes: [{{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.6.4}}]}}]
  virtualMachines: [{{name: nva, subnet: hub/nva, privateIPAddress: 10.0.6.4, enableIPForwarding: true}}, {{name: client, subnet: spoke/app, privateIPAddress: 10.1.0.4}}, {{name: web, subnet: hub/app, privateIPAddress: 10.0.0.4}}]
  privateEndpoints: [{{name: pe, subnet: hub/app, privateIPAddress: 10.0.0.5, groupId: blob, state: Approved, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct}}]
expect: [{{from: client, to: '{to}', verdict: unreachable}}]
"
        )
    };
    for to in ["10.0.0.5:443", "10.0.0.4:443"] {
        let fixes = fixes(&network(to));
        assert_eq!(fixes.len(), 1, "{to}: {fixes:?}");
        assert_eq!(fixes[0], ["peer spoke with hub, both halves"], "{to}");
    }
}

/// A service behind a private endpoint in A, and all that may answer for names in the hub.
fn names(service: &str, links: &str, records: &str, more: &str) -> String {
    format!(
        "network:
  virtualNetworks:
    - {{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{{name: dns, addressPrefix: 10.0.2.0/24}}, {{name: rin, addressPrefix: 10.0.4.0/28}}, {{name: rout, addressPrefix: 10.0.4.16/28}}, {{name: AzureFirewallSubnet, addressPrefix: 10.0.5.0/26}}], virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: A, allowForwardedTraffic: true}}, {{name: to-c, remoteVirtualNetwork: C, allowForwardedTraffic: true}}]}}
    - {{name: C, addressPrefixes: [10.2.0.0/16], subnets: [{{name: dns, addressPrefix: 10.2.2.0/24}}], virtualNetworkPeerings: [{{name: to-hub, remoteVirtualNetwork: hub, allowForwardedTraffic: true}}]}}
    - {{name: A, addressPrefixes: [10.1.0.0/16], subnets: [{{name: app, addressPrefix: 10.1.0.0/24}}, {{name: pe, addressPrefix: 10.1.3.0/24}}], virtualNetworkPeerings: [{{name: to-hub, remoteVirtualNetwork: hub, allowForwardedTraffic: true}}]}}
  virtualMachines: [{{name: app, subnet: A/app, privateIPAddress: 10.1.0.4}}, {{name: dns, subnet: hub/dns, privateIPAddress: 10.0.2.53}}, {{name: dns2, subnet: C/dns, privateIPAddress: 10.2.2.53}}]
  publicIPAddresses: [{{name: fw-pip, sku: Standard, ipAddress: 198.51.100.5}}]
  firewallPolicies: [{{name: p, dnsSettings: {{enableProxy: true}}, ruleCollectionGroups: []}}]
  azureFirewalls: [{{name: fw, virtualNetwork: hub, privateIPAddress: 10.0.5.4, publicIPAddresses: [fw-pip], firewallPolicy: p}}]
  dnsResolvers: [{{name: res, virtualNetwork: hub, inboundEndpoints: [{{name: in, ipConfigurations: [{{subnet: hub/rin, privateIpAddress: 10.0.4.4}}]}}], outboundEndpoints: [{{name: out, subnet: hub/rout}}]}}]
  dnsForwardingRulesets: [{{name: rs, dnsResolverOutboundEndpoints: [res/out], forwardingRules: [{{name: b, domainName: blob.core.windows.net., targetDnsServers: [{{ipAddress: 10.0.4.4, port: 53}}]}}]}}]
  storageAccounts: [{{name: store, {service}primaryEndpoints: {{blob: 'https://store.blob.core.windows.net/'}}}}]
  privateDnsZones: [{{name: privatelink.blob.core.windows.net, virtualNetworkLinks: [{links}], records: [{records}]}}]
{more}
appliances: [{{name: dns, networkInterfaces: [dns-nic], kind: host, dns: {{forwarders: [{{domain: ., servers: [168.63.129.16]}}]}}}}, {{name: dns2, networkInterfaces: [dns2-nic], kind: host, dns: {{forwarders: [{{domain: ., servers: [10.0.4.4]}}]}}}}]
expect: [{{from: app, to: 'store.blob.core.windows.net:443', verdict: unreachable}}]
"
    )
}

const CLOSED: &str = "publicNetworkAccess: Disabled, ";
const RECORD: &str = "{name: store, A: [10.1.3.5]}";
const ENDPOINT: &str = "  privateEndpoints: [{name: pe, subnet: A/pe, privateIPAddress: 10.1.3.5, target: store, groupId: blob, state: Approved}]";
const SPACE: &str = "{name: A, addressPrefixes: [10.1.0.0/16],";

/// As `text`, with `servers` in A.
fn asking(text: &str, servers: &str) -> String {
    text.replace(SPACE, &format!("{SPACE} dnsServers: [{servers}],"))
}

/// R235, R247: 168.63.129.16 is the resolver of the sender's own network, also where it is named as a server.
#[test]
fn a_zone_is_linked_to_the_network_that_names_the_resolver_of_azure() {
    let text = names(CLOSED, "", RECORD, ENDPOINT);
    for servers in ["168.63.129.16", "10.0.2.99, 168.63.129.16"] {
        let fixes = fixes(&asking(&text, servers));
        let link = ["link zone privatelink.blob.core.windows.net to A"];
        assert!(fixes.iter().any(|fix| *fix == link), "{servers}: {fixes:?}");
    }
}

/// R239, R247: of servers that forward to each other, the resolver of the last one's network answers.
#[test]
fn a_zone_is_linked_to_the_network_whose_resolver_was_asked() {
    let text = names(CLOSED, "{name: la, virtualNetwork: A}", RECORD, ENDPOINT)
        .replace("name: dns, networkInterfaces: [dns-nic], kind: host, dns: {forwarders: [{domain: ., servers: [168.63.129.16]}", "name: dns, networkInterfaces: [dns-nic], kind: host, dns: {forwarders: [{domain: ., servers: [10.2.2.53]}")
        .replace("dns: {forwarders: [{domain: ., servers: [10.0.4.4]}", "dns: {forwarders: [{domain: ., servers: [168.63.129.16]}");
    let fixes = fixes(&asking(&text, "10.0.2.53"));
    let link = ["link zone privatelink.blob.core.windows.net to C"];
    assert!(fixes.iter().any(|fix| *fix == link), "{fixes:?}");
}

/// R239, R262: the link that falls back is that of the network whose resolver answers.
#[test]
fn a_link_falls_back_in_the_network_that_answers() {
    let links = "{name: lh, virtualNetwork: hub}, {name: la, virtualNetwork: A}";
    let text = names("", links, "{name: else, A: [10.1.3.5]}", "")
        + "internet: {records: [{name: store.blob.core.windows.net, CNAME: store.privatelink.blob.core.windows.net}, {name: store.privatelink.blob.core.windows.net, A: [20.61.1.1]}]}\n";
    let by_ruleset = text.replace("{name: rs, ", "{name: rs, virtualNetworkLinks: [A], ");
    let asked = ["10.0.2.53", "10.0.4.4", "10.0.5.4"].map(|it| asking(&text, it));
    let in_hub = asked.iter().chain([&by_ruleset]).map(|it| (it, "hub"));
    for (text, network) in in_hub.chain([(&text, "A")]) {
        let fixes = fixes(text);
        let link = format!(
            "let the link of zone privatelink.blob.core.windows.net to {network} fall back to the public DNS for names it does not have"
        );
        assert!(fixes.iter().any(|fix| **fix == [link.clone()]), "{network}: {fixes:?}");
    }
}

/// R275: what an outbound endpoint asks is a packet like any other.
#[test]
fn what_stops_a_query_from_an_outbound_endpoint_is_mended() {
    let text = names(CLOSED, "{name: lh, virtualNetwork: hub}", RECORD, ENDPOINT)
        .replace("{name: rs, ", "{name: rs, virtualNetworkLinks: [A], ")
        .replace("ipAddress: 10.0.4.4, port: 53", "ipAddress: 10.2.2.53, port: 53");
    let half = "{name: to-c, remoteVirtualNetwork: C, allowForwardedTraffic: true}";
    let blocked = half.replace("true}", "true, allowVirtualNetworkAccess: false}");
    let found = fixes(&text.replace(half, &blocked));
    assert_eq!(found, [["set allowVirtualNetworkAccess of peering to-c to true"]]);
    let found = fixes(&text.replace(&format!(", {half}"), ""));
    assert_eq!(found, [["add the missing half of the peering, from hub to C"]]);
    // The group is told the whole subnet: which address of it asks, nobody chooses.
    let subnet = "{name: dns, addressPrefix: 10.2.2.0/24}";
    let guarded = subnet.replace("24}", "24, networkSecurityGroup: g}");
    let group = "network:
  networkSecurityGroups: [{name: g, securityRules: [{name: d, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '53'}]}]";
    let found = answer(&text.replace(subnet, &guarded).replace("network:", group));
    assert_eq!(found.fixes[0].edits.len(), 1);
    assert!(found.fixes[0].patch.to_string().contains("10.0.4.16/28"), "{}", found.fixes[0].patch);
}

/// R116: the reply of an endpoint comes back by a firewall that does not translate and stands in the client's network;
/// past it there is the endpoint's own route (R58).
#[test]
fn an_endpoint_is_reached_past_the_firewall() {
    let text = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: app, addressPrefix: 10.0.0.0/24, routeTable: t}, {name: pe, addressPrefix: 10.0.1.0/24}, {name: AzureFirewallSubnet, addressPrefix: 10.0.5.0/26}]}]
  routeTables: [{name: t, routes: [{name: pe, addressPrefix: 10.0.1.5/32, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.5.4}]}]
  publicIPAddresses: [{name: fw-pip, sku: Standard, ipAddress: 198.51.100.5}]
  firewallPolicies: [{name: p, ruleCollectionGroups: [{name: g, priority: 100, ruleCollections: [{name: c, ruleCollectionType: FirewallPolicyFilterRuleCollection, priority: 100, action: {type: Allow}, rules: [{ruleType: NetworkRule, name: any, ipProtocols: [Any], sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['*']}]}]}]}]
  azureFirewalls: [{name: fw, virtualNetwork: v, privateIPAddress: 10.0.5.4, publicIPAddresses: [fw-pip], firewallPolicy: p}]
  virtualMachines: [{name: app, subnet: v/app, privateIPAddress: 10.0.0.4}]
  privateEndpoints: [{name: pe, subnet: v/pe, privateIPAddress: 10.0.1.5, groupId: blob, state: Approved, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct}]
expect: [{from: app, to: '10.0.1.5:443', verdict: unreachable, reason: private-endpoint-behind-appliance}]
";
    assert_eq!(fixes(text), [["delete the route pe of t"]]);
}

/// R451, R459: the public name of a private cluster leads to its private address, with nothing to change.
#[test]
fn the_public_name_of_a_private_cluster_is_a_hint() {
    let network = |is_public: bool| {
        format!(
            "network:
  virtualNetworks:
    - {{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{{name: jump, addressPrefix: 10.0.2.0/24}}], virtualNetworkPeerings: [{{remoteVirtualNetwork: A}}]}}
    - {{name: A, addressPrefixes: [10.1.0.0/16], subnets: [{{name: nodes, addressPrefix: 10.1.0.0/24}}], virtualNetworkPeerings: [{{remoteVirtualNetwork: hub}}]}}
  virtualMachines: [{{name: jump, subnet: hub/jump, privateIPAddress: 10.0.2.4}}]
  managedClusters: [{{name: aks, fqdn: aks-f.hcp.westeurope.azmk8s.io, privateFQDN: aks-1.0a1b.privatelink.westeurope.azmk8s.io, apiServerAccessProfile: {{enablePrivateCluster: true, enablePrivateClusterPublicFQDN: {is_public}, privateDNSZone: system}}, agentPoolProfiles: [{{name: s, vnetSubnetID: A/nodes}}]}}]
  privateEndpoints: [{{name: kube, subnet: A/nodes, privateIPAddress: 10.1.0.6, target: aks, groupId: management, state: Approved}}]
  privateDnsZones: [{{name: 0a1b.privatelink.westeurope.azmk8s.io, virtualNetworkLinks: [{{virtualNetwork: A}}], records: [{{name: aks-1, A: [10.1.0.6]}}]}}]
expect: [{{from: jump, to: 'aks:443', verdict: unreachable, reason: name-not-found}}]
"
        )
    };
    let found = answer(&network(true));
    assert_eq!(found.fixes[0].edits[0].kind, "zone-link");
    assert!(found.hints[0].contains("aks-f.hcp.westeurope.azmk8s.io"), "{:?}", found.hints);
    assert_eq!(answer(&network(false)).hints, [] as [&str; 0]);
}
