//! `Microsoft.ContainerService/managedClusters`.

use crate::azure::{
    ClusterAuthorization, ClusterDnsZone, Link, ManagedCluster, PublicIpAddress, Subnet,
};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use ipnet::IpNet;

/// Reads what concerns the API server and the nodes' subnets (chapter 10 of the rules).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ManagedCluster {
    let access = |name: &str| format!("apiServerAccessProfile/{name}");
    let ranges = fields.lists(&[&access("authorizedIPRanges")]);
    let is_tag = |spot: &Spot<'_>| {
        let text = spot.node.as_text();
        text.is_some_and(|text| text.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    let (tags, ranges): (Vec<_>, Vec<_>) = ranges.into_iter().partition(is_tag);
    // Known after a deployment: names decide about no packet to an address (R438).
    let name = |of: &str| fields.scope().in_model(|| fields.dns_name(of));
    let ranges: Vec<IpNet> = ranges.iter().filter_map(Spot::prefix).collect();
    ManagedCluster {
        meta: fields.meta(),
        is_stopped: is_word(fields, "powerState/code", "Stopped"),
        has_public_access_disabled: is_word(fields, "publicNetworkAccess", "Disabled"),
        fqdn: name("fqdn"),
        stand_in: None,
        private_fqdn: name("privateFQDN"),
        // R449
        is_private: fields.is(&access("enablePrivateCluster")),
        // R451
        has_public_fqdn: fields.flag(&access("enablePrivateClusterPublicFQDN")).unwrap_or(true),
        // R439: an empty list is the same as none.
        authorized_ip_ranges: Some(ranges).filter(|it| !it.is_empty() || !tags.is_empty()),
        authorized_service_tag: tags.iter().find_map(|tag| tag.text().map(Into::into)),
        // R465
        has_network_integration: fields.is(&access("enableVnetIntegration")),
        api_server_subnet: fields.link(&access("subnetId")),
        private_dns_zone: dns_zone(fields, &access("privateDNSZone")),
        // R471
        disables_run_command: fields.is(&access("disableRunCommand")),
        has_node_public_addresses: pools(fields).iter().any(|pool| pool.is("enableNodePublicIP")),
        node_subnets: pool_subnets(fields, "vnetSubnetID"),
        pod_subnets: pool_subnets(fields, "podSubnetID"),
        // Where it is not known, no machine is taken for a node.
        node_resource_group: fields.scope().in_model(|| fields.boxed("nodeResourceGroup")),
        outbound_addresses: outbound_addresses(fields),
        // R477
        outbound_type: fields.boxed("networkProfile/outboundType"),
        // R395, R491
        is_automatic: is_word(fields, "sku/name", "Automatic"),
        has_node_group_lockdown: is_word(
            fields,
            "nodeResourceGroupProfile/restrictionLevel",
            "ReadOnly",
        ),
        authorization: authorization(fields),
        // R472
        disables_local_accounts: fields.is("disableLocalAccounts"),
    }
}

/// `system`, `none`, or a zone by id or name (R450, R452, R453).
fn dns_zone(fields: &Fields<'_>, name: &str) -> ClusterDnsZone {
    if is_word(fields, name, "none") {
        ClusterDnsZone::None
    } else if !fields.has(name) || is_word(fields, name, "system") {
        ClusterDnsZone::System
    } else {
        fields.link(name).map_or(ClusterDnsZone::System, ClusterDnsZone::Own)
    }
}

fn is_word(fields: &Fields<'_>, name: &str, word: &str) -> bool {
    fields.text(name).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// Who is asked whether somebody may do something (R473).
fn authorization(fields: &Fields<'_>) -> ClusterAuthorization {
    if !fields.has("aadProfile") {
        ClusterAuthorization::LocalAccounts
    } else if fields.is("aadProfile/enableAzureRBAC") {
        ClusterAuthorization::AzureRbac
    } else {
        ClusterAuthorization::KubernetesRbac
    }
}

/// The addresses that the nodes' way out is given, each once.
fn outbound_addresses(fields: &Fields<'_>) -> Vec<Link<PublicIpAddress>> {
    let profile = "networkProfile/loadBalancerProfile";
    let given = fields.links(&format!("{profile}/outboundIPs/publicIPs"));
    let mut all: Vec<Link<PublicIpAddress>> = Vec::new();
    for link in given.into_iter().chain(fields.links(&format!("{profile}/effectiveOutboundIPs"))) {
        if !all.contains(&link) {
            all.push(link);
        }
    }
    all
}

/// The subnets that the node pools name under `key`, each once.
/// The node pools: they are listed inline, and are resources of their own under another name.
fn pools<'a>(fields: &Fields<'a>) -> Vec<Fields<'a>> {
    let pools = [fields.parts("agentPoolProfiles"), fields.parts("agentPools")];
    pools.into_iter().flatten().map(|(_, pool)| pool).collect()
}

fn pool_subnets(fields: &Fields<'_>, key: &str) -> Vec<Link<Subnet>> {
    let mut subnets = Vec::new();
    for pool in pools(fields) {
        if let Some(subnet) = pool.link(key).filter(|link| !subnets.contains(link)) {
            subnets.push(subnet);
        }
    }
    subnets
}
