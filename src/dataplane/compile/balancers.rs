//! Frontends of load balancers.

use super::builder::Builder;
use crate::azure::{
    Frontend, FrontendAddress, InboundNatRule, Link, LoadBalancer, LoadBalancingRule, Sku,
};
use crate::dataplane::graph::{Balancer, BalancerRule, Evidence, Health, Location};
use crate::id::Id;
use crate::net::PortRange;
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// Asks the rules at members what becomes of their probes (R214), at those places that `is_asked` is true
    /// of. What fails for another reason stays as it is.
    pub(super) fn judge_probes(&mut self, is_asked: impl Fn(Id<Location>) -> bool) {
        let mut balancers = std::mem::take(&mut self.plane.balancers);
        for rule in balancers.values_mut().flat_map(|it| &mut it.rules) {
            let Some(ports) = rule.probe else { continue };
            for backend in &mut rule.backends {
                let is_open = backend.health != Health::Unhealthy && !backend.is_set;
                if is_open && is_asked(backend.location) {
                    backend.health = self.plane.health_by_rules(*backend, ports);
                }
            }
        }
        self.plane.balancers = balancers;
    }

    /// One balancer per frontend, with the rules that name it.
    pub(super) fn add_balancers(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, frontend) in network.frontends.iter() {
            let balancer = self.balancer(id, frontend);
            let balancer = self.plane.balancers.push(balancer);
            self.plane.places.frontends.insert(id, balancer);
        }
    }

    fn balancer(&mut self, id: Id<Frontend>, frontend: &Frontend) -> Balancer {
        let owner = frontend.load_balancer;
        let network = Arc::clone(&self.network);
        let load_balancer = &network.load_balancers[owner];
        let (address, is_public) = self.frontend_address(&frontend.address);
        let mine = |link: Link<Frontend>| link == Link::To(id);
        let mut rules = Vec::new();
        for (rule, number) in load_balancer.inbound_nat_rules.iter().zip(0..) {
            if mine(rule.frontend) {
                rules.append(&mut self.nat_rule((owner, frontend), rule, number));
            }
        }
        for (rule, number) in load_balancer.rules.iter().zip(0..) {
            if mine(rule.frontend) {
                rules.push(self.balancing_rule((owner, frontend), rule, number));
            }
        }
        Balancer {
            name: format!("{}/{}", load_balancer.meta.name(), frontend.id.name()).into(),
            evidence: Evidence::LoadBalancer(owner),
            address,
            rules,
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
        &mut self,
        (owner, frontend): (Id<LoadBalancer>, &Frontend),
        rule: &LoadBalancingRule,
        number: u32,
    ) -> BalancerRule {
        let ha = rule.is_ha_ports();
        let mut members = self.members(frontend, &rule.backend_pools);
        self.set_states(&mut members, &rule.backend_pools);
        BalancerRule {
            evidence: Evidence::LoadBalancingRule(owner, number),
            protocols: rule.protocols,
            ports: if ha { PortRange::ANY } else { PortRange::single(rule.frontend_port) },
            backend_port: (!ha && !rule.has_floating_ip).then_some(rule.backend_port),
            keeps_destination: rule.has_floating_ip,
            backends: members.known,
            probe: rule.probe.map(|probe| probe.port.map_or(PortRange::ANY, PortRange::single)),
            unsure: members.unsure.map(|cause| self.cause(cause)),
        }
    }

    /// One backend behind one port; rules of a pool give each member a port of the range in turn. Which one
    /// it is is not known where the members are not.
    fn nat_rule(
        &mut self,
        (owner, frontend): (Id<LoadBalancer>, &Frontend),
        rule: &InboundNatRule,
        number: u32,
    ) -> Vec<BalancerRule> {
        let members = self.nat_members(frontend, rule);
        let evidence = Evidence::InboundNatRule(owner, number);
        let unsure = members.unsure.map(|cause| self.cause(cause));
        let made = |(backends, ports)| BalancerRule {
            evidence,
            protocols: rule.protocols,
            ports,
            backend_port: (!rule.has_floating_ip).then_some(rule.backend_port),
            keeps_destination: rule.has_floating_ip,
            backends,
            probe: None,
            unsure,
        };
        if unsure.is_some() {
            return vec![made((Vec::new(), rule.frontend_ports))];
        }
        let ports = rule.frontend_ports.first()..=rule.frontend_ports.last();
        let pairs = members.known.into_iter().zip(ports);
        pairs.map(|(backend, port)| made((vec![backend], PortRange::single(port)))).collect()
    }
}
