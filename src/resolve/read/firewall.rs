//! `Microsoft.Network/azureFirewalls`.

use super::firewall_policy::{denies_by_threat_intelligence, private_ranges};
use super::firewall_rule::{self as rule, Holds};
use super::gateway_parts as parts;
use crate::azure::{Firewall, FirewallPolicy, Link, RuleCollection};
use crate::resolve::fields::Fields;
use std::net::IpAddr;

/// Reads a firewall, with the rules of one that has no policy.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> Firewall {
    let in_hub = fields.address("hubIPAddresses/privateIPAddress");
    let tier = fields.boxed("sku/tier");
    let hub = fields.link("virtualHub");
    Firewall {
        meta: fields.meta(),
        tier: tier.unwrap_or_else(|| "Standard".into()),
        subnet: if hub.is_some() { None } else { parts::subnet(fields, "AzureFirewallSubnet") },
        hub,
        private_ip_address: parts::private_addresses(fields).into_iter().next().or(in_hub),
        public_ip_addresses: parts::public_addresses(fields),
        has_management_interface: fields.has("managementIpConfiguration"),
        management_public_ip_address: fields
            .object("managementIpConfiguration")
            .and_then(|part| part.link("publicIPAddress")),
        policy: fields.link("firewallPolicy").or_else(|| unknown_rules(fields)),
        collections: collections(fields),
        snat_private_ranges: private_ranges(
            fields,
            "additionalProperties/Network.SNAT.PrivateRanges",
        ),
        has_dns_proxy: fields.is("additionalProperties/Network.DNS.EnableProxy"),
        dns_servers: dns_servers(fields),
        denies_by_threat_intelligence: denies_by_threat_intelligence(fields),
    }
}

const LISTS: [(&str, Holds); 3] = [
    ("natRuleCollections", Holds::Nat),
    ("networkRuleCollections", Holds::Network),
    ("applicationRuleCollections", Holds::Application),
];

/// Rules of its own that are not known are as good as a policy that is not known.
fn unknown_rules(fields: &Fields<'_>) -> Option<Link<FirewallPolicy>> {
    let mut all = LISTS.iter().flat_map(|(name, _)| fields.list(name));
    let unknown = all.find(|it| it.node.is_unknown())?;
    fields.scope().in_model(|| unknown.link())
}

/// Rule collections of the firewall itself, in the order of priority.
fn collections(fields: &Fields<'_>) -> Vec<RuleCollection> {
    let mut collections = Vec::new();
    for (name, holds) in LISTS {
        for entry in fields.list(name).into_iter().filter(|it| !it.node.is_unknown()) {
            let entry = entry.fields();
            collections.extend(rule::collections(&entry.name(), &entry, holds));
        }
    }
    collections.sort_by(|a, b| (a.priority, &a.name).cmp(&(b.priority, &b.name)));
    collections
}

/// A text with commas.
fn dns_servers(fields: &Fields<'_>) -> Vec<IpAddr> {
    let text = fields.text("additionalProperties/Network.DNS.Servers").unwrap_or_default();
    text.split(',').filter_map(|address| address.trim().parse().ok()).collect()
}
