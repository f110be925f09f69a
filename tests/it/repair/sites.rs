//! Whether clients on premises and of a VPN get the private answer of a service that refuses them at its public address
//! (R283): by their site's DNS server, or by the servers that a gateway gives its clients.

use super::smallest::fixes;

/// A service with an endpoint in the hub, whose zone an inbound endpoint knows; `ends` are gateways and sites.
fn network(ends: &str) -> String {
    format!(
        "network:
  virtualNetworks: [{{name: hub, location: westeurope, addressPrefixes: [10.0.0.0/16], subnets: [{{name: GatewaySubnet, addressPrefix: 10.0.9.0/27}}, {{name: rin, addressPrefix: 10.0.4.0/28}}, {{name: ends, addressPrefix: 10.0.3.0/24}}]}}]
  publicIPAddresses: [{{name: gw-pip, sku: Standard, location: westeurope, ipAddress: 198.51.100.200}}]
  dnsResolvers: [{{name: r, location: westeurope, virtualNetwork: hub, inboundEndpoints: [{{name: in, ipConfigurations: [{{subnet: hub/rin, privateIpAddress: 10.0.4.4}}]}}]}}]
  storageAccounts: [{{name: store, location: westeurope, publicNetworkAccess: Disabled, primaryEndpoints: {{blob: 'https://store.blob.core.windows.net/'}}}}]
  privateEndpoints: [{{name: own, subnet: hub/ends, privateIPAddress: 10.0.3.5, target: store, groupId: blob, state: Approved}}]
  privateDnsZones: [{{name: privatelink.blob.core.windows.net, virtualNetworkLinks: [{{virtualNetwork: hub}}], records: [{{name: store, A: [10.0.3.5]}}]}}]
{ends}
expect: [{{from: worker, to: 'store.blob.core.windows.net:443', verdict: unreachable, reason: refused-by-service}}]
"
    )
}

/// R343: point-to-site clients ask the servers of the gateway's network.
#[test]
fn clients_of_a_gateway_are_given_an_inbound_endpoint() {
    let ends = "  virtualNetworkGateways: [{name: gw, gatewayType: Vpn, vpnType: RouteBased, virtualNetwork: hub, publicIPAddress: gw-pip, vpnClientConfiguration: {vpnClientAddressPool: {addressPrefixes: [172.16.0.0/24]}}}]
onPremises: [{name: home, addressPrefixes: [172.16.0.0/24], hosts: [{name: worker, ipAddress: 172.16.0.2}], publicIPAddress: 203.0.113.64, connections: [{virtualNetworkGateway: gw}]}]";
    let expected = [["let hub use the DNS server 10.0.4.4, which clients ask then too"]];
    assert_eq!(fixes(&network(ends)), expected);
}

/// R240, R265, R280: the public domain is forwarded; R281: the private zone alone does not do.
#[test]
fn the_server_of_a_site_forwards_the_public_domain() {
    let site = |servers: &str, dns: &str| {
        format!(
            "  virtualNetworkGateways: [{{name: gw, gatewayType: Vpn, vpnType: RouteBased, virtualNetwork: hub, publicIPAddress: gw-pip, enableBgp: true}}]
  localNetworkGateways: [{{name: office, addressPrefixes: [192.168.10.0/24], gatewayIpAddress: 203.0.113.64}}]
  connections: [{{name: to-office, connectionType: IPsec, virtualNetworkGateway1: gw, localNetworkGateway2: office, enableBgp: true, connectionStatus: Connected}}]
onPremises:
  - name: office
    addressPrefixes: [192.168.10.0/24]
    hosts: [{{name: worker, ipAddress: 192.168.10.5}}, {{name: odns, ipAddress: 192.168.10.53, dns: {{{dns}}}}}]
    {servers}publicIPAddress: 203.0.113.64
    connections: [{{localNetworkGateway: office, advertisedPrefixes: [192.168.10.0/24]}}]"
        )
    };
    let server = "dnsServers: [192.168.10.53]\n    ";
    let private = "{domain: privatelink.blob.core.windows.net, servers: [10.0.4.4]}";
    for dns in [
        "forwarders: []".to_owned(),
        "forwarders: [{domain: core.windows.net, servers: [8.8.8.8]}]".to_owned(),
        format!("resubmitsAliases: false, forwarders: [{private}]"),
        format!("forwarders: [{private}]"),
    ] {
        let expected = [["let odns forward blob.core.windows.net to 10.0.4.4"]];
        assert_eq!(fixes(&network(&site(server, &dns))), expected, "{dns}");
    }
    let expected = [["let office use the DNS server 10.0.4.4"]];
    assert_eq!(fixes(&network(&site("", "forwarders: []"))), expected);
}
