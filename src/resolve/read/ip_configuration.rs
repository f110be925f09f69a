//! `ipConfigurations[]` of network interfaces.

use crate::azure::{IpConfiguration, Link, NetworkInterface};
use crate::id::{Id, ResourceId};
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads an IP configuration and gives it to its interface.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let owner = fields.parent::<NetworkInterface>();
    let configuration = IpConfiguration {
        id: fields.id().clone(),
        origin: fields.origin(),
        interface: owner,
        subnet: fields.link("subnet"),
        private_ip_address: fields.address("privateIPAddress"),
        stand_in: None,
        public_ip_address: fields.link_or_doubt("publicIPAddress"),
        missing_pool: None,
        has_gateway_balancer: fields.has("gatewayLoadBalancer"),
        application_security_groups: fields.links_or_doubt("applicationSecurityGroups"),
        is_primary: fields.is("primary"),
    };
    if fields.is_of_version_6("privateIPAddressVersion") {
        draft.of_version_6.insert(fields.id().clone());
    }
    let id: Id<IpConfiguration> = draft.network.ip_configurations.push(configuration);
    draft.network.network_interfaces[owner].ip_configurations.push(id);
    let rules = fields.list("loadBalancerInboundNatRules").into_iter();
    let rules = rules.filter_map(|rule| rule.reference()?.text().map(ResourceId::new));
    draft.nat_members.extend(rules.map(|rule| (rule, id)));
    let pools = fields.links_or_doubt("loadBalancerBackendAddressPools");
    draft.pool_members.extend(pools.into_iter().map(|pool| (pool, Link::To(id))));
}
