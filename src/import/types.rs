//! The ARM types that hopwise reads.

/// Types of their own. In a scenario each has a list named after the last word of the type.
///
/// `routeServers`, `adminRuleCollections` and `connectedGroups` are short forms of scenarios only.
const WHOLE: &[&str] = &[
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Authorization/roleDefinitions",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Compute/virtualMachineScaleSets",
    "Microsoft.ContainerInstance/containerGroups",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.DesktopVirtualization/hostPools",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Network/adminRuleCollections",
    "Microsoft.Network/applicationGateways",
    "Microsoft.Network/applicationSecurityGroups",
    "Microsoft.Network/azureFirewalls",
    "Microsoft.Network/bastionHosts",
    "Microsoft.Network/connectedGroups",
    "Microsoft.Network/connections",
    "Microsoft.Network/dnsForwardingRulesets",
    "Microsoft.Network/dnsResolvers",
    "Microsoft.Network/dnsZones",
    "Microsoft.Network/expressRouteCircuits",
    "Microsoft.Network/firewallPolicies",
    "Microsoft.Network/ipGroups",
    "Microsoft.Network/loadBalancers",
    "Microsoft.Network/localNetworkGateways",
    "Microsoft.Network/natGateways",
    "Microsoft.Network/networkInterfaces",
    "Microsoft.Network/networkManagers",
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateEndpoints",
    "Microsoft.Network/privateLinkServices",
    "Microsoft.Network/publicIPAddresses",
    "Microsoft.Network/publicIPPrefixes",
    "Microsoft.Network/routeServers",
    "Microsoft.Network/routeTables",
    "Microsoft.Network/serviceEndpointPolicies",
    "Microsoft.Network/virtualHubs",
    "Microsoft.Network/virtualNetworkGateways",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/virtualWans",
    "Microsoft.Security/locations/jitNetworkAccessPolicies",
    "Microsoft.Sql/servers",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Web/sites",
];

/// Types of their own that share their last word: in a scenario they stand in `resources`.
const WITHOUT_LIST: &[&str] = &[
    "Microsoft.DBforMySQL/flexibleServers",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "Microsoft.EventHub/namespaces",
    "Microsoft.Relay/namespaces",
    "Microsoft.ServiceBus/namespaces",
];

/// Types whose parts may be resources of their own: everything below them is read.
const WITH_PARTS: &[&str] = &[
    "Microsoft.DBforMySQL/flexibleServers",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "Microsoft.Sql/servers",
    "Microsoft.EventHub/namespaces",
    "Microsoft.Relay/namespaces",
    "Microsoft.ServiceBus/namespaces",
    "Microsoft.Compute/virtualMachineScaleSets",
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.DesktopVirtualization/hostPools",
    "Microsoft.Network/azureFirewalls",
    "Microsoft.Network/dnsForwardingRulesets",
    "Microsoft.Network/dnsResolvers",
    "Microsoft.Network/dnsZones",
    "Microsoft.Network/expressRouteCircuits",
    "Microsoft.Network/firewallPolicies",
    "Microsoft.Network/loadBalancers",
    "Microsoft.Network/networkInterfaces",
    "Microsoft.Network/networkManagers",
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateEndpoints",
    "Microsoft.Network/privateLinkServices",
    "Microsoft.Network/routeTables",
    "Microsoft.Network/serviceEndpointPolicies",
    "Microsoft.Network/virtualHubs",
    "Microsoft.Network/virtualNetworkGateways",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Security/locations",
];

/// What of the network has no model and no part in which packets arrive: it watches, protects, or answers for names.
const ASIDE: &[&str] = &[
    "applicationgatewaywebapplicationfirewallpolicies",
    "bgpservicecommunities",
    "customipprefixes",
    "ddos",
    "dscpconfigurations",
    "frontdoor",
    "networkexperimentprofiles",
    "networkintentpolicies",
    "networkprofiles",
    "networkwatchers",
    "trafficmanagerprofiles",
];

/// How the provider's types begin that have no model and may have such a part.
const PROVIDED: &[&str] = &[
    "express_route_",
    "network_",
    "palo_alto_",
    "point_to_site_vpn_",
    "route_",
    "virtual_hub_",
    "virtual_network_",
    "virtual_wan",
    "vpn_",
];

/// Those among them that have none.
const PROVIDED_ASIDE: &[&str] = &[
    "network_connection_monitor",
    "network_ddos_",
    "network_function_",
    "network_packet_capture",
    "network_profile",
    "network_watcher",
];

/// May packets come by a resource of this type, which has no model?
pub(super) fn may_be_on_the_way(arm_type: &str) -> bool {
    let arm_type = arm_type.to_ascii_lowercase();
    let begins = |kind: &str, list: &[&str]| list.iter().any(|start| kind.starts_with(start));
    let of_network = arm_type.strip_prefix("microsoft.network/");
    let provided = arm_type.strip_prefix("terraform/azurerm_");
    of_network.is_some_and(|kind| !begins(kind, ASIDE))
        || provided.is_some_and(|kind| begins(kind, PROVIDED) && !begins(kind, PROVIDED_ASIDE))
}

/// Is the resource type `arm_type` read by hopwise?
pub(super) fn is_modelled(arm_type: &str) -> bool {
    let mut words = arm_type.split('/');
    let head_len = words.by_ref().take(2).map(|word| word.len() + 1).sum::<usize>();
    let head = arm_type.get(..head_len.saturating_sub(1)).unwrap_or(arm_type);
    let is_in = |list: &[&str]| list.iter().any(|whole| whole.eq_ignore_ascii_case(head));
    match words.next() {
        None => is_in(WHOLE) || is_in(WITHOUT_LIST) || arm_type.starts_with("hopwise/"),
        Some(_) => is_in(WITH_PARTS),
    }
}

/// The type whose resources stand in `network.<list>` of a scenario, whatever its case.
pub(super) fn of_list(list: &str) -> Option<&'static str> {
    WHOLE.iter().copied().find(|whole| name_of_list(whole).eq_ignore_ascii_case(list))
}

/// The lists that `network` of a scenario may have, beside `resources`.
pub(super) fn lists() -> impl Iterator<Item = &'static str> {
    WHOLE.iter().map(|whole| name_of_list(whole))
}

fn name_of_list(whole: &'static str) -> &'static str {
    whole.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_whatever_their_case() {
        for known in [
            "microsoft.network/virtualnetworks",
            "Microsoft.Network/virtualNetworks/subnets",
            "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces",
            "Microsoft.Network/privateDnsZones/A",
            "hopwise/onPremises",
        ] {
            assert!(is_modelled(known), "{known}");
        }
        for unknown in ["Microsoft.Foo/bars", "Microsoft.Compute/virtualMachines/extensions", ""] {
            assert!(!is_modelled(unknown), "{unknown}");
        }
    }

    #[test]
    fn lists_are_named_after_the_last_word() {
        assert_eq!(of_list("virtualnetworks"), Some("Microsoft.Network/virtualNetworks"));
        assert_eq!(of_list("managedClusters"), Some("Microsoft.ContainerService/managedClusters"));
        assert_eq!(of_list("subnets"), None);
    }

    #[test]
    fn no_two_types_share_a_list() {
        let mut names: Vec<&str> = lists().collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
