//! Private endpoints and private link services.

use super::support::{address, codes, named, quiet, scenario};
use hopwise::azure::*;
use hopwise::net::DnsName;

const NETWORK: &str = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  storageAccounts: [{name: store}]
";

fn endpoint(text: &str) -> PrivateEndpoint {
    let network = quiet(&format!("{NETWORK}{text}"));
    network.private_endpoints.values().next().unwrap().clone()
}

#[test]
fn the_short_form_names_target_group_and_state() {
    let endpoint = endpoint(
        "  privateEndpoints:
    - {name: pe, subnet: v/s, privateIPAddress: 10.0.0.5, target: store, groupId: blob, state: Pending}",
    );
    assert_eq!(endpoint.addresses, [address("10.0.0.5")]);
    let PrivateEndpointTarget::Resource(target) = &endpoint.target else { panic!("a resource") };
    assert_eq!(target.name(), "store");
    assert_eq!(&*endpoint.group_ids[0], "blob");
    assert_eq!(endpoint.state, ConnectionState::Pending);
    assert!(endpoint.subnet.unwrap().known().is_some());
}

#[test]
fn the_long_form_has_one_connection() {
    let endpoint = endpoint(
        "  privateEndpoints:
    - name: pe
      subnet: {id: v/s}
      ipConfigurations: [{name: c, properties: {groupId: blob, memberName: blob, privateIPAddress: 10.0.0.6}}]
      customDnsConfigs: [{fqdn: store.blob.core.windows.net, ipAddresses: [10.0.0.6]}]
      privateLinkServiceConnections:
        - {name: x, properties: {privateLinkServiceId: /subscriptions/s/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/far,
             groupIds: [blob], privateLinkServiceConnectionState: {status: Rejected}}}",
    );
    assert_eq!(endpoint.addresses, [address("10.0.0.6")]);
    assert_eq!(endpoint.state, ConnectionState::Rejected);
    let name = DnsName::parse("store.blob.core.windows.net").unwrap();
    assert_eq!(endpoint.dns_configs, [(name, vec![address("10.0.0.6")])]);
    assert!(matches!(&endpoint.target, PrivateEndpointTarget::Resource(id) if id.name() == "far"));
}

#[test]
fn a_connection_by_hand_waits_until_it_says_otherwise() {
    // R291, R297
    let connection = "privateLinkServiceId: pls.guid.westeurope.azure.privatelinkservice";
    let endpoint = endpoint(&format!(
        "  privateEndpoints:
    - {{name: pe, subnet: v/s, manualPrivateLinkServiceConnections: [{{name: x, properties: {{{connection}}}}}]}}"
    ));
    assert_eq!(endpoint.state, ConnectionState::Pending);
    let alias = "pls.guid.westeurope.azure.privatelinkservice";
    assert_eq!(endpoint.target, PrivateEndpointTarget::Alias(alias.into()));
}

#[test]
fn the_interface_gives_the_addresses_whoever_tells_of_it() {
    for (nic, pe) in [("privateEndpoint: pe, ", ""), ("", ", networkInterfaces: [nic]")] {
        let network = quiet(&format!(
            "{NETWORK}  networkInterfaces:
    - {{name: nic, {nic}ipConfigurations: [{{name: c, subnet: v/s, privateIPAddress: 10.0.0.7}}]}}
  privateEndpoints:
    - {{name: pe, target: store{pe}}}"
        ));
        let (id, endpoint) = network.private_endpoints.iter().next().unwrap();
        assert_eq!(endpoint.addresses, [address("10.0.0.7")]);
        assert!(endpoint.interface.unwrap().known().is_some());
        assert!(endpoint.subnet.is_some());
        let nic = network.network_interfaces.values().next().unwrap();
        assert_eq!(nic.owner, NicOwner::PrivateEndpoint(Link::To(id)));
    }
}

#[test]
fn a_target_that_is_nowhere_is_said() {
    let (network, diagnostics) = scenario(&format!(
        "{NETWORK}  privateEndpoints: [{{name: pe, subnet: v/s, target: stroe}}]"
    ));
    let endpoint = network.private_endpoints.values().next().unwrap();
    assert_eq!(endpoint.target, PrivateEndpointTarget::Alias("stroe".into()));
    assert_eq!(codes(&diagnostics), ["missing-reference"]);
}

#[test]
fn a_private_link_service_has_frontends_and_nat_addresses() {
    // R305, R306
    let network = quiet(&format!(
        "{NETWORK}  loadBalancers:
    - {{name: lb, sku: {{name: Standard}}, frontendIPConfigurations: [{{name: f, subnet: v/s, privateIPAddress: 10.0.0.9}}]}}
  networkInterfaces:
    - {{name: nic, ipConfigurations: [{{name: c, subnet: v/s, privateIPAddress: 10.0.0.8}}]}}
  privateLinkServices:
    - {{name: given, loadBalancerFrontendIpConfigurations: [lb/f], enableProxyProtocol: true,
       alias: x.guid.westeurope.azure.privatelinkservice,
       ipConfigurations: [{{name: c, privateIPAddress: 10.0.0.20, subnet: v/s}}]}}
    - {{name: from-nic, networkInterfaces: [nic], ipConfigurations: [{{name: c, subnet: v/s}}]}}"
    ));
    let of = |name| named(&network.private_link_services, name, |pls| pls.meta.name());
    assert_eq!(of("given").nat_addresses[0].1, Some(address("10.0.0.20")));
    assert!(of("given").uses_proxy_protocol && of("given").frontends[0].known().is_some());
    assert_eq!(of("from-nic").nat_addresses[0].1, Some(address("10.0.0.8")));
    let nic = network.network_interfaces.values().next().unwrap();
    assert!(matches!(nic.owner, NicOwner::PrivateLinkService(Link::To(_))));
}
