//! Names in the place of service tags that are none (R207).

use super::Remarks;
use crate::azure::{
    FirewallAddress, FirewallRule, FirewallRuleKind, Network, Origin, RouteDestination,
    RuleAddress, RuleMatch, ServiceTags,
};
use crate::diag::{Diagnostic, similar};

/// Tags that no file has.
const OWN: [&str; 6] = [
    "VirtualNetwork",
    "Internet",
    "AzureLoadBalancer",
    "AzurePlatformDNS",
    "AzurePlatformIMDS",
    "AzurePlatformLKM",
];

pub(super) fn check(remarks: &mut Remarks<'_>) {
    let network = remarks.network;
    for (written, name, origin) in
        of_rules(network).chain(of_firewalls(network)).chain(of_routes(network))
    {
        if is_unknown(&network.service_tags, name) {
            let text = format!("`{name}`, which {written} names, is no service tag that is known");
            let remark = Diagnostic::warning("unknown-service-tag", text);
            let near = similar(name, OWN.into_iter().chain(ServiceTags::listed()));
            let hint = near.first().map(|near| format!("did you mean `{near}`?"));
            remarks.note(remark.maybe_hint(hint), origin);
        }
    }
}

/// Where Azure's file is given, it has every tag but those that are never in it.
fn is_unknown(tags: &ServiceTags, name: &str) -> bool {
    let plain = name.replace('_', "");
    let is_own = OWN.iter().any(|own| own.eq_ignore_ascii_case(&plain));
    let is_missing = tags.change_number.is_some() && tags.get(name).is_none();
    !is_own && (is_missing || !tags.is_name(name))
}

/// What names a tag, in words, and where.
type Named<'n> = (String, &'n str, &'n Origin);

fn of_rules(network: &Network) -> impl Iterator<Item = Named<'_>> {
    let groups = network.network_security_groups.values().flat_map(|group| {
        let owner = group.meta.name();
        group.rules.iter().map(move |rule| (owner, &*rule.name, &*rule.matches, &rule.origin))
    });
    let admin = network.admin_rule_collections.values().flat_map(|collection| {
        let owner = collection.meta.name();
        collection.rules.iter().map(move |rule| (owner, &*rule.name, &*rule.matches, &rule.origin))
    });
    groups.chain(admin).flat_map(|(owner, rule, matches, origin)| {
        let RuleMatch { sources, destinations, .. } = matches;
        let tags = sources.iter().chain(destinations).filter_map(|entry| match entry {
            RuleAddress::ServiceTag(name) => Some(&**name),
            RuleAddress::Any
            | RuleAddress::Prefix(_)
            | RuleAddress::Range(..)
            | RuleAddress::Group(_)
            | RuleAddress::Unreadable(_) => None,
        });
        tags.map(move |name| (format!("rule `{rule}` of `{owner}`"), name, origin))
    })
}

fn of_firewalls(network: &Network) -> impl Iterator<Item = Named<'_>> {
    let own = network.firewalls.values().map(|it| (it.meta.name(), it.collections.iter()));
    let policies = network
        .firewall_policies
        .values()
        .flat_map(|it| it.groups.iter().map(|group| (it.meta.name(), group.collections.iter())));
    let rules = own.chain(policies).flat_map(|(owner, collections)| {
        collections.flat_map(|it| &it.rules).map(move |rule| (owner, rule))
    });
    rules.flat_map(|(owner, rule)| {
        let entries = rule.sources.iter().chain(destinations(rule));
        let tags = entries.filter_map(|entry| match entry {
            FirewallAddress::ServiceTag(name) => Some(&**name),
            FirewallAddress::Any
            | FirewallAddress::Addresses(_)
            | FirewallAddress::Fqdn(_)
            | FirewallAddress::IpGroup(_)
            | FirewallAddress::Unreadable(_) => None,
        });
        tags.map(move |name| (format!("rule `{}` of `{owner}`", rule.name), name, &rule.origin))
    })
}

fn destinations(rule: &FirewallRule) -> &[FirewallAddress] {
    match &rule.kind {
        FirewallRuleKind::Dnat { destinations, .. }
        | FirewallRuleKind::Network { destinations, .. } => destinations,
        FirewallRuleKind::Application { .. } => &[],
    }
}

fn of_routes(network: &Network) -> impl Iterator<Item = Named<'_>> {
    network.route_tables.values().flat_map(|table| {
        table.routes.iter().filter_map(|route| match &route.destination {
            RouteDestination::ServiceTag(name) => {
                let written = format!("route `{}` of `{}`", route.name, table.meta.name());
                Some((written, &**name, &route.origin))
            }
            RouteDestination::Prefix(_) | RouteDestination::Unreadable(_) => None,
        })
    })
}
