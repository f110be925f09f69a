//! Services that private endpoints and service endpoints stand for: storage accounts, vaults,
//! databases, registries and the like.

use crate::azure::{Link, ServiceTarget, Subnet};
use crate::net::{AddressSet, DnsName};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use ipnet::IpNet;
use std::net::IpAddr;

/// Where the names of a service stand: URLs, host names, or objects that hold them.
const NAMES: [&str; 11] = [
    "primaryEndpoints",
    "secondaryEndpoints",
    "vaultUri",
    "fullyQualifiedDomainName",
    "documentEndpoint",
    "loginServer",
    "defaultHostName",
    "serviceBusEndpoint",
    "hostName",
    "endpoint",
    "names",
];

/// Reads a service with its own firewall (R295, R430).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ServiceTarget {
    let resource_type =
        fields.boxed("type").or_else(|| fields.id().resource_type().map(Into::into));
    let public = fields.find("publicNetworkAccess");
    let is_disabled =
        public.and_then(|spot| spot.written()).is_some_and(|t| t.eq_ignore_ascii_case("Disabled"));
    ServiceTarget {
        meta: fields.meta(),
        resource_type: resource_type.unwrap_or_default(),
        names: names(fields),
        has_public_access: !is_disabled,
        denies_by_default: denies_by_default(fields),
        allowed_prefixes: allowed_prefixes(fields),
        allowed_subnets: allowed_subnets(fields),
    }
}

fn names(fields: &Fields<'_>) -> Vec<DnsName> {
    let mut found = Vec::new();
    for spot in NAMES.iter().filter_map(|name| fields.find(name)) {
        collect(&spot, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn collect(spot: &Spot<'_>, found: &mut Vec<DnsName>) {
    if let Some(text) = spot.node.as_text() {
        found.extend(host(text).filter(|name| name.labels() > 1));
    }
    spot.members().iter().for_each(|(_, member)| collect(member, found));
    if spot.node.is_list() {
        spot.elements().for_each(|element| collect(&element, found));
    }
}

/// The host of a URL, or the text itself.
fn host(text: &str) -> Option<DnsName> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    DnsName::parse(rest.split(['/', ':', '?']).next()?)
}

/// Storage and vaults say it; databases deny what their rules do not name.
fn denies_by_default(fields: &Fields<'_>) -> bool {
    let words = [("Deny", true), ("Allow", false)];
    let lists = ["networkAcls/defaultAction", "networkRuleSet/defaultAction"];
    let said = lists.iter().find_map(|name| fields.one_of(name, &words));
    let is_database =
        fields.has("isVirtualNetworkFilterEnabled") || fields.has("fullyQualifiedDomainName");
    said.unwrap_or_else(|| {
        let filters =
            fields.is("isVirtualNetworkFilterEnabled") || !fields.list("ipRules").is_empty();
        let has_rules = !fields.parts("firewallRules").is_empty()
            || !fields.parts("virtualNetworkRules").is_empty();
        filters || (is_database && has_rules)
    })
}

/// Prefixes of the rules, whatever the service calls them.
fn allowed_prefixes(fields: &Fields<'_>) -> Vec<IpNet> {
    let mut set = AddressSet::default();
    for rule in fields.lists(&["networkAcls/ipRules", "networkRuleSet/ipRules", "ipRules"]) {
        let written = match rule.node.as_text() {
            Some(_) => Some(rule),
            None => {
                let rule = rule.fields();
                ["value", "ipAddressOrRange", "ipMask"].iter().find_map(|name| rule.find(name))
            }
        };
        set = written
            .and_then(|spot| spot.address_set())
            .map_or(set.clone(), |more| set.union(&more));
    }
    for (_, rule) in fields.parts("firewallRules") {
        let ends: Option<(IpAddr, IpAddr)> =
            rule.address("startIpAddress").zip(rule.address("endIpAddress"));
        let range = ends.and_then(|(first, last)| AddressSet::range(first, last));
        set = range.map_or(set.clone(), |more| set.union(&more));
    }
    set.prefixes()
}

fn allowed_subnets(fields: &Fields<'_>) -> Vec<Link<Subnet>> {
    let inline =
        fields.lists(&["networkAcls/virtualNetworkRules", "networkRuleSet/virtualNetworkRules"]);
    let inline = inline.into_iter().filter_map(|spot| match spot.node.as_text() {
        Some(_) => spot.link(),
        None => subnet_of(&spot.fields()),
    });
    let parts = fields.parts("virtualNetworkRules");
    inline.chain(parts.iter().filter_map(|(_, rule)| subnet_of(rule))).collect()
}

/// The subnet of a rule: its id, or the member that databases have.
fn subnet_of(rule: &Fields<'_>) -> Option<Link<Subnet>> {
    let named = rule.link("virtualNetworkSubnetId").or_else(|| rule.link("subnet"));
    named.or_else(|| rule.link("id"))
}
