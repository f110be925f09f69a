//! Clusters, services with firewalls of their own, service endpoint policies, and what is not
//! modelled.

use super::support::{estate, named, prefixes, quiet, resources};
use hopwise::azure::{OthersAre, PublicNetworkAccess};
use hopwise::net::DnsName;

const NETWORK: &str = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: nodes, addressPrefix: 10.0.0.0/24}, {name: api, addressPrefix: 10.0.1.0/28}]}]
";

#[test]
fn a_cluster_says_how_its_api_server_is_reached() {
    // R439, R449, R451, R465, R471, R477
    let network = quiet(&format!(
        "{NETWORK}  managedClusters:
    - name: private
      fqdn: c.hcp.westeurope.azmk8s.io
      privateFQDN: c.guid.privatelink.westeurope.azmk8s.io
      apiServerAccessProfile: {{enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false, privateDNSZone: system, enableVnetIntegration: true, subnetId: v/api, disableRunCommand: true}}
      agentPoolProfiles: [{{name: a, vnetSubnetID: v/nodes}}, {{name: b, vnetSubnetID: v/nodes}}]
      nodeResourceGroup: MC_x
      networkProfile: {{outboundType: userDefinedRouting}}
    - name: public
      fqdn: p.hcp.westeurope.azmk8s.io
      apiServerAccessProfile: {{authorizedIPRanges: [203.0.113.7, 198.51.100.0/24]}}
    - {{name: open, apiServerAccessProfile: {{authorizedIPRanges: []}}}}"
    ));
    let of = |name| named(&network.managed_clusters, name, |cluster| cluster.meta.name());
    let private = of("private");
    assert!(private.is_private && !private.has_public_fqdn && private.has_network_integration);
    assert!(private.disables_run_command && private.api_server_subnet.unwrap().known().is_some());
    assert_eq!(private.private_fqdn, DnsName::parse("c.guid.privatelink.westeurope.azmk8s.io"));
    assert_eq!(private.node_subnets.len(), 1);
    assert_eq!(private.outbound_type.as_deref(), Some("userDefinedRouting"));
    assert_eq!(private.private_dns_zone, hopwise::azure::ClusterDnsZone::System);
    let ranges = prefixes(&["203.0.113.7/32", "198.51.100.0/24"]);
    assert_eq!(of("public").authorized_ip_ranges, Some(ranges));
    assert!(!of("public").is_private && of("public").has_public_fqdn);
    assert_eq!(of("open").authorized_ip_ranges, None);
}

#[test]
fn services_have_names_and_firewalls() {
    // R295, R430
    let network = quiet(&format!(
        "{NETWORK}  storageAccounts:
    - name: store
      primaryEndpoints: {{blob: 'https://store.blob.core.windows.net/', file: 'https://store.file.core.windows.net/'}}
      networkAcls: {{defaultAction: Deny, ipRules: [{{value: 203.0.113.0/24, action: Allow}}], virtualNetworkRules: [{{id: v/nodes, action: Allow}}]}}
  vaults: [{{name: vault, vaultUri: 'https://vault.vault.azure.net/', publicNetworkAccess: Disabled}}]
  servers: [{{name: sql, fullyQualifiedDomainName: sql.database.windows.net}}]
  registries: [{{name: acr, loginServer: acr.azurecr.io, networkRuleSet: {{defaultAction: Deny, ipRules: [{{value: 198.51.100.7}}]}}}}]
  databaseAccounts: [{{name: cosmos, documentEndpoint: 'https://cosmos.documents.azure.com:443/', ipRules: [{{ipAddressOrRange: 198.51.100.8}}]}}]"
    ));
    let of = |name: &str| named(&network.service_targets, name, |service| service.meta.name());
    let names = |name: &str| of(name).names.iter().map(DnsName::as_str).collect::<Vec<_>>();
    assert_eq!(names("store"), ["store.blob.core.windows.net", "store.file.core.windows.net"]);
    assert_eq!(of("store").others, OthersAre::Denied);
    assert_eq!(of("store").public_access, PublicNetworkAccess::Enabled);
    assert_eq!(of("store").allowed_prefixes, prefixes(&["203.0.113.0/24"]));
    assert!(of("store").allowed_subnets[0].known().is_some());
    assert_eq!(names("vault"), ["vault.vault.azure.net"]);
    assert_eq!(of("vault").public_access, PublicNetworkAccess::Disabled);
    assert_eq!(of("vault").others, OthersAre::Allowed);
    assert_eq!(names("sql"), ["sql.database.windows.net"]);
    assert_eq!(of("sql").others, OthersAre::NotGiven); // R583
    assert_eq!(names("acr"), ["acr.azurecr.io"]);
    assert_eq!(of("acr").others, OthersAre::Denied);
    assert_eq!(names("cosmos"), ["cosmos.documents.azure.com"]);
    assert_eq!(of("cosmos").allowed_prefixes, prefixes(&["198.51.100.8/32"]));
    assert_eq!(of("cosmos").others, OthersAre::Denied);
    assert_eq!(&*of("cosmos").resource_type, "Microsoft.DocumentDB/databaseAccounts");
}

/// A namespace has its rules in a part; without it nobody knows them. R582; Microsoft.ServiceBus/namespaces/
/// networkRuleSets of the vendor's reference.
#[test]
fn the_rules_of_a_namespace_are_a_part_of_it() {
    let (network, diagnostics) = estate(&resources(
        r#"[{"type": "Microsoft.Network/virtualNetworks", "name": "v", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
              "subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}]}},
            {"type": "Microsoft.ServiceBus/namespaces", "name": "bus", "properties": {"serviceBusEndpoint": "https://bus.servicebus.windows.net:443/"}},
            {"type": "Microsoft.ServiceBus/Namespaces/NetworkRuleSets", "name": "bus/default", "id": "~/Microsoft.ServiceBus/Namespaces/bus/NetworkRuleSets/default", "properties": {"defaultAction": "Deny", "publicNetworkAccess": "Enabled",
              "ipRules": [{"ipMask": "203.0.113.0/24", "action": "Allow"}],
              "virtualNetworkRules": [{"ignoreMissingVnetServiceEndpoint": false, "subnet": {"id": "~/Microsoft.Network/virtualNetworks/v/subnets/s"}}]}},
            {"type": "Microsoft.EventHub/namespaces", "name": "hub", "properties": {}},
            {"type": "Microsoft.EventHub/namespaces/networkRuleSets", "name": "default", "id": "~/Microsoft.EventHub/namespaces/hub/networkRuleSets/default", "properties": {"defaultAction": "Allow", "publicNetworkAccess": "Disabled"}},
            {"type": "Microsoft.Relay/namespaces", "name": "relay", "properties": {}}]"#,
    ));
    assert_eq!(diagnostics, []);
    let of = |name: &str| named(&network.service_targets, name, |service| service.meta.name());
    let bus = of("bus");
    assert_eq!((bus.others, bus.public_access), (OthersAre::Denied, PublicNetworkAccess::Enabled));
    assert_eq!(bus.allowed_prefixes, prefixes(&["203.0.113.0/24"]));
    assert!(bus.allowed_subnets[0].known().is_some() && bus.rules_origin.is_some());
    let hub = of("hub");
    assert_eq!(
        (hub.others, hub.public_access),
        (OthersAre::Allowed, PublicNetworkAccess::Disabled)
    );
    assert_eq!(of("relay").others, OthersAre::NotGiven);
}

/// Accounts of Cosmos DB list rules without a frame, today's and those of older versions. R430, R582.
#[test]
fn the_rules_of_a_cosmos_account_stand_beside_its_other_settings() {
    let network = quiet(&format!(
        "{NETWORK}  databaseAccounts:
    - {{name: both, isVirtualNetworkFilterEnabled: true, ipRules: [{{ipAddressOrRange: 198.51.100.8}}], virtualNetworkRules: [{{id: v/nodes, ignoreMissingVNetServiceEndpoint: false}}]}}
    - {{name: old, ipRangeFilter: '198.51.100.8,203.0.113.0/24'}}
    - {{name: off, isVirtualNetworkFilterEnabled: false, ipRules: [{{ipAddressOrRange: 198.51.100.8}}], virtualNetworkRules: [{{id: v/nodes}}]}}
    - {{name: open, isVirtualNetworkFilterEnabled: false, ipRules: [], virtualNetworkRules: [], ipRangeFilter: ''}}"
    ));
    let of = |name: &str| named(&network.service_targets, name, |service| service.meta.name());
    assert_eq!((of("both").others, of("both").allowed_subnets.len()), (OthersAre::Denied, 1));
    assert!(of("both").allowed_subnets[0].known().is_some());
    assert_eq!(of("old").others, OthersAre::Denied);
    assert_eq!(of("old").allowed_prefixes, prefixes(&["198.51.100.8/32", "203.0.113.0/24"]));
    assert_eq!((of("off").others, of("off").allowed_subnets.len()), (OthersAre::Denied, 0));
    assert_eq!(of("open").others, OthersAre::Allowed);
}

#[test]
fn a_service_endpoint_policy_lists_what_may_be_reached() {
    let network = quiet(
        "network:
  serviceEndpointPolicies:
    - {name: p, serviceEndpointPolicyDefinitions: [{name: d, service: Microsoft.Storage, serviceResources: [/subscriptions/s]}]}
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, serviceEndpointPolicies: [p]}]}]",
    );
    let policy = network.service_endpoint_policies.values().next().unwrap();
    assert_eq!(&*policy.allowed[0].0, "Microsoft.Storage");
    assert_eq!(policy.allowed[0].1[0].as_str(), "/subscriptions/s");
    assert!(
        network.subnets.values().next().unwrap().service_endpoint_policies[0].known().is_some()
    );
}

#[test]
fn what_is_not_modelled_is_kept_with_what_it_refers_to() {
    let (network, diagnostics) = estate(&resources(
        r#"[{"type": "Microsoft.Foo/bars", "name": "b", "properties": {"deep": [{"subnet": {"id": "~/Microsoft.Network/virtualNetworks/v/subnets/s"}}]}},
            {"type": "Microsoft.Foo/ants", "name": "a", "properties": {}}]"#,
    ));
    assert_eq!(diagnostics, []);
    let [a, b] = &network.not_modelled.values().collect::<Vec<_>>()[..] else { panic!("two") };
    assert_eq!((a.id.name(), b.id.name()), ("a", "b"));
    assert_eq!(&*b.resource_type, "Microsoft.Foo/bars");
    assert_eq!(b.refers_to.len(), 1);
    assert_eq!(b.refers_to[0].name(), "s");
    assert!(a.refers_to.is_empty());
}
