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

/// A machine behind a load balancer of which the frontend, the pool and the rest are as said.
fn balanced(frontend: &str, pool: &str, more: &str) -> Dataplane {
    plane(&format!(
        "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}}]}}]
  networkSecurityGroups:
    - name: g
      securityRules: [{{name: in, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRanges: ['22', '443']}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 20.1.1.1}}, {{name: own, sku: Standard, ipAddress: 20.1.1.2}}]
  virtualMachines: [{{name: vm, subnet: v/s, privateIPAddress: 10.0.0.4}}]
  loadBalancers:
    - name: gw
      sku: Standard
      frontendIPConfigurations: [{{name: f, subnet: v/s, privateIPAddress: 10.0.0.100}}]
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{{name: f, publicIPAddress: pip{frontend}}}]
      backendAddressPools: [{{name: p, {pool}}}]
      loadBalancingRules: [{{name: r, protocol: Tcp, frontendPort: 443, backendPort: 443, frontendIPConfiguration: lb/f, backendAddressPool: lb/p}}]
{more}"
    ))
}

const MEMBER: &str = "backendIPConfigurations: [vm-nic/ipconfig1]";

#[test]
fn appliances_before_a_frontend_are_not_modelled() {
    let answer = tcp(&balanced("", MEMBER, ""), "internet", "20.1.1.1:443");
    assert_eq!(answer.verdict, Verdict::Reachable);
    let chained = balanced(", gatewayLoadBalancer: {id: gw/f}", MEMBER, "");
    let answer = tcp(&chained, "internet", "20.1.1.1:443");
    assert_eq!((answer.verdict, obstacle(&answer).reason), (Verdict::Unknown, Reason::NotModelled));
}

#[test]
fn appliances_before_a_public_address_are_not_modelled() {
    let machine = "  networkInterfaces: [{name: nic, ipConfigurations: [{name: c, subnet: v/s, privateIPAddress: 10.0.0.5, publicIPAddress: own, gatewayLoadBalancer: {id: gw/f}}], virtualMachine: {id: vm}}]
";
    let plane = balanced("", MEMBER, machine);
    for (from, to) in [("internet", "20.1.1.2:22"), ("nic", "203.0.113.9:443")] {
        let answer = tcp(&plane, from, to);
        let found = (answer.verdict, obstacle(&answer).reason);
        assert_eq!(found, (Verdict::Unknown, Reason::NotModelled), "{from} -> {to}");
    }
}

#[test]
fn frontends_of_others_are_members_that_are_not_modelled() {
    let pool = "loadBalancerBackendAddresses: [{name: w, loadBalancerFrontendIPConfiguration: {id: gw/f}}]";
    let answer = tcp(&balanced("", pool, ""), "internet", "20.1.1.1:443");
    assert_eq!((answer.verdict, obstacle(&answer).reason), (Verdict::Unknown, Reason::NotModelled));
}

#[test]
fn ports_of_instances_of_a_scale_set_are_not_modelled() {
    let pools = "      inboundNatPools: [{name: ssh, protocol: Tcp, frontendPortRangeStart: 50000, frontendPortRangeEnd: 50119, backendPort: 22, frontendIPConfiguration: lb/f}]
";
    let plane = balanced("", MEMBER, pools);
    let answer = tcp(&plane, "internet", "20.1.1.1:50007");
    assert_eq!((answer.verdict, obstacle(&answer).reason), (Verdict::Unknown, Reason::NotModelled));
    for (port, verdict) in [(50120, Verdict::Unreachable), (443, Verdict::Reachable)] {
        assert_eq!(tcp(&plane, "internet", &format!("20.1.1.1:{port}")).verdict, verdict, "{port}");
    }
}

#[test]
fn what_a_public_container_group_takes_is_not_modelled() {
    let plane = plane(
        "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  containerGroups: [{name: shop, ipAddress: {type: Public, ip: 20.1.1.9, ports: [{port: 80, protocol: TCP}]}}]
",
    );
    let answer = tcp(&plane, "internet", "20.1.1.9:81");
    assert_eq!((answer.verdict, obstacle(&answer).reason), (Verdict::Unknown, Reason::NotModelled));
}

/// Private endpoints of a vault, of files and blobs, of a server of SQL, of a cluster and of something else.
const ENDPOINTS: &str = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines: [{name: vm, subnet: v/s, privateIPAddress: 10.0.0.4}]
  privateEndpoints:
    - {name: vault, subnet: v/s, privateIPAddress: 10.0.0.10, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.KeyVault/vaults/k, groupId: vault}
    - {name: blobs, subnet: v/s, privateIPAddress: 10.0.0.11, target: /subscriptions/x/resourceGroups/y/providers/microsoft.storage/storageaccounts/a, groupId: blob}
    - {name: files, subnet: v/s, privateIPAddress: 10.0.0.12, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/a, groupId: file_secondary}
    - {name: some, subnet: v/s, privateIPAddress: 10.0.0.13, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/a}
    - {name: sql, subnet: v/s, privateIPAddress: 10.0.0.14, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.Sql/servers/q, groupId: sqlServer}
    - {name: cluster, subnet: v/s, privateIPAddress: 10.0.0.15, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerService/managedClusters/c, groupId: management}
    - {name: other, subnet: v/s, privateIPAddress: 10.0.0.16, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.Synapse/workspaces/q, groupId: Dev}
    - {name: search, subnet: v/s, privateIPAddress: 10.0.0.17, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.Search/searchServices/q, groupId: searchService}
    - {name: registry, subnet: v/s, privateIPAddress: 10.0.0.18, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerRegistry/registries/r, groupId: registry}
    - {name: documents, subnet: v/s, privateIPAddress: 10.0.0.19, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.DocumentDB/databaseAccounts/d, groupId: Sql}
    - {name: mongo, subnet: v/s, privateIPAddress: 10.0.0.20, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.DocumentDB/databaseAccounts/m, groupId: MongoDB}
    - {name: bus, subnet: v/s, privateIPAddress: 10.0.0.21, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.ServiceBus/namespaces/b, groupId: namespace}
    - {name: hubs, subnet: v/s, privateIPAddress: 10.0.0.22, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.EventHub/namespaces/h, groupId: namespace}
    - {name: site, subnet: v/s, privateIPAddress: 10.0.0.23, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.Web/sites/s, groupId: sites}
    - {name: cache, subnet: v/s, privateIPAddress: 10.0.0.24, target: /subscriptions/x/resourceGroups/y/providers/Microsoft.Cache/Redis/c, groupId: redisCache}
";

#[test]
fn services_behind_endpoints_take_the_ports_of_their_protocols() {
    // R464, R585, R586, R589; a sub-resource that is not given may be any of the account's (R294).
    use Verdict::{Reachable, Unknown, Unreachable};
    let plane = plane(ENDPOINTS);
    let expected = [
        ("vault", [(443, Reachable), (80, Unreachable), (3389, Unreachable)]),
        ("blobs", [(443, Reachable), (22, Unknown), (445, Unreachable)]),
        ("files", [(443, Reachable), (445, Reachable), (22, Unreachable)]),
        ("some", [(443, Reachable), (445, Unknown), (3389, Unreachable)]),
        ("sql", [(1433, Reachable), (443, Unreachable), (11_000, Unknown)]),
        ("cluster", [(443, Reachable), (10_250, Unreachable), (22, Unreachable)]),
        ("search", [(443, Reachable), (80, Unreachable), (22, Unreachable)]),
        ("registry", [(443, Reachable), (80, Unreachable), (22, Unreachable)]),
        ("documents", [(443, Reachable), (10_300, Unknown), (80, Unknown)]),
        ("mongo", [(10_255, Reachable), (10_250, Unknown), (80, Unreachable)]),
        ("bus", [(5671, Reachable), (9354, Unknown), (9093, Unreachable)]),
        ("hubs", [(5672, Reachable), (9093, Unknown), (9354, Unreachable)]),
        ("site", [(80, Reachable), (8172, Unknown), (22, Unreachable)]),
        ("cache", [(6380, Reachable), (6379, Unknown), (443, Unreachable)]),
        // Of other services nothing is known.
        ("other", [(443, Reachable), (80, Reachable), (22, Reachable)]),
    ];
    for (endpoint, ports) in expected {
        for (port, verdict) in ports {
            let answer = tcp(&plane, "vm", &format!("{endpoint}:{port}"));
            assert_eq!(answer.verdict, verdict, "{endpoint}:{port}");
            match verdict {
                Reachable => assert_eq!(answer.reason, None),
                Unknown => assert_eq!(answer.reason, Some(Reason::NotModelled)),
                Unreachable => assert_eq!(answer.reason, Some(Reason::NothingListens)),
            }
        }
    }
    let udp = trace(&plane, "vm", "vault:443", Protocol::Udp);
    assert_eq!(udp.reason, Some(Reason::NothingListens));
    assert_eq!(obstacle(&udp).text, "k behind vault takes TCP 443 only");
    let refused = tcp(&plane, "vm", "files:22");
    assert_eq!(
        obstacle(&refused).text,
        "a behind files takes TCP 443 and 445, perhaps TCP 80 and 2048-2049, and nothing else"
    );
}

/// An application gateway with a public and a private frontend, of this SKU, with these listeners.
fn proxy(tier: &str, listeners: &str) -> Dataplane {
    plane(&format!(
        "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: web, addressPrefix: 10.0.0.0/24}}, {{name: s, addressPrefix: 10.0.1.0/24}}]}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 20.1.1.9}}]
  virtualMachines: [{{name: vm, subnet: v/s, privateIPAddress: 10.0.1.4}}]
  applicationGateways:
    - name: agw
      sku: {{tier: {tier}}}
      gatewayIPConfigurations: [{{name: c, subnet: v/web}}]
      frontendIPConfigurations: [{{name: public, publicIPAddress: pip}}, {{name: private, subnet: v/web, privateIPAddress: 10.0.0.10}}]
      frontendPorts: [{{name: https, port: 443}}, {{name: http, port: 80}}]
      httpListeners: [{listeners}]
  privateEndpoints: [{{name: pe, subnet: v/s, privateIPAddress: 10.0.1.9, target: agw, groupId: public}}]
"
    ))
}

#[test]
fn an_application_gateway_takes_the_ports_of_its_listeners() {
    // R587: each at its own frontend. R428: what is behind them is not modelled.
    use Reason::{NotModelled, NothingListens};
    let https = "{name: a, frontendIPConfiguration: public, frontendPort: https}";
    let http = "{name: b, frontendIPConfiguration: private, frontendPort: http}";
    let both = proxy("WAF_v2", &format!("{https}, {http}"));
    let expected = [
        ("internet", "20.1.1.9:443", NotModelled),
        ("internet", "20.1.1.9:80", NothingListens),
        ("internet", "20.1.1.9:22", NothingListens),
        // R224: by these the platform manages it.
        ("internet", "20.1.1.9:65300", NotModelled),
        ("vm", "10.0.0.10:80", NotModelled),
        ("vm", "10.0.0.10:443", NothingListens),
        // R294: an endpoint leads to one frontend.
        ("vm", "pe:443", NotModelled),
        ("vm", "pe:80", NothingListens),
    ];
    for (from, to, reason) in expected {
        let answer = tcp(&both, from, to);
        let is_open = reason == NotModelled;
        let verdict = if is_open { Verdict::Unknown } else { Verdict::Unreachable };
        assert_eq!((answer.verdict, answer.reason), (verdict, Some(reason)), "{from} {to}");
    }
    assert_eq!(obstacle(&tcp(&both, "vm", "10.0.0.10:443")).rules, [Rule(587)]);
    // The other version has other ports for the platform.
    let older = proxy("Standard", https);
    assert_eq!(tcp(&older, "internet", "20.1.1.9:65300").reason, Some(NothingListens));
    assert_eq!(tcp(&older, "internet", "20.1.1.9:65510").reason, Some(NotModelled));
    // A listener whose port is not in the input may be for any.
    let lost = "{name: c, frontendIPConfiguration: public, frontendPort: gone}";
    let untold = proxy("WAF_v2", &format!("{https}, {lost}"));
    assert_eq!(tcp(&untold, "internet", "20.1.1.9:22").reason, Some(NotModelled));
}

#[test]
fn what_stands_for_an_address_is_not_shown_as_one() {
    // R413: a NAT gateway uses 16 addresses at most; which of a larger prefix is not known.
    let plane = plane(
        "network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: a, addressPrefix: 10.0.0.0/24, natGateway: nat}, {name: b, addressPrefix: 10.0.1.0/24, networkSecurityGroup: g}]}
  networkSecurityGroups: [{name: g, securityRules: [{name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: 20.1.0.0/25, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}]}]
  publicIPPrefixes: [{name: px, ipPrefix: 20.1.0.0/24}]
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.1}]
  natGateways: [{name: nat, publicIpPrefixes: [px]}]
  virtualMachines: [{name: m, subnet: v/b, privateIPAddress: 10.0.1.4, publicIPAddress: pip}, {name: n, subnet: v/a, privateIPAddress: 10.0.0.4}]
",
    );
    let answer = tcp(&plane, "n", "198.51.100.1:22");
    assert_eq!(answer.verdict, Verdict::Unknown);
    let text = &obstacle(&answer).text;
    assert!(text.contains("20.1.0.0 and some that are not known among them"), "{text}");
}

#[test]
fn threat_intelligence_that_may_deny_is_named() {
    // R396: it comes first, and nobody knows whom it knows.
    for (mode, named) in [("Deny", 1), ("Alert", 0)] {
        let plane = plane(&format!(
            "network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: AzureFirewallSubnet, addressPrefix: 10.0.0.0/26}}, {{name: work, addressPrefix: 10.0.1.0/24, routeTable: out}}]
  routeTables: [{{name: out, routes: [{{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.4}}]}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 20.1.1.1}}]
  firewallPolicies: [{{name: base, threatIntelMode: {mode}}}, {{name: policy, basePolicy: base}}]
  azureFirewalls: [{{name: fw, virtualNetwork: hub, privateIPAddress: 10.0.0.4, publicIPAddress: pip, firewallPolicy: policy}}]
  virtualMachines: [{{name: vm, subnet: hub/work, privateIPAddress: 10.0.1.4}}]
"
        ));
        let answer = tcp(&plane, "vm", "198.51.100.1:443");
        let found =
            answer.not_modelled.iter().filter(|it| it.starts_with("threat intelligence of"));
        assert_eq!(found.count(), named, "{mode}: {:?}", answer.not_modelled);
    }
}

#[test]
fn a_policy_of_a_service_endpoint_names_accounts_groups_and_subscriptions() {
    // R590, and of SQL it says nothing.
    let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario";
    let account = |name| format!("{group}/providers/Microsoft.Storage/storageAccounts/{name}");
    for (named, reached) in [
        (account("one"), Verdict::Reachable),
        (account("other"), Verdict::Unreachable),
        (group.to_owned(), Verdict::Reachable),
        (group.replace("scenario", "scen"), Verdict::Unreachable),
        (group.replace("/resourceGroups/scenario", ""), Verdict::Reachable),
    ] {
        let plane = plane(&format!(
            "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, serviceEndpointPolicies: [p], serviceEndpoints: [{{service: Microsoft.Storage, locations: ['*']}}, {{service: Microsoft.Sql, locations: ['*']}}]}}]
  serviceEndpointPolicies: [{{name: p, serviceEndpointPolicyDefinitions: [{{name: d, service: Microsoft.Storage, serviceResources: [{named}]}}]}}]
  virtualMachines: [{{name: vm, subnet: v/s, privateIPAddress: 10.0.0.4}}]
  storageAccounts: [{{name: one, primaryEndpoints: {{blob: 'https://one.blob.core.windows.net/'}}}}]
  servers: [{{name: sql, fullyQualifiedDomainName: sql.database.windows.net, firewallRules: [], virtualNetworkRules: [{{name: r, virtualNetworkSubnetId: v/s}}]}}]
internet: {{records: [{{name: one.blob.core.windows.net, A: [20.60.1.1]}}, {{name: sql.database.windows.net, A: [20.61.1.1]}}]}}
serviceTags: [{{name: Storage, addressPrefixes: [20.60.0.0/16]}}, {{name: Sql, addressPrefixes: [20.61.0.0/16]}}]
"
        ));
        assert_eq!(tcp(&plane, "vm", "20.60.1.1:443").verdict, reached, "{named}");
        assert_eq!(tcp(&plane, "vm", "20.61.1.1:1433").verdict, Verdict::Reachable);
        assert_eq!(tcp(&plane, "vm", "20.60.9.9:443").verdict, Verdict::Unknown);
    }
}

#[test]
fn a_stopped_cluster_has_no_api_server() {
    for (state, verdict) in [("Running", Verdict::Reachable), ("Stopped", Verdict::Unreachable)] {
        let plane = plane(&format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  virtualMachines: [{{name: vm, subnet: v/s, privateIPAddress: 10.0.0.4}}]
  managedClusters:
    - {{name: open, fqdn: open.hcp.westeurope.azmk8s.io, powerState: {{code: {state}}}}}
    - {{name: own, privateFQDN: own.privatelink.westeurope.azmk8s.io, apiServerAccessProfile: {{enablePrivateCluster: true}}, powerState: {{code: {state}}}}}
  privateEndpoints: [{{name: pe, subnet: v/s, privateIPAddress: 10.0.0.5, target: own, groupId: management, state: Approved}}]
internet: {{records: [{{name: open.hcp.westeurope.azmk8s.io, A: [20.64.1.1]}}]}}
"
        ));
        for to in ["10.0.0.5:443", "20.64.1.1:443"] {
            let answer = tcp(&plane, "vm", to);
            assert_eq!(answer.verdict, verdict, "{state} {to}");
            if verdict == Verdict::Unreachable {
                let Obstacle { reason, rules, .. } = obstacle(&answer);
                assert_eq!((*reason, &rules[..]), (Reason::NothingListens, &[Rule(591)][..]));
            }
        }
    }
}
