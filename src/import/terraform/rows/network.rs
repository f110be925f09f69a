//! Virtual networks, what is in them and what stands at their edges.

use crate::import::terraform::convert::frontends;
use crate::import::terraform::row::{
    Becomes, Field, How, Row, always, each, field, id, ids, plain, row, same,
};

const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const TABLE: &str = "Microsoft.Network/routeTables";
const BALANCER: &str = "Microsoft.Network/loadBalancers";
const INTERFACE: &str = "Microsoft.Network/networkInterfaces";
const FRONTENDS: &str = "frontendIPConfigurations";

const DELEGATIONS: Field = each(
    "delegation",
    "delegations",
    &[same("name", "name"), same("service_delegation.name", "serviceName")],
);
const LINK_SERVICE_POLICIES: Field = field(
    "private_link_service_network_policies_enabled",
    "privateLinkServiceNetworkPolicies",
    How::Flag("Enabled", "Disabled"),
);

const SUBNET_FIELDS: &[Field] = &[
    same("address_prefixes", "addressPrefixes"),
    same("address_prefix", "addressPrefix"),
    field("service_endpoints", "serviceEndpoints", How::Wrapped("service")),
    ids("service_endpoint_policy_ids", "serviceEndpointPolicies"),
    DELEGATIONS,
    same("default_outbound_access_enabled", "defaultOutboundAccess"),
    same("private_endpoint_network_policies", "privateEndpointNetworkPolicies"),
    field(
        "private_endpoint_network_policies_enabled",
        "privateEndpointNetworkPolicies",
        How::Flag("Enabled", "Disabled"),
    ),
    field(
        "enforce_private_link_endpoint_network_policies",
        "privateEndpointNetworkPolicies",
        How::Flag("Disabled", "Enabled"),
    ),
    LINK_SERVICE_POLICIES,
    field(
        "enforce_private_link_service_network_policies",
        "privateLinkServiceNetworkPolicies",
        How::Flag("Disabled", "Enabled"),
    ),
    // Of data sources.
    id("network_security_group_id", "networkSecurityGroup"),
    id("route_table_id", "routeTable"),
];

/// Of a block in its network.
const INNER_SUBNET_FIELDS: &[Field] = &[
    same("address_prefixes", "addressPrefixes"),
    field("address_prefix", "addressPrefixes", How::Single),
    field("service_endpoints", "serviceEndpoints", How::Wrapped("service")),
    ids("service_endpoint_policy_ids", "serviceEndpointPolicies"),
    DELEGATIONS,
    same("default_outbound_access_enabled", "defaultOutboundAccess"),
    same("private_endpoint_network_policies", "privateEndpointNetworkPolicies"),
    LINK_SERVICE_POLICIES,
    id("security_group", "networkSecurityGroup"),
    id("route_table_id", "routeTable"),
];

const ROUTE_FIELDS: &[Field] = &[
    same("address_prefix", "addressPrefix"),
    same("next_hop_type", "nextHopType"),
    same("next_hop_in_ip_address", "nextHopIpAddress"),
];

const SUBNET: Row = row(
    "azurerm_subnet",
    Becomes::Below("Microsoft.Network/virtualNetworks/subnets", "virtual_network_name"),
    SUBNET_FIELDS,
);

const INNER_SUBNET: Row = row(SUBNET.name, SUBNET.becomes, INNER_SUBNET_FIELDS);

const ROUTE: Row = row(
    "azurerm_route",
    Becomes::Below("Microsoft.Network/routeTables/routes", "route_table_name"),
    ROUTE_FIELDS,
);

const CONFIGURATION: &[Field] = &[
    same("name", "name"),
    id("subnet_id", "subnet"),
    same("private_ip_address", "privateIPAddress"),
    same("private_ip_address_version", "privateIPAddressVersion"),
    id("public_ip_address_id", "publicIPAddress"),
    same("primary", "primary"),
    id("gateway_load_balancer_frontend_ip_configuration_id", "gatewayLoadBalancer"),
    ids("application_security_group_ids", "applicationSecurityGroups"),
    ids("load_balancer_backend_address_pools_ids", "loadBalancerBackendAddressPools"),
    ids("load_balancer_inbound_nat_rules_ids", "loadBalancerInboundNatRules"),
];

const FRONTEND: &[Field] = &[
    same("name", "name"),
    id("subnet_id", "subnet"),
    same("private_ip_address", "privateIPAddress"),
    same("private_ip_address_version", "privateIPAddressVersion"),
    id("public_ip_address_id", "publicIPAddress"),
    id("public_ip_prefix_id", "publicIPPrefix"),
    id("gateway_load_balancer_frontend_ip_configuration_id", "gatewayLoadBalancer"),
];

const BACKEND_ADDRESSES: &str = "loadBalancerBackendAddresses";

const BACKEND_ADDRESS: &[Field] = &[
    same("name", "name"),
    same("ip_address", "ipAddress"),
    id("virtual_network_id", "virtualNetwork"),
];

const OF_BALANCER: &str = "loadbalancer_id";

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "azurerm_virtual_network",
        becomes: Becomes::InGroup(NETWORK),
        fields: &[
            same("address_space", "addressSpace/addressPrefixes"),
            same("dns_servers", "dhcpOptions/dnsServers"),
            same("flow_timeout_in_minutes", "flowTimeoutInMinutes"),
        ],
        parts: &[("subnet", &INNER_SUBNET)],
    },
    SUBNET,
    row(
        "azurerm_subnet_network_security_group_association",
        Becomes::Said("subnet_id"),
        &[id("network_security_group_id", "networkSecurityGroup")],
    ),
    row(
        "azurerm_subnet_route_table_association",
        Becomes::Said("subnet_id"),
        &[id("route_table_id", "routeTable")],
    ),
    row(
        "azurerm_subnet_nat_gateway_association",
        Becomes::Said("subnet_id"),
        &[id("nat_gateway_id", "natGateway")],
    ),
    row(
        "azurerm_virtual_network_peering",
        Becomes::Below(
            "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            "virtual_network_name",
        ),
        &[
            id("remote_virtual_network_id", "remoteVirtualNetwork"),
            same("allow_virtual_network_access", "allowVirtualNetworkAccess"),
            same("allow_forwarded_traffic", "allowForwardedTraffic"),
            same("allow_gateway_transit", "allowGatewayTransit"),
            same("use_remote_gateways", "useRemoteGateways"),
            same("peer_complete_virtual_networks_enabled", "peerCompleteVnets"),
            same("local_subnet_names", "localSubnetNames"),
            same("remote_subnet_names", "remoteSubnetNames"),
            same("only_ipv6_peering_enabled", "enableOnlyIPv6Peering"),
        ],
    ),
    row(
        "azurerm_virtual_network_dns_servers",
        Becomes::Instead("virtual_network_id", None),
        &[same("dns_servers", "dhcpOptions/dnsServers")],
    ),
    Row {
        name: "azurerm_route_table",
        becomes: Becomes::InGroup(TABLE),
        fields: &[
            field("bgp_route_propagation_enabled", "disableBgpRoutePropagation", How::Not),
            same("disable_bgp_route_propagation", "disableBgpRoutePropagation"),
        ],
        parts: &[("route", &ROUTE)],
    },
    ROUTE,
    row(
        "azurerm_public_ip",
        Becomes::InGroup("Microsoft.Network/publicIPAddresses"),
        &[
            same("ip_address", "ipAddress"),
            same("ip_version", "publicIPAddressVersion"),
            same("sku", "sku/name"),
            same("sku_tier", "sku/tier"),
            same("fqdn", "dnsSettings/fqdn"),
            same("allocation_method", "publicIPAllocationMethod"),
            id("public_ip_prefix_id", "publicIPPrefix"),
        ],
    ),
    row(
        "azurerm_public_ip_prefix",
        Becomes::InGroup("Microsoft.Network/publicIPPrefixes"),
        &[
            same("ip_prefix", "ipPrefix"),
            same("ip_version", "publicIPAddressVersion"),
            same("prefix_length", "prefixLength"),
            same("sku", "sku/name"),
        ],
    ),
    row(
        "azurerm_nat_gateway",
        Becomes::InGroup("Microsoft.Network/natGateways"),
        &[
            same("sku_name", "sku/name"),
            ids("public_ip_address_ids", "publicIpAddresses"),
            ids("public_ip_prefix_ids", "publicIpPrefixes"),
        ],
    ),
    row(
        "azurerm_nat_gateway_public_ip_association",
        Becomes::Said("nat_gateway_id"),
        &[field("", "publicIpAddresses", How::Each(&[plain("public_ip_address_id", "id")]))],
    ),
    row(
        "azurerm_nat_gateway_public_ip_prefix_association",
        Becomes::Said("nat_gateway_id"),
        &[field("", "publicIpPrefixes", How::Each(&[plain("public_ip_prefix_id", "id")]))],
    ),
    row(
        "azurerm_network_interface",
        Becomes::InGroup(INTERFACE),
        &[
            each("ip_configuration", "ipConfigurations", CONFIGURATION),
            same("dns_servers", "dnsSettings/dnsServers"),
            same("internal_domain_name_suffix", "dnsSettings/internalDomainNameSuffix"),
            same("ip_forwarding_enabled", "enableIPForwarding"),
            same("enable_ip_forwarding", "enableIPForwarding"),
            id("network_security_group_id", "networkSecurityGroup"),
            id("virtual_machine_id", "virtualMachine"),
        ],
    ),
    row(
        "azurerm_network_interface_security_group_association",
        Becomes::Said("network_interface_id"),
        &[id("network_security_group_id", "networkSecurityGroup")],
    ),
    row(
        "azurerm_network_interface_application_security_group_association",
        Becomes::Said("network_interface_id"),
        &[each(
            "",
            "ipConfigurations",
            &[
                always("name", ALL),
                each(
                    "",
                    "applicationSecurityGroups",
                    &[plain("application_security_group_id", "id")],
                ),
            ],
        )],
    ),
    row(
        "azurerm_network_interface_backend_address_pool_association",
        Becomes::Said("network_interface_id"),
        &[each(
            "",
            "ipConfigurations",
            &[
                same("ip_configuration_name", "name"),
                each(
                    "",
                    "loadBalancerBackendAddressPools",
                    &[plain("backend_address_pool_id", "id")],
                ),
            ],
        )],
    ),
    row(
        "azurerm_network_interface_application_gateway_backend_address_pool_association",
        Becomes::Said("network_interface_id"),
        &[each(
            "",
            "ipConfigurations",
            &[
                same("ip_configuration_name", "name"),
                each(
                    "",
                    "applicationGatewayBackendAddressPools",
                    &[plain("backend_address_pool_id", "id")],
                ),
            ],
        )],
    ),
    row(
        "azurerm_network_interface_nat_rule_association",
        Becomes::Said("nat_rule_id"),
        &[field(
            "ip_configuration_name",
            "backendIPConfiguration",
            How::Named("network_interface_id", "ipConfigurations"),
        )],
    ),
    row(
        "azurerm_lb",
        Becomes::InGroup(BALANCER),
        &[
            same("sku", "sku/name"),
            same("sku_tier", "sku/tier"),
            each("frontend_ip_configuration", FRONTENDS, FRONTEND),
        ],
    ),
    row(
        "azurerm_lb_backend_address_pool",
        Becomes::Of("Microsoft.Network/loadBalancers/backendAddressPools", OF_BALANCER),
        &[
            id("virtual_network_id", "virtualNetwork"),
            each("backend_address", BACKEND_ADDRESSES, BACKEND_ADDRESS),
        ],
    ),
    row(
        "azurerm_lb_backend_address_pool_address",
        Becomes::Said("backend_address_pool_id"),
        &[each("", BACKEND_ADDRESSES, BACKEND_ADDRESS)],
    ),
    row(
        "azurerm_lb_rule",
        Becomes::Of("Microsoft.Network/loadBalancers/loadBalancingRules", OF_BALANCER),
        &[
            same("protocol", "protocol"),
            same("frontend_port", "frontendPort"),
            same("backend_port", "backendPort"),
            ids("backend_address_pool_ids", "backendAddressPools"),
            id("backend_address_pool_id", "backendAddressPool"),
            field(
                "frontend_ip_configuration_name",
                "frontendIPConfiguration",
                How::Named(OF_BALANCER, FRONTENDS),
            ),
            same("floating_ip_enabled", "enableFloatingIP"),
            same("enable_floating_ip", "enableFloatingIP"),
            same("disable_outbound_snat", "disableOutboundSnat"),
            id("probe_id", "probe"),
        ],
    ),
    row(
        "azurerm_lb_nat_pool",
        Becomes::Of("Microsoft.Network/loadBalancers/inboundNatPools", OF_BALANCER),
        &[
            same("protocol", "protocol"),
            same("frontend_port_start", "frontendPortRangeStart"),
            same("frontend_port_end", "frontendPortRangeEnd"),
            same("backend_port", "backendPort"),
            field(
                "frontend_ip_configuration_name",
                "frontendIPConfiguration",
                How::Named(OF_BALANCER, FRONTENDS),
            ),
            same("floating_ip_enabled", "enableFloatingIP"),
        ],
    ),
    row(
        "azurerm_lb_nat_rule",
        Becomes::Of("Microsoft.Network/loadBalancers/inboundNatRules", OF_BALANCER),
        &[
            same("protocol", "protocol"),
            same("frontend_port", "frontendPort"),
            same("frontend_port_start", "frontendPortRangeStart"),
            same("frontend_port_end", "frontendPortRangeEnd"),
            same("backend_port", "backendPort"),
            id("backend_address_pool_id", "backendAddressPool"),
            id("backend_ip_configuration_id", "backendIPConfiguration"),
            field(
                "frontend_ip_configuration_name",
                "frontendIPConfiguration",
                How::Named(OF_BALANCER, FRONTENDS),
            ),
            same("floating_ip_enabled", "enableFloatingIP"),
            same("enable_floating_ip", "enableFloatingIP"),
        ],
    ),
    row(
        "azurerm_lb_outbound_rule",
        Becomes::Of("Microsoft.Network/loadBalancers/outboundRules", OF_BALANCER),
        &[
            same("protocol", "protocol"),
            id("backend_address_pool_id", "backendAddressPool"),
            field("frontend_ip_configuration", FRONTENDS, How::By(frontends)),
        ],
    ),
    row(
        "azurerm_lb_probe",
        Becomes::Of("Microsoft.Network/loadBalancers/probes", OF_BALANCER),
        &[same("protocol", "protocol"), same("port", "port")],
    ),
];

/// Stands for every IP configuration of an interface.
pub(in crate::import) const ALL: &str = "*";
