//! `Microsoft.Network/dnsForwardingRulesets` with rules and links.

use crate::azure::{ForwardingRule, ForwardingRuleset, Link, VirtualNetwork};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use std::net::IpAddr;

/// The port of DNS.
const DNS: u16 = 53;

/// Reads a ruleset (R266, R268).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ForwardingRuleset {
    let rules = fields.parts("forwardingRules");
    let mut rules: Vec<ForwardingRule> =
        rules.iter().filter_map(|(name, rule)| read_rule(name, rule)).collect();
    rules.sort_by(|a, b| a.domain.cmp(&b.domain));
    let mut outbound_endpoints = fields.links("dnsResolverOutboundEndpoints");
    outbound_endpoints.extend(fields.links("outboundEndpoints"));
    let networks = fields.parts("virtualNetworkLinks");
    ForwardingRuleset {
        meta: fields.meta(),
        outbound_endpoints,
        rules,
        networks: networks.iter().filter_map(|(_, link)| linked_network(link)).collect(),
    }
}

fn read_rule(name: &str, fields: &Fields<'_>) -> Option<ForwardingRule> {
    if !fields.has("domainName") {
        fields.absent("domainName");
    }
    let targets = fields.list("targetDnsServers");
    Some(ForwardingRule {
        name: name.into(),
        domain: fields.dns_name("domainName")?,
        targets: targets.iter().filter_map(target).collect(),
        is_enabled: fields
            .one_of("forwardingRuleState", &[("Enabled", true), ("Disabled", false)])
            .unwrap_or(true),
        origin: fields.origin(),
    })
}

/// `{ipAddress, port}`, or just the address.
fn target(spot: &Spot<'_>) -> Option<(IpAddr, u16)> {
    if spot.node.as_text().is_some() {
        return spot.address().map(|address| (address, DNS));
    }
    let fields = spot.fields();
    Some((fields.address("ipAddress")?, fields.number("port").unwrap_or(DNS)))
}

/// The network of a link: an object with `virtualNetwork`, or just the reference.
fn linked_network(link: &Fields<'_>) -> Option<Link<VirtualNetwork>> {
    match link.itself().node.as_text() {
        Some(_) => link.itself().link(),
        None => Some(link.required_link("virtualNetwork")),
    }
}
