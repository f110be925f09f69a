//! Probes of load balancers: do the rules at a member let them in (R214, R416)?

use super::Dataplane;
use super::filter::Packet;
use super::graph::{Backend, BalancerRule, Cause, Health};
use super::security::Passage;
use crate::answer::{Item, Reason, Rule};
use crate::net::{Flow, PortRange, Protocol};

impl Dataplane {
    /// The probe of a member, whose port may be one of several; none where its family's source is not known.
    fn probe_of(&self, backend: Backend, ports: PortRange) -> Option<Flow> {
        let mut sources = self.profile.azure_load_balancer_prefixes().iter();
        let is_v4 = backend.address.is_ipv4();
        let source = sources.find(|it| it.addr().is_ipv4() == is_v4)?.addr();
        let flow = Flow::new(source, backend.address, Protocol::Tcp, 0);
        Some(Flow { destination_ports: ports, ..flow })
    }

    /// What the rules at a member make of its probe.
    pub(super) fn health_by_rules(&self, backend: Backend, ports: PortRange) -> Health {
        let Some(probe) = self.probe_of(backend, ports) else { return Health::Healthy };
        let guards = &self.locations[backend.location].arriving;
        match guards.decide(&self.filters, &Packet::from(&probe), |_, _| {}) {
            Passage::Passes => Health::Healthy,
            Passage::Stopped(_) => Health::Denied,
            Passage::Unsure(_) => Health::Unsure,
        }
    }

    /// Why the rules at a member deny its probe, or why it is not known whether they do; none where they let
    /// it in, or where it is not asked. With the probe.
    #[must_use]
    pub fn probe_cause(
        &self,
        rule: &BalancerRule,
        backend: Backend,
    ) -> Option<(Flow, Cause, Option<Item>)> {
        let probe = self.probe_of(backend, rule.probe.filter(|_| !backend.is_set)?)?;
        let packet = Packet::from(&probe);
        let location = &self.locations[backend.location];
        let (at, is_sure) = match location.arriving.decide(&self.filters, &packet, |_, _| {}) {
            Passage::Passes => return None,
            Passage::Stopped(at) => (at, true),
            Passage::Unsure(at) => (at, false),
        };
        let (why, item) = self.gate_cause(location.arriving.list.get(at)?, &packet, is_sure);
        let reason = if is_sure { Reason::NoHealthyBackend } else { why.reason };
        let text = format!("the probe of {} from {}: {}", location.name, probe.source, why.text);
        let mut rules = vec![Rule(214), Rule(416), Rule(588)];
        rules.extend(why.rules.into_iter().filter(|it| !matches!(it, Rule(214 | 416))));
        Some((probe, Cause { reason, text: text.into(), evidence: None, rules }, item))
    }
}
