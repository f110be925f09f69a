//! What 168.63.129.16 answers from inside one virtual network.

use super::{Match, Node, Records, Ruleset, Zone};
use crate::answer::{Item, Rule};
use crate::dataplane::special::is_private;
use crate::id::Id;
use crate::net::{AddressSet, DnsName, RecordType};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The view of one virtual network: its zones, rulesets and the names that Azure provides.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The network's name.
    pub name: Box<str>,
    /// The network as evidence.
    pub item: Item,
    /// Linked private zones by name; several of one name contradict each other (R255).
    pub zones: BTreeMap<DnsName, Vec<ZoneLink>>,
    /// Linked rulesets.
    pub rulesets: Vec<Id<Ruleset>>,
    /// The machines of the network by the name inside the guest, in lower case (R243).
    pub machines: BTreeMap<Box<str>, Node>,
    /// Why a name that none of them has may be that of another; `None` when these are all.
    pub unknown_machine: Option<Box<str>>,
    /// Why an address that none of them has may be that of one; `None` when these are all.
    pub unknown_address: Option<Box<str>>,
    /// Suffixes of the names that Azure provides, as far as the input tells them (R243).
    pub suffixes: BTreeSet<DnsName>,
    /// Names of reverse lookups (R245).
    pub pointers: BTreeMap<IpAddr, Records>,
    /// The network's address space.
    pub space: AddressSet,
    /// Why any name may be in a private zone, one whose name is not known; `None` when there is no
    /// such zone.
    pub hidden_zone: Option<Box<str>>,
}

/// A completed link of a zone to a network (R247).
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneLink {
    /// The zone.
    pub zone: Id<Zone>,
    /// The link as evidence.
    pub item: Item,
    /// Is a name that the zone does not have looked up in the public DNS (R262)?
    pub redirects_nxdomain: bool,
    /// Why it is not known whether the zone is linked; `None` when it is.
    pub doubt: Option<Box<str>>,
}

/// The domain of the names that Azure provides (R243).
pub(super) const PROVIDED: &str = "internal.cloudapp.net";
/// The suffix that machines get with custom DNS servers, a placeholder (R244).
pub(super) const PLACEHOLDER: &str = "reddog.microsoft.com";

/// The suffix of machines in networks with custom DNS servers (R244).
#[must_use]
pub fn placeholder_suffix() -> Option<DnsName> {
    DnsName::parse(PLACEHOLDER)
}

impl View {
    /// The links of the longest zone that holds `name` (R251), and whether it won over a shorter.
    #[must_use]
    pub fn zone(&self, name: &DnsName) -> Option<(&[ZoneLink], bool)> {
        let mut matching = name.and_above().filter_map(|above| self.zones.get(&above));
        let longest = matching.next()?;
        Some((longest, matching.next().is_some()))
    }

    /// What the machine called `label` has (R243).
    #[must_use]
    pub fn machine(&self, label: &str, record_type: RecordType) -> Match<'_> {
        match (self.machines.get(label), &self.unknown_machine) {
            (Some(node), _) => node.answer(record_type),
            (None, Some(why)) => Match::Unknown(why.to_string()),
            (None, None) => Match::Nxdomain,
        }
    }

    /// What Azure itself answers within the network; `None` for names of the public DNS.
    #[must_use]
    pub fn provided(
        &self,
        name: &DnsName,
        record_type: RecordType,
    ) -> Option<(Match<'_>, Vec<Rule>)> {
        if let Some(address) = name.reverse_address() {
            let found = self.pointer(address, record_type)?;
            return Some((found, vec![Rule(245)]));
        }
        let is_below =
            |domain| DnsName::parse(domain).is_some_and(|domain| name.is_within(&domain));
        if is_below(PLACEHOLDER) {
            return Some((Match::Nxdomain, vec![Rule(244)]));
        }
        is_below(PROVIDED).then(|| (self.provided_name(name, record_type), vec![Rule(243)]))
    }

    fn provided_name(&self, name: &DnsName, record_type: RecordType) -> Match<'_> {
        let mut labels = self.suffixes.iter().filter_map(|suffix| name.relative_to(suffix));
        match labels.next() {
            Some(label) => self.machine(label, record_type),
            None if self.suffixes.is_empty() => Match::Unknown(format!(
                "the suffix of the names that Azure provides in {} is not in the input",
                self.name
            )),
            None => Match::Nxdomain,
        }
    }

    /// Addresses of the network have the name of their machine; other private ones have none.
    fn pointer(&self, address: IpAddr, record_type: RecordType) -> Option<Match<'_>> {
        match (self.pointers.get(&address), record_type) {
            (Some(Records { doubt: Some(why), .. }), _) => Some(Match::Unknown(why.to_string())),
            (Some(records), RecordType::Ptr) => Some(Match::Records(records)),
            (Some(_), _) => Some(Match::Nodata),
            (None, _) if self.space.contains(address) => Some(match &self.unknown_address {
                Some(why) => Match::Unknown(why.to_string()),
                None => Match::Nxdomain,
            }),
            (None, _) => is_private(address).then_some(Match::Nxdomain),
        }
    }
}
