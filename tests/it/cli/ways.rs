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
