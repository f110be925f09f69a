//! Services with firewalls of their own, and roles.

use crate::import::terraform::convert::{joined, ranges, service_tag};
use crate::import::terraform::row::{Becomes, Field, How, Row, each, field, id, plain, row, same};

const ACCOUNT: &str = "Microsoft.Storage/storageAccounts";
const NAMESPACE: &str = "Microsoft.ServiceBus/namespaces";

const ACCESS: Field =
    field("public_network_access_enabled", "publicNetworkAccess", How::Flag("Enabled", "Disabled"));

const SQL_NAME: Field = same("fully_qualified_domain_name", "fullyQualifiedDomainName");

const FLEXIBLE_NAME: Field = same("fqdn", "fullyQualifiedDomainName");
const FLEXIBLE_SUBNET: Field = plain("delegated_subnet_id", "network/delegatedSubnetResourceId");

const OF_SUBNET: &[Field] = &[plain("subnet_id", "virtualNetworkSubnetId")];
const RANGE: &[Field] =
    &[same("start_ip_address", "startIpAddress"), same("end_ip_address", "endIpAddress")];

const RULES: &[Field] = &[
    same("default_action", "networkAcls/defaultAction"),
    field("bypass", "networkAcls/bypass", How::By(joined)),
    field("ip_rules", "networkAcls/ipRules", How::Wrapped("value")),
    field("virtual_network_subnet_ids", "networkAcls/virtualNetworkRules", How::Ids),
    each("private_link_access", "networkAcls/resourceAccessRules", RESOURCE_ACCESS),
];

/// Resources of Azure that may pass the firewall of a storage account.
const RESOURCE_ACCESS: &[Field] =
    &[plain("endpoint_resource_id", "resourceId"), same("endpoint_tenant_id", "tenantId")];

/// Rules of a namespace, which ARM has in a part called `networkRuleSets/default`.
const RULE_SET: &[Field] = &[
    same("default_action", "networkRuleSet/defaultAction"),
    field("ip_rules", "networkRuleSet/ipRules", How::Wrapped("ipMask")),
    each("network_rules", "networkRuleSet/virtualNetworkRules", &[id("subnet_id", "subnet")]),
    same("trusted_services_allowed", "networkRuleSet/trustedServiceAccessEnabled"),
    ACCESS,
];

pub(super) const ROWS: &[Row] = &[
    row(
        "azurerm_storage_account",
        Becomes::InGroup(ACCOUNT),
        &[
            same("primary_blob_endpoint", "primaryEndpoints/blob"),
            same("primary_file_endpoint", "primaryEndpoints/file"),
            same("primary_queue_endpoint", "primaryEndpoints/queue"),
            same("primary_table_endpoint", "primaryEndpoints/table"),
            same("primary_web_endpoint", "primaryEndpoints/web"),
            same("primary_dfs_endpoint", "primaryEndpoints/dfs"),
            same("secondary_blob_endpoint", "secondaryEndpoints/blob"),
            same("secondary_file_endpoint", "secondaryEndpoints/file"),
            same("secondary_queue_endpoint", "secondaryEndpoints/queue"),
            same("secondary_table_endpoint", "secondaryEndpoints/table"),
            same("secondary_web_endpoint", "secondaryEndpoints/web"),
            same("secondary_dfs_endpoint", "secondaryEndpoints/dfs"),
            ACCESS,
            same("https_traffic_only_enabled", "supportsHttpsTrafficOnly"),
            same("enable_https_traffic_only", "supportsHttpsTrafficOnly"),
            same("sftp_enabled", "isSftpEnabled"),
            same("network_rules.default_action", "networkAcls/defaultAction"),
            field("network_rules.bypass", "networkAcls/bypass", How::By(joined)),
            each(
                "network_rules.private_link_access",
                "networkAcls/resourceAccessRules",
                RESOURCE_ACCESS,
            ),
            field("network_rules.ip_rules", "networkAcls/ipRules", How::Wrapped("value")),
            field(
                "network_rules.virtual_network_subnet_ids",
                "networkAcls/virtualNetworkRules",
                How::Ids,
            ),
        ],
    ),
    row(
        "azurerm_storage_account_network_rules",
        Becomes::Instead("storage_account_id", Some(("storage_account_name", ACCOUNT))),
        RULES,
    ),
    row(
        "azurerm_key_vault",
        Becomes::InGroup("Microsoft.KeyVault/vaults"),
        &[
            same("vault_uri", "vaultUri"),
            ACCESS,
            same("network_acls.default_action", "networkAcls/defaultAction"),
            same("network_acls.bypass", "networkAcls/bypass"),
            field("network_acls.ip_rules", "networkAcls/ipRules", How::Wrapped("value")),
            field(
                "network_acls.virtual_network_subnet_ids",
                "networkAcls/virtualNetworkRules",
                How::Ids,
            ),
        ],
    ),
    row(
        "azurerm_container_registry",
        Becomes::InGroup("Microsoft.ContainerRegistry/registries"),
        &[
            same("login_server", "loginServer"),
            ACCESS,
            same("network_rule_set.default_action", "networkRuleSet/defaultAction"),
            each(
                "network_rule_set.ip_rule",
                "networkRuleSet/ipRules",
                &[same("ip_range", "value"), same("action", "action")],
            ),
            each(
                "network_rule_set.virtual_network",
                "networkRuleSet/virtualNetworkRules",
                &[plain("subnet_id", "id"), same("action", "action")],
            ),
            same("network_rule_bypass_option", "networkRuleBypassOptions"),
        ],
    ),
    row(
        "azurerm_cognitive_account",
        Becomes::InGroup("Microsoft.CognitiveServices/accounts"),
        &[
            same("endpoint", "endpoint"),
            ACCESS,
            same("network_acls.default_action", "networkAcls/defaultAction"),
            same("network_acls.bypass", "networkAcls/bypass"),
            field("network_acls.ip_rules", "networkAcls/ipRules", How::Wrapped("value")),
            each(
                "network_acls.virtual_network_rules",
                "networkAcls/virtualNetworkRules",
                &[plain("subnet_id", "id")],
            ),
        ],
    ),
    row(
        "azurerm_cosmosdb_account",
        Becomes::InGroup("Microsoft.DocumentDB/databaseAccounts"),
        &[
            same("endpoint", "documentEndpoint"),
            ACCESS,
            same("is_virtual_network_filter_enabled", "isVirtualNetworkFilterEnabled"),
            field("ip_range_filter", "ipRules", How::By(ranges)),
            each("virtual_network_rule", "networkAcls/virtualNetworkRules", &[plain("id", "id")]),
            field(
                "network_acl_bypass_for_azure_services",
                "networkAclBypass",
                How::Flag("AzureServices", "None"),
            ),
            same("network_acl_bypass_ids", "networkAclBypassResourceIds"),
        ],
    ),
    row("azurerm_mssql_server", Becomes::InGroup("Microsoft.Sql/servers"), &[SQL_NAME, ACCESS]),
    row("azurerm_sql_server", Becomes::InGroup("Microsoft.Sql/servers"), &[SQL_NAME]),
    row(
        "azurerm_sql_firewall_rule",
        Becomes::Below("Microsoft.Sql/servers/firewallRules", "server_name"),
        RANGE,
    ),
    row(
        "azurerm_sql_virtual_network_rule",
        Becomes::Below("Microsoft.Sql/servers/virtualNetworkRules", "server_name"),
        OF_SUBNET,
    ),
    row(
        "azurerm_mssql_firewall_rule",
        Becomes::Of("Microsoft.Sql/servers/firewallRules", "server_id"),
        RANGE,
    ),
    row(
        "azurerm_mssql_virtual_network_rule",
        Becomes::Of("Microsoft.Sql/servers/virtualNetworkRules", "server_id"),
        OF_SUBNET,
    ),
    row(
        "azurerm_postgresql_flexible_server",
        Becomes::InGroup("Microsoft.DBforPostgreSQL/flexibleServers"),
        &[
            FLEXIBLE_NAME,
            ACCESS,
            FLEXIBLE_SUBNET,
            plain("private_dns_zone_id", "network/privateDnsZoneArmResourceId"),
        ],
    ),
    row(
        "azurerm_postgresql_flexible_server_firewall_rule",
        Becomes::Of("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules", "server_id"),
        RANGE,
    ),
    row(
        "azurerm_mysql_flexible_server",
        Becomes::InGroup("Microsoft.DBforMySQL/flexibleServers"),
        &[
            FLEXIBLE_NAME,
            same("public_network_access", "publicNetworkAccess"),
            ACCESS,
            FLEXIBLE_SUBNET,
            plain("private_dns_zone_id", "network/privateDnsZoneResourceId"),
        ],
    ),
    row(
        "azurerm_mysql_flexible_server_firewall_rule",
        Becomes::Below("Microsoft.DBforMySQL/flexibleServers/firewallRules", "server_name"),
        RANGE,
    ),
    row(
        "azurerm_servicebus_namespace",
        Becomes::InGroup(NAMESPACE),
        &[
            same("endpoint", "serviceBusEndpoint"),
            ACCESS,
            same("network_rule_set.default_action", "networkRuleSet/defaultAction"),
            field("network_rule_set.ip_rules", "networkRuleSet/ipRules", How::Wrapped("ipMask")),
            each(
                "network_rule_set.network_rules",
                "networkRuleSet/virtualNetworkRules",
                &[id("subnet_id", "subnet")],
            ),
            same(
                "network_rule_set.trusted_services_allowed",
                "networkRuleSet/trustedServiceAccessEnabled",
            ),
        ],
    ),
    row(
        "azurerm_servicebus_namespace_network_rule_set",
        Becomes::Instead("namespace_id", Some(("namespace_name", NAMESPACE))),
        RULE_SET,
    ),
    row(
        "azurerm_eventhub_namespace",
        Becomes::InGroup("Microsoft.EventHub/namespaces"),
        &[
            ACCESS,
            same("network_rulesets.default_action", "networkRuleSet/defaultAction"),
            each(
                "network_rulesets.ip_rule",
                "networkRuleSet/ipRules",
                &[same("ip_mask", "ipMask"), same("action", "action")],
            ),
            each(
                "network_rulesets.virtual_network_rule",
                "networkRuleSet/virtualNetworkRules",
                &[id("subnet_id", "subnet")],
            ),
            same(
                "network_rulesets.trusted_service_access_enabled",
                "networkRuleSet/trustedServiceAccessEnabled",
            ),
        ],
    ),
    row("azurerm_relay_namespace", Becomes::InGroup("Microsoft.Relay/namespaces"), &[]),
    row("azurerm_linux_web_app", Becomes::InGroup("Microsoft.Web/sites"), WEB),
    row("azurerm_windows_web_app", Becomes::InGroup("Microsoft.Web/sites"), WEB),
    row("azurerm_linux_function_app", Becomes::InGroup("Microsoft.Web/sites"), WEB),
    row("azurerm_windows_function_app", Becomes::InGroup("Microsoft.Web/sites"), WEB),
    row(
        "azurerm_role_assignment",
        Becomes::At("Microsoft.Authorization/roleAssignments", "scope"),
        &[
            plain("scope", "scope"),
            plain("principal_id", "principalId"),
            same("role_definition_name", "roleDefinitionId"),
            plain("role_definition_id", "roleDefinitionId"),
            same("condition", "condition"),
        ],
    ),
    row(
        "azurerm_role_definition",
        Becomes::At("Microsoft.Authorization/roleDefinitions", "scope"),
        &[
            same("name", "roleName"),
            each(
                "permissions",
                "permissions",
                &[
                    same("actions", "actions"),
                    same("not_actions", "notActions"),
                    same("data_actions", "dataActions"),
                    same("not_data_actions", "notDataActions"),
                ],
            ),
        ],
    ),
    row(
        "azurerm_subnet_service_endpoint_storage_policy",
        Becomes::InGroup("Microsoft.Network/serviceEndpointPolicies"),
        &[each(
            "definition",
            "serviceEndpointPolicyDefinitions",
            &[
                same("name", "name"),
                same("service", "service"),
                same("service_resources", "serviceResources"),
            ],
        )],
    ),
];

const WEB: &[Field] = &[
    same("default_hostname", "defaultHostName"),
    ACCESS,
    plain("virtual_network_subnet_id", "virtualNetworkSubnetId"),
    same("site_config.vnet_route_all_enabled", "siteConfig/vnetRouteAllEnabled"),
    same(
        "site_config.ip_restriction_default_action",
        "siteConfig/ipSecurityRestrictionsDefaultAction",
    ),
    each(
        "site_config.ip_restriction",
        "siteConfig/ipSecurityRestrictions",
        &[
            same("name", "name"),
            same("priority", "priority"),
            same("action", "action"),
            same("ip_address", "ipAddress"),
            field("service_tag", "tag", How::By(service_tag)),
            same("service_tag", "ipAddress"),
            plain("virtual_network_subnet_id", "vnetSubnetResourceId"),
        ],
    ),
];
