//! Legs to services of Azure whose address the input does not tell: any public address.

use super::ask;
use hopwise::answer::{DataflowAnswer, Reason, Verdict};
use hopwise::import::{self, Document};
use hopwise::question;

/// A machine that fetches an image; `rules` are of its security group, `more` further lists.
fn fetch(rules: &str, routes: &str, more: &str) -> DataflowAnswer {
    let text = format!(
        "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {{name: work, addressPrefix: 10.0.0.0/24, networkSecurityGroup: guard, routeTable: way}}
        - {{name: AzureFirewallSubnet, addressPrefix: 10.0.9.0/26}}
  networkSecurityGroups: [{{name: guard, securityRules: [{rules}]}}]
  routeTables: [{{name: way, routes: [{routes}]}}]
  virtualMachines: [{{name: machine, subnet: v/work, privateIPAddress: 10.0.0.4}}]
{more}
dataflows:
  - {{name: fetch, legs: [{{title: It fetches an image, from: machine, service: container-registry}}]}}
"
    );
    let document = Document { name: "test.yaml".into(), text: text.as_bytes() };
    let imported = import::read_all([document]);
    let (dataflows, remarks) = imported.scenarios[0].dataflows();
    assert_eq!(remarks, []);
    question::dataflow(&ask::plane(&text), &dataflows[0]).unwrap()
}

fn rule(access: &str, destination: &str) -> String {
    format!(
        "{{name: rule, priority: 100, direction: Outbound, access: {access}, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: {destination}, destinationPortRange: '*'}}"
    )
}

#[test]
fn rules_are_asked_about_every_public_address() {
    // R201: the tag Internet holds them all; a prefix holds some.
    assert_eq!(fetch("", "", "").verdict, Verdict::Reachable);
    let denied = fetch(&rule("Deny", "Internet"), "", "");
    assert_eq!((denied.verdict, denied.reason), (Verdict::Unreachable, Some(Reason::DeniedByRule)));
    let some = fetch(&rule("Deny", "20.0.0.0/8"), "", "");
    assert_eq!((some.verdict, some.reason), (Verdict::Unknown, Some(Reason::NotGiven)));
    assert_eq!(fetch(&rule("Deny", "10.0.0.0/8"), "", "").verdict, Verdict::Reachable);
}

/// R87, R207: a route that has every address of the tag is the one that is taken, whichever address it is.
#[test]
fn a_route_around_a_whole_tag_tells_nothing_apart() {
    let network = |routes: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: v, location: westeurope, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, routeTable: t}}]}}]
  routeTables: [{{name: t, routes: [{routes}]}}]
  virtualMachines: [{{name: app, subnet: v/s, privateIPAddress: 10.0.0.4}}]
  storageAccounts: [{{name: store, location: westeurope, primaryEndpoints: {{blob: 'https://store.blob.core.windows.net/'}}}}]
serviceTags: [{{name: Storage, addressPrefixes: [20.60.0.0/16]}}, {{name: Storage.WestEurope, addressPrefixes: [20.60.0.0/17]}}]
"
        )
    };
    let check = |prefixes: &[&str], verdict, reason| {
        let route = |prefix: &&str| {
            let name = prefix.replace(['.', '/'], "-");
            format!("{{name: r{name}, addressPrefix: {prefix}, nextHopType: None}}")
        };
        let routes: Vec<String> = prefixes.iter().map(route).collect();
        let answer = ask::tcp(
            &ask::plane(&network(&routes.join(", "))),
            "app",
            "store.blob.core.windows.net:443",
        );
        assert_eq!((answer.verdict, answer.reason), (verdict, reason), "{prefixes:?}");
    };
    let drops = (Verdict::Unreachable, Some(Reason::RouteDrops));
    check(&["20.60.0.0/16"], drops.0, drops.1);
    check(&["20.60.0.0/17"], drops.0, drops.1);
    check(&["20.60.128.0/17"], Verdict::Reachable, None);
    check(&["20.60.0.0/18"], Verdict::Unknown, Some(Reason::NotGiven));
    check(&["20.60.0.0/16", "20.60.0.0/18"], Verdict::Unknown, Some(Reason::NotGiven));
}

#[test]
fn routes_that_tell_public_addresses_apart_leave_it_open() {
    let route = |prefix: &str| format!("{{name: r, addressPrefix: {prefix}, nextHopType: None}}");
    assert_eq!(fetch("", &route("172.16.0.0/12"), "").verdict, Verdict::Reachable);
    assert_eq!(fetch("", &route("20.0.0.0/8"), "").verdict, Verdict::Unknown);
    // R87: a default route is for all of them.
    let all = fetch("", &route("0.0.0.0/0"), "");
    assert_eq!((all.verdict, all.reason), (Verdict::Unreachable, Some(Reason::RouteDrops)));
}

#[test]
fn a_firewall_judges_the_name() {
    // R398: application rules match the name that is asked for, whatever its address is.
    let route = "{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.9.4}";
    let firewall = |fqdn: &str| {
        format!("  publicIPAddresses: [{{name: fw-pip, sku: Standard, ipAddress: 198.51.100.9}}]
  azureFirewalls: [{{name: fw, virtualNetwork: v, privateIPAddress: 10.0.9.4, publicIPAddresses: [fw-pip], firewallPolicy: policy}}]
  firewallPolicies: [{{name: policy, ruleCollectionGroups: [{{name: g, priority: 100, ruleCollections: [{{name: c, priority: 100, ruleCollectionType: FirewallPolicyFilterRuleCollection, action: {{type: Allow}}, rules: [{{name: r, ruleType: ApplicationRule, sourceAddresses: ['*'], targetFqdns: ['{fqdn}'], protocols: [{{protocolType: Https, port: 443}}]}}]}}]}}]}}]")
    };
    assert_eq!(fetch("", route, &firewall("mcr.microsoft.com")).verdict, Verdict::Reachable);
    let other = fetch("", route, &firewall("www.example.com"));
    assert_eq!(
        (other.verdict, other.reason),
        (Verdict::Unreachable, Some(Reason::NoFirewallRuleMatches))
    );
}
