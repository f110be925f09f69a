//! The rules that every network security group has behind its own.

use crate::azure::{Access, Direction, RuleAddress, RuleMatch};
use crate::net::{PortRange, Protocol, ProtocolSet};
use std::sync::LazyLock;

/// A default rule.
#[derive(Debug)]
pub struct DefaultRule {
    /// Its name, as Azure spells it.
    pub name: &'static str,
    /// 65000, 65001 or 65500.
    pub priority: u16,
    /// What happens.
    pub access: Access,
    /// What it is for.
    pub matches: RuleMatch,
}

static INBOUND: LazyLock<[DefaultRule; 3]> = LazyLock::new(|| {
    let network = || tag("VirtualNetwork");
    [
        rule("AllowVnetInBound", 65000, Access::Allow, (network(), network())),
        rule(
            "AllowAzureLoadBalancerInBound",
            65001,
            Access::Allow,
            (tag("AzureLoadBalancer"), ANY),
        ),
        rule("DenyAllInBound", 65500, Access::Deny, (ANY, ANY)),
    ]
});

static OUTBOUND: LazyLock<[DefaultRule; 3]> = LazyLock::new(|| {
    let network = || tag("VirtualNetwork");
    [
        rule("AllowVnetOutBound", 65000, Access::Allow, (network(), network())),
        rule("AllowInternetOutBound", 65001, Access::Allow, (ANY, tag("Internet"))),
        rule("DenyAllOutBound", 65500, Access::Deny, (ANY, ANY)),
    ]
});

/// The default rules of one direction, in order.
///
/// Source: R177; the spelling is that of the recordings.
#[must_use]
pub fn default_rules(direction: Direction) -> &'static [DefaultRule] {
    match direction {
        Direction::Inbound => &*INBOUND,
        Direction::Outbound => &*OUTBOUND,
    }
}

const ANY: RuleAddress = RuleAddress::Any;

fn tag(name: &str) -> RuleAddress {
    RuleAddress::ServiceTag(name.into())
}

fn rule(
    name: &'static str,
    priority: u16,
    access: Access,
    (source, destination): (RuleAddress, RuleAddress),
) -> DefaultRule {
    // R178: in default rules, any protocol means these.
    let protocols = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp].map(ProtocolSet::single);
    let matches = RuleMatch {
        protocols: protocols.into_iter().fold(ProtocolSet::NONE, ProtocolSet::union),
        protocol_as_written: "*".into(),
        sources: vec![source],
        source_ports: vec![PortRange::ANY],
        destinations: vec![destination],
        destination_ports: vec![PortRange::ANY],
    };
    DefaultRule { name, priority, access, matches }
}
