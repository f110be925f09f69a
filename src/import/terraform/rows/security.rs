//! Security groups, firewalls and the rules of network managers.

use crate::import::terraform::convert as words;
use crate::import::terraform::row::{
    Becomes, Field, How, Row, always, each, field, id, ids, plain, row, same,
};

const RULE_FIELDS: &[Field] = &[
    same("priority", "priority"),
    same("direction", "direction"),
    same("access", "access"),
    same("protocol", "protocol"),
    same("source_port_range", "sourcePortRange"),
    same("source_port_ranges", "sourcePortRanges"),
    same("destination_port_range", "destinationPortRange"),
    same("destination_port_ranges", "destinationPortRanges"),
    same("source_address_prefix", "sourceAddressPrefix"),
    same("source_address_prefixes", "sourceAddressPrefixes"),
    same("destination_address_prefix", "destinationAddressPrefix"),
    same("destination_address_prefixes", "destinationAddressPrefixes"),
    ids("source_application_security_group_ids", "sourceApplicationSecurityGroups"),
    ids("destination_application_security_group_ids", "destinationApplicationSecurityGroups"),
];

const RULE: Row = row(
    "azurerm_network_security_rule",
    Becomes::Below(
        "Microsoft.Network/networkSecurityGroups/securityRules",
        "network_security_group_name",
    ),
    RULE_FIELDS,
);

const ADDRESS_CONFIGURATION: &[Field] = &[
    same("name", "name"),
    id("subnet_id", "subnet"),
    id("public_ip_address_id", "publicIPAddress"),
    same("private_ip_address", "privateIPAddress"),
];

/// Rules of the collections of policies.
const NETWORK_RULE: &[Field] = &[
    always("ruleType", "NetworkRule"),
    same("name", "name"),
    same("protocols", "ipProtocols"),
    same("source_addresses", "sourceAddresses"),
    ids_as_texts("source_ip_groups", "sourceIpGroups"),
    same("destination_addresses", "destinationAddresses"),
    ids_as_texts("destination_ip_groups", "destinationIpGroups"),
    same("destination_fqdns", "destinationFqdns"),
    same("destination_ports", "destinationPorts"),
];

const NAT_RULE: &[Field] = &[
    always("ruleType", "NatRule"),
    same("name", "name"),
    same("protocols", "ipProtocols"),
    same("source_addresses", "sourceAddresses"),
    ids_as_texts("source_ip_groups", "sourceIpGroups"),
    field("destination_address", "destinationAddresses", How::Single),
    same("destination_ports", "destinationPorts"),
    same("translated_address", "translatedAddress"),
    same("translated_fqdn", "translatedFqdn"),
    same("translated_port", "translatedPort"),
];

/// Of a firewall without a policy.
const CLASSIC_NAT_RULE: &[Field] = &[
    same("name", "name"),
    same("protocols", "protocols"),
    same("source_addresses", "sourceAddresses"),
    ids_as_texts("source_ip_groups", "sourceIpGroups"),
    same("destination_addresses", "destinationAddresses"),
    same("destination_ports", "destinationPorts"),
    same("translated_address", "translatedAddress"),
    same("translated_port", "translatedPort"),
];

const APPLICATION_RULE: &[Field] = &[
    always("ruleType", "ApplicationRule"),
    same("name", "name"),
    each("protocols", "protocols", PROTOCOL),
    same("source_addresses", "sourceAddresses"),
    ids_as_texts("source_ip_groups", "sourceIpGroups"),
    same("destination_addresses", "destinationAddresses"),
    same("destination_fqdns", "targetFqdns"),
    same("destination_fqdn_tags", "fqdnTags"),
    same("web_categories", "webCategories"),
    same("destination_urls", "targetUrls"),
    same("terminate_tls", "terminateTLS"),
];

/// Of a firewall without a policy.
const CLASSIC_APPLICATION_RULE: &[Field] = &[
    same("name", "name"),
    each("protocol", "protocols", PROTOCOL),
    same("source_addresses", "sourceAddresses"),
    ids_as_texts("source_ip_groups", "sourceIpGroups"),
    same("target_fqdns", "targetFqdns"),
    same("fqdn_tags", "fqdnTags"),
];

const PROTOCOL: &[Field] = &[same("type", "protocolType"), same("port", "port")];

const fn ids_as_texts(from: &'static str, to: &'static str) -> Field {
    field(from, to, How::PlainIds)
}

const FILTER: &str = "FirewallPolicyFilterRuleCollection";

const FIREWALL: &str = "Microsoft.Network/azureFirewalls";

/// A collection of a firewall without a policy.
const fn classic(name: &'static str, list: &'static str, fields: &'static [Field]) -> Row {
    row(name, Becomes::Listed(FIREWALL, "azure_firewall_name", list), fields)
}

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "azurerm_network_security_group",
        becomes: Becomes::InGroup("Microsoft.Network/networkSecurityGroups"),
        fields: &[],
        parts: &[("security_rule", &RULE)],
    },
    RULE,
    row(
        "azurerm_application_security_group",
        Becomes::InGroup("Microsoft.Network/applicationSecurityGroups"),
        &[],
    ),
    row(
        "azurerm_ip_group",
        Becomes::InGroup("Microsoft.Network/ipGroups"),
        &[same("cidrs", "ipAddresses")],
    ),
    row(
        "azurerm_ip_group_cidr",
        Becomes::Said("ip_group_id"),
        &[field("cidr", "ipAddresses", How::Single)],
    ),
    row(
        "azurerm_firewall",
        Becomes::InGroup(FIREWALL),
        &[
            same("sku_name", "properties/sku/name"),
            same("sku_tier", "properties/sku/tier"),
            each("ip_configuration", "ipConfigurations", ADDRESS_CONFIGURATION),
            field(
                "management_ip_configuration",
                "managementIpConfiguration",
                How::One(ADDRESS_CONFIGURATION),
            ),
            id("firewall_policy_id", "firewallPolicy"),
            same("threat_intel_mode", "threatIntelMode"),
            id("virtual_hub.virtual_hub_id", "virtualHub"),
            same("virtual_hub.private_ip_address", "hubIPAddresses/privateIPAddress"),
            field(
                "dns_servers",
                "additionalProperties/Network.DNS.Servers",
                How::By(words::joined),
            ),
            same("dns_proxy_enabled", "additionalProperties/Network.DNS.EnableProxy"),
            field(
                "private_ip_ranges",
                "additionalProperties/Network.SNAT.PrivateRanges",
                How::By(words::joined),
            ),
        ],
    ),
    classic(
        "azurerm_firewall_network_rule_collection",
        "networkRuleCollections",
        &[
            same("priority", "priority"),
            same("action", "action/type"),
            each(
                "rule",
                "rules",
                &[
                    same("name", "name"),
                    same("protocols", "protocols"),
                    same("source_addresses", "sourceAddresses"),
                    ids_as_texts("source_ip_groups", "sourceIpGroups"),
                    same("destination_addresses", "destinationAddresses"),
                    ids_as_texts("destination_ip_groups", "destinationIpGroups"),
                    same("destination_fqdns", "destinationFqdns"),
                    same("destination_ports", "destinationPorts"),
                ],
            ),
        ],
    ),
    classic(
        "azurerm_firewall_application_rule_collection",
        "applicationRuleCollections",
        &[
            same("priority", "priority"),
            same("action", "action/type"),
            each("rule", "rules", CLASSIC_APPLICATION_RULE),
        ],
    ),
    classic(
        "azurerm_firewall_nat_rule_collection",
        "natRuleCollections",
        &[
            same("priority", "priority"),
            same("action", "action/type"),
            each("rule", "rules", CLASSIC_NAT_RULE),
        ],
    ),
    row(
        "azurerm_firewall_policy",
        Becomes::InGroup("Microsoft.Network/firewallPolicies"),
        &[
            id("base_policy_id", "basePolicy"),
            same("threat_intelligence_mode", "threatIntelMode"),
            same("private_ip_ranges", "snat/privateRanges"),
            field(
                "auto_learn_private_ranges_enabled",
                "snat/autoLearnPrivateRanges",
                How::Flag("Enabled", "Disabled"),
            ),
            same("dns.servers", "dnsSettings/servers"),
            same("dns.proxy_enabled", "dnsSettings/enableProxy"),
            same("sku", "properties/sku/tier"),
        ],
    ),
    row(
        "azurerm_firewall_policy_rule_collection_group",
        Becomes::Of(
            "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            "firewall_policy_id",
        ),
        &[
            same("priority", "priority"),
            each(
                "application_rule_collection",
                "ruleCollections",
                &[
                    always("ruleCollectionType", FILTER),
                    same("name", "name"),
                    same("priority", "priority"),
                    same("action", "action/type"),
                    each("rule", "rules", APPLICATION_RULE),
                ],
            ),
            each(
                "network_rule_collection",
                "ruleCollections",
                &[
                    always("ruleCollectionType", FILTER),
                    same("name", "name"),
                    same("priority", "priority"),
                    same("action", "action/type"),
                    each("rule", "rules", NETWORK_RULE),
                ],
            ),
            each(
                "nat_rule_collection",
                "ruleCollections",
                &[
                    always("ruleCollectionType", "FirewallPolicyNatRuleCollection"),
                    same("name", "name"),
                    same("priority", "priority"),
                    same("action", "action/type"),
                    each("rule", "rules", NAT_RULE),
                ],
            ),
        ],
    ),
    row("azurerm_network_manager", Becomes::InGroup("Microsoft.Network/networkManagers"), &[]),
    row(
        "azurerm_network_manager_network_group",
        Becomes::Of("Microsoft.Network/networkManagers/networkGroups", "network_manager_id"),
        &[],
    ),
    row(
        "azurerm_network_manager_static_member",
        Becomes::Of(
            "Microsoft.Network/networkManagers/networkGroups/staticMembers",
            "network_group_id",
        ),
        &[plain("target_virtual_network_id", "resourceId")],
    ),
    row(
        "azurerm_network_manager_connectivity_configuration",
        Becomes::Of(
            "Microsoft.Network/networkManagers/connectivityConfigurations",
            "network_manager_id",
        ),
        &[
            same("connectivity_topology", "connectivityTopology"),
            each(
                "applies_to_group",
                "appliesToGroups",
                &[
                    plain("network_group_id", "networkGroupId"),
                    same("group_connectivity", "groupConnectivity"),
                ],
            ),
            each("hub", "hubs", &[plain("resource_id", "resourceId")]),
        ],
    ),
    row(
        "azurerm_network_manager_security_admin_configuration",
        Becomes::Of(
            "Microsoft.Network/networkManagers/securityAdminConfigurations",
            "network_manager_id",
        ),
        &[],
    ),
    row(
        "azurerm_network_manager_admin_rule_collection",
        Becomes::Of(
            "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections",
            "security_admin_configuration_id",
        ),
        &[field("network_group_ids", "appliesToGroups", How::By(words::groups))],
    ),
    row(
        "azurerm_network_manager_admin_rule",
        Becomes::Of(
            "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules",
            "admin_rule_collection_id",
        ),
        &[
            same("action", "access"),
            same("direction", "direction"),
            same("priority", "priority"),
            same("protocol", "protocol"),
            same("source_port_ranges", "sourcePortRanges"),
            same("destination_port_ranges", "destinationPortRanges"),
            each("source", "sources", ADDRESS),
            each("destination", "destinations", ADDRESS),
        ],
    ),
    row(
        "azurerm_network_manager_deployment",
        Becomes::Of(COMMIT, "network_manager_id"),
        &[
            plain("network_manager_id", "networkManager"),
            same("scope_access", "commitType"),
            field("location", "targetLocations", How::Single),
            field("configuration_ids", CONFIGURATIONS, How::PlainIds),
        ],
    ),
];

/// What puts configurations of a network manager in force, in place of those that were before.
pub(in crate::import) const COMMIT: &str = "Microsoft.Network/networkManagers/commits";
pub(in crate::import::terraform) const CONFIGURATIONS: &str = "configurationIds";

const ADDRESS: &[Field] =
    &[same("address_prefix", "addressPrefix"), same("address_prefix_type", "addressPrefixType")];
