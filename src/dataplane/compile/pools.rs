//! The members of backend pools, and what keeps them from being known.

use super::builder::Builder;
use crate::answer::Reason;
use crate::azure::{
    BackendPool, Frontend, InboundNatRule, IpConfiguration, Link, MissingResource, PoolMember,
    VirtualNetwork,
};
use crate::dataplane::graph::{Backend, Cause, Evidence, Health, Location, Own};
use crate::id::Id;
use std::net::IpAddr;

/// Those behind a rule of a load balancer (R415).
#[derive(Debug, Default)]
pub(super) struct Members {
    /// Those that are known.
    pub(super) known: Vec<Backend>,
    /// Why there may be more, or elsewhere; `None` when these are all.
    pub(super) unsure: Option<Cause>,
}

impl Members {
    fn add(&mut self, member: Result<Backend, Cause>) {
        match member {
            Ok(backend) => self.known.push(backend),
            Err(cause) => self.doubt(cause),
        }
    }

    fn doubt(&mut self, cause: Cause) {
        self.unsure.get_or_insert(cause);
    }
}

impl Builder {
    /// Those of all `pools`, behind a frontend.
    pub(super) fn members(&self, frontend: &Frontend, pools: &[Link<BackendPool>]) -> Members {
        let mut members = Members::default();
        if frontend.has_gateway_balancer {
            let text = format!("the appliances before frontend {}", frontend.id.name());
            members.doubt(Cause::new(Reason::NotModelled, text, &[415]));
            return members;
        }
        for pool in pools {
            match *pool {
                Link::To(pool) => self.add_members(&mut members, pool),
                Link::Missing(id) => members.doubt(self.not_in_input(id)),
            }
        }
        members
    }

    /// Lets members of `pools` take new connections, or none, where somebody says so.
    pub(super) fn set_states(&self, members: &mut Members, pools: &[Link<BackendPool>]) {
        let network = &self.network;
        let pools = pools.iter().filter_map(|pool| Some(&network.backend_pools[pool.known()?]));
        for state in pools.flat_map(|pool| &pool.admin_states) {
            let address = match state.member {
                PoolMember::Address(address) => Some(address),
                PoolMember::Configuration(member) => {
                    member.known().and_then(|id| network.ip_configurations[id].reached_at())
                }
            };
            for backend in members.known.iter_mut().filter(|it| Some(it.address) == address) {
                backend.health = if state.is_up { Health::Healthy } else { Health::Unhealthy };
                backend.is_set = true;
            }
        }
    }

    /// The one behind an inbound NAT rule, or those of its pool.
    pub(super) fn nat_members(&self, frontend: &Frontend, rule: &InboundNatRule) -> Members {
        let pools = if rule.backend.is_some() { &[] } else { rule.backend_pool.as_slice() };
        let mut members = self.members(frontend, pools);
        rule.backend.into_iter().for_each(|member| members.add(self.backend(member)));
        if rule.is_of_scale_set {
            let text = format!("instances of the scale set behind {}", rule.name);
            members.doubt(Cause::new(Reason::NotModelled, text, &[415]));
        }
        if let Some(why) = self.unknowns.of_nat_rules.as_ref()
            && rule.backend.is_none()
            && rule.backend_pool.is_none()
        {
            members.doubt(Cause::new(Reason::ValueUnknown, why.as_str(), &[415]));
        }
        members
    }

    fn add_members(&self, members: &mut Members, id: Id<BackendPool>) {
        let pool = &self.network.backend_pools[id];
        pool.members.iter().for_each(|&member| members.add(self.backend(member)));
        for &address in &pool.addresses {
            match pool.network {
                Some(Link::To(network)) => self.add_by_address(members, network, address),
                Some(Link::Missing(id)) => members.doubt(self.not_in_input(id)),
                None => members.doubt(not_given(format!(
                    "the network of {address} in pool {} is not given",
                    pool.id.name()
                ))),
            }
        }
        if pool.has_other_members {
            let text = format!("frontends that are members of pool {}", pool.id.name());
            members.doubt(Cause::new(Reason::NotModelled, text, &[415]));
        }
        if let Some(cause) = self.perhaps_in_pool(pool) {
            members.doubt(cause);
        }
        // Instances of a scale set that are not in the input may be members.
        let mut others = self.network.not_modelled.values();
        if let Some(other) = others.find(|other| other.refers_to.contains(&pool.id)) {
            let text = format!("members of pool {} in {}", pool.id.name(), other.id.name());
            members.doubt(Cause::new(Reason::NotModelled, text, &[415]));
        }
    }

    /// Why something may be a member of `pool` whose pools are not known.
    fn perhaps_in_pool(&self, pool: &BackendPool) -> Option<Cause> {
        let network = &self.network;
        // PERF: asked for each pool, and mostly there is none.
        if !network.missing.values().any(|missing| missing.unknown.is_some()) {
            return None;
        }
        let mut own = network.ip_configurations.iter().filter_map(|(id, own)| {
            let why = network.missing[own.missing_pool?].unknown.as_ref()?;
            (!pool.members.contains(&Link::To(id))).then_some((own, why))
        });
        let (own, why) = own.next()?;
        let name = network.network_interfaces[own.interface].meta.name();
        let text = format!("`loadBalancerBackendAddressPools` of {name} {why}");
        let cause = Cause::new(Reason::ValueUnknown, text, &[415]);
        Some(cause.by(Evidence::NetworkInterface(own.interface)))
    }

    /// Who has the address in the pool's network. What nobody has answers no probe (R416).
    fn add_by_address(&self, members: &mut Members, network: Id<VirtualNetwork>, address: IpAddr) {
        let realm = self.realm_of(network);
        let mut places = self.plane.locations.iter().filter(|(_, at)| at.realm == realm);
        let owner = places.find(|(_, at)| at.addresses.contains(&address));
        let doubts = self.unknowns.of_addresses.get(&network).into_iter().flatten();
        let subnets = &self.network.subnets;
        let mut here = doubts.filter(|it| {
            it.subnet.is_none_or(|subnet| subnets[subnet].assignable().contains(address))
        });
        match (owner, here.next()) {
            (Some((location, _)), _) => {
                let health = self.health(location, false);
                members.known.push(Backend { location, address, health, is_set: false });
            }
            (None, Some(doubt)) => {
                members.doubt(Cause::new(Reason::ValueUnknown, doubt.why.as_str(), &[415]));
            }
            (None, None) => {}
        }
    }

    fn backend(&self, member: Link<IpConfiguration>) -> Result<Backend, Cause> {
        let id = match member {
            Link::To(id) => id,
            Link::Missing(id) => return Err(self.not_in_input(id)),
        };
        let configuration = &self.network.ip_configurations[id];
        let location = self.plane.places.interfaces.get(&configuration.interface);
        let (Some(&location), Some(address)) = (location, configuration.reached_at()) else {
            let interface = self.network.network_interfaces[configuration.interface].meta.name();
            let name = configuration.id.name();
            return Err(not_given(format!("where member {interface}/{name} is is not given")));
        };
        // Where it is not known whether it runs, nor is whether it answers probes.
        if let Own::Unsure(cause) = self.plane.locations[location].own
            && self.plane.causes[cause].reason == Reason::ValueUnknown
        {
            return Err(self.plane.causes[cause].clone());
        }
        let mut states = self.network.probe_states.iter();
        let is_sick = states.any(|state| state.member == member && !state.is_healthy);
        let health = self.health(location, is_sick);
        Ok(Backend { location, address, health, is_set: false })
    }

    /// What is known not to run answers no probe (R416).
    fn health(&self, location: Id<Location>, is_sick: bool) -> Health {
        let is_stopped = match self.plane.locations[location].own {
            Own::Stop(cause) => self.plane.causes[cause].reason == Reason::MachineStopped,
            Own::Deliver | Own::Unsure(_) | Own::Guarded(_) | Own::Listens(_) | Own::Tunnel(_) => {
                false
            }
        };
        if is_sick || is_stopped { Health::Unhealthy } else { Health::Healthy }
    }

    fn not_in_input(&self, id: Id<MissingResource>) -> Cause {
        let missing = &self.network.missing[id];
        let (reason, text) = match &missing.unknown {
            Some(why) => (Reason::ValueUnknown, format!("what is behind it {why}")),
            None => (Reason::MissingResource, format!("{} is not in the input", missing.id)),
        };
        Cause::new(reason, text, &[415]).by(Evidence::Missing(id))
    }
}

fn not_given(text: String) -> Cause {
    Cause::new(Reason::NotGiven, text, &[415])
}
