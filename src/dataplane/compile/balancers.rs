//! Frontends of load balancers.

use super::builder::Builder;
use crate::azure::{
    BackendPool, Frontend, FrontendAddress, InboundNatRule, IpConfiguration, Link, LoadBalancer,
    LoadBalancingRule, Sku,
};
use crate::dataplane::graph::{Backend, Balancer, BalancerRule, Evidence, Health};
use crate::id::Id;
use crate::net::PortRange;
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// One balancer per frontend, with the rules that name it.
    pub(super) fn add_balancers(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, frontend) in network.frontends.iter() {
            let balancer = self.balancer(id, frontend);
            let balancer = self.plane.balancers.push(balancer);
            self.plane.places.frontends.insert(id, balancer);
        }
    }

    fn balancer(&self, id: Id<Frontend>, frontend: &Frontend) -> Balancer {
        let owner = frontend.load_balancer;
        let load_balancer = &self.network.load_balancers[owner];
        let (address, is_public) = self.frontend_address(&frontend.address);
        let mine = |link: Link<Frontend>| link == Link::To(id);
        let balancing = load_balancer.rules.iter().zip(0..).filter(|(rule, _)| mine(rule.frontend));
        let balancing = balancing.map(|(rule, number)| self.balancing_rule(owner, rule, number));
        let nat = load_balancer.inbound_nat_rules.iter().zip(0..);
        let nat = nat.filter(|(rule, _)| mine(rule.frontend));
        let nat = nat.map(|(rule, number)| self.nat_rule(owner, rule, number));
        Balancer {
            name: format!("{}/{}", load_balancer.meta.name(), frontend.id.name()).into(),
            evidence: Evidence::LoadBalancer(owner),
            address,
            rules: nat.flatten().chain(balancing).collect(),
            is_public,
            is_basic: load_balancer.sku == Sku::Basic,
        }
    }

    fn frontend_address(&self, address: &FrontendAddress) -> (Option<IpAddr>, bool) {
        match *address {
            FrontendAddress::Private(_, address) => (address, false),
            FrontendAddress::Public(link) => {
                let pip = link.known().map(|pip| &self.network.public_ip_addresses[pip]);
                (pip.and_then(|pip| pip.ip_address), true)
            }
            FrontendAddress::Other => (None, true),
        }
    }

    /// R415; HA ports take every port (R419); floating IP keeps the destination (R421).
    fn balancing_rule(
        &self,
        owner: Id<LoadBalancer>,
        rule: &LoadBalancingRule,
        number: u32,
    ) -> BalancerRule {
        let pools = rule.backend_pools.iter().filter_map(|link| link.known());
        let ha = rule.is_ha_ports();
        BalancerRule {
            evidence: Evidence::LoadBalancingRule(owner, number),
            protocols: rule.protocols,
            ports: if ha { PortRange::ANY } else { PortRange::single(rule.frontend_port) },
            backend_port: (!ha && !rule.has_floating_ip).then_some(rule.backend_port),
            keeps_destination: rule.has_floating_ip,
            backends: pools.flat_map(|pool| self.members(pool)).collect(),
        }
    }

    fn members(&self, pool: Id<BackendPool>) -> Vec<Backend> {
        let pool = &self.network.backend_pools[pool];
        let by_interface = pool.members.iter().filter_map(|link| self.backend(link.known()?));
        let network = pool.network.and_then(Link::known);
        let by_address = pool.addresses.iter().filter_map(|&address| {
            let realm = self.realm_of(network?);
            let places = self.plane.places.interfaces.values();
            let mut owners = places.filter(|&&at| self.plane.locations[at].realm == realm);
            let at = owners.find(|&&at| self.plane.locations[at].addresses.contains(&address))?;
            Some(Backend { location: *at, address, health: Health::Healthy })
        });
        by_interface.chain(by_address).collect()
    }

    fn backend(&self, member: Id<IpConfiguration>) -> Option<Backend> {
        let configuration = &self.network.ip_configurations[member];
        let states = self.network.probe_states.iter();
        let sick = |state: &&crate::azure::ProbeState| {
            state.member == Link::To(member) && !state.is_healthy
        };
        let health =
            if states.filter(sick).count() > 0 { Health::Unhealthy } else { Health::Healthy };
        let location = *self.plane.places.interfaces.get(&configuration.interface)?;
        Some(Backend { location, address: configuration.reached_at()?, health })
    }

    /// One backend behind one port; rules of a pool give each member a port of the range in turn.
    fn nat_rule(
        &self,
        owner: Id<LoadBalancer>,
        rule: &InboundNatRule,
        number: u32,
    ) -> Vec<BalancerRule> {
        let single = rule.backend.and_then(Link::known).and_then(|member| self.backend(member));
        let pool = rule.backend_pool.and_then(Link::known).map(|pool| self.members(pool));
        let members = single.map_or_else(|| pool.unwrap_or_default(), |member| vec![member]);
        let ports = rule.frontend_ports.first()..=rule.frontend_ports.last();
        let pairs = members.into_iter().zip(ports);
        let evidence = Evidence::InboundNatRule(owner, number);
        let rule = |(backend, port)| BalancerRule {
            evidence,
            protocols: rule.protocols,
            ports: PortRange::single(port),
            backend_port: (!rule.has_floating_ip).then_some(rule.backend_port),
            keeps_destination: rule.has_floating_ip,
            backends: vec![backend],
        };
        pairs.map(rule).collect()
    }
}
