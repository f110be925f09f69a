//! `Microsoft.Network/networkSecurityGroups`.

use super::security_rule;
use crate::azure::{Access, NetworkSecurityGroup, SecurityRule};
use crate::resolve::draft::{Draft, share};
use crate::resolve::fields::Fields;
use std::sync::Arc;

/// Reads a group with its own rules; the default ones are implied (R177).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> NetworkSecurityGroup {
    let mut rules: Vec<SecurityRule> = fields.scope().in_model(|| {
        let rules = fields.parts("securityRules");
        rules.iter().flat_map(|(name, rule)| read_rule(name, rule)).collect()
    });
    rules.sort_by(|a, b| {
        (a.direction, a.priority, &a.name).cmp(&(b.direction, b.priority, &b.name))
    });
    NetworkSecurityGroup { meta: fields.meta(), rules }
}

/// Puts a group into the network. What its rules have in common with those of others is shared: groups
/// are made after few patterns.
pub(in crate::resolve) fn put(mut group: NetworkSecurityGroup, draft: &mut Draft) {
    for rule in &mut group.rules {
        rule.name = share(&mut draft.names, &rule.name);
        rule.matches = share(&mut draft.matches, &rule.matches);
    }
    draft.network.network_security_groups.push(group);
}

/// Reads a rule. Where its direction, access or priority cannot be read it stands for every one
/// possible, first of all and matching *maybe*: so it can only make an answer unknown.
fn read_rule(name: &str, fields: &Fields<'_>) -> Vec<SecurityRule> {
    let directions = security_rule::directions(fields);
    let accesses = security_rule::choices(
        fields,
        "access",
        &[Access::Allow, Access::Deny].map(|access| (access.as_arm(), access)),
    );
    let priority = security_rule::priority(fields);
    let mut matches = security_rule::matches(fields, security_rule::Unsaid::Unknown);
    if directions.len() > 1 || accesses.len() > 1 || priority.is_none() {
        security_rule::doubt(&mut matches, security_rule::why_not(fields));
    }
    let matches = Arc::new(matches);
    let description = fields.find("description").and_then(|it| it.node.as_text());
    let description = description.filter(|it| !it.is_empty());
    let pairs = directions.iter().flat_map(|&d| accesses.iter().map(move |&a| (d, a)));
    let rule = |(direction, access)| SecurityRule {
        name: name.into(),
        priority: priority.unwrap_or(0),
        direction,
        access,
        matches: Arc::clone(&matches),
        description: description.map(Into::into),
        origin: fields.origin(),
    };
    pairs.map(rule).collect()
}
