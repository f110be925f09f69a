//! `Microsoft.Network/firewallPolicies` with rule collection groups.

use super::firewall_rule::{self as rule, Holds};
use crate::azure::{FirewallPolicy, RuleCollection, RuleCollectionGroup};
use crate::net::{AddressSet, IpNet};
use crate::resolve::fields::Fields;
use crate::resolve::text;

/// Reads a policy.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> FirewallPolicy {
    let groups = fields.parts("ruleCollectionGroups");
    let (unknown, groups): (Vec<_>, Vec<_>) =
        groups.iter().partition(|(_, group)| group.itself().node.is_unknown());
    let mut groups: Vec<RuleCollectionGroup> =
        groups.into_iter().map(|(name, group)| read_group(name, group)).collect();
    groups.sort_by(|a, b| (a.priority, &a.name).cmp(&(b.priority, &b.name)));
    FirewallPolicy {
        meta: fields.meta(),
        // Groups that are not known may come before all others, as those of a parent that is not known do.
        base_policy: fields
            .scope()
            .in_model(|| unknown.first().and_then(|(_, group)| group.itself().link()))
            .or_else(|| fields.link("basePolicy")),
        groups,
        snat_private_ranges: private_ranges(fields, "snat/privateRanges"),
        has_dns_proxy: fields.is("dnsSettings/enableProxy"),
        dns_servers: fields.addresses("dnsSettings/servers"),
        denies_by_threat_intelligence: denies_by_threat_intelligence(fields),
    }
}

/// Reads `threatIntelMode` (R396).
pub(super) fn denies_by_threat_intelligence(fields: &Fields<'_>) -> bool {
    fields.text("threatIntelMode").is_some_and(|mode| mode.eq_ignore_ascii_case("Deny"))
}

/// Reads a group; one that is only referred to may hold anything.
fn read_group(name: &str, fields: &Fields<'_>) -> RuleCollectionGroup {
    if !fields.has("ruleCollections") && !fields.has("priority") {
        fields.absent("ruleCollections");
        let collections = rule::unknown_collections(name, fields);
        return RuleCollectionGroup { name: name.into(), priority: 0, collections };
    }
    let collections = fields.list("ruleCollections").into_iter();
    let mut collections: Vec<RuleCollection> =
        collections.flat_map(|entry| read_collection(&entry.fields())).collect();
    collections.sort_by(|a, b| (a.priority, &a.name).cmp(&(b.priority, &b.name)));
    let priority = fields.number("priority").unwrap_or(0);
    RuleCollectionGroup { name: name.into(), priority, collections }
}

fn read_collection(fields: &Fields<'_>) -> Vec<RuleCollection> {
    let words = [
        ("FirewallPolicyFilterRuleCollection", Holds::Either),
        ("FirewallPolicyNatRuleCollection", Holds::Nat),
    ];
    let holds = fields.one_of("ruleCollectionType", &words).unwrap_or(Holds::Either);
    rule::collections(&fields.name(), fields, holds)
}

/// Ranges that keep their private source (R401, R402): a list, or a text with commas, in which
/// `IANAPrivateRanges` stands for the default.
pub(super) fn private_ranges(fields: &Fields<'_>, name: &str) -> Option<AddressSet> {
    let written = fields.find(name)?;
    let mut set = AddressSet::default();
    for spot in written.elements() {
        for entry in spot.written().unwrap_or_default().split(',').map(str::trim) {
            let more = match entry.eq_ignore_ascii_case("IANAPrivateRanges") {
                true => Some(iana_private_ranges()),
                false => text::address_set(entry),
            };
            match more {
                Some(more) => set = set.union(&more),
                None => spot.complain("a range of addresses or `IANAPrivateRanges`"),
            }
        }
    }
    Some(set)
}

/// RFC 1918 and RFC 6598 (R401).
fn iana_private_ranges() -> AddressSet {
    let ranges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
    ranges.iter().filter_map(|range| range.parse::<IpNet>().ok()).collect()
}
