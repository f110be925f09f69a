//! What the provider leaves to Azure where nobody configures it, and what Azure does then.
//!
//! An attribute that is optional and computed is known after apply where nobody configures it, and where what
//! somebody configures is itself known after apply. Only the configuration tells the one from the other:
//! [`Spot::is_unset`] says when it does. Without it such a value stays unknown.
//!
//! Source: the documentation of the provider azurerm, whose words stand in quotes, and its code (`network_interface`,
//! `subnet`, `loadbalancer` of versions 3 and 4) for what it sends to Azure. Where a row says no more, a block or list
//! that nobody configures is none.

use super::convert::text;
use super::place::Spot;
use crate::azure::tree::{Node, Value};

/// What there is where nobody configures some attributes.
#[derive(Debug)]
pub(super) struct Unset {
    /// The types that have them.
    pub(super) types: &'static [&'static str],
    /// With points between blocks; a whole block where that may be left out.
    pub(super) attributes: &'static [&'static str],
    then: Then,
}

/// What there is instead.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// What ARM has where nothing is said.
    Nothing,
    /// The same, unless this attribute of the same block is set: then Azure chooses.
    NothingWithout(&'static str),
    /// Nobody can configure it, so that nothing is said until it is known: answers find it in other ways.
    Later,
    /// The same, where this attribute of the same block is not set, either: else it is as unknown as it seems.
    LaterWithout(&'static str),
    /// This, if no other attribute says what stands there in ARM.
    Text(&'static str),
    /// Whether it is the only block of its name.
    IsOnly,
}

const fn unset(
    types: &'static [&'static str],
    attributes: &'static [&'static str],
    then: Then,
) -> Unset {
    Unset { types, attributes, then }
}

const INTERFACE: &[&str] = &["azurerm_network_interface"];
const SITES: &[&str] = &[
    "azurerm_linux_web_app",
    "azurerm_windows_web_app",
    "azurerm_linux_function_app",
    "azurerm_windows_function_app",
];

/// One row for each attribute that is read and that the provider may leave to Azure, or several of the same kind.
pub(super) const TABLE: &[Unset] = &[
    // Networks and interfaces have no DNS servers of their own unless they are given some (R235).
    unset(&["azurerm_virtual_network"], &["dns_servers", "subnet"], Then::Nothing),
    unset(INTERFACE, &["dns_servers"], Then::Nothing),
    // Late versions 3 have both names. "Defaults to `false`."
    unset(INTERFACE, &["enable_ip_forwarding", "ip_forwarding_enabled"], Then::Nothing),
    // "Must be true for the first ip_configuration when multiple are specified."
    unset(INTERFACE, &["ip_configuration.primary"], Then::IsOnly),
    unset(
        INTERFACE,
        &["ip_configuration.gateway_load_balancer_frontend_ip_configuration_id"],
        Then::Nothing,
    ),
    unset(INTERFACE, &["internal_domain_name_suffix", "virtual_machine_id"], Then::Later),
    unset(&["azurerm_network_security_group"], &["security_rule"], Then::Nothing),
    unset(&["azurerm_route_table"], &["route"], Then::Nothing),
    // Late versions 3 have both. "Defaults to `true`", of the first.
    unset(
        &["azurerm_route_table"],
        &["bgp_route_propagation_enabled", "disable_bgp_route_propagation"],
        Then::Nothing,
    ),
    // Version 2 has both; which is left out follows from the other.
    unset(&["azurerm_subnet"], &["address_prefix", "address_prefixes"], Then::Nothing),
    // Version 3 sends `Enabled` where none of them is set; version 4 has its defaults in the schema.
    unset(
        &["azurerm_subnet"],
        &[
            "private_endpoint_network_policies",
            "private_endpoint_network_policies_enabled",
            "enforce_private_link_endpoint_network_policies",
            "private_link_service_network_policies_enabled",
            "enforce_private_link_service_network_policies",
        ],
        Then::Text("Enabled"),
    ),
    // "domain_name_label must be specified to get the fqdn."
    unset(&["azurerm_public_ip"], &["fqdn"], Then::LaterWithout("domain_name_label")),
    unset(
        &["azurerm_lb"],
        &[
            "frontend_ip_configuration.subnet_id",
            "frontend_ip_configuration.public_ip_address_id",
            "frontend_ip_configuration.public_ip_prefix_id",
            "frontend_ip_configuration.gateway_load_balancer_frontend_ip_configuration_id",
        ],
        Then::Nothing,
    ),
    // The provider sends `IPv4`.
    unset(
        &["azurerm_lb"],
        &["frontend_ip_configuration.private_ip_address_version"],
        Then::Nothing,
    ),
    // Frontends without a subnet are public.
    unset(
        &["azurerm_lb", "azurerm_application_gateway"],
        &["frontend_ip_configuration.private_ip_address"],
        Then::NothingWithout("subnet_id"),
    ),
    unset(
        &["azurerm_application_gateway"],
        &["frontend_ip_configuration.public_ip_address_id"],
        Then::Nothing,
    ),
    // Version 2 has one pool and several of them.
    unset(
        &["azurerm_lb_rule"],
        &["backend_address_pool_id", "backend_address_pool_ids"],
        Then::Nothing,
    ),
    unset(&["azurerm_lb_backend_address_pool"], &["backend_address"], Then::Nothing),
    unset(
        &["azurerm_lb_nat_rule", "azurerm_lb_rule"],
        &["enable_floating_ip", "floating_ip_enabled"],
        Then::Nothing,
    ),
    // Computed only: the interface of the machine tells.
    unset(&["azurerm_lb_nat_rule"], &["backend_ip_configuration_id"], Then::Later),
    // The name of the machine.
    unset(
        &["azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine"],
        &["computer_name"],
        Then::Nothing,
    ),
    // "Defaults to false."
    unset(
        &["azurerm_virtual_network_peering"],
        &["allow_forwarded_traffic", "allow_gateway_transit", "use_remote_gateways"],
        Then::Nothing,
    ),
    // "Defaults to false" of the flags; Azure chooses the number of the autonomous system and the addresses.
    unset(
        &["azurerm_virtual_network_gateway"],
        &[
            "active_active",
            "enable_bgp",
            "bgp_enabled",
            "bgp_settings",
            "bgp_settings.asn",
            "bgp_settings.peering_addresses",
        ],
        Then::Nothing,
    ),
    unset(
        &["azurerm_virtual_network_gateway_connection"],
        &[
            "enable_bgp",
            "bgp_enabled",
            "express_route_gateway_bypass",
            "routing_weight",
            "use_policy_based_traffic_selectors",
        ],
        Then::Nothing,
    ),
    // What associations say stands elsewhere.
    unset(
        &["azurerm_nat_gateway"],
        &["public_ip_address_ids", "public_ip_prefix_ids"],
        Then::Nothing,
    ),
    unset(
        &["azurerm_private_dns_zone_virtual_network_link"],
        &["resolution_policy"],
        Then::Nothing,
    ),
    // "It will be set to `true` if `dns_servers` provided with a not empty list": what is said with them.
    unset(&["azurerm_firewall"], &["dns_proxy_enabled"], Then::NothingWithout("dns_servers")),
    // "Defaults to `Alert`", and where there is a policy that of the policy counts.
    unset(&["azurerm_firewall"], &["threat_intel_mode"], Then::Nothing),
    unset(
        &["azurerm_private_link_service"],
        &["enable_proxy_protocol", "proxy_protocol_enabled"],
        Then::Nothing,
    ),
    // "Defaults to Standard."
    unset(&["azurerm_firewall_policy"], &["sku"], Then::Nothing),
    unset(
        &["azurerm_private_endpoint"],
        &["private_dns_zone_configs", "network_interface", "custom_dns_configs"],
        Then::Later,
    ),
    unset(
        &["azurerm_kubernetes_cluster"],
        &["api_server_access_profile", "api_server_authorized_ip_ranges", "network_profile"],
        Then::Nothing,
    ),
    // A cluster that is not private has no zone, and one that is has the one that Azure makes (R450).
    unset(&["azurerm_kubernetes_cluster"], &["private_dns_zone_id"], Then::Nothing),
    unset(
        &["azurerm_mysql_flexible_server", "azurerm_postgresql_flexible_server"],
        &["private_dns_zone_id"],
        Then::NothingWithout("delegated_subnet_id"),
    ),
    // Version 3 only tells it, and version 4 calls it otherwise: without a subnet of its own a server is public.
    unset(
        &["azurerm_mysql_flexible_server"],
        &["public_network_access_enabled"],
        Then::NothingWithout("delegated_subnet_id"),
    ),
    // Version 3 has profiles beside subnets.
    unset(&["azurerm_container_group"], &["network_profile_id"], Then::Nothing),
    unset(
        &["azurerm_storage_account"],
        &[
            "network_rules",
            "network_rules.bypass",
            "network_rules.ip_rules",
            "network_rules.virtual_network_subnet_ids",
        ],
        Then::Nothing,
    ),
    // Late versions 3 have both. "Defaults to `true`."
    unset(
        &["azurerm_storage_account"],
        &["enable_https_traffic_only", "https_traffic_only_enabled"],
        Then::Nothing,
    ),
    unset(
        &["azurerm_storage_account_network_rules"],
        &["bypass", "ip_rules", "virtual_network_subnet_ids"],
        Then::Nothing,
    ),
    unset(&["azurerm_key_vault", "azurerm_cognitive_account"], &["network_acls"], Then::Nothing),
    unset(
        &["azurerm_container_registry", "azurerm_servicebus_namespace"],
        &["network_rule_set"],
        Then::Nothing,
    ),
    unset(&["azurerm_eventhub_namespace"], &["network_rulesets"], Then::Nothing),
    unset(
        SITES,
        &[
            "site_config.vnet_route_all_enabled",
            "site_config.ip_restriction_default_action",
            "site_config.ip_restriction",
        ],
        Then::Nothing,
    ),
];

/// What there is in place of the value at `from`, in `block`, if that is not known and nobody configures it: `null` where
/// nothing is set, no node where nothing is said.
pub(super) fn of(from: &Spot<'_, '_>, block: &Spot<'_, '_>) -> Option<Option<Node>> {
    let instance = from.plan.instances.get(from.at)?;
    // What a data source gives is not in its configuration.
    if !from.is_unknown() || instance.is_data {
        return None;
    }
    let attribute = from.unknown_attribute();
    let row = TABLE.iter().find(|row| {
        row.types.contains(&&*instance.kind) && row.attributes.contains(&&*attribute)
    })?;
    match row.then {
        Then::Later => Some(None),
        Then::LaterWithout(other) => block.get(other).is_nothing().then_some(None),
        _ if !from.is_unset() => None,
        Then::Nothing => Some(Some(Node::new(Value::Null))),
        Then::NothingWithout(other) => {
            block.get(other).is_nothing().then(|| Some(Node::new(Value::Null)))
        }
        Then::Text(it) => Some(Some(text(it))),
        Then::IsOnly => Some(Some(Node::new(Value::Bool(from.is_in_only_block())))),
    }
}
