//! A zone: the names below one name, and the authority to say that one does not exist.

use super::{Match, RecordMap, Records};
use crate::answer::{Item, ItemKind, Rule};
use crate::net::{DnsName, RecordType};

/// A private or public zone, or one of a guest's DNS server.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// The zone's name.
    pub name: DnsName,
    /// The zone as evidence.
    pub item: Item,
    /// Why it is not known what else is recorded; `None` when every record is here.
    pub doubt: Option<Box<str>>,
    /// Why a machine may have registered any name right below the zone's own that no other machine has; `None`
    /// when the names of all are known.
    pub unknown_machine: Option<Box<str>>,
    pub(super) records: RecordMap,
}

impl Zone {
    /// What the zone answers, which must hold `name`, and the rules that made the difference.
    #[must_use]
    pub fn lookup(&self, name: &DnsName, record_type: RecordType) -> (Match<'_>, Vec<Rule>) {
        if let Some(why) = self.unknown_machine.as_ref().filter(|_| self.may_be_registered(name)) {
            return (Match::Unknown(why.to_string()), Vec::new());
        }
        match (self.records.get(name), &self.doubt) {
            (Some(node), doubt) => match (node.answer(record_type), doubt) {
                (Match::Nodata, Some(why)) => (Match::Unknown(why.to_string()), Vec::new()),
                (Match::Nodata, None) => (Match::Nodata, vec![Rule(250)]),
                (found, _) => (found, Vec::new()),
            },
            (None, Some(why)) => (Match::Unknown(why.to_string()), Vec::new()),
            (None, None) => self.lookup_missing(name, record_type),
        }
    }

    /// May a machine whose name is not known have this one? Then it overwrote what was written there (R259).
    fn may_be_registered(&self, name: &DnsName) -> bool {
        let label = name.relative_to(&self.name).unwrap_or_default();
        let records = self.records.get(name).into_iter().flat_map(|node| &node.records);
        let is_of_machine = |it: &Records| it.item.kind == ItemKind::VirtualMachine;
        !label.is_empty() && !label.contains('.') && !{ records }.any(is_of_machine)
    }

    /// No name is spelled out: a wildcard answers, or the zone says that there is none.
    fn lookup_missing(&self, name: &DnsName, record_type: RecordType) -> (Match<'_>, Vec<Rule>) {
        match self.records.wildcard(name).map(|(_, node)| node.answer(record_type)) {
            Some(found) => (found, vec![Rule(254)]),
            None => (Match::Nxdomain, vec![Rule(249)]),
        }
    }

    /// What is recorded.
    #[must_use]
    pub const fn records(&self) -> &RecordMap {
        &self.records
    }

    /// Is it one of the zones of private endpoints (R262, R279)?
    #[must_use]
    pub fn is_private_link(&self) -> bool {
        self.name.as_str().split('.').any(|label| label == "privatelink")
    }
}
