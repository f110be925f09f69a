//! What is not known of floating frontends.

use crate::answer::Reason;
use crate::azure::{Direction, Link, NetworkSecurityGroup, RuleAddress};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Backend, BalancerRule, Cause, Evidence};
use crate::id::Id;

impl Dataplane {
    /// R193: whether the rules of a backend's groups see the frontend as destination, or the backend's own
    /// address, is not documented.
    #[must_use]
    pub fn floating_doubt(&self, rule: &BalancerRule, backend: Backend) -> Cause {
        let named = self.rule_about_destination(backend);
        let named =
            named.unwrap_or_else(|| format!("a rule at {}", self.locations[backend.location].name));
        let text = format!(
            "{named} names a destination, and the load balancer has a floating address: which of the two addresses \
             the rule sees is not documented"
        );
        Cause::new(Reason::NotModelled, text, &[193, 523]).by(rule.evidence)
    }

    /// A rule of a backend's groups that names a destination.
    fn rule_about_destination(&self, backend: Backend) -> Option<String> {
        let Some(Evidence::NetworkInterface(nic)) = self.locations[backend.location].evidence
        else {
            return None;
        };
        let nic = &self.network.network_interfaces[nic];
        let parts = nic.ip_configurations.iter().map(|&id| &self.network.ip_configurations[id]);
        let subnets = parts.filter_map(|part| part.subnet?.known());
        let of_subnets =
            subnets.filter_map(|subnet| self.network.subnets[subnet].network_security_group);
        let mut groups = of_subnets.chain(nic.network_security_group).filter_map(Link::known);
        let (group, named) =
            groups.find_map(|group| Some((group, self.rule_with_destination(group)?)))?;
        let group = self.network.network_security_groups[group].meta.name();
        Some(format!("rule {named} of {group}"))
    }

    fn rule_with_destination(&self, group: Id<NetworkSecurityGroup>) -> Option<&str> {
        let rules = &self.network.network_security_groups[group].rules;
        let found = rules.iter().find(|rule| {
            let is_any = |it: &RuleAddress| matches!(it, RuleAddress::Any);
            rule.direction == Direction::Inbound && !rule.matches.destinations.iter().all(is_any)
        });
        found.map(|rule| &*rule.name)
    }
}
