//! Between a realm and the Internet.

use super::{Balancer, Cause, Evidence, Location, OneOf, Realm};
use crate::answer::Rule;
use crate::id::Id;
use crate::net::ProtocolSet;
use std::net::IpAddr;

/// How packets of a location become packets of the Internet (R118).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// In words, such as `NAT gateway natgw`.
    pub name: Box<str>,
    /// What decided.
    pub evidence: Option<Evidence>,
    /// How.
    pub kind: ExitKind,
    /// The protocols that are carried, and why others are not.
    pub protocols: ProtocolSet,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

impl Exit {
    /// Which addresses those are that packets from `realm` have and nobody knows: of Azure's own, or of anybody's provider.
    #[must_use]
    pub const fn unknown_addresses(&self, realm: Id<Realm>) -> OneOf {
        let is_sites = matches!(self.evidence, Some(Evidence::Site(_)));
        if is_sites { OneOf::Strangers } else { OneOf::Azure(realm) }
    }

    /// Has it an address of the family of `source`, or one that is not known?
    #[must_use]
    pub fn takes(&self, source: IpAddr) -> bool {
        match &self.kind {
            ExitKind::Translate(pool) => {
                pool.is_empty() || pool.iter().any(|it| it.is_ipv4() == source.is_ipv4())
            }
            ExitKind::Plain | ExitKind::Refuse(_) | ExitKind::Unsure(_) => true,
        }
    }
}

/// How an exit translates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExitKind {
    /// The source becomes any of these addresses, the lowest first, which may be one that stands for others; none given: some
    /// public address that is not known.
    Translate(Vec<IpAddr>),
    /// The source is public already.
    Plain,
    /// Nothing goes out.
    Refuse(Id<Cause>),
    /// It cannot be said.
    Unsure(Id<Cause>),
}

/// What a public address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// In words, such as `public IP address jump-pip`.
    pub name: Box<str>,
    /// The public address resource.
    pub evidence: Evidence,
    /// Where it leads.
    pub target: EntryTarget,
    /// What becomes of new flows from outside when the place that they lead to has no security group
    /// (R218).
    pub closed: Option<Closed>,
}

/// A public address that is closed without a security group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// What stops flows.
    pub refusal: Id<Cause>,
    /// Why that is not sure where a security admin rule always allows them (R228).
    pub doubt: Id<Cause>,
}

/// Where a public address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryTarget {
    /// Translated to a private address (R221).
    Translate(Id<Location>, IpAddr),
    /// A public load balancer.
    Balancer(Id<Balancer>),
    /// A location that has the address itself, and the address of its subnet that groups see as destination (R182).
    Location(Id<Location>, Option<IpAddr>),
    /// Nothing that takes new flows.
    Nothing(Id<Cause>),
}
