//! What values that are not known may influence: which networks, and which addresses in them.

mod interfaces;

use crate::azure::attached;
use crate::azure::{
    Appliance, FrontendAddress, IpConfiguration, Link, Network, NetworkInterface, NicOwner, Subnet,
    UnknownValue, VirtualNetwork,
};
use crate::id::{Id, ResourceId};
use interfaces::{OfInterfaces, is_forwarding};
use std::collections::{BTreeMap, BTreeSet};

/// Values that are not known and that the model has no other word for, by what they may influence.
#[derive(Debug, Default)]
pub(super) struct Unknowns {
    /// Why nothing can be said of a network's routes, by network.
    pub(super) of_networks: BTreeMap<Id<VirtualNetwork>, Vec<String>>,
    /// Why it is not known for which services a network has service endpoints, by network.
    pub(super) of_endpoints: BTreeMap<Id<VirtualNetwork>, Vec<String>>,
    /// Why addresses of a network that nothing is known to have may be taken, by network.
    pub(super) of_addresses: BTreeMap<Id<VirtualNetwork>, Vec<MayBeTaken>>,
    /// Why nothing can be said of a thing, by its id: what has the property, what that is a part of,
    /// and load balancers that it may be behind.
    of_things: BTreeMap<ResourceId, String>,
    /// Why it is not known which machine an interface belongs to.
    of_owners: Option<String>,
    /// Why it is not known whether an interface takes packets at all, by its id.
    of_interfaces: BTreeMap<ResourceId, String>,
    /// Why it is not known which rules a load balancer has, by its id.
    of_balancers: BTreeMap<ResourceId, String>,
    /// Why it is not known what is behind an inbound NAT rule that names no interface.
    pub(super) of_nat_rules: Option<String>,
    /// Why it is not known which DNS servers something asks, by the id of what has a list of them.
    pub(super) of_servers: BTreeMap<ResourceId, String>,
}

/// Why addresses may be taken that nothing is known to have.
#[derive(Debug)]
pub(super) struct MayBeTaken {
    /// The value that is not known.
    pub(super) why: String,
    /// Where it is, where that is known: else it may be any address.
    pub(super) subnet: Option<Id<Subnet>>,
}

/// What one value may influence.
enum Scope {
    /// Nothing but the thing itself.
    Nothing,
    /// Some interfaces.
    Interfaces(OfInterfaces),
    /// Who has an address, in these networks, or in this subnet of theirs.
    Addresses(BTreeSet<Id<VirtualNetwork>>, Option<Id<Subnet>>),
    /// Which packets to public addresses go over service endpoints, in these networks.
    Endpoints(BTreeSet<Id<VirtualNetwork>>),
    /// Everything in these networks and those joined to them.
    Networks(BTreeSet<Id<VirtualNetwork>>),
}

impl Unknowns {
    /// The values of `network` that are not known. O(1) where all are, which is the rule; else linear
    /// in the size of the network.
    pub(super) fn of(network: &Network) -> Self {
        let mut unknowns = Self::default();
        let loose = network.unknown_values.iter().filter(|value| {
            !value.is_in_model || may_place_api_server(value) || is_forwarding(value)
        });
        let mut loose = loose.peekable();
        if loose.peek().is_none() {
            return unknowns;
        }
        let places = Places::of(network);
        let shown: BTreeSet<&ResourceId> = network.stand_ins.iter().map(|it| &it.of).collect();
        for value in loose {
            if value.is_in_model && is_forwarding(value) && !places.has_routes(&value.of) {
                continue;
            }
            let why = value.to_string();
            if is_list_of_servers(value) {
                unknowns.of_servers.entry(value.of.clone()).or_insert(why);
                continue;
            }
            // What stands for an address is only there where it says enough of the thing.
            let stands = shown.contains(&value.of) && is_address(value);
            let scope = places.scope(value);
            // A balancer has its members, whatever else is not known of them.
            let is_of_member = matches!(scope, Scope::Interfaces(_)) && !is_existence(value);
            let things = self_and_above(&value.of).chain(places.balancers(value));
            for id in things.filter(|_| !stands && !is_of_member) {
                unknowns.of_things.entry(id).or_insert_with(|| why.clone());
            }
            if is_list_of_balancer(value) {
                unknowns.of_balancers.entry(value.of.clone()).or_insert_with(|| why.clone());
            }
            if is_owner(value) {
                unknowns.of_owners.get_or_insert_with(|| why.clone());
            }
            match scope {
                Scope::Nothing => {}
                Scope::Interfaces(of) => unknowns.add_interfaces(of, why),
                Scope::Addresses(networks, subnet) => {
                    unknowns.add_addresses(networks, subnet, &why)
                }
                Scope::Endpoints(networks) => add(&mut unknowns.of_endpoints, networks, &why),
                Scope::Networks(networks) => {
                    let there = OfInterfaces::AreThere(places.perhaps_there(value));
                    unknowns.add_interfaces(there, why.clone());
                    // One that others learn routes from has an address all the same.
                    if is_address(value) {
                        unknowns.add_addresses(networks.clone(), None, &why);
                    }
                    add(&mut unknowns.of_networks, places.joined(networks), &why);
                }
            }
        }
        unknowns
    }

    fn add_addresses(
        &mut self,
        networks: BTreeSet<Id<VirtualNetwork>>,
        subnet: Option<Id<Subnet>>,
        why: &str,
    ) {
        for network in networks {
            let known = self.of_addresses.entry(network).or_default();
            // One reason is enough.
            if known.iter().all(|it| it.subnet != subnet) {
                known.push(MayBeTaken { why: why.to_owned(), subnet });
            }
        }
    }

    fn add_interfaces(&mut self, of: OfInterfaces, why: String) {
        match of {
            OfInterfaces::AreThere(interfaces) => {
                for id in interfaces {
                    self.of_interfaces.entry(id).or_insert_with(|| why.clone());
                }
            }
            OfInterfaces::NatRules => {
                self.of_nat_rules.get_or_insert(why);
            }
            OfInterfaces::Owners => {
                self.of_owners.get_or_insert(why);
            }
        }
    }

    /// Why it is not known whether `interface` takes packets at all, for itself or for others.
    pub(super) fn of_interface(&self, interface: &NetworkInterface) -> Option<&str> {
        let own = self.of_interfaces.get(&interface.meta.id);
        let of_owners = self.of_owners.as_ref().filter(|_| interface.owner == NicOwner::Nobody);
        own.or(of_owners).map(String::as_str)
    }

    /// Why it is not known which rules the load balancer `id` has, if that is so.
    pub(super) fn of_balancer(&self, id: &ResourceId) -> Option<&str> {
        self.of_balancers.get(id).map(String::as_str)
    }

    /// Why nothing can be said of the thing `id`, if that is so.
    pub(super) fn of_thing(&self, id: &ResourceId) -> Option<&str> {
        self.of_things.get(id).map(String::as_str)
    }
}

/// Why nothing can be said of what gateways, sites and guests know, where that is so: a value that is not known may
/// make any of them know other routes.
#[must_use]
pub fn doubt_about_routers(network: &Network) -> Option<String> {
    Unknowns::of(network).of_networks.into_values().flatten().next()
}

fn add(
    to: &mut BTreeMap<Id<VirtualNetwork>, Vec<String>>,
    networks: BTreeSet<Id<VirtualNetwork>>,
    why: &str,
) {
    for network in networks {
        to.entry(network).or_default().push(why.to_owned());
    }
}

/// Types of which nothing but names or roles is modelled. The public DNS never says that there is none; zones
/// and clusters know themselves when something of them is not known.
const WITHOUT_INFLUENCE: [&str; 17] = [
    "microsoft.authorization/",
    "microsoft.cognitiveservices/",
    "microsoft.containerregistry/",
    "microsoft.containerservice/",
    "microsoft.dbformysql/",
    "microsoft.dbforpostgresql/",
    "microsoft.documentdb/",
    "microsoft.eventhub/",
    "microsoft.keyvault/",
    "microsoft.network/dnszones",
    "microsoft.network/privatednszones",
    "microsoft.network/serviceendpointpolicies",
    "microsoft.relay/",
    "microsoft.servicebus/",
    "microsoft.sql/",
    "microsoft.storage/",
    "microsoft.web/",
];

/// Properties of machines that no packet depends on: what is set up inside them, and on what they run. The
/// name of the computer matters to names alone.
const OF_MACHINES_WITHOUT_INFLUENCE: [&str; 8] = [
    "osProfile/",
    "hardwareProfile/",
    "storageProfile/",
    "diagnosticsProfile/",
    "availabilitySet/",
    "extensionProfile/",
    "identity/",
    "plan/",
];

/// Is it a property of a machine that no packet depends on?
fn is_inside_machine(value: &UnknownValue, arm_type: &str) -> bool {
    let property = format!("{}/", value.property);
    let is_prefix = |prefix: &str| {
        property.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    arm_type.starts_with("microsoft.compute/virtualmachines")
        && OF_MACHINES_WITHOUT_INFLUENCE.iter().any(|prefix| is_prefix(prefix))
}

/// In which networks things are.
struct Places<'n> {
    network: &'n Network,
    of: BTreeMap<&'n ResourceId, BTreeSet<Id<VirtualNetwork>>>,
    /// What does nothing but where it is attached, and nothing has. A reference that is not known is a
    /// value of its own.
    unattached: BTreeSet<&'n ResourceId>,
}

fn unattached(network: &Network) -> BTreeSet<&ResourceId> {
    let groups = attached::network_security_groups(network);
    let loose = network.network_security_groups.iter().filter(|(id, _)| !groups.contains(id));
    let groups = loose.map(|(_, group)| &group.meta.id);
    let tables = attached::route_tables(network);
    let loose = network.route_tables.iter().filter(|(id, _)| !tables.contains(id));
    let tables = loose.map(|(_, table)| &table.meta.id);
    let gateways = attached::nat_gateways(network);
    let loose = network.nat_gateways.iter().filter(|(id, _)| !gateways.contains(id));
    let gateways = loose.map(|(_, gateway)| &gateway.meta.id);
    let addresses = attached::public_ip_addresses(network);
    let loose = network.public_ip_addresses.iter().filter(|(id, _)| !addresses.contains(id));
    let addresses = loose.map(|(_, address)| &address.meta.id);
    let perhaps = attached::perhaps(network);
    let all = groups.chain(tables).chain(gateways).chain(addresses);
    all.filter(|id| !perhaps.contains(id)).collect()
}

impl<'n> Places<'n> {
    fn of(network: &'n Network) -> Self {
        let mut places = Self { network, of: BTreeMap::new(), unattached: unattached(network) };
        places.add_networks();
        places.add_interfaces();
        places.add_services();
        places.add_shared();
        places
    }

    fn put(&mut self, id: &'n ResourceId, networks: impl IntoIterator<Item = Id<VirtualNetwork>>) {
        self.of.entry(id).or_default().extend(networks);
    }

    fn put_in(&mut self, id: &'n ResourceId, subnet: Option<Link<Subnet>>) {
        let network = subnet.and_then(Link::known).map(|id| self.network.subnets[id].network);
        self.put(id, network);
    }

    fn add_networks(&mut self) {
        let network = self.network;
        for (id, vnet) in network.virtual_networks.iter() {
            self.put(&vnet.meta.id, [id]);
        }
        for subnet in network.subnets.values() {
            self.put(&subnet.meta.id, [subnet.network]);
        }
        for peering in network.peerings.values() {
            self.put(&peering.meta.id, [peering.network]);
            self.put(&peering.meta.id, peering.remote.known());
        }
    }

    fn add_interfaces(&mut self) {
        let network = self.network;
        for own in network.ip_configurations.values() {
            let interface = &network.network_interfaces[own.interface];
            self.put_in(&own.id, own.subnet);
            self.put_in(&interface.meta.id, own.subnet);
            if let NicOwner::VirtualMachine(Link::To(id)) = interface.owner {
                self.put_in(&network.virtual_machines[id].meta.id, own.subnet);
            }
            if let Some(public) = own.public_ip_address.and_then(Link::known) {
                self.put_in(&network.public_ip_addresses[public].meta.id, own.subnet);
            }
            if let Some(group) = interface.network_security_group.and_then(Link::known) {
                self.put_in(&network.network_security_groups[group].meta.id, own.subnet);
            }
        }
    }

    fn add_services(&mut self) {
        let network = self.network;
        for endpoint in network.private_endpoints.values() {
            self.put_in(&endpoint.meta.id, endpoint.subnet);
        }
        for service in network.private_link_services.values() {
            for &(subnet, _) in &service.nat_addresses {
                self.put_in(&service.meta.id, subnet);
            }
        }
        for firewall in network.firewalls.values() {
            self.put_in(&firewall.meta.id, firewall.subnet);
            if let Some(policy) = firewall.policy.and_then(Link::known) {
                self.put_in(&network.firewall_policies[policy].meta.id, firewall.subnet);
            }
        }
        for bastion in network.bastion_hosts.values() {
            self.put_in(&bastion.meta.id, bastion.subnet);
        }
        for group in network.container_groups.values() {
            self.put_in(&group.meta.id, group.subnet);
        }
        for gateway in network.application_gateways.values() {
            self.put_in(&gateway.meta.id, gateway.subnet);
        }
        for endpoint in network.inbound_endpoints.values() {
            for &(subnet, _) in &endpoint.addresses {
                self.put_in(&endpoint.meta.id, subnet);
            }
        }
        for endpoint in network.outbound_endpoints.values() {
            self.put_in(&endpoint.meta.id, endpoint.subnet);
        }
    }

    /// What several subnets share.
    fn add_shared(&mut self) {
        let network = self.network;
        for subnet in network.subnets.values() {
            let here = [subnet.network];
            if let Some(group) = subnet.network_security_group.and_then(Link::known) {
                self.put(&network.network_security_groups[group].meta.id, here);
            }
            if let Some(table) = subnet.route_table.and_then(Link::known) {
                self.put(&network.route_tables[table].meta.id, here);
            }
            if let Some(gateway) = subnet.nat_gateway.and_then(Link::known) {
                self.put(&network.nat_gateways[gateway].meta.id, here);
            }
        }
    }

    /// The load balancers of which the interface or IP configuration is a member that the value is of;
    /// those of the customer's networks, where an API server may stand behind one.
    fn balancers(&self, value: &UnknownValue) -> Vec<ResourceId> {
        let (network, id) = (self.network, &value.of);
        if may_place_api_server(value) {
            let frontends = network
                .frontends
                .values()
                .filter(|frontend| matches!(frontend.address, FrontendAddress::Private(..)));
            let owners = frontends.map(|frontend| frontend.load_balancer);
            return owners.map(|owner| network.load_balancers[owner].meta.id.clone()).collect();
        }
        let is_member = |link: &Link<IpConfiguration>| {
            let known = link.known().map(|member| &network.ip_configurations[member].id);
            known.is_some_and(|member| self_and_above(member).any(|above| above == *id))
        };
        let pools = network.backend_pools.values();
        let pools = pools.filter(|pool| pool.members.iter().any(is_member));
        pools.map(|pool| network.load_balancers[pool.load_balancer].meta.id.clone()).collect()
    }

    fn scope(&self, value: &UnknownValue) -> Scope {
        let arm_type = value.of.resource_type().unwrap_or_default().to_ascii_lowercase();
        if may_place_api_server(value) {
            return Scope::Addresses(self.network.virtual_networks.ids().collect(), None);
        }
        if is_inside_machine(value, &arm_type)
            || is_metadata(value)
            || is_far_end(value, &arm_type)
            || is_list_of_balancer(value)
            || self.is_first_of_one(value)
            || self.is_of_public_containers(value)
        {
            return Scope::Nothing;
        }
        if let Some(of) = self.of_interfaces(value) {
            return Scope::Interfaces(of);
        }
        if WITHOUT_INFLUENCE.iter().any(|known| arm_type.starts_with(known)) {
            return Scope::Nothing;
        }
        // Subnets say themselves which table they have.
        let is_table = arm_type.starts_with("microsoft.network/routetables");
        if is_table && !self_and_above(&value.of).any(|id| self.of.contains_key(&id)) {
            return Scope::Nothing;
        }
        let here = self_and_above(&value.of).find_map(|id| self.of.get(&id).cloned());
        let here = here.filter(|networks| !networks.is_empty());
        if self_and_above(&value.of).any(|id| self.unattached.contains(&id)) {
            return Scope::Nothing;
        }
        let networks = here.unwrap_or_else(|| self.network.virtual_networks.ids().collect());
        if is_service_endpoint(value) {
            return Scope::Endpoints(networks);
        }
        let is_address = is_address(value) && !self.is_of_speaker(&value.of);
        if !is_address && !self.is_of_lone_router(value) {
            return Scope::Networks(networks);
        }
        match self.subnet_of(value) {
            Some(id) => Scope::Addresses([self.network.subnets[id].network].into(), Some(id)),
            None => Scope::Addresses(networks, None),
        }
    }

    /// The subnet in which the address is that `value` is, where it is nothing but that.
    fn subnet_of(&self, value: &UnknownValue) -> Option<Id<Subnet>> {
        let (network, id) = (self.network, &value.of);
        let addresses = ["privateIPAddress", "ip", "virtualRouterIps"];
        if !addresses.iter().any(|it| it.eq_ignore_ascii_case(last_step(value))) {
            return None;
        }
        let interfaces = network.ip_configurations.values().map(|it| (&it.id, it.subnet));
        let endpoints = network.private_endpoints.values().map(|it| (&it.meta.id, it.subnet));
        let frontends = network.frontends.values().filter_map(|it| match it.address {
            FrontendAddress::Private(subnet, _) => Some((&it.id, subnet)),
            FrontendAddress::Public(_) | FrontendAddress::Other => None,
        });
        let groups = network.container_groups.values().map(|it| (&it.meta.id, it.subnet));
        let resolvers = network.inbound_endpoints.values();
        let resolvers = resolvers.filter_map(|it| {
            let [(subnet, _)] = *it.addresses else { return None };
            Some((&it.meta.id, subnet))
        });
        let routers = network.route_servers.values().map(|it| (&it.meta.id, it.subnet));
        let all = interfaces.chain(endpoints).chain(frontends).chain(groups);
        let found = all.chain(resolvers).chain(routers).find(|&(own, _)| own == id);
        found?.1.and_then(Link::known)
    }

    /// Is it the addresses of a Route Server that has no peers, so that nobody learns anything from it?
    fn is_of_lone_router(&self, value: &UnknownValue) -> bool {
        let mut routers = self.network.route_servers.values();
        value.property.eq_ignore_ascii_case("virtualRouterIps")
            && routers.any(|it| it.meta.id == value.of && it.peers.is_empty())
    }

    /// Is it the public address of a group of containers in no network?
    fn is_of_public_containers(&self, value: &UnknownValue) -> bool {
        let mut groups = self.network.container_groups.values();
        last_step(value).eq_ignore_ascii_case("ip")
            && groups.any(|it| it.meta.id == value.of && it.is_public && it.subnet.is_none())
    }

    /// Is it whether an IP configuration is primary that its interface has no other of? It is, then.
    fn is_first_of_one(&self, value: &UnknownValue) -> bool {
        let of_interfaces = self.network.network_interfaces.values();
        let mut alone = of_interfaces.filter(|nic| nic.ip_configurations.len() == 1);
        let is_it = |id: &Id<IpConfiguration>| self.network.ip_configurations[*id].id == value.of;
        last_step(value).eq_ignore_ascii_case("primary")
            && alone.any(|nic| nic.ip_configurations.iter().any(is_it))
    }

    /// Is it of an appliance that a scenario tells of? Others may learn routes from its address.
    fn is_of_speaker(&self, id: &ResourceId) -> bool {
        self.is_of_appliance(id, |_| true)
    }

    /// Is it of an appliance that learns routes, or has addresses inside?
    fn has_routes(&self, id: &ResourceId) -> bool {
        self.is_of_appliance(id, |it| {
            it.bgp.is_some() || !it.tunnels.is_empty() || !it.own_addresses.is_empty()
        })
    }

    fn is_of_appliance(&self, id: &ResourceId, is_it: impl Fn(&Appliance) -> bool) -> bool {
        let appliances = self.network.appliances.values().filter(|it| is_it(it));
        let mut interfaces =
            appliances.flat_map(|it| &it.interfaces).filter_map(|link| link.known());
        interfaces.any(|nic| {
            let interface = &self.network.network_interfaces[nic].meta.id;
            self_and_above(id).any(|above| above == *interface)
        })
    }

    /// The subnets of whatever speaks BGP or ends tunnels: what one knows another may learn.
    fn speakers(&self) -> Vec<Link<Subnet>> {
        let network = self.network;
        let gateways = network.virtual_network_gateways.values().map(|gateway| gateway.subnet);
        let servers = network.route_servers.values().map(|server| server.subnet);
        let links = network.appliances.values().flat_map(|it| &it.interfaces);
        let interfaces = links.filter_map(|link| link.known());
        let configurations =
            interfaces.flat_map(|nic| &network.network_interfaces[nic].ip_configurations);
        let guests = configurations.map(|&own| network.ip_configurations[own].subnet);
        gateways.chain(servers).chain(guests).flatten().collect()
    }

    /// `networks` and all that peerings, connected groups, gateways and guests join to them.
    fn joined(&self, networks: BTreeSet<Id<VirtualNetwork>>) -> BTreeSet<Id<VirtualNetwork>> {
        let subnets = self.speakers();
        let known = subnets.iter().filter_map(|link| link.known());
        let speakers: BTreeSet<_> = known.map(|id| self.network.subnets[id].network).collect();
        // A speaker in a subnet that is not known may stand in any of `networks`.
        let is_one_lost = subnets.iter().any(|link| link.known().is_none());
        let mut all = networks;
        loop {
            let count = all.len();
            if is_one_lost || !speakers.is_disjoint(&all) {
                all.extend(&speakers);
            }
            for peering in self.network.peerings.values() {
                if let Some(remote) = peering.remote.known()
                    && (all.contains(&remote) || all.contains(&peering.network))
                {
                    all.extend([remote, peering.network]);
                }
            }
            for group in self.network.connected_groups.values() {
                let members = group.networks.iter().filter_map(|link| link.known());
                if members.clone().any(|member| all.contains(&member)) {
                    all.extend(members);
                }
            }
            if all.len() == count {
                return all;
            }
        }
    }
}

/// Is it whether the resource is there at all?
fn is_existence(value: &UnknownValue) -> bool {
    &*value.property == "condition"
}

/// Is it a word about the resource that no packet depends on (R188)?
fn is_metadata(value: &UnknownValue) -> bool {
    let first = value.property.split('/').next().unwrap_or_default();
    ["tags", "zones", "flowTimeoutInMinutes"].iter().any(|name| name.eq_ignore_ascii_case(first))
}

/// Is it the public address or name of the device at the far end of a tunnel? Packets go into the tunnel whatever it is.
fn is_far_end(value: &UnknownValue, arm_type: &str) -> bool {
    arm_type == "microsoft.network/localnetworkgateways"
        && ["gatewayIpAddress", "fqdn"].iter().any(|it| it.eq_ignore_ascii_case(&value.property))
}

/// Is it which rules a load balancer has? They decide about its frontends, and how its members get out.
fn is_list_of_balancer(value: &UnknownValue) -> bool {
    let arm_type = value.of.resource_type().unwrap_or_default();
    // One of them stands at its number.
    let property = value.property.trim_end_matches(|it: char| it.is_ascii_digit());
    let lists = ["inboundNatRules", "loadBalancingRules", "outboundRules"];
    arm_type.eq_ignore_ascii_case("Microsoft.Network/loadBalancers")
        && lists.iter().any(|list| list.eq_ignore_ascii_case(property.trim_end_matches('/')))
}

/// Is it a list of the DNS servers that machines and containers ask? That decides about names (R235), and about no
/// packet to an address.
fn is_list_of_servers(value: &UnknownValue) -> bool {
    let arm_type = value.of.resource_type().unwrap_or_default();
    let lists: &[&str] = match &*arm_type.to_ascii_lowercase() {
        "microsoft.network/networkinterfaces" => &["dnsSettings/dnsServers", "dnsServers"],
        "microsoft.network/virtualnetworks" => {
            &["dhcpOptions", "dhcpOptions/dnsServers", "dnsServers"]
        }
        "microsoft.containerinstance/containergroups" => {
            &["dnsConfig", "dnsConfig/nameServers", "dnsServers"]
        }
        _ => &[],
    };
    // One of them stands at its number.
    let property = value.property.trim_end_matches(|it: char| it.is_ascii_digit());
    lists.iter().any(|list| list.eq_ignore_ascii_case(property.trim_end_matches('/')))
}

fn self_and_above(id: &ResourceId) -> impl Iterator<Item = ResourceId> {
    std::iter::successors(Some(id.clone()), ResourceId::parent)
}

/// May the value tell which machine an interface belongs to?
fn is_owner(value: &UnknownValue) -> bool {
    let arm_type = value.of.resource_type().unwrap_or_default().to_ascii_lowercase();
    let of_machine = arm_type.starts_with("microsoft.compute/");
    of_machine && !is_inside_machine(value, &arm_type)
        || value.property.eq_ignore_ascii_case("virtualMachine/id")
}

/// May the value put the API server of a cluster into some subnet of the customer's (R465)?
fn may_place_api_server(value: &UnknownValue) -> bool {
    let arm_type = value.of.resource_type().unwrap_or_default();
    let deciding =
        ["enableVnetIntegration", "subnetId"].map(|it| format!("apiServerAccessProfile/{it}"));
    let whole = ["", "condition", "apiServerAccessProfile"];
    let property = value.property.trim_end_matches("/id");
    let is = |name: &str| name.eq_ignore_ascii_case(property);
    arm_type.eq_ignore_ascii_case("Microsoft.ContainerService/managedClusters")
        && (whole.into_iter().any(is) || deciding.iter().any(|it| is(it)))
}

/// Is it which service endpoints a subnet has? They lead to public addresses, and nothing overrides them, not even a user
/// route to one address (R57, R91).
fn is_service_endpoint(value: &UnknownValue) -> bool {
    let mut steps = value.property.split('/');
    steps.any(|step| step.eq_ignore_ascii_case("serviceEndpoints"))
}

/// Is the value nothing but where something is, so that only an address is not known?
fn is_address(value: &UnknownValue) -> bool {
    let last = last_step(value);
    ["privateIPAddress", "subnet", "ipAddress", "ip"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(last))
        && value.of.resource_type().is_some_and(|arm_type| {
            let arm_type = arm_type.to_ascii_lowercase();
            ADDRESSED.iter().any(|known| arm_type.starts_with(known))
        })
}

/// The name of the property itself.
fn last_step(value: &UnknownValue) -> &str {
    value.property.rsplit('/').find(|step| *step != "id").unwrap_or_default()
}

/// Types of things that have an address and do nothing else to packets of others.
const ADDRESSED: [&str; 7] = [
    "microsoft.compute/virtualmachinescalesets",
    "microsoft.containerinstance/containergroups",
    "microsoft.network/azurefirewalls",
    "microsoft.network/dnsresolvers/inboundendpoints",
    "microsoft.network/loadbalancers/frontendipconfigurations",
    "microsoft.network/networkinterfaces",
    "microsoft.network/privateendpoints",
];
