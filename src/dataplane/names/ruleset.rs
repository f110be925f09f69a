//! DNS forwarding rulesets.

use super::services;
use super::{Names, Position, View};
use crate::answer::{Item, Rule};
use crate::net::DnsName;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A DNS forwarding ruleset (R266).
#[derive(Clone, Debug, PartialEq)]
pub struct Ruleset {
    /// Its name.
    pub name: Box<str>,
    /// The enabled rules by domain.
    pub rules: BTreeMap<DnsName, ForwardingRule>,
    /// The outbound endpoints that queries leave by (R275), or why none is known.
    pub sources: Result<Vec<Position>, String>,
}

/// A rule of a ruleset.
#[derive(Clone, Debug, PartialEq)]
pub struct ForwardingRule {
    /// Names within this domain are forwarded (R268).
    pub domain: DnsName,
    /// Address and port of the servers, tried in order (R271).
    pub targets: Vec<(IpAddr, u16)>,
    /// The rule as evidence.
    pub item: Item,
}

/// What the rulesets of a view say about a name.
#[derive(Clone, Debug)]
pub enum Forwarded<'a> {
    /// This rule decides.
    By(&'a Ruleset, &'a ForwardingRule),
    /// Rules of two rulesets have the same domain.
    Contradiction(&'a ForwardingRule, &'a ForwardingRule),
    /// No rule; a wildcard rule was left out because the name is reserved by that rule of Azure (R269).
    Reserved(&'a ForwardingRule, Rule),
    /// No rule.
    No,
}

impl Ruleset {
    /// The rule with the longest domain that holds `name` (R268).
    #[must_use]
    pub fn rule(&self, name: &DnsName) -> Option<&ForwardingRule> {
        name.and_above().find_map(|above| self.rules.get(&above))
    }
}

impl Names {
    /// What the rulesets that `view` is linked to say about `name` (R267-R269).
    #[must_use]
    pub fn forwarded(&self, view: &View, name: &DnsName) -> Forwarded<'_> {
        let rulesets = view.rulesets.iter().map(|&id| &self.rulesets[id]);
        let matching = rulesets.filter_map(|set| Some((set, set.rule(name)?)));
        let mut matching: Vec<(&Ruleset, &ForwardingRule)> = matching.collect();
        matching.sort_by_key(|(_, rule)| std::cmp::Reverse(rule.domain.labels()));
        let wildcard = matching.first().filter(|(_, rule)| rule.domain.labels() == 0);
        if let Some((&(_, rule), why)) = wildcard.zip(services::reserved(name)) {
            return Forwarded::Reserved(rule, why);
        }
        match matching.as_slice() {
            [] => Forwarded::No,
            [(_, a), (_, b), ..] if a.domain == b.domain && a.targets != b.targets => {
                Forwarded::Contradiction(a, b)
            }
            [(set, rule), ..] => Forwarded::By(set, rule),
        }
    }
}
