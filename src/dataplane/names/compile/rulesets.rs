//! Forwarding rulesets (R266-R273).

use super::Compiler;
use crate::answer::{Item, ItemKind};
use crate::azure::{self, ForwardingRule as Rule, Link};
use crate::dataplane::names::{At, ForwardingRule, Position, Ruleset};
use crate::net::DnsName;
use std::collections::BTreeMap;

impl Compiler<'_> {
    pub(super) fn add_rulesets(&mut self) {
        for ruleset in self.network.forwarding_rulesets.values() {
            let compiled = Ruleset {
                name: ruleset.meta.name().into(),
                rules: self.rules_of(ruleset),
                sources: self.sources(ruleset),
            };
            let id = self.names.rulesets.push(compiled);
            for network in ruleset.networks.iter().filter_map(|link| link.known()) {
                let Some(view) = self.view(network) else { continue };
                let linked = &mut self.names.views[view].rulesets;
                if !linked.contains(&id) {
                    linked.push(id);
                }
            }
        }
    }

    fn rules_of(
        &mut self,
        ruleset: &azure::ForwardingRuleset,
    ) -> BTreeMap<DnsName, ForwardingRule> {
        let mut rules = BTreeMap::new();
        for rule in ruleset.rules.iter().filter(|rule| rule.is_enabled) {
            let item = self.rule_item(ruleset, rule);
            let domain = rule.domain.clone();
            let compiled =
                ForwardingRule { domain: domain.clone(), targets: rule.targets.clone(), item };
            rules.entry(domain).or_insert(compiled);
        }
        rules
    }

    fn rule_item(&self, ruleset: &azure::ForwardingRuleset, rule: &Rule) -> Item {
        let name = format!("{}/{}", ruleset.meta.name(), rule.name);
        self.part(ItemKind::ForwardingRule, &name, &ruleset.meta.id, &rule.origin)
    }

    /// Where forwarded queries leave: the subnets of the outbound endpoints (R275).
    fn sources(&self, ruleset: &azure::ForwardingRuleset) -> Result<Vec<Position>, String> {
        let endpoints = ruleset.outbound_endpoints.iter().copied().filter_map(Link::known);
        let placed = endpoints.filter_map(|id| {
            let network = self.network_of(self.network.outbound_endpoints[id].subnet)?;
            Some(Self::inside(At::OutboundEndpoint(id), network, None))
        });
        let placed: Vec<Position> = placed.collect();
        let name = ruleset.meta.name();
        match placed.is_empty() {
            true => Err(format!("no outbound endpoint of ruleset {name} is in the input")),
            false => Ok(placed),
        }
    }
}
