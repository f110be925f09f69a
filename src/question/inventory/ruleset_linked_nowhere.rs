//! `ruleset-linked-nowhere`: a DNS forwarding ruleset that no network uses.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::attached::perhaps;
use crate::azure::{ForwardingRuleset, Network};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "ruleset-linked-nowhere",
    severity: Severity::Warning,
    rules: &[Rule(266), Rule(267)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let perhaps = perhaps(network);
    let rulesets = network.forwarding_rulesets.values();
    let unlinked = rulesets.filter(|it| {
        it.networks.is_empty()
            && !perhaps.contains(&it.meta.id)
            && network.unknown_within(&it.meta.origin).is_none()
    });
    let found = |ruleset: &ForwardingRuleset| {
        let hint = if ruleset.rules.is_empty() {
            "link it, or export its links: a plain list of resources lacks them"
        } else {
            "link it to the networks whose questions it should forward"
        };
        Found {
            resource: ruleset.meta.id.clone(),
            text: format!("no virtual network uses the forwarding ruleset {}", ruleset.meta.name()),
            hint: hint.to_owned(),
            origin: Some(ruleset.meta.origin.clone()),
        }
    };
    unlinked.map(found).collect()
}
