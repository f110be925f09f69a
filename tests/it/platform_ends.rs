//! What the platform's own machines take: a firewall, Bastion, a gateway, Windows activation.

use crate::ask::{plane, tcp, trace};
use hopwise::answer::{Obstacle, Reason, Rule, TraceAnswer, Verdict};
use hopwise::dataplane::Dataplane;
use hopwise::net::Protocol;

fn obstacle(answer: &TraceAnswer) -> &Obstacle {
    &answer.paths[0].obstacles[0]
}

/// A firewall of which the DNS proxy is `proxy`, with a machine beside it.
fn firewall(proxy: &str) -> Dataplane {
    plane(&format!(
        "network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: AzureFirewallSubnet, addressPrefix: 10.0.0.0/26}}, {{name: work, addressPrefix: 10.0.1.0/24}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 20.1.1.1}}]
  firewallPolicies: [{{name: policy, dnsSettings: {{enableProxy: {proxy}}}}}]
  azureFirewalls: [{{name: fw, virtualNetwork: hub, privateIPAddress: 10.0.0.4, publicIPAddress: pip, firewallPolicy: policy}}]
  virtualMachines: [{{name: vm, subnet: hub/work, privateIPAddress: 10.0.1.4}}]
"
    ))
}

#[test]
fn a_firewall_answers_names_at_its_private_address_where_its_proxy_is_on() {
    // R288, R400: networks are pointed at the private address, and what no rule is for is denied.
    for (proxy, inside) in [("true", Verdict::Reachable), ("false", Verdict::Unreachable)] {
        let plane = firewall(proxy);
        let answer = trace(&plane, "vm", "10.0.0.4:53", Protocol::Udp);
        assert_eq!(answer.verdict, inside, "{proxy}");
        let answer = trace(&plane, "internet", "20.1.1.1:53", Protocol::Udp);
        assert_eq!(answer.verdict, Verdict::Unreachable, "{proxy}");
        assert_eq!(obstacle(&answer).reason, Reason::NoFirewallRuleMatches);
    }
}

const EDGE: &str = "network:
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: AzureBastionSubnet, addressPrefix: 10.0.0.0/26}
        - {name: GatewaySubnet, addressPrefix: 10.0.1.0/26}
  publicIPAddresses:
    - {name: bastion-ip, sku: Standard, ipAddress: 20.1.1.1}
    - {name: gateway-ip, sku: Standard, ipAddress: 20.1.1.2}
  bastionHosts: [{name: bastion, virtualNetwork: hub, publicIPAddress: bastion-ip}]
  virtualNetworkGateways: [{name: gateway, virtualNetwork: hub, publicIPAddress: gateway-ip}]
";

#[test]
fn bastion_takes_https_and_nothing_else() {
    // R384
    let plane = plane(EDGE);
    assert_eq!(tcp(&plane, "internet", "20.1.1.1:443").verdict, Verdict::Reachable);
    let answer = tcp(&plane, "internet", "20.1.1.1:22");
    assert_eq!(answer.verdict, Verdict::Unreachable);
    let Obstacle { reason, rules, decided_by, .. } = obstacle(&answer);
    assert_eq!((*reason, &rules[..]), (Reason::NothingListens, &[Rule(384)][..]));
    assert_eq!(decided_by.as_ref().map(|item| item.name.as_str()), Some("bastion"));
}

#[test]
fn what_a_gateway_takes_for_itself_is_not_modelled() {
    let answer = tcp(&plane(EDGE), "internet", "20.1.1.2:22");
    assert_eq!((answer.verdict, obstacle(&answer).reason), (Verdict::Unknown, Reason::NotModelled));
}

#[test]
fn activation_is_asked_of_its_own_hosts_only() {
    // R215: the platform lets it out; nobody else on the Internet listens for it.
    let plane = plane(
        "network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: shut}]}
  networkSecurityGroups:
    - name: shut
      securityRules:
        - {name: out, priority: 100, direction: Outbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}
  virtualMachines: [{name: vm, subnet: v/s, privateIPAddress: 10.0.0.4}]
",
    );
    assert_eq!(tcp(&plane, "vm", "203.0.113.7:1688").verdict, Verdict::Unreachable);
    let answer = tcp(&plane, "vm", "20.118.99.224:1688");
    assert_eq!(answer.verdict, Verdict::Unknown);
    let Obstacle { text, rules, .. } = obstacle(&answer);
    assert!(text.contains("Windows activation") && rules.contains(&Rule(215)), "{text}");
}
