//! Hops and steps in words.

use crate::answer::{Assumption, Holds, Hop, HopKind, Outcome, Rule, Step, StepKind};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{
    At, Backend, BalancerRule, Cause, Crossing, Encapsulation, Exit, ForwardingKind, Location,
    OneOf, Stop, StopAt,
};
use crate::id::Id;
use crate::net::{AddressSet, Flow};

impl Dataplane {
    /// A hop without steps.
    #[must_use]
    pub fn hop(&self, at: At, flow: Flow) -> Hop {
        let (name, kind, evidence) = match at {
            At::Location(id) => {
                let location = &self.locations[id];
                (&location.name, location.kind, location.evidence)
            }
            At::Balancer(id) => {
                let balancer = &self.balancers[id];
                (&balancer.name, HopKind::LoadBalancer, Some(balancer.evidence))
            }
            At::Entry(id) => {
                let entry = &self.entries[id];
                (&entry.name, HopKind::PublicAddress, Some(entry.evidence))
            }
        };
        let resource = evidence.and_then(|evidence| self.item(evidence).resource);
        Hop { at: name.to_string(), kind, resource, flow, steps: Vec::new() }
    }

    /// The location that keeps the flow records of `at`.
    #[must_use]
    pub fn device(&self, at: Id<Location>) -> Id<Location> {
        self.locations[at].forwarding.device.unwrap_or(at)
    }

    /// What the scenario says of an assumption.
    #[must_use]
    pub fn holds(&self, assumption: Assumption) -> Holds {
        self.network.holds(assumption)
    }

    /// Every address that a machine on the Internet may have: what the platform counts as the
    /// Internet's (R201) without the platform's own.
    #[must_use]
    pub const fn public_space(&self) -> &AddressSet {
        &self.public_space
    }

    /// Every address that a machine on the Internet may have of which nobody knows it: none that the input gives
    /// to a host, a site or a public address (R119).
    #[must_use]
    pub const fn strangers(&self) -> &AddressSet {
        &self.strangers
    }

    /// The addresses of which one is meant.
    #[must_use]
    pub fn one_of(&self, which: OneOf) -> &AddressSet {
        let OneOf::Instances(at) = which else { return &self.strangers };
        if let Some(instances) = &self.locations[at].instances {
            return instances;
        }
        match &self.locations[at].forwarding.kind {
            ForwardingKind::Firewall(firewall) => &firewall.instances,
            ForwardingKind::Refuse(_)
            | ForwardingKind::Unsure(_)
            | ForwardingKind::Router
            | ForwardingKind::Stateful
            | ForwardingKind::Translate { .. } => &self.strangers,
        }
    }

    /// What rules mean by the tag `Internet` (R201): of the Internet's addresses it leaves some out.
    #[must_use]
    pub fn internet_tag(&self) -> AddressSet {
        crate::dataplane::security::internet_tag(self.profile())
    }

    /// A next stop in words, one of `ways`.
    #[must_use]
    pub fn stop_words(&self, stop: Stop, ways: usize) -> String {
        let name = match stop.at {
            StopAt::Location(id) => &*self.locations[id].name,
            StopAt::Balancer(id) => &*self.balancers[id].name,
            StopAt::Nobody(_) => "nobody",
        };
        format!("next hop {name}, one of {ways}")
    }

    /// The step of crossing a peering.
    #[must_use]
    pub fn crossing_step(&self, crossing: &Crossing) -> Step {
        Step {
            kind: StepKind::Crossing,
            outcome: Outcome::Passed,
            text: crossing.name.to_string(),
            decided_by: crossing.evidence.map(|evidence| self.item(evidence)),
            runner_up: None,
            flow_after: None,
            flow_outer: None,
            rules: crossing.rules.clone(),
        }
    }

    /// The step of entering a tunnel.
    #[must_use]
    pub fn encapsulation_step(&self, tunnel: &Encapsulation) -> Step {
        Step {
            kind: StepKind::Hand,
            outcome: Outcome::Passed,
            text: tunnel.text.to_string(),
            decided_by: Some(self.item(tunnel.evidence)),
            runner_up: None,
            flow_after: None,
            flow_outer: tunnel.outer,
            rules: tunnel.rules.clone(),
        }
    }

    /// The step of a translation towards the Internet.
    #[must_use]
    pub fn exit_step(&self, exit: &Exit, after: Flow) -> Step {
        let is_known = !matches!(&exit.kind, crate::dataplane::graph::ExitKind::Translate(pool) if pool.is_empty());
        let note = if is_known { "" } else { " (a public address that is not known, shown so)" };
        Step {
            kind: StepKind::Translate,
            outcome: Outcome::Passed,
            text: format!("{} translates the source to {}{note}", exit.name, after.source),
            decided_by: exit.evidence.map(|evidence| self.item(evidence)),
            runner_up: None,
            flow_after: Some(after),
            flow_outer: None,
            rules: exit.rules.clone(),
        }
    }

    /// The step of choosing a backend.
    #[must_use]
    pub fn balance_step(&self, rule: &BalancerRule, backend: Backend) -> Step {
        Step {
            kind: StepKind::Balance,
            outcome: Outcome::Passed,
            text: format!("to {} ({})", self.locations[backend.location].name, backend.address),
            decided_by: Some(self.item(rule.evidence)),
            runner_up: None,
            flow_after: None,
            flow_outer: None,
            rules: vec![Rule(415), Rule(416)],
        }
    }

    /// A cause for walks that record nothing.
    #[must_use]
    pub fn some_cause(&self) -> &Cause {
        &self.causes[self.unnamed_cause]
    }
}
