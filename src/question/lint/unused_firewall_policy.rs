//! `unused-firewall-policy`: a policy that no firewall obeys.

use crate::answer::Rule;
use crate::azure::{FirewallPolicy, Link, attached};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::id::Id;
use crate::question::inventory::{Found, Kind};
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Dataplane> =
    Kind { code: "unused-firewall-policy", severity: Severity::Note, rules: &[Rule(397)], find };

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    if network.firewalls.is_empty() {
        return Vec::new(); // Nothing that could have a policy was exported.
    }
    let own = network.firewalls.values().filter_map(|firewall| firewall.policy);
    let parents = network.firewall_policies.values().filter_map(|policy| policy.base_policy);
    let used: BTreeSet<Id<FirewallPolicy>> = own.chain(parents).filter_map(Link::known).collect();
    let perhaps = attached::perhaps(network);
    let policies = network.firewall_policies.iter();
    let unused = policies.filter(|(id, p)| !used.contains(id) && !perhaps.contains(&p.meta.id));
    let found = |(_, policy): (_, &FirewallPolicy)| Found {
        resource: policy.meta.id.clone(),
        text: format!("no firewall and no other policy has the policy {}", policy.meta.name()),
        hint: "attach it, or delete it".to_owned(),
        origin: Some(policy.meta.origin.clone()),
    };
    unused.map(found).collect()
}
