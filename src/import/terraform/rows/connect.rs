//! What joins networks with each other and with the outside: gateways, circuits, hubs, Bastion.

use crate::import::terraform::row::{
    Becomes, Field, How, Row, always, each, field, id, ids, plain, row, same,
};

const CONFIGURATION: &[Field] = &[
    same("name", "name"),
    id("subnet_id", "subnet"),
    id("public_ip_address_id", "publicIPAddress"),
    same("private_ip_address", "privateIPAddress"),
];

/// Kept so that a change of it is noticed: nothing reads it.
const ROUTING: &[Field] = &[
    id("associated_route_table_id", "associatedRouteTable"),
    id("inbound_route_map_id", "inboundRouteMap"),
    id("outbound_route_map_id", "outboundRouteMap"),
    same("propagated_route_table.labels", "propagatedRouteTables/labels"),
    ids("propagated_route_table.route_table_ids", "propagatedRouteTables/ids"),
    same(
        "static_vnet_local_route_override_criteria",
        "vnetRoutes/staticRoutesConfig/vnetLocalRouteOverrideCriteria",
    ),
    same(
        "static_vnet_propagate_static_routes_enabled",
        "vnetRoutes/staticRoutesConfig/propagateStaticRoutes",
    ),
    each(
        "static_vnet_route",
        "vnetRoutes/staticRoutes",
        &[
            same("name", "name"),
            same("address_prefixes", "addressPrefixes"),
            same("next_hop_ip_address", "nextHopIpAddress"),
        ],
    ),
];

/// As [`ROUTING`]: what is behind listeners.
const BACKENDS: &[Field] = &[
    same("name", "name"),
    field("ip_addresses", "properties/backendAddresses", How::Wrapped("ipAddress")),
    field("fqdns", "properties/backendNames", How::Wrapped("fqdn")),
];

const BACKEND_SETTINGS: &[Field] = &[
    same("name", "name"),
    same("port", "properties/port"),
    same("protocol", "properties/protocol"),
    same("host_name", "properties/hostName"),
    same("path", "properties/path"),
];

const REQUEST_RULES: &[Field] = &[
    same("name", "name"),
    same("rule_type", "properties/ruleType"),
    same("priority", "properties/priority"),
    same("http_listener_name", "properties/httpListener"),
    same("backend_address_pool_name", "properties/backendAddressPool"),
    same("backend_http_settings_name", "properties/backendHttpSettings"),
    same("redirect_configuration_name", "properties/redirectConfiguration"),
    same("url_path_map_name", "properties/urlPathMap"),
];

const PATH_RULES: &[Field] = &[
    same("name", "name"),
    same("paths", "properties/paths"),
    same("backend_address_pool_name", "properties/backendAddressPool"),
    same("backend_http_settings_name", "properties/backendHttpSettings"),
    same("redirect_configuration_name", "properties/redirectConfiguration"),
];

const HUB: &str = "Microsoft.Network/virtualHubs";
const SITE: &str = "Microsoft.Network/localNetworkGateways";

pub(super) const ROWS: &[Row] = &[
    row(
        "azurerm_bastion_host",
        Becomes::InGroup("Microsoft.Network/bastionHosts"),
        &[
            same("sku", "sku/name"),
            each(
                "ip_configuration",
                "ipConfigurations",
                &[
                    same("name", "name"),
                    id("subnet_id", "subnet"),
                    id("public_ip_address_id", "publicIPAddress"),
                ],
            ),
            id("virtual_network_id", "virtualNetwork"),
            same("tunneling_enabled", "enableTunneling"),
            same("ip_connect_enabled", "enableIpConnect"),
        ],
    ),
    row(
        "azurerm_virtual_network_gateway",
        Becomes::InGroup("Microsoft.Network/virtualNetworkGateways"),
        &[
            same("type", "gatewayType"),
            same("vpn_type", "vpnType"),
            same("sku", "properties/sku/name"),
            same("active_active", "activeActive"),
            same("enable_bgp", "enableBgp"),
            same("bgp_enabled", "enableBgp"),
            same("bgp_settings.asn", "bgpSettings/asn"),
            each(
                "bgp_settings.peering_addresses",
                "bgpSettings/bgpPeeringAddresses",
                &[
                    same("default_addresses", "defaultBgpIpAddresses"),
                    same("apipa_addresses", "customBgpIpAddresses"),
                ],
            ),
            id("default_local_network_gateway_id", "gatewayDefaultSite"),
            each("ip_configuration", "ipConfigurations", CONFIGURATION),
            same(
                "vpn_client_configuration.address_space",
                "vpnClientConfiguration/vpnClientAddressPool/addressPrefixes",
            ),
            same(
                "vpn_client_configuration.vpn_client_protocols",
                "vpnClientConfiguration/vpnClientProtocols",
            ),
            same("custom_route.address_prefixes", "customRoutes/addressPrefixes"),
            same("remote_vnet_traffic_enabled", "allowRemoteVnetTraffic"),
            same("virtual_wan_traffic_enabled", "allowVirtualWanTraffic"),
        ],
    ),
    row(
        "azurerm_virtual_network_gateway_connection",
        Becomes::InGroup("Microsoft.Network/connections"),
        &[
            same("type", "connectionType"),
            id("virtual_network_gateway_id", "virtualNetworkGateway1"),
            id("peer_virtual_network_gateway_id", "virtualNetworkGateway2"),
            id("local_network_gateway_id", "localNetworkGateway2"),
            id("express_route_circuit_id", "peer"),
            same("enable_bgp", "enableBgp"),
            same("bgp_enabled", "enableBgp"),
            same("use_policy_based_traffic_selectors", "usePolicyBasedTrafficSelectors"),
            each(
                "traffic_selector_policy",
                "trafficSelectorPolicies",
                &[
                    same("local_address_cidrs", "localAddressRanges"),
                    same("remote_address_cidrs", "remoteAddressRanges"),
                ],
            ),
            ids("ingress_nat_rule_ids", "ingressNatRules"),
            ids("egress_nat_rule_ids", "egressNatRules"),
            same("routing_weight", "routingWeight"),
            same("express_route_gateway_bypass", "expressRouteGatewayBypass"),
        ],
    ),
    row(
        "azurerm_local_network_gateway",
        Becomes::InGroup(SITE),
        &[
            same("address_space", "localNetworkAddressSpace/addressPrefixes"),
            same("gateway_address", "gatewayIpAddress"),
            same("gateway_fqdn", "fqdn"),
            same("bgp_settings.asn", "bgpSettings/asn"),
            same("bgp_settings.bgp_peering_address", "bgpSettings/bgpPeeringAddress"),
        ],
    ),
    row(
        "azurerm_express_route_circuit",
        Becomes::InGroup("Microsoft.Network/expressRouteCircuits"),
        &[same("sku.tier", "sku/tier"), same("sku.family", "sku/family")],
    ),
    Row {
        name: "azurerm_express_route_circuit_peering",
        becomes: Becomes::Listed(
            "Microsoft.Network/expressRouteCircuits",
            "express_route_circuit_name",
            "peerings",
        ),
        fields: &[
            same("peering_type", "name"),
            same("peering_type", "peeringType"),
            same("peer_asn", "peerASN"),
            same("primary_peer_address_prefix", "primaryPeerAddressPrefix"),
            same("secondary_peer_address_prefix", "secondaryPeerAddressPrefix"),
            field("ipv6.enabled", "ipv6PeeringConfig/state", How::Flag("Enabled", "Disabled")),
            same("ipv6.primary_peer_address_prefix", "ipv6PeeringConfig/primaryPeerAddressPrefix"),
            same(
                "ipv6.secondary_peer_address_prefix",
                "ipv6PeeringConfig/secondaryPeerAddressPrefix",
            ),
        ],
        parts: &[],
    },
    row(
        "azurerm_express_route_circuit_connection",
        Becomes::Said("peering_id"),
        &[each(
            "",
            "connections",
            &[
                same("name", "name"),
                id("peer_peering_id", "peerExpressRouteCircuitPeering"),
                same("address_prefix_ipv4", "addressPrefix"),
                same("address_prefix_ipv6", "ipv6CircuitConnectionConfig/addressPrefix"),
            ],
        )],
    ),
    row(
        "azurerm_virtual_wan",
        Becomes::InGroup("Microsoft.Network/virtualWans"),
        &[same("allow_branch_to_branch_traffic", "allowBranchToBranchTraffic")],
    ),
    row(
        "azurerm_virtual_hub",
        Becomes::InGroup(HUB),
        &[
            same("address_prefix", "addressPrefix"),
            id("virtual_wan_id", "virtualWan"),
            same("hub_routing_preference", "hubRoutingPreference"),
            each(
                "route",
                "routeTable/routes",
                &[
                    same("address_prefixes", "addressPrefixes"),
                    same("next_hop_ip_address", "nextHopIpAddress"),
                ],
            ),
        ],
    ),
    row(
        "azurerm_virtual_hub_connection",
        Becomes::Of("Microsoft.Network/virtualHubs/hubVirtualNetworkConnections", "virtual_hub_id"),
        &[
            id("remote_virtual_network_id", "remoteVirtualNetwork"),
            same("internet_security_enabled", "enableInternetSecurity"),
            field("routing", "routingConfiguration", How::One(ROUTING)),
        ],
    ),
    row(
        "azurerm_route_server",
        Becomes::InGroup(HUB),
        &[
            always("kind", "RouteServer"),
            same("branch_to_branch_traffic_enabled", "allowBranchToBranchTraffic"),
            same("virtual_router_ips", "virtualRouterIps"),
            each(
                "",
                "ipConfigurations",
                &[
                    always("name", "ipConfig1"),
                    id("subnet_id", "subnet"),
                    id("public_ip_address_id", "publicIPAddress"),
                ],
            ),
        ],
    ),
    row(
        "azurerm_route_server_bgp_connection",
        Becomes::Of("Microsoft.Network/virtualHubs/bgpConnections", "route_server_id"),
        &[same("peer_asn", "peerAsn"), same("peer_ip", "peerIp")],
    ),
    row(
        "azurerm_virtual_hub_bgp_connection",
        Becomes::Of("Microsoft.Network/virtualHubs/bgpConnections", "virtual_hub_id"),
        &[same("peer_asn", "peerAsn"), same("peer_ip", "peerIp")],
    ),
    row(
        "azurerm_application_gateway",
        Becomes::InGroup("Microsoft.Network/applicationGateways"),
        &[
            each(
                "gateway_ip_configuration",
                "gatewayIPConfigurations",
                &[same("name", "name"), id("subnet_id", "subnet")],
            ),
            each("frontend_ip_configuration", "frontendIPConfigurations", CONFIGURATION),
            each("frontend_port", "frontendPorts", &[same("name", "name"), same("port", "port")]),
            each(
                "http_listener",
                "httpListeners",
                &[
                    same("name", "name"),
                    same("frontend_ip_configuration_name", "frontendIPConfiguration"),
                    same("frontend_port_name", "frontendPort"),
                ],
            ),
            each("backend_address_pool", "backendAddressPools", BACKENDS),
            each("backend_http_settings", "backendHttpSettingsCollection", BACKEND_SETTINGS),
            each("request_routing_rule", "requestRoutingRules", REQUEST_RULES),
            each(
                "url_path_map",
                "urlPathMaps",
                &[
                    same("name", "name"),
                    same("default_backend_address_pool_name", "defaultBackendAddressPool"),
                    same("default_backend_http_settings_name", "defaultBackendHttpSettings"),
                    same("default_redirect_configuration_name", "defaultRedirectConfiguration"),
                    each("path_rule", "pathRules", PATH_RULES),
                ],
            ),
            same("sku.name", "properties/sku/name"),
            same("sku.tier", "properties/sku/tier"),
        ],
    ),
    row(
        "azurerm_private_endpoint",
        Becomes::InGroup("Microsoft.Network/privateEndpoints"),
        &[
            id("subnet_id", "subnet"),
            field(
                "private_service_connection",
                "privateLinkServiceConnections",
                How::By(super::super::convert::approved),
            ),
            field(
                "private_service_connection",
                "manualPrivateLinkServiceConnections",
                How::By(super::super::convert::by_hand),
            ),
            each(
                "ip_configuration",
                "ipConfigurations",
                &[same("name", "name"), same("private_ip_address", "privateIPAddress")],
            ),
            same("private_service_connection.private_ip_address", "privateIPAddress"),
            each(
                "private_dns_zone_group",
                "privateDnsZoneGroups",
                &[
                    same("name", "name"),
                    field(
                        "private_dns_zone_ids",
                        "privateDnsZoneConfigs",
                        How::By(super::super::convert::zones),
                    ),
                ],
            ),
            each(
                "private_dns_zone_configs",
                "privateDnsZoneGroups",
                &[
                    same("name", "name"),
                    each(
                        "",
                        "privateDnsZoneConfigs",
                        &[plain("private_dns_zone_id", "privateDnsZoneId"), WRITTEN],
                    ),
                ],
            ),
            each("network_interface", "networkInterfaces", &[plain("id", "id")]),
            each(
                "custom_dns_configs",
                "customDnsConfigs",
                &[same("fqdn", "fqdn"), same("ip_addresses", "ipAddresses")],
            ),
        ],
    ),
    row(
        "azurerm_private_endpoint_application_security_group_association",
        Becomes::Said("private_endpoint_id"),
        &[each("", "applicationSecurityGroups", &[plain("application_security_group_id", "id")])],
    ),
    row(
        "azurerm_private_link_service",
        Becomes::InGroup("Microsoft.Network/privateLinkServices"),
        &[
            ids(
                "load_balancer_frontend_ip_configuration_ids",
                "loadBalancerFrontendIpConfigurations",
            ),
            same("alias", "alias"),
            same("destination_ip_address", "destinationIPAddress"),
            same("enable_proxy_protocol", "enableProxyProtocol"),
            same("proxy_protocol_enabled", "enableProxyProtocol"),
            each(
                "nat_ip_configuration",
                "ipConfigurations",
                &[
                    same("name", "name"),
                    same("primary", "primary"),
                    id("subnet_id", "subnet"),
                    same("private_ip_address", "privateIPAddress"),
                ],
            ),
        ],
    ),
];

/// The record sets that a zone group has written.
const WRITTEN: Field = each(
    "record_sets",
    "recordSets",
    &[
        same("name", "recordSetName"),
        same("type", "recordType"),
        same("fqdn", "fqdn"),
        same("ttl", "ttl"),
        same("ip_addresses", "ipAddresses"),
    ],
);

/// The connection of a private endpoint.
pub(in crate::import::terraform) const CONNECTION: &[Field] = &[
    same("name", "name"),
    plain("private_connection_resource_id", "privateLinkServiceId"),
    plain("private_connection_resource_alias", "privateLinkServiceId"),
    same("subresource_names", "groupIds"),
];
