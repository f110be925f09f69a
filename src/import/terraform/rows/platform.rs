//! Services with firewalls of their own, and roles.

use crate::import::terraform::convert::ranges;
use crate::import::terraform::row::{
    Becomes, Field, How, Row, each, field, filled_in, plain, row, same,
};

const ACCESS: Field =
    field("public_network_access_enabled", "publicNetworkAccess", How::Flag("Enabled", "Disabled"));

const SERVER: &[Field] = &[
    same("fqdn", "fullyQualifiedDomainName"),
    same("fully_qualified_domain_name", "fullyQualifiedDomainName"),
    ACCESS,
];

const fn server(name: &'static str, arm_type: &'static str) -> Row {
    row(name, Becomes::InGroup(arm_type), SERVER)
}

const RANGE: &[Field] =
    &[same("start_ip_address", "startIpAddress"), same("end_ip_address", "endIpAddress")];

const RULES: &[Field] = &[
    same("default_action", "networkAcls/defaultAction"),
    field("ip_rules", "networkAcls/ipRules", How::Wrapped("value")),
    field("virtual_network_subnet_ids", "networkAcls/virtualNetworkRules", How::Ids),
];

pub(super) const ROWS: &[Row] = &[
    row(
        "azurerm_storage_account",
        Becomes::InGroup("Microsoft.Storage/storageAccounts"),
        &[
            same("primary_blob_endpoint", "primaryEndpoints/blob"),
            same("primary_file_endpoint", "primaryEndpoints/file"),
            same("primary_queue_endpoint", "primaryEndpoints/queue"),
            same("primary_table_endpoint", "primaryEndpoints/table"),
            same("primary_web_endpoint", "primaryEndpoints/web"),
            same("primary_dfs_endpoint", "primaryEndpoints/dfs"),
            ACCESS,
            filled_in(same("network_rules.default_action", "networkAcls/defaultAction")),
            filled_in(field(
                "network_rules.ip_rules",
                "networkAcls/ipRules",
                How::Wrapped("value"),
            )),
            filled_in(field(
                "network_rules.virtual_network_subnet_ids",
                "networkAcls/virtualNetworkRules",
                How::Ids,
            )),
        ],
    ),
    row("azurerm_storage_account_network_rules", Becomes::Said("storage_account_id"), RULES),
    row(
        "azurerm_key_vault",
        Becomes::InGroup("Microsoft.KeyVault/vaults"),
        &[
            same("vault_uri", "vaultUri"),
            ACCESS,
            filled_in(same("network_acls.default_action", "networkAcls/defaultAction")),
            filled_in(field("network_acls.ip_rules", "networkAcls/ipRules", How::Wrapped("value"))),
            filled_in(field(
                "network_acls.virtual_network_subnet_ids",
                "networkAcls/virtualNetworkRules",
                How::Ids,
            )),
        ],
    ),
    row(
        "azurerm_container_registry",
        Becomes::InGroup("Microsoft.ContainerRegistry/registries"),
        &[
            same("login_server", "loginServer"),
            ACCESS,
            filled_in(same("network_rule_set.default_action", "networkRuleSet/defaultAction")),
            filled_in(each(
                "network_rule_set.ip_rule",
                "networkRuleSet/ipRules",
                &[same("ip_range", "value")],
            )),
        ],
    ),
    row(
        "azurerm_cognitive_account",
        Becomes::InGroup("Microsoft.CognitiveServices/accounts"),
        &[
            same("endpoint", "endpoint"),
            ACCESS,
            filled_in(same("network_acls.default_action", "networkAcls/defaultAction")),
            filled_in(field("network_acls.ip_rules", "networkAcls/ipRules", How::Wrapped("value"))),
            filled_in(each(
                "network_acls.virtual_network_rules",
                "networkAcls/virtualNetworkRules",
                &[plain("subnet_id", "id")],
            )),
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
        ],
    ),
    server("azurerm_mssql_server", "Microsoft.Sql/servers"),
    row(
        "azurerm_mssql_firewall_rule",
        Becomes::Of("Microsoft.Sql/servers/firewallRules", "server_id"),
        RANGE,
    ),
    row(
        "azurerm_mssql_virtual_network_rule",
        Becomes::Of("Microsoft.Sql/servers/virtualNetworkRules", "server_id"),
        &[plain("subnet_id", "virtualNetworkSubnetId")],
    ),
    server("azurerm_postgresql_flexible_server", "Microsoft.DBforPostgreSQL/flexibleServers"),
    row(
        "azurerm_postgresql_flexible_server_firewall_rule",
        Becomes::Of("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules", "server_id"),
        RANGE,
    ),
    server("azurerm_mysql_flexible_server", "Microsoft.DBforMySQL/flexibleServers"),
    row(
        "azurerm_mysql_flexible_server_firewall_rule",
        Becomes::Below("Microsoft.DBforMySQL/flexibleServers/firewallRules", "server_name"),
        RANGE,
    ),
    row(
        "azurerm_servicebus_namespace",
        Becomes::InGroup("Microsoft.ServiceBus/namespaces"),
        &[same("endpoint", "serviceBusEndpoint"), ACCESS],
    ),
    row("azurerm_eventhub_namespace", Becomes::InGroup("Microsoft.EventHub/namespaces"), &[ACCESS]),
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

const WEB: &[Field] = &[same("default_hostname", "defaultHostName"), ACCESS];
