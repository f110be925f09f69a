//! The estate after resolving: arenas of resources that refer to each other by typed ids.

use super::*;
use crate::diag::Place;
use crate::id::{Arena, Id, ResourceId};
use crate::net::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Everything that was read, with every reference followed and every default explicit.
///
/// Arenas are in the order of resource ids, so that the order of the input never shows.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "one arena per type of the same name, documented there")]
pub struct Network {
    pub virtual_networks: Arena<VirtualNetwork>,
    pub subnets: Arena<Subnet>,
    pub peerings: Arena<Peering>,
    pub route_tables: Arena<RouteTable>,
    pub network_interfaces: Arena<NetworkInterface>,
    pub ip_configurations: Arena<IpConfiguration>,
    pub virtual_machines: Arena<VirtualMachine>,
    pub public_ip_addresses: Arena<PublicIpAddress>,
    pub public_ip_prefixes: Arena<PublicIpPrefix>,
    pub network_security_groups: Arena<NetworkSecurityGroup>,
    pub application_security_groups: Arena<ApplicationSecurityGroup>,
    pub ip_groups: Arena<IpGroup>,
    pub nat_gateways: Arena<NatGateway>,
    pub load_balancers: Arena<LoadBalancer>,
    pub frontends: Arena<Frontend>,
    pub backend_pools: Arena<BackendPool>,
    pub private_endpoints: Arena<PrivateEndpoint>,
    pub private_link_services: Arena<PrivateLinkService>,
    pub private_dns_zones: Arena<PrivateDnsZone>,
    pub public_dns_zones: Arena<PublicDnsZone>,
    pub dns_resolvers: Arena<DnsResolver>,
    pub inbound_endpoints: Arena<InboundEndpoint>,
    pub outbound_endpoints: Arena<OutboundEndpoint>,
    pub forwarding_rulesets: Arena<ForwardingRuleset>,
    pub virtual_network_gateways: Arena<VirtualNetworkGateway>,
    pub local_network_gateways: Arena<LocalNetworkGateway>,
    pub connections: Arena<Connection>,
    pub express_route_circuits: Arena<ExpressRouteCircuit>,
    pub route_servers: Arena<RouteServer>,
    pub bastion_hosts: Arena<BastionHost>,
    pub firewalls: Arena<Firewall>,
    pub firewall_policies: Arena<FirewallPolicy>,
    pub service_endpoint_policies: Arena<ServiceEndpointPolicy>,
    pub virtual_hubs: Arena<VirtualHub>,
    pub admin_rule_collections: Arena<AdminRuleCollection>,
    pub connected_groups: Arena<ConnectedGroup>,
    pub managed_clusters: Arena<ManagedCluster>,
    pub container_groups: Arena<ContainerGroup>,
    pub host_pools: Arena<HostPool>,
    pub service_targets: Arena<ServiceTarget>,
    pub application_gateways: Arena<ApplicationGateway>,
    pub sites: Arena<Site>,
    pub appliances: Arena<Appliance>,
    pub just_in_time_policies: Arena<JustInTimePolicy>,
    pub principals: Arena<Principal>,
    pub access_policies: Arena<AccessPolicy>,
    pub role_definitions: Arena<RoleDefinition>,
    pub role_assignments: Arena<RoleAssignment>,
    pub kubernetes_clusters: Arena<KubernetesCluster>,
    pub internet: Internet,
    /// What time it is, as the scenario says.
    pub clock: Option<Timestamp>,
    pub assumptions: BTreeMap<Assumption, Holds>,
    pub probe_states: Vec<ProbeState>,
    pub service_tags: ServiceTags,
    /// What `platformProfile` names: which `None` rows and which expansion of `Internet` hold.
    pub platform_profile: Option<Box<str>>,
    /// Private addresses that the platform chooses: the lowest that are free stand for them (R7).
    pub chosen_addresses: BTreeSet<(Id<VirtualNetwork>, IpAddr)>,
    /// Properties whose values are not known, in the order of reading.
    pub unknown_values: Vec<UnknownValue>,
    /// What is shown in place of addresses that are still to be assigned.
    pub stand_ins: Vec<StandIn>,
    /// References to what no document holds.
    pub missing: Arena<MissingResource>,
    /// Resources of types that are not modelled, with what they refer to.
    pub not_modelled: Arena<NotModelled>,
    /// Where each resource was read, in the order of their ids.
    pub places: Arena<Place>,
}

/// A resource of a type that hopwise knows nothing about (design, 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotModelled {
    /// The ARM path.
    pub id: ResourceId,
    /// The ARM type as written.
    pub resource_type: Box<str>,
    /// Ids that occur anywhere in it.
    pub refers_to: Vec<ResourceId>,
    /// Has it something with a public address of its own (`publicIPAddressConfiguration`)?
    pub has_public_addresses: bool,
    /// May it bring or change any other resource, as nothing tells what a deployment brings?
    pub brings_anything: bool,
    /// Where it was read.
    pub origin: Origin,
}

impl NotModelled {
    /// May anything on the Internet send to its instances: by addresses of their own, or by those of balancers?
    #[must_use]
    pub fn may_be_public(&self) -> bool {
        let is_balancer = |id: &ResourceId| {
            let id = id.as_str().to_ascii_lowercase();
            id.contains("/loadbalancers/") || id.contains("/applicationgateways/")
        };
        self.has_public_addresses || self.refers_to.iter().any(is_balancer)
    }

    /// Is it a scale set, whose instances have addresses that only they themselves tell?
    #[must_use]
    pub fn is_scale_set(&self) -> bool {
        self.resource_type.eq_ignore_ascii_case("Microsoft.Compute/virtualMachineScaleSets")
    }
}

/// As answers name it.
impl std::fmt::Display for NotModelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let more = if self.brings_anything { ", which may bring or change anything" } else { "" };
        write!(f, "{} ({}{more})", self.id.name(), self.resource_type)
    }
}

impl Network {
    /// The full place of `origin`, for evidence and diagnostics.
    #[must_use]
    pub fn place(&self, origin: &Origin) -> Place {
        origin.place(&self.places)
    }

    /// What is not modelled and may have a part in whatever is asked.
    #[must_use]
    pub fn bringing_anything(&self) -> Vec<String> {
        let all = self.not_modelled.values().filter(|it| it.brings_anything);
        all.map(ToString::to_string).collect()
    }

    /// The first value that is not known of what stands at `origin` or in it.
    #[must_use]
    pub fn unknown_within(&self, origin: &Origin) -> Option<&UnknownValue> {
        self.unknown_values.iter().find(|value| {
            let rest = value.origin.path.strip_prefix(&*origin.path);
            value.origin.root == origin.root
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// The first of `links` of which it is not known what it leads to.
    #[must_use]
    pub fn unknown_among<T>(&self, links: &[Link<T>]) -> Option<&MissingResource> {
        let missing = links.iter().filter_map(|link| link.missing()).map(|id| &self.missing[id]);
        { missing }.find(|missing| missing.unknown.is_some())
    }

    /// Is the DNS proxy of `firewall` on, and which servers does it ask? The policy says so, if there is one (R288);
    /// none where that is missing.
    #[must_use]
    pub fn firewall_dns<'a>(&'a self, firewall: &'a Firewall) -> Option<(bool, &'a [IpAddr])> {
        match firewall.policy {
            None => Some((firewall.has_dns_proxy, &firewall.dns_servers)),
            Some(link) => {
                let policy = &self.firewall_policies[link.known()?];
                Some((policy.has_dns_proxy, &policy.dns_servers))
            }
        }
    }

    /// Does threat intelligence deny packets at `firewall`, by its own setting or that of a policy (R396)?
    #[must_use]
    pub fn denies_by_threat_intelligence(&self, firewall: &Firewall) -> bool {
        let policy =
            |link: Option<Link<FirewallPolicy>>| Some(&self.firewall_policies[link?.known()?]);
        let own = policy(firewall.policy);
        let base = own.and_then(|own| policy(own.base_policy));
        let of_policies = own.into_iter().chain(base).any(|it| it.denies_by_threat_intelligence);
        firewall.denies_by_threat_intelligence || of_policies
    }

    /// What the scenario says of `assumption`.
    #[must_use]
    pub fn holds(&self, assumption: Assumption) -> Holds {
        self.assumptions.get(&assumption).copied().unwrap_or_else(|| assumption.unsaid())
    }
}
