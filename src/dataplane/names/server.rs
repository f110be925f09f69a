//! DNS servers that are known by address.

use super::{Position, RecordMap, View, Zone};
use crate::answer::{Item, Rule};
use crate::id::Id;
use crate::net::DnsName;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

/// The address at which Azure's resolver answers inside every network (R235, R240).
pub const PLATFORM: IpAddr = IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16));

/// The port of DNS servers (RFC 1035, 4.2).
pub const PORT: u16 = 53;

/// A DNS server.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Name and address, such as `dns-vm (10.1.0.53)`.
    pub label: String,
    /// The server as evidence.
    pub item: Item,
    /// Where it stands, and from where it asks others.
    pub position: Position,
    /// What it does.
    pub behaviour: Behaviour,
}

/// What a DNS server does with a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Behaviour {
    /// It answers like 168.63.129.16 in that network: an inbound endpoint (R265).
    Resolver(Id<View>),
    /// It has records, zones and forwarders of its own.
    Table(Box<ServerTable>),
    /// One of these answers: members of a load balancer's pool.
    AnyOf(Vec<Id<Server>>),
    /// It answers no queries.
    Silent(Why),
    /// What it does is not known.
    Unknown(Why),
}

/// A reason in words with the rules that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// In words.
    pub text: String,
    /// The rules.
    pub rules: Vec<Rule>,
}

impl Why {
    /// A reason that rests on `rules`.
    pub(super) fn new(text: impl Into<String>, rules: &[u16]) -> Self {
        Self { text: text.into(), rules: rules.iter().copied().map(Rule).collect() }
    }
}

/// What a DNS server looks up, the longest match first.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerTable {
    /// Records outside its zones.
    pub records: RecordMap,
    /// Zones that it is authoritative for.
    pub zones: BTreeMap<DnsName, Zone>,
    /// Conditional forwarders; the root is the default.
    pub forwarders: BTreeMap<DnsName, Vec<IpAddr>>,
    /// Where names go that none of these hold.
    pub otherwise: Otherwise,
    /// The view that 168.63.129.16 gives it; none outside Azure (R240).
    pub platform: Option<Id<View>>,
    /// Does it look up the target of an alias, that a forwarder answered, in its own table again
    /// (R281)? `None` when that is not known.
    pub resubmits_aliases: Option<bool>,
    /// The rules that its forwarding rests on.
    pub rules: Vec<Rule>,
}

/// Where a DNS server sends names that it knows nothing about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// To Azure's resolver of its own network (R239); the assumption that says so, if it is one.
    Platform(Id<View>, Option<String>),
    /// It asks the public DNS itself.
    Public,
    /// It is not known.
    Unknown(String),
}

/// What a server's own table says about a name.
#[derive(Clone, Debug)]
pub enum Own<'a> {
    /// Records outside its zones.
    Records(&'a super::Node),
    /// One of its zones.
    Zone(&'a Zone),
    /// A forwarder.
    Forwarder(&'a DnsName, &'a [IpAddr]),
    /// Nothing.
    Otherwise,
}

impl ServerTable {
    /// What decides about `name`: its own record, else the longest of zone, forwarder and wildcard.
    #[must_use]
    pub fn own(&self, name: &DnsName) -> Own<'_> {
        if let Some(node) = self.records.get(name) {
            return Own::Records(node);
        }
        let star = self.records.wildcard(name);
        let longest = name.and_above().find_map(|above| {
            let zone = self.zones.get(&above).map(Own::Zone);
            let forwarder = self.forwarders.get_key_value(&above);
            let forwarder = forwarder.map(|(domain, to)| Own::Forwarder(domain, to));
            let wildcard = star.as_ref().filter(|(below, _)| *below == above);
            zone.or(forwarder).or(wildcard.map(|(_, node)| Own::Records(node)))
        });
        longest.unwrap_or(Own::Otherwise)
    }

    /// Are both names handled at the same place?
    #[must_use]
    pub fn handles_alike(&self, one: &DnsName, other: &DnsName) -> bool {
        match (self.own(one), self.own(other)) {
            (Own::Forwarder(a, _), Own::Forwarder(b, _)) => a == b,
            (Own::Otherwise, Own::Otherwise) => true,
            (Own::Records(_) | Own::Zone(_) | Own::Forwarder(..) | Own::Otherwise, _) => false,
        }
    }
}

/// Resolvers on the Internet that anybody may ask, and that have the public DNS only.
const PUBLIC_RESOLVERS: [[u8; 4]; 8] = [
    [8, 8, 8, 8],
    [8, 8, 4, 4],
    [1, 1, 1, 1],
    [1, 0, 0, 1],
    [9, 9, 9, 9],
    [149, 112, 112, 112],
    [208, 67, 222, 222],
    [208, 67, 220, 220],
];

/// Is `address` a well-known resolver of the public DNS?
#[must_use]
pub fn is_public_resolver(address: IpAddr) -> bool {
    PUBLIC_RESOLVERS.iter().any(|&octets| address == IpAddr::from(octets))
}
