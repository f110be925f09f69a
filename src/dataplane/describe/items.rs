//! Handles of evidence become items with names and places.

use crate::answer::{Item, ItemKind};
use crate::azure::{LoadBalancer, Meta, Origin, ServiceTarget};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Evidence;
use crate::id::{Id, ResourceId};

impl Dataplane {
    /// The item behind a handle.
    #[must_use]
    pub fn item(&self, evidence: Evidence) -> Item {
        self.network_item(evidence).unwrap_or_else(|| self.part_item(evidence))
    }

    /// Resources of their own.
    fn network_item(&self, evidence: Evidence) -> Option<Item> {
        self.network_meta(evidence).map(|(kind, meta)| self.meta_item(kind, meta))
    }

    /// What a resource of its own is, and what it has like every resource.
    pub(super) fn network_meta(&self, evidence: Evidence) -> Option<(ItemKind, &Meta)> {
        let net = &self.network;
        Some(match evidence {
            Evidence::VirtualNetwork(id) => {
                (ItemKind::VirtualNetwork, &net.virtual_networks[id].meta)
            }
            Evidence::Subnet(id) => (ItemKind::Subnet, &net.subnets[id].meta),
            Evidence::Peering(id) => (ItemKind::Peering, &net.peerings[id].meta),
            Evidence::RouteTable(id) => (ItemKind::Other, &net.route_tables[id].meta),
            Evidence::NetworkInterface(id) => {
                (ItemKind::NetworkInterface, &net.network_interfaces[id].meta)
            }
            Evidence::VirtualMachine(id) => {
                (ItemKind::VirtualMachine, &net.virtual_machines[id].meta)
            }
            Evidence::PublicIpAddress(id) => {
                (ItemKind::PublicIpAddress, &net.public_ip_addresses[id].meta)
            }
            Evidence::NetworkSecurityGroup(id) => {
                (ItemKind::NetworkSecurityGroup, &net.network_security_groups[id].meta)
            }
            Evidence::NatGateway(id) => (ItemKind::NatGateway, &net.nat_gateways[id].meta),
            Evidence::LoadBalancer(id) => (ItemKind::LoadBalancer, &net.load_balancers[id].meta),
            Evidence::PrivateEndpoint(id) => {
                (ItemKind::PrivateEndpoint, &net.private_endpoints[id].meta)
            }
            Evidence::PrivateLinkService(id) => {
                (ItemKind::PrivateLinkService, &net.private_link_services[id].meta)
            }
            Evidence::Gateway(id) => (ItemKind::Gateway, &net.virtual_network_gateways[id].meta),
            Evidence::Connection(id) => (ItemKind::Connection, &net.connections[id].meta),
            Evidence::Circuit(id) => (ItemKind::Other, &net.express_route_circuits[id].meta),
            Evidence::RouteServer(id) => (ItemKind::Other, &net.route_servers[id].meta),
            Evidence::Firewall(id) => (ItemKind::Firewall, &net.firewalls[id].meta),
            Evidence::Bastion(id) => (ItemKind::Bastion, &net.bastion_hosts[id].meta),
            Evidence::Hub(id) => (ItemKind::Other, &net.virtual_hubs[id].meta),
            Evidence::InboundEndpoint(id) => (ItemKind::Other, &net.inbound_endpoints[id].meta),
            Evidence::OutboundEndpoint(id) => (ItemKind::Other, &net.outbound_endpoints[id].meta),
            Evidence::ApplicationGateway(id) => {
                (ItemKind::Other, &net.application_gateways[id].meta)
            }
            Evidence::Service(id) => (ItemKind::Service, &net.service_targets[id].meta),
            Evidence::Cluster(id) => (ItemKind::Service, &net.managed_clusters[id].meta),
            Evidence::ContainerGroup(id) => {
                (ItemKind::ContainerGroup, &net.container_groups[id].meta)
            }
            Evidence::Appliance(id) => (ItemKind::Appliance, &net.appliances[id].meta),
            Evidence::Site(id) => (ItemKind::Site, &net.sites[id].meta),
            Evidence::LoadBalancingRule(..)
            | Evidence::InboundNatRule(..)
            | Evidence::OutboundRule(..)
            | Evidence::ServiceAccess(_)
            | Evidence::ServiceRules(_)
            | Evidence::NotModelled(_)
            | Evidence::Missing(_) => return None,
        })
    }

    /// Parts of resources, and what is not there.
    fn part_item(&self, evidence: Evidence) -> Item {
        let net = &self.network;
        if let Some((id, name, origin)) = self.balancer_rule(evidence) {
            let owner = &net.load_balancers[id].meta;
            let name = format!("{}/{name}", owner.name());
            return self.part(ItemKind::LoadBalancingRule, name, &owner.id, Some(origin));
        }
        if let Some((service, origin)) = self.service_setting(evidence) {
            let (name, id) = (service.meta.name().to_owned(), &service.meta.id);
            return self.part(ItemKind::Service, name, id, Some(origin));
        }
        if let Evidence::NotModelled(id) = evidence {
            let resource = &net.not_modelled[id];
            let name = resource.id.name().to_owned();
            return self.part(ItemKind::Other, name, &resource.id, Some(&resource.origin));
        }
        if let Evidence::Missing(id) = evidence {
            let id = &net.missing[id].id;
            return self.part(ItemKind::Other, id.name().to_owned(), id, None);
        }
        Item { kind: ItemKind::Other, name: String::new(), resource: None, place: None }
    }

    /// A setting of a service that decides who may come to its public address, and where it is written.
    fn service_setting(&self, evidence: Evidence) -> Option<(&ServiceTarget, &Origin)> {
        let services = &self.network.service_targets;
        let (service, origin) = if let Evidence::ServiceAccess(id) = evidence {
            (&services[id], &services[id].public_access_origin)
        } else if let Evidence::ServiceRules(id) = evidence {
            (&services[id], &services[id].rules_origin)
        } else {
            return None;
        };
        Some((service, origin.as_ref().unwrap_or(&service.meta.origin)))
    }

    /// A rule of a load balancer: the balancer, the rule's name and its origin.
    fn balancer_rule(&self, evidence: Evidence) -> Option<(Id<LoadBalancer>, &str, &Origin)> {
        let balancers = &self.network.load_balancers;
        if let Evidence::LoadBalancingRule(id, at) = evidence {
            let rule = balancers[id].rules.get(at as usize)?;
            return Some((id, &rule.name, &rule.origin));
        }
        if let Evidence::InboundNatRule(id, at) = evidence {
            let rule = balancers[id].inbound_nat_rules.get(at as usize)?;
            return Some((id, &rule.name, &rule.origin));
        }
        let Evidence::OutboundRule(id, at) = evidence else { return None };
        let rule = balancers[id].outbound_rules.get(at as usize)?;
        Some((id, &rule.name, &rule.origin))
    }

    /// The item of a resource.
    pub(super) fn meta_item(&self, kind: ItemKind, meta: &Meta) -> Item {
        self.part(kind, meta.name().to_owned(), &meta.id, Some(&meta.origin))
    }

    /// The item of a part of `owner`.
    pub(super) fn part(
        &self,
        kind: ItemKind,
        name: String,
        owner: &ResourceId,
        origin: Option<&Origin>,
    ) -> Item {
        let place = origin.map(|origin| self.network.place(origin));
        Item { kind, name, resource: Some(owner.clone()), place }
    }
}
