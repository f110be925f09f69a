//! `wide-service-tag`: a tag that holds more than its name says.

use crate::answer::Rule;
use crate::azure::{Access, Direction, NetworkSecurityGroup, RuleAddress, SecurityRule};
use crate::dataplane::Dataplane;
use crate::dataplane::security::Tag;
use crate::diag::Severity;
use crate::question::inventory::{Found, Kind};

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "wide-service-tag",
    severity: Severity::Warning,
    rules: &[Rule(201), Rule(205)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let groups = plane.network().network_security_groups.values();
    let each = groups.flat_map(|group| {
        let rules = group.rules.iter();
        rules.filter_map(move |rule| Some(of_rule(group, rule, says(group, rule)?)))
    });
    each.collect()
}

fn of_rule(
    group: &NetworkSecurityGroup,
    rule: &SecurityRule,
    (text, hint): (String, &str),
) -> Found {
    Found {
        resource: group.meta.id.clone(),
        text: format!("rule {} ({}) {text}", rule.name, rule.priority),
        hint: hint.to_owned(),
        origin: Some(rule.origin.clone()),
    }
}

fn says(group: &NetworkSecurityGroup, rule: &SecurityRule) -> Option<(String, &'static str)> {
    match (rule.direction, rule.access) {
        (Direction::Inbound, Access::Allow) => cloud(&rule.matches.sources),
        (Direction::Outbound, Access::Deny) => internet(group, rule),
        (Direction::Inbound, Access::Deny) | (Direction::Outbound, Access::Allow) => None,
    }
}

/// R205: the machines of all customers have addresses of `AzureCloud`.
fn cloud(sources: &[RuleAddress]) -> Option<(String, &'static str)> {
    let name = sources.iter().find_map(|entry| match entry {
        RuleAddress::ServiceTag(name) => is_cloud(name).then_some(name),
        RuleAddress::Any
        | RuleAddress::Prefix(_)
        | RuleAddress::Range(..)
        | RuleAddress::Group(_)
        | RuleAddress::Unreadable(_) => None,
    })?;
    let of = match name.split_once('.') {
        Some((_, region)) => format!("datacentres in {region}"),
        None => "datacentres".to_owned(),
    };
    let text = format!(
        "allows {name}, which is every public address of Azure's {of}: machines of any customer, \
         and not your own networks"
    );
    Some((text, "name the service that is meant, such as AzureDevOps or ApiManagement"))
}

fn is_cloud(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "azurecloud" || name.starts_with("azurecloud.")
}

/// R201: Azure's own public addresses are a part of `Internet`.
fn internet(group: &NetworkSecurityGroup, rule: &SecurityRule) -> Option<(String, &'static str)> {
    let is_internet = |entry: &RuleAddress| matches!(entry, RuleAddress::ServiceTag(name) if Tag::named(name) == Tag::Internet);
    let is_service = |entry: &RuleAddress| matches!(entry, RuleAddress::ServiceTag(name) if matches!(Tag::named(name), Tag::Listed(_)));
    let is_kept = group.rules.iter().take_while(|earlier| *earlier != rule).any(|earlier| {
        earlier.direction == rule.direction
            && earlier.access == Access::Allow
            && earlier.matches.destinations.iter().any(is_service)
    });
    if is_kept || !rule.matches.destinations.iter().any(is_internet) {
        return None;
    }
    let text =
        "denies Internet, which holds Azure's own public addresses too: no earlier rule lets \
                machines reach a service of Azure, such as storage or sign-in"
            .to_owned();
    Some((text, "allow the tags of the services that are needed in front of it"))
}
