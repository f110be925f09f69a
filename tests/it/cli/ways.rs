//! The ways to a machine that people work on.

use super::run;
use serde_json::Value;

/// R384, R399, R218: a machine that a Bastion, its public address and a DNAT rule lead to, so that no jump box is needed.
const MACHINE: &str = "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: AzureBastionSubnet, addressPrefix: 10.0.0.0/26}
        - {name: AzureFirewallSubnet, addressPrefix: 10.0.1.0/26}
        - {name: a, addressPrefix: 10.0.2.0/24, networkSecurityGroup: g}
  networkSecurityGroups:
    - name: g
      securityRules: [{name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: 203.0.113.0/24, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}]
  publicIPAddresses:
    - {name: bp, sku: Standard, ipAddress: 198.51.100.1}
    - {name: fp, sku: Standard, ipAddress: 198.51.100.2}
    - {name: tp, sku: Standard, ipAddress: 198.51.100.3}
  bastionHosts: [{name: b, sku: Standard, virtualNetwork: v, publicIPAddress: bp}]
  azureFirewalls: [{name: fw, virtualNetwork: v, privateIPAddress: 10.0.1.4, publicIPAddress: fp, firewallPolicy: pol}]
  firewallPolicies:
    - name: pol
      ruleCollectionGroups: [{name: g, properties: {priority: 100, ruleCollections: [{name: n, priority: 100, ruleCollectionType: FirewallPolicyNatRuleCollection, action: {type: Dnat}, rules: [{name: ssh, ruleType: NatRule, ipProtocols: [TCP], sourceAddresses: ['*'], destinationAddresses: [198.51.100.2], destinationPorts: ['2222'], translatedAddress: 10.0.2.4, translatedPort: '22'}]}]}}]
  virtualMachines: [{name: target, subnet: v/a, privateIPAddress: 10.0.2.4, publicIPAddress: tp}]
internet: {hosts: [{name: laptop, ipAddress: 203.0.113.5}]}
assume: {listens: true}
";

#[test]
fn ways_end_at_the_machine_that_is_asked_for() {
    for to in ["target:22", "10.0.2.4:22"] {
        let args = ["ways", "-", "--to", to, "--from", "laptop", "--output", "json", "--quiet"];
        let run = run(&args, MACHINE);
        assert_eq!((run.code, &*run.err), (0, ""), "{to}");
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        let ways = answer["answer"]["ways"].as_array().unwrap();
        for way in ["bastion-jump-box", "jump-box-with-public-address", "jump-box-behind-firewall"]
        {
            let found = ways.iter().find(|it| it["way"] == way);
            let flow = &found.unwrap_or_else(|| panic!("{to}: no {way}"))["dataflow"];
            assert_eq!(flow["verdict"], "reachable", "{to}: {way}");
        }
    }
    // The web server there is not what people work on the machine by.
    let run = run(&["ways", "-", "--to", "target:443", "--from", "laptop", "--quiet"], MACHINE);
    assert_eq!(run.code, 1);
}

/// R451, R458, R459: over a peering alone the public name of a private cluster works, for a machine as for Cloud Shell in a
/// subnet, and from the Internet its address does not (R487).
#[test]
fn a_private_cluster_is_reached_by_its_public_name() {
    let network = "network:
  virtualNetworks:
    - {name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{name: jump, addressPrefix: 10.0.2.0/24}], virtualNetworkPeerings: [{remoteVirtualNetwork: A}]}
    - {name: A, addressPrefixes: [10.1.0.0/16], subnets: [{name: nodes, addressPrefix: 10.1.0.0/24}], virtualNetworkPeerings: [{remoteVirtualNetwork: hub}]}
  virtualMachines: [{name: jump, subnet: hub/jump, privateIPAddress: 10.0.2.4}]
  managedClusters: [{name: aks, fqdn: aks-f.hcp.westeurope.azmk8s.io, privateFQDN: aks-1.0a1b.privatelink.westeurope.azmk8s.io, apiServerAccessProfile: {enablePrivateCluster: true, enablePrivateClusterPublicFQDN: true, privateDNSZone: system}, agentPoolProfiles: [{name: s, vnetSubnetID: A/nodes}]}]
  privateEndpoints: [{name: kube, subnet: A/nodes, privateIPAddress: 10.1.0.6, target: aks, groupId: management, state: Approved}]
  privateDnsZones: [{name: 0a1b.privatelink.westeurope.azmk8s.io, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: aks-1, A: [10.1.0.6]}]}]
";
    let works = |network: &str| {
        let args = ["ways", "-", "--to", "aks", "--from", "jump", "--output", "json", "--quiet"];
        let answer: Value = serde_json::from_str(&run(&args, network).out).unwrap();
        let ways = answer["answer"]["ways"].as_array().unwrap().clone();
        let working = ways.into_iter().filter(|it| it["dataflow"]["verdict"] == "reachable");
        let named = |it: Value| [&it["way"], &it["dataflow"]["dataflow"]].map(Value::to_string);
        working.map(|it| named(it).join(" ")).collect::<Vec<String>>()
    };
    let by_name =
        "\"inside\" \"jump to the target itself, with `az aks get-credentials --public-fqdn`\"";
    assert_eq!(works(network), [by_name]);
    assert_eq!(works(&network.replace("PublicFQDN: true", "PublicFQDN: false")), [""; 0]);
    // Where the private name works, it is the one that is shown.
    let linked =
        network.replace("{virtualNetwork: A}]", "{virtualNetwork: A}, {virtualNetwork: hub}]");
    assert_eq!(works(&linked), ["\"inside\" \"jump to the target itself\""]);
}
