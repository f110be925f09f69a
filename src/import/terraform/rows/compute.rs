//! What runs in networks: machines, clusters, containers.

use crate::import::terraform::row::{
    Becomes, Field, How, Row, each, field, id, ids, plain, row, same,
};

const MACHINE: &str = "Microsoft.Compute/virtualMachines";

const INTERFACES: Field = ids("network_interface_ids", "networkProfile/networkInterfaces");

const SCALE_SET: Field = id("virtual_machine_scale_set_id", "virtualMachineScaleSet");

const CONFIGURATIONS: &str = "virtualMachineProfile/networkProfile/networkInterfaceConfigurations";

const SCALE_SET_CONFIGURATION: Field = each(
    "ip_configuration",
    "ipConfigurations",
    &[
        same("name", "name"),
        same("primary", "primary"),
        same("version", "privateIPAddressVersion"),
        id("subnet_id", "subnet"),
        ids("application_security_group_ids", "applicationSecurityGroups"),
        ids("load_balancer_backend_address_pool_ids", "loadBalancerBackendAddressPools"),
        ids(
            "application_gateway_backend_address_pool_ids",
            "applicationGatewayBackendAddressPools",
        ),
    ],
);

const SCALE_SET_INTERFACE: &[Field] = &[
    same("name", "name"),
    same("primary", "primary"),
    same("dns_servers", "dnsSettings/dnsServers"),
    same("enable_ip_forwarding", "enableIPForwarding"),
    id("network_security_group_id", "networkSecurityGroup"),
    SCALE_SET_CONFIGURATION,
];

const SCALE_SET_FIELDS: &[Field] =
    &[each("network_interface", CONFIGURATIONS, SCALE_SET_INTERFACE)];

/// Of the type that Windows and Linux once shared.
const CLASSIC_SCALE_SET_FIELDS: &[Field] = &[each(
    "network_profile",
    CONFIGURATIONS,
    &[
        same("name", "name"),
        same("primary", "primary"),
        same("dns_settings.dns_servers", "dnsSettings/dnsServers"),
        same("ip_forwarding", "enableIPForwarding"),
        id("network_security_group_id", "networkSecurityGroup"),
        each(
            "ip_configuration",
            "ipConfigurations",
            &[
                same("name", "name"),
                same("primary", "primary"),
                id("subnet_id", "subnet"),
                ids("application_security_group_ids", "applicationSecurityGroups"),
                ids("load_balancer_backend_address_pool_ids", "loadBalancerBackendAddressPools"),
                ids("load_balancer_inbound_nat_rules_ids", "loadBalancerInboundNatPools"),
                ids(
                    "application_gateway_backend_address_pool_ids",
                    "applicationGatewayBackendAddressPools",
                ),
            ],
        ),
    ],
)];

const fn scale_set(name: &'static str, fields: &'static [Field]) -> Row {
    row(name, Becomes::InGroup("Microsoft.Compute/virtualMachineScaleSets"), fields)
}

const SYSTEM: &str = "storageProfile/osDisk/osType";
const KEYS: &str = "osProfile/linuxConfiguration/ssh/publicKeys";

const POOL: &[Field] = &[
    same("name", "name"),
    plain("vnet_subnet_id", "vnetSubnetID"),
    plain("pod_subnet_id", "podSubnetID"),
];

pub(super) const ROWS: &[Row] = &[
    row(
        "azurerm_linux_virtual_machine",
        Becomes::InGroup(MACHINE),
        &[
            INTERFACES,
            SCALE_SET,
            same("computer_name", "osProfile/computerName"),
            each("admin_ssh_key", KEYS, &[same("public_key", "keyData")]),
            field("name", SYSTEM, How::Always("Linux")),
        ],
    ),
    row(
        "azurerm_windows_virtual_machine",
        Becomes::InGroup(MACHINE),
        &[
            INTERFACES,
            SCALE_SET,
            same("computer_name", "osProfile/computerName"),
            field("name", SYSTEM, How::Always("Windows")),
        ],
    ),
    row(
        "azurerm_virtual_machine",
        Becomes::InGroup(MACHINE),
        &[
            INTERFACES,
            same("os_profile.computer_name", "osProfile/computerName"),
            same("storage_os_disk.os_type", SYSTEM),
            each("os_profile_linux_config.ssh_keys", KEYS, &[same("key_data", "keyData")]),
        ],
    ),
    scale_set("azurerm_linux_virtual_machine_scale_set", SCALE_SET_FIELDS),
    scale_set("azurerm_windows_virtual_machine_scale_set", SCALE_SET_FIELDS),
    scale_set("azurerm_orchestrated_virtual_machine_scale_set", SCALE_SET_FIELDS),
    scale_set("azurerm_virtual_machine_scale_set", CLASSIC_SCALE_SET_FIELDS),
    row(
        "azurerm_kubernetes_cluster",
        Becomes::InGroup("Microsoft.ContainerService/managedClusters"),
        &[
            same("fqdn", "fqdn"),
            same("private_fqdn", "privateFQDN"),
            same("private_cluster_enabled", "apiServerAccessProfile/enablePrivateCluster"),
            same(
                "private_cluster_public_fqdn_enabled",
                "apiServerAccessProfile/enablePrivateClusterPublicFQDN",
            ),
            plain("private_dns_zone_id", "apiServerAccessProfile/privateDNSZone"),
            same("api_server_authorized_ip_ranges", "apiServerAccessProfile/authorizedIPRanges"),
            same(
                "api_server_access_profile.authorized_ip_ranges",
                "apiServerAccessProfile/authorizedIPRanges",
            ),
            same(
                "api_server_access_profile.vnet_integration_enabled",
                "apiServerAccessProfile/enableVnetIntegration",
            ),
            same(
                "api_server_access_profile.virtual_network_integration_enabled",
                "apiServerAccessProfile/enableVnetIntegration",
            ),
            plain("api_server_access_profile.subnet_id", "apiServerAccessProfile/subnetId"),
            field("run_command_enabled", "apiServerAccessProfile/disableRunCommand", How::Not),
            same("node_resource_group", "nodeResourceGroup"),
            same("network_profile.outbound_type", "networkProfile/outboundType"),
            same("network_profile.network_plugin", "networkProfile/networkPlugin"),
            ids(
                "network_profile.load_balancer_profile.outbound_ip_address_ids",
                "networkProfile/loadBalancerProfile/outboundIPs/publicIPs",
            ),
            same("local_account_disabled", "disableLocalAccounts"),
            same(
                "azure_active_directory_role_based_access_control.azure_rbac_enabled",
                "aadProfile/enableAzureRBAC",
            ),
            each("default_node_pool", "agentPoolProfiles", POOL),
        ],
    ),
    row(
        "azurerm_kubernetes_cluster_node_pool",
        Becomes::Of(
            "Microsoft.ContainerService/managedClusters/agentPools",
            "kubernetes_cluster_id",
        ),
        &[plain("vnet_subnet_id", "vnetSubnetID"), plain("pod_subnet_id", "podSubnetID")],
    ),
    row(
        "azurerm_container_group",
        Becomes::InGroup("Microsoft.ContainerInstance/containerGroups"),
        &[
            ids("subnet_ids", "subnetIds"),
            id("network_profile_id", "networkProfile"),
            same("ip_address_type", "ipAddress/type"),
            same("ip_address", "ipAddress/ip"),
            same("dns_config.nameservers", "dnsConfig/nameServers"),
        ],
    ),
    row(
        "azurerm_network_profile",
        Becomes::InGroup("Microsoft.Network/networkProfiles"),
        &[each(
            "container_network_interface",
            "containerNetworkInterfaceConfigurations",
            &[
                same("name", "name"),
                each(
                    "ip_configuration",
                    "ipConfigurations",
                    &[same("name", "name"), id("subnet_id", "subnet")],
                ),
            ],
        )],
    ),
];
