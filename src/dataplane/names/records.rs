//! What is recorded at which name, and how a question is matched with it (RFC 1034, RFC 4592).

use crate::answer::{Item, Rule};
use crate::net::{DnsName, RecordData, RecordType};
use std::collections::{BTreeMap, BTreeSet};

/// The records of one name and one type.
#[derive(Clone, Debug, PartialEq)]
pub struct Records {
    /// The data.
    pub data: RecordData,
    /// What put them there: a record set, a machine, a private endpoint.
    pub item: Item,
    /// The rules by which they are there.
    pub rules: Vec<Rule>,
    /// Why the data is not known after all.
    pub doubt: Option<Box<str>>,
}

impl Records {
    /// Records that are known.
    pub(super) fn new(data: RecordData, item: Item, rules: &[u16]) -> Self {
        Self { data, item, rules: rules.iter().copied().map(Rule).collect(), doubt: None }
    }

    /// The same records, whose data is not known.
    pub(super) fn doubted(self, why: impl Into<Box<str>>) -> Self {
        Self { doubt: Some(why.into()), ..self }
    }
}

/// Everything that is recorded at one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// At most one per type, in the order of types.
    pub records: Vec<Records>,
    /// Why it is not known what else is recorded here.
    pub doubt: Option<Box<str>>,
    /// What has the address that is not known, where that is the doubt.
    pub owner: Option<Item>,
}

impl Node {
    /// The records of `record_type`.
    #[must_use]
    pub fn of_type(&self, record_type: RecordType) -> Option<&Records> {
        self.records.iter().find(|records| records.data.record_type() == record_type)
    }

    /// Puts `records` in the place of those of the same type.
    pub(super) fn put(&mut self, records: Records) {
        let record_type = records.data.record_type();
        self.records.retain(|other| other.data.record_type() != record_type);
        self.records.push(records);
        self.records.sort_by_key(|records| records.data.record_type());
    }

    /// Doubts the data of all records.
    pub(super) fn doubt_records(&mut self, why: &str) {
        let known = self.records.iter_mut().filter(|records| records.doubt.is_none());
        known.for_each(|records| records.doubt = Some(why.into()));
    }

    /// What the node answers to a question for `record_type`.
    #[must_use]
    pub fn answer(&self, record_type: RecordType) -> Match<'_> {
        if let Some(records) = self.of_type(record_type) {
            return match &records.doubt {
                Some(why) => Match::Unknown(why.to_string()),
                None => Match::Records(records),
            };
        }
        match (self.of_type(RecordType::Cname), &self.doubt) {
            (Some(alias), _) => Match::alias(alias),
            (None, Some(why)) => Match::Unknown(why.to_string()),
            (None, None) => Match::Nodata,
        }
    }
}

/// What a question meets.
#[derive(Clone, Debug, PartialEq)]
pub enum Match<'a> {
    /// Records of the type that was asked for.
    Records(&'a Records),
    /// The name is an alias for another.
    Alias(&'a Records, &'a DnsName),
    /// The name exists, without records of that type.
    Nodata,
    /// The name does not exist.
    Nxdomain,
    /// It cannot be said, and why.
    Unknown(String),
}

impl<'a> Match<'a> {
    fn alias(records: &'a Records) -> Self {
        match (&records.data, &records.doubt) {
            (RecordData::Cname(target), None) => Self::Alias(records, target),
            (_, Some(why)) => Self::Unknown(why.to_string()),
            (_, None) => Self::Nodata,
        }
    }

    /// Does it lead to data?
    #[must_use]
    pub const fn is_found(&self) -> bool {
        matches!(self, Self::Records(_) | Self::Alias(..))
    }
}

/// What is recorded, by name. A name above a recorded one exists too (RFC 8020).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordMap {
    nodes: BTreeMap<DnsName, Node>,
    /// Every name above a recorded one.
    above: BTreeSet<DnsName>,
}

impl RecordMap {
    /// The node at `name`, made when it is not there.
    pub(super) fn at(&mut self, name: &DnsName) -> &mut Node {
        let mut above = name.and_above().skip(1);
        while above.next().is_some_and(|above| self.above.insert(above)) {}
        self.nodes.entry(name.clone()).or_default()
    }

    /// Lets every name between the recorded ones and `top` exist.
    pub(super) fn fill_up_to(&mut self, top: &DnsName) {
        let below = |name: &DnsName| name != top && name.is_within(top);
        let between: Vec<DnsName> = self.above.iter().filter(|name| below(name)).cloned().collect();
        for name in between.iter().chain([top]) {
            self.at(name);
        }
    }

    /// The node at `name` itself.
    #[must_use]
    pub fn get(&self, name: &DnsName) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// Every name with its node, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&DnsName, &Node)> {
        self.nodes.iter()
    }

    /// The wildcard that stands for `name`, with the name that it is right below: the closest above
    /// that exists (RFC 4592, 3.3.1). None where `name` exists itself. Source: R254.
    #[must_use]
    pub fn wildcard(&self, name: &DnsName) -> Option<(DnsName, &Node)> {
        if self.exists(name) {
            return None;
        }
        let closest = name.and_above().skip(1).find(|above| self.exists(above))?;
        let node = closest.child("*").and_then(|wildcard| self.nodes.get(&wildcard))?;
        Some((closest, node))
    }

    /// Is something recorded at `name` or below it?
    fn exists(&self, name: &DnsName) -> bool {
        self.nodes.contains_key(name) || self.above.contains(name)
    }
}
