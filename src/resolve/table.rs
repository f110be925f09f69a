//! Which ARM type is read how: the one place to add a type.

use super::kinds::{Kind, Read, Reader, Role, Row, Thing};
use super::read::*;

const BACKEND_POOL: &str = "microsoft.network/loadbalancers/backendaddresspools";
const FRONTEND: &str = "microsoft.network/loadbalancers/frontendipconfigurations";
const INBOUND: &str = "microsoft.network/dnsresolvers/inboundendpoints";
const NIC_CONFIGURATION: &str = "microsoft.network/networkinterfaces/ipconfigurations";
const OUTBOUND: &str = "microsoft.network/dnsresolvers/outboundendpoints";
const PEERING: &str = "microsoft.network/virtualnetworks/virtualnetworkpeerings";
const SUBNET: &str = "microsoft.network/virtualnetworks/subnets";

/// Reads one thing of a type whose reader needs nothing but its members.
macro_rules! thing {
    ($type:literal, $kind:ident, $arena:ident, $read:path) => {
        thing!($type, $kind, $arena, $read, [])
    };
    ($type:literal, $kind:ident, $arena:ident, $read:path, $lists:expr) => {
        Row {
            arm_type: $type,
            role: Role::Thing(Thing {
                kind: Kind::$kind,
                parent: None,
                lists: &$lists,
                read: Reader::Alone(|fields| {
                    let value = $read(fields);
                    Box::new(|draft| {
                        draft.network.$arena.push(value);
                    })
                }),
            }),
        }
    };
}

/// Reads one thing of a type whose reader does more than return it.
macro_rules! full {
    ($type:literal, $kind:ident, $read:path) => {
        Row { arm_type: $type, role: thing(Kind::$kind, None, $read) }
    };
}

/// Reads one thing that cannot be without its parent.
macro_rules! part {
    ($type:literal, $kind:ident of $parent:ident, $read:path) => {
        Row { arm_type: $type, role: thing(Kind::$kind, Some(Kind::$parent), $read) }
    };
}

const fn thing(kind: Kind, parent: Option<Kind>, read: Read) -> Role {
    Role::Thing(Thing { kind, parent, lists: &[], read: Reader::InTurn(read) })
}

/// Read together with its parent.
const fn inline(arm_type: &'static str) -> Row {
    Row { arm_type, role: Role::Part }
}

/// Read for what it says about others.
const fn remark(arm_type: &'static str, read: Read) -> Row {
    Row { arm_type, role: Role::Remark(read) }
}

/// Every type, in the order of names.
pub(super) static ROWS: &[Row] = &[
    thing!("hopwise/appliances", Appliance, appliances, appliance::read),
    remark("hopwise/assume", assume::read),
    remark("hopwise/clock", assume::read_clock),
    thing!("hopwise/conditionalaccess", AccessPolicy, access_policies, principal::read_policy),
    remark("hopwise/internet", internet::read),
    thing!("hopwise/kubernetes", KubernetesCluster, kubernetes_clusters, kubernetes::read),
    thing!("hopwise/onpremises", Site, sites, site::read),
    remark("hopwise/platformprofile", assume::read_profile),
    full!("hopwise/principals", Principal, principal::read),
    remark("hopwise/servicetags", service_tag::read),
    thing!(
        "microsoft.authorization/roleassignments",
        RoleAssignment,
        role_assignments,
        role::read_assignment
    ),
    thing!(
        "microsoft.authorization/roledefinitions",
        RoleDefinition,
        role_definitions,
        role::read_definition
    ),
    thing!(
        "microsoft.cognitiveservices/accounts",
        ServiceTarget,
        service_targets,
        service_target::read
    ),
    full!("microsoft.compute/virtualmachines", VirtualMachine, virtual_machine::read),
    full!(
        "microsoft.compute/virtualmachinescalesets/virtualmachines",
        VirtualMachine,
        virtual_machine::read
    ),
    thing!(
        "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces",
        NetworkInterface,
        network_interfaces,
        network_interface::read,
        [("ipConfigurations", NIC_CONFIGURATION)]
    ),
    part!("microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations", IpConfiguration of NetworkInterface, ip_configuration::read),
    full!(
        "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations/publicipaddresses",
        PublicIpAddress,
        public_ip_address::read
    ),
    thing!(
        "microsoft.containerinstance/containergroups",
        ContainerGroup,
        container_groups,
        container_group::read
    ),
    thing!(
        "microsoft.containerregistry/registries",
        ServiceTarget,
        service_targets,
        service_target::read
    ),
    thing!(
        "microsoft.containerservice/managedclusters",
        ManagedCluster,
        managed_clusters,
        managed_cluster::read
    ),
    inline("microsoft.containerservice/managedclusters/agentpools"),
    thing!(
        "microsoft.dbformysql/flexibleservers",
        ServiceTarget,
        service_targets,
        service_target::read
    ),
    inline("microsoft.dbformysql/flexibleservers/firewallrules"),
    thing!(
        "microsoft.dbforpostgresql/flexibleservers",
        ServiceTarget,
        service_targets,
        service_target::read
    ),
    inline("microsoft.dbforpostgresql/flexibleservers/firewallrules"),
    thing!("microsoft.desktopvirtualization/hostpools", HostPool, host_pools, host_pool::read),
    inline("microsoft.desktopvirtualization/hostpools/sessionhosts"),
    thing!(
        "microsoft.documentdb/databaseaccounts",
        ServiceTarget,
        service_targets,
        service_target::read
    ),
    thing!("microsoft.eventhub/namespaces", ServiceTarget, service_targets, service_target::read),
    inline("microsoft.eventhub/namespaces/networkrulesets"),
    thing!("microsoft.keyvault/vaults", ServiceTarget, service_targets, service_target::read),
    full!(
        "microsoft.network/adminrulecollections",
        AdminRuleCollection,
        network_manager::read_in_force
    ),
    thing!(
        "microsoft.network/applicationgateways",
        ApplicationGateway,
        application_gateways,
        application_gateway::read
    ),
    thing!(
        "microsoft.network/applicationsecuritygroups",
        ApplicationSecurityGroup,
        application_security_groups,
        address_group::read_group
    ),
    thing!("microsoft.network/azurefirewalls", Firewall, firewalls, firewall::read),
    thing!("microsoft.network/bastionhosts", BastionHost, bastion_hosts, bastion_host::read),
    thing!(
        "microsoft.network/connectedgroups",
        ConnectedGroup,
        connected_groups,
        network_manager::read_connected
    ),
    thing!("microsoft.network/connections", Connection, connections, connection::read),
    thing!(
        "microsoft.network/dnsforwardingrulesets",
        ForwardingRuleset,
        forwarding_rulesets,
        forwarding_ruleset::read
    ),
    inline("microsoft.network/dnsforwardingrulesets/forwardingrules"),
    inline("microsoft.network/dnsforwardingrulesets/virtualnetworklinks"),
    thing!(
        "microsoft.network/dnsresolvers",
        DnsResolver,
        dns_resolvers,
        dns_resolver::read,
        [("inboundEndpoints", INBOUND), ("outboundEndpoints", OUTBOUND)]
    ),
    part!("microsoft.network/dnsresolvers/inboundendpoints", InboundEndpoint of DnsResolver, dns_resolver::read_inbound),
    part!("microsoft.network/dnsresolvers/outboundendpoints", OutboundEndpoint of DnsResolver, dns_resolver::read_outbound),
    full!("microsoft.network/dnszones", PublicDnsZone, dns_zone::read_public),
    inline("microsoft.network/dnszones/a"),
    inline("microsoft.network/dnszones/aaaa"),
    inline("microsoft.network/dnszones/cname"),
    inline("microsoft.network/dnszones/mx"),
    inline("microsoft.network/dnszones/ns"),
    inline("microsoft.network/dnszones/ptr"),
    inline("microsoft.network/dnszones/soa"),
    inline("microsoft.network/dnszones/srv"),
    inline("microsoft.network/dnszones/txt"),
    thing!(
        "microsoft.network/expressroutecircuits",
        ExpressRouteCircuit,
        express_route_circuits,
        express_route_circuit::read
    ),
    inline("microsoft.network/expressroutecircuits/peerings"),
    thing!(
        "microsoft.network/firewallpolicies",
        FirewallPolicy,
        firewall_policies,
        firewall_policy::read
    ),
    inline("microsoft.network/firewallpolicies/rulecollectiongroups"),
    thing!("microsoft.network/ipgroups", IpGroup, ip_groups, address_group::read_ip_group),
    thing!(
        "microsoft.network/loadbalancers",
        LoadBalancer,
        load_balancers,
        load_balancer::read,
        [("frontendIPConfigurations", FRONTEND), ("backendAddressPools", BACKEND_POOL)]
    ),
    part!("microsoft.network/loadbalancers/backendaddresspools", BackendPool of LoadBalancer, load_balancer::read_pool),
    part!("microsoft.network/loadbalancers/frontendipconfigurations", Frontend of LoadBalancer, load_balancer::read_frontend),
    inline("microsoft.network/loadbalancers/inboundnatpools"),
    inline("microsoft.network/loadbalancers/inboundnatrules"),
    inline("microsoft.network/loadbalancers/loadbalancingrules"),
    inline("microsoft.network/loadbalancers/outboundrules"),
    inline("microsoft.network/loadbalancers/probes"),
    thing!(
        "microsoft.network/localnetworkgateways",
        LocalNetworkGateway,
        local_network_gateways,
        local_network_gateway::read
    ),
    thing!("microsoft.network/natgateways", NatGateway, nat_gateways, nat_gateway::read),
    thing!(
        "microsoft.network/networkinterfaces",
        NetworkInterface,
        network_interfaces,
        network_interface::read,
        [("ipConfigurations", NIC_CONFIGURATION)]
    ),
    part!("microsoft.network/networkinterfaces/ipconfigurations", IpConfiguration of NetworkInterface, ip_configuration::read),
    remark("microsoft.network/networkmanagers/commits", network_manager::read_commit),
    full!(
        "microsoft.network/networkmanagers/connectivityconfigurations",
        ConnectedGroup,
        network_manager::read_connectivity
    ),
    remark(
        "microsoft.network/networkmanagers/networkgroups/staticmembers",
        network_manager::read_member,
    ),
    full!(
        "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections",
        AdminRuleCollection,
        network_manager::read_configured
    ),
    inline("microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules"),
    Row {
        arm_type: "microsoft.network/networksecuritygroups",
        role: Role::Thing(Thing {
            kind: Kind::NetworkSecurityGroup,
            parent: None,
            lists: &[],
            read: Reader::Alone(|fields| {
                let group = network_security_group::read(fields);
                Box::new(|draft| network_security_group::put(group, draft))
            }),
        }),
    },
    inline("microsoft.network/networksecuritygroups/securityrules"),
    thing!(
        "microsoft.network/privatednszones",
        PrivateDnsZone,
        private_dns_zones,
        dns_zone::read_private
    ),
    inline("microsoft.network/privatednszones/a"),
    inline("microsoft.network/privatednszones/aaaa"),
    inline("microsoft.network/privatednszones/cname"),
    inline("microsoft.network/privatednszones/mx"),
    inline("microsoft.network/privatednszones/ptr"),
    inline("microsoft.network/privatednszones/soa"),
    inline("microsoft.network/privatednszones/srv"),
    inline("microsoft.network/privatednszones/txt"),
    inline("microsoft.network/privatednszones/virtualnetworklinks"),
    thing!(
        "microsoft.network/privateendpoints",
        PrivateEndpoint,
        private_endpoints,
        private_endpoint::read
    ),
    // R282: keeps record sets up to date, which are read where they stand.
    inline("microsoft.network/privateendpoints/privatednszonegroups"),
    full!("microsoft.network/privatelinkservices", PrivateLinkService, private_link_service::read),
    full!("microsoft.network/publicipaddresses", PublicIpAddress, public_ip_address::read),
    thing!(
        "microsoft.network/publicipprefixes",
        PublicIpPrefix,
        public_ip_prefixes,
        public_ip_address::read_prefix
    ),
    thing!("microsoft.network/routeservers", RouteServer, route_servers, route_server::read),
    thing!("microsoft.network/routetables", RouteTable, route_tables, route_table::read),
    inline("microsoft.network/routetables/routes"),
    thing!(
        "microsoft.network/serviceendpointpolicies",
        ServiceEndpointPolicy,
        service_endpoint_policies,
        service_endpoint_policy::read
    ),
    inline("microsoft.network/serviceendpointpolicies/serviceendpointpolicydefinitions"),
    thing!("microsoft.network/virtualhubs", VirtualHub, virtual_hubs, virtual_hub::read),
    inline("microsoft.network/virtualhubs/bgpconnections"),
    inline("microsoft.network/virtualhubs/hubvirtualnetworkconnections"),
    inline("microsoft.network/virtualhubs/ipconfigurations"),
    thing!(
        "microsoft.network/virtualnetworkgateways",
        VirtualNetworkGateway,
        virtual_network_gateways,
        virtual_network_gateway::read
    ),
    thing!(
        "microsoft.network/virtualnetworks",
        VirtualNetwork,
        virtual_networks,
        virtual_network::read,
        [("subnets", SUBNET), ("virtualNetworkPeerings", PEERING)]
    ),
    part!("microsoft.network/virtualnetworks/subnets", Subnet of VirtualNetwork, subnet::read),
    part!("microsoft.network/virtualnetworks/virtualnetworkpeerings", Peering of VirtualNetwork, peering::read),
    thing!("microsoft.relay/namespaces", ServiceTarget, service_targets, service_target::read),
    inline("microsoft.relay/namespaces/networkrulesets"),
    thing!(
        "microsoft.security/locations/jitnetworkaccesspolicies",
        JustInTimePolicy,
        just_in_time_policies,
        just_in_time::read
    ),
    thing!("microsoft.servicebus/namespaces", ServiceTarget, service_targets, service_target::read),
    inline("microsoft.servicebus/namespaces/networkrulesets"),
    thing!("microsoft.sql/servers", ServiceTarget, service_targets, service_target::read),
    inline("microsoft.sql/servers/firewallrules"),
    inline("microsoft.sql/servers/virtualnetworkrules"),
    thing!(
        "microsoft.storage/storageaccounts",
        ServiceTarget,
        service_targets,
        service_target::read
    ),
    thing!("microsoft.web/sites", ServiceTarget, service_targets, service_target::read),
];

#[cfg(test)]
mod tests {
    use super::super::kinds;
    use super::*;

    #[test]
    fn types_are_in_lower_case_and_in_order() {
        assert!(ROWS.is_sorted_by(|a, b| a.arm_type < b.arm_type));
        for Row { arm_type, .. } in ROWS {
            assert_eq!(*arm_type, arm_type.to_ascii_lowercase());
        }
    }

    #[test]
    fn every_list_has_a_row_with_a_parent() {
        let things = ROWS.iter().filter_map(|row| match &row.role {
            Role::Thing(thing) => Some(thing),
            Role::Part | Role::Remark(_) => None,
        });
        for thing in things {
            for (_, arm_type) in thing.lists {
                let Role::Thing(part) = &kinds::row(arm_type).unwrap().role else { panic!() };
                assert_eq!(part.parent, Some(thing.kind));
            }
        }
    }
}
