//! API servers in a subnet of the customer's (API Server VNet Integration).

use super::ask::{plane, tcp, way};
use hopwise::answer::{Reason, Verdict};

/// A network with an integrated cluster, private or not; `more` are further lists.
fn network(cluster: &str, more: &str) -> String {
    format!(
        "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.2.0.0/16], subnets: [{{name: nodes, addressPrefix: 10.2.0.0/24}}, {{name: api, addressPrefix: 10.2.4.0/28}}]}}]
  virtualMachines: [{{name: node, subnet: v/nodes, privateIPAddress: 10.2.0.10}}]
  managedClusters: [{{name: aks, {cluster} apiServerAccessProfile: {{enablePrivateCluster: true, enableVnetIntegration: true, subnetId: v/api}}}}]
{more}"
    )
}

#[test]
fn the_load_balancer_of_an_export_leads_to_the_api_server() {
    // R465: what stands behind it is not in any export, though rules and a pool may be.
    let exported = "  loadBalancers:
    - name: kube-apiserver
      sku: Standard
      frontendIPConfigurations: [{name: front, subnet: v/api, privateIPAddress: 10.2.4.7}]
      backendAddressPools: [{name: pool}]
      loadBalancingRules: [{name: rule, frontendIPConfiguration: front, backendAddressPool: pool, protocol: Tcp, frontendPort: 443, backendPort: 6443}]
";
    let plane = plane(&network("", exported));
    let answer = tcp(&plane, "node", "10.2.4.7:443");
    assert_eq!(answer.verdict, Verdict::Reachable);
    assert_eq!(way(&answer), ["node", "kube-apiserver/front", "API server of aks"]);
    // R466: the second port is for nodes.
    assert_eq!(tcp(&plane, "node", "10.2.4.7:4443").verdict, Verdict::Reachable);
    assert_eq!(tcp(&plane, "node", "10.2.4.7:22").reason, Some(Reason::NoBalancingRule));
}

#[test]
fn a_record_within_the_subnet_tells_its_address() {
    let name = "privateFQDN: aks.guid.private.westeurope.azmk8s.io,";
    let zone = |address: &str| {
        format!(
            "  privateDnsZones: [{{name: guid.private.westeurope.azmk8s.io, virtualNetworkLinks: [{{virtualNetwork: v}}], records: [{{name: aks, A: [{address}]}}]}}]\n"
        )
    };
    let told = plane(&network(name, &zone("10.2.4.4")));
    let answer = tcp(&told, "node", "https://aks.guid.private.westeurope.azmk8s.io");
    assert_eq!(answer.verdict, Verdict::Reachable);
    assert_eq!(way(&answer), ["node", "load balancer of aks", "API server of aks"]);
    // A record that leads elsewhere does not.
    let stale = plane(&network(name, &zone("10.2.0.99")));
    let answer = tcp(&stale, "node", "https://aks.guid.private.westeurope.azmk8s.io");
    assert_eq!(answer.reason, Some(Reason::AddressNotFound));
}

#[test]
fn an_address_that_the_input_does_not_tell_may_be_any_of_the_subnet() {
    let plane = plane(&network("", ""));
    let answer = tcp(&plane, "node", "10.2.4.4:443");
    assert_eq!((answer.verdict, answer.reason), (Verdict::Unknown, Some(Reason::NotGiven)));
    assert_eq!(tcp(&plane, "node", "10.2.0.99:443").reason, Some(Reason::AddressNotFound));
}
