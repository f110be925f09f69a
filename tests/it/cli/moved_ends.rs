//! The same packets arrive at another machine than before.

use super::{folder, run_in};
use serde_json::Value;

/// A web server with a public address, one behind a public balancer, and one behind a DNAT rule; a database that none of these lead to.
const BEFORE: &str = "\
network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: dmz, addressPrefix: 10.0.0.0/24, networkSecurityGroup: n}
        - {name: data, addressPrefix: 10.0.1.0/24, networkSecurityGroup: n}
        - {name: AzureFirewallSubnet, addressPrefix: 10.0.2.0/26}
  networkSecurityGroups:
    - name: n
      securityRules:
        - {name: a, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*',
           destinationAddressPrefix: '*', destinationPortRange: '443'}
  publicIPAddresses:
    - {name: p1, sku: Standard, ipAddress: 198.51.100.1}
    - {name: p2, sku: Standard, ipAddress: 198.51.100.2}
    - {name: p3, sku: Standard, ipAddress: 198.51.100.3}
  virtualMachines:
    - {name: web, subnet: v/dmz, privateIPAddress: 10.0.0.4, publicIPAddress: p1}
    - {name: web2, subnet: v/dmz, privateIPAddress: 10.0.0.5}
    - {name: db, subnet: v/data, privateIPAddress: 10.0.1.4}
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: f, publicIPAddress: p2}]
      backendAddressPools: [{name: p, backendIPConfigurations: [web2-nic/ipconfig1]}]
      loadBalancingRules: [{name: r, protocol: Tcp, frontendPort: 443, backendPort: 443, frontendIPConfiguration: lb/f, backendAddressPool: lb/p}]
  azureFirewalls: [{name: fw, subnet: v/AzureFirewallSubnet, privateIPAddress: 10.0.2.4, publicIPAddresses: [p3], firewallPolicy: pol}]
  firewallPolicies:
    - name: pol
      ruleCollectionGroups:
        - name: g
          properties:
            priority: 100
            ruleCollections:
              - name: c
                priority: 100
                ruleCollectionType: FirewallPolicyNatRuleCollection
                action: {type: Dnat}
                rules:
                  - {name: r, ruleType: NatRule, ipProtocols: [TCP], sourceAddresses: ['*'], destinationAddresses: [198.51.100.3],
                     destinationPorts: ['443'], translatedAddress: 10.0.0.4, translatedPort: '443'}
assume: {listens: true}
";

/// The kinds, severities and ends before and after of what differs for TCP from the Internet to public addresses, with the exit code of a gate.
fn changed(name: &str, before: &str, after: &str) -> (Vec<(String, String, Value, Value)>, i32) {
    let folder = folder(name, &[("before.yaml", before), ("after.yaml", after)]);
    let gate = ["--fail-on", "opened-from-internet"];
    let arguments = ["diff", "before.yaml", "after.yaml", "--output", "json", "--quiet"];
    let run = run_in(&folder, &[&arguments[..], &gate[..]].concat(), "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let flows = answer["answer"]["flows"].as_array().unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let mut all: Vec<_> = flows
        .iter()
        .filter(|flow| {
            let to_public = flow["to"].to_string().contains("public IP address");
            let is_strangers = flow["from"].to_string().contains("Internet");
            is_strangers && to_public && flow["packets"].to_string().contains("TCP 443")
        })
        .map(|flow| {
            let ends = |side: &str| flow["witness"][side]["ends"].clone();
            (word(&flow["kind"]), word(&flow["severity"]), ends("before"), ends("after"))
        })
        .collect();
    all.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    all.dedup();
    (all, run.code)
}

fn one(
    kind: &str,
    severity: &str,
    before: &[&str],
    after: &[&str],
) -> (String, String, Value, Value) {
    (kind.into(), severity.into(), before.into(), after.into())
}

/// Another member of the pool is an opening, and taking it out closes it (R415).
#[test]
fn a_new_member_of_a_pool_is_opened() {
    let after = BEFORE.replace("[web2-nic/ipconfig1]", "[web2-nic/ipconfig1, db-nic/ipconfig1]");
    let (found, code) = changed("member-in", BEFORE, &after);
    assert_eq!(found[0], one("opened", "exposure", &["web2"], &["db", "web2"]));
    assert!(found.iter().all(|it| it.0 == "opened"), "{found:?}");
    assert_eq!(code, 1);
    let (found, code) = changed("member-out", &after, BEFORE);
    assert_eq!(found[0], one("closed", "change", &["db", "web2"], &["web2"]));
    assert!(found.iter().all(|it| it.0 == "closed"), "{found:?}");
    assert_eq!(code, 0);
}

/// What a DNAT rule leads to instead is opened, and what it led to is closed (R399); the other way round too.
#[test]
fn another_end_of_a_port_forward_is_opened_and_the_old_one_closed() {
    let after = BEFORE.replace("translatedAddress: 10.0.0.4", "translatedAddress: 10.0.1.4");
    for (name, before, after, ends) in
        [("there", BEFORE, &*after, ["web", "db"]), ("back", &*after, BEFORE, ["db", "web"])]
    {
        let (found, code) = changed(name, before, after);
        let [old, new] = ends;
        let expected = ["closed", "opened"].map(|kind| {
            one(kind, if kind == "opened" { "exposure" } else { "change" }, &[old], &[new])
        });
        assert_eq!((&found[..], code), (&expected[..], 1), "{name}");
    }
}

/// A public address that moves to another machine opens it and closes the old one (R221).
#[test]
fn a_public_address_that_moves_opens_and_closes() {
    let moved = BEFORE.replace(", publicIPAddress: p1", "");
    let moved = moved.replace("10.0.1.4}\n", "10.0.1.4, publicIPAddress: p1}\n");
    let (found, code) = changed("address", BEFORE, &moved);
    let expected =
        [one("closed", "change", &["web"], &["db"]), one("opened", "exposure", &["web"], &["db"])];
    assert!(expected.iter().all(|it| found.contains(it)), "{found:?}");
    assert!(found.iter().all(|it| it.0 != "rerouted"), "{found:?}");
    assert_eq!(code, 1);
}
