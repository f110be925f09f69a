//! Services that private endpoints and service endpoints stand for: storage accounts, vaults,
//! databases, registries and the like.

use crate::azure::{
    Link, OthersAre, PublicNetworkAccess, ServiceTarget, Subnet, Switch, is_database,
};
use crate::net::{AddressSet, DnsName};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use crate::resolve::text;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};

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

/// Where the rules of a service stand, whatever it calls them.
const RULES: [&str; 7] = [
    "networkAcls",
    "networkRuleSet",
    "ipRules",
    "ipRangeFilter",
    "firewallRules",
    "virtualNetworkRules",
    "siteConfig/ipSecurityRestrictions",
];

/// Services whose rules are the part `networkRuleSets/default` (R582).
const NAMESPACES: [&str; 3] = [
    "microsoft.eventhub/namespaces",
    "microsoft.relay/namespaces",
    "microsoft.servicebus/namespaces",
];

/// Reads a service with its own firewall (R295, R430).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ServiceTarget {
    let resource_type =
        fields.boxed("type").or_else(|| fields.id().resource_type().map(Into::into));
    let sets = fields.parts("networkRuleSets");
    let set = sets.first().map(|(_, set)| set);
    let (addresses, allows_azure) = allowed(fields, set);
    let access = public_access(fields).or_else(|| public_access(set?));
    let rules = RULES.iter().find_map(|name| fields.find(name));
    let rules = rules.or_else(|| set?.find("defaultAction"));
    ServiceTarget {
        meta: fields.meta(),
        resource_type: resource_type.unwrap_or_default(),
        subnet: fields.link("network/delegatedSubnetResourceId"),
        // Where they are not known yet, those that its type has: it stands where it stands whatever its names are.
        names: fields.scope().in_model(|| names(fields)),
        stand_in: None,
        public_access: access.as_ref().map_or_else(Default::default, |&(access, _)| access),
        public_access_origin: access.map(|(_, spot)| spot.origin()),
        others: others(fields, set),
        rules_origin: rules.map(|spot| spot.origin()),
        allowed_prefixes: addresses.prefixes(),
        allows_azure,
        allowed_subnets: allowed_subnets(fields, set),
        takes_http: takes_http(fields),
        takes_sftp: switch(fields, "isSftpEnabled").unwrap_or_default(),
    }
}

/// From this version of the API on new storage accounts require secure transfer.
const SECURE_BY_DEFAULT: &str = "2019-04-01";

/// "The default value is true since API version 2019-04-01" (R585).
fn takes_http(fields: &Fields<'_>) -> Switch {
    let is_older = || {
        let version = fields.scope().in_model(|| fields.text("apiVersion"));
        version.is_some_and(|version| version < SECURE_BY_DEFAULT)
    };
    match switch(fields, "supportsHttpsTrafficOnly") {
        Some(Switch::On) => Switch::Off,
        Some(Switch::Off) => Switch::On,
        Some(Switch::NotTold) => Switch::NotTold,
        None if is_older() => Switch::On,
        None => Switch::Off,
    }
}

/// A flag, where it is written.
fn switch(fields: &Fields<'_>, name: &str) -> Option<Switch> {
    let spot = fields.find(name)?;
    Some(match fields.scope().in_model(|| spot.flag()) {
        Some(true) => Switch::On,
        Some(false) => Switch::Off,
        None => Switch::NotTold,
    })
}

/// Flexible servers have it within `network`.
fn public_access<'a>(fields: &Fields<'a>) -> Option<(PublicNetworkAccess, Spot<'a>)> {
    let words = [
        ("Enabled", PublicNetworkAccess::Enabled),
        ("Disabled", PublicNetworkAccess::Disabled),
        ("SecuredByPerimeter", PublicNetworkAccess::SecuredByPerimeter),
    ];
    let places = ["publicNetworkAccess", "network/publicNetworkAccess"];
    let spot = places.iter().find_map(|name| fields.find(name))?;
    // An App Service that was never asked has an empty one.
    if spot.node.as_text().is_some_and(str::is_empty) {
        return None;
    }
    Some((spot.one_of(&words)?, spot))
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

/// Storage and vaults say it (R582); databases deny what their rules do not name (R583). `set` is the part with
/// the rules of a namespace.
fn others(fields: &Fields<'_>, set: Option<&Fields<'_>>) -> OthersAre {
    let words = [("Deny", OthersAre::Denied), ("Allow", OthersAre::Allowed)];
    let lists = ["networkAcls/defaultAction", "networkRuleSet/defaultAction"];
    let said = lists.iter().find_map(|name| fields.one_of(name, &words));
    if let Some(said) = said.or_else(|| set?.one_of("defaultAction", &words)) {
        return said;
    }
    let resource_type = fields.id().resource_type().unwrap_or_default();
    let is_one_of = |types: &[&str]| types.iter().any(|it| it.eq_ignore_ascii_case(&resource_type));
    if is_database(&resource_type) {
        let rules = ["firewallRules", "virtualNetworkRules"];
        let is_given = rules.iter().any(|it| fields.has(it) || !fields.parts(it).is_empty());
        return if is_given { OthersAre::Denied } else { OthersAre::NotGiven };
    }
    let is_given = set.is_some() || fields.has("networkAcls") || fields.has("networkRuleSet");
    if is_one_of(&NAMESPACES) && !is_given {
        return OthersAre::NotGiven;
    }
    if !fields.list("siteConfig/ipSecurityRestrictions").is_empty() {
        return OthersAre::NotModelled;
    }
    let filters = fields.is("isVirtualNetworkFilterEnabled")
        || !fields.list("ipRules").is_empty()
        || fields.text("ipRangeFilter").is_some_and(|ranges| !ranges.is_empty());
    if filters { OthersAre::Denied } else { OthersAre::Allowed }
}

/// The addresses of the rules, whatever the service calls them, and whether one of them stands for
/// all of Azure.
fn allowed(fields: &Fields<'_>, set: Option<&Fields<'_>>) -> (AddressSet, bool) {
    let own = fields.lists(&["networkAcls/ipRules", "networkRuleSet/ipRules", "ipRules"]);
    let of_set = set.map(|set| set.list("ipRules")).unwrap_or_default();
    let mut rules: Vec<AddressSet> = own.into_iter().chain(of_set).filter_map(ip_rule).collect();
    rules.extend(fields.find("ipRangeFilter").iter().flat_map(range_filter));
    rules.extend(fields.parts("firewallRules").iter().filter_map(|(_, rule)| firewall_rule(rule)));
    without_switch(rules.iter().fold(AddressSet::EMPTY, |all, it| all.union(it)))
}

fn ip_rule(rule: Spot<'_>) -> Option<AddressSet> {
    if rule.node.as_text().is_some() {
        return rule.address_set();
    }
    let rule = rule.fields();
    let names = ["value", "ipAddressOrRange", "ipMask"];
    let Some(value) = names.iter().find_map(|name| rule.find(name)) else {
        rule.absent("value");
        return None;
    };
    value.address_set()
}

fn firewall_rule(rule: &Fields<'_>) -> Option<AddressSet> {
    let [first, last] = ["startIpAddress", "endIpAddress"].map(|name| {
        let end = rule.find(name);
        if end.is_none() {
            rule.absent(name);
        }
        end
    });
    let (first, last) = (first?.address()?, last?);
    let range = AddressSet::range(first, last.address()?);
    if range.is_none() {
        last.complain("an address that does not come before `startIpAddress`");
    }
    range
}

/// What accounts of Cosmos DB had before `ipRules`: one text with commas.
fn range_filter(spot: &Spot<'_>) -> Vec<AddressSet> {
    let written = spot.node.as_text().unwrap_or_default().split(',').map(str::trim);
    let ranges: Vec<_> = written.filter(|range| !range.is_empty()).map(text::address_set).collect();
    if ranges.iter().any(Option::is_none) {
        spot.complain("addresses and prefixes, with commas between them");
    }
    ranges.into_iter().flatten().collect()
}

/// The set without the switch for all of Azure, and whether it was in it.
fn without_switch(set: AddressSet) -> (AddressSet, bool) {
    // R583: the range of this one address is no address, but a switch.
    let switch = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let is_range = set.contains(switch) && set.contains(IpAddr::V4(Ipv4Addr::new(0, 0, 0, 1)));
    let allows_azure = set.contains(switch) && !is_range;
    match allows_azure {
        true => (set.difference(&[IpNet::from(switch)].into_iter().collect()), true),
        false => (set, false),
    }
}

/// The subnets of the rules; none where the account says that its filter is off.
fn allowed_subnets(fields: &Fields<'_>, set: Option<&Fields<'_>>) -> Vec<Link<Subnet>> {
    if fields.flag("isVirtualNetworkFilterEnabled") == Some(false) {
        return Vec::new();
    }
    let own =
        fields.lists(&["networkAcls/virtualNetworkRules", "networkRuleSet/virtualNetworkRules"]);
    let of_set = set.map(|set| set.list("virtualNetworkRules")).unwrap_or_default();
    let inline = own.into_iter().chain(of_set).filter_map(|spot| match spot.node.as_text() {
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
