//! What the public DNS says, as far as the input tells.

use super::view::{PLACEHOLDER, PROVIDED};
use super::{Match, RecordMap, Zone};
use crate::answer::{Item, Rule};
use crate::id::{Arena, Id};
use crate::net::{DnsName, RecordType};
use std::collections::BTreeMap;

/// The public DNS. What it holds beyond this is not known: such names are *unknown*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicDns {
    /// Records by name.
    pub records: RecordMap,
    /// Public zones of the input; several of one name, of which only one can be delegated to.
    pub zones: BTreeMap<DnsName, Vec<Id<Zone>>>,
    /// Names that surely do not exist, and what says so.
    pub absent: BTreeMap<DnsName, (Item, Vec<Rule>)>,
}

/// What the public DNS says about a name, and what decided.
#[derive(Clone, Debug)]
pub struct PublicMatch<'a> {
    /// What it says.
    pub found: Match<'a>,
    /// What decided, where records did not.
    pub item: Option<&'a Item>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

impl PublicDns {
    /// What it says about `name`.
    #[must_use]
    pub fn lookup<'a>(
        &'a self,
        zones: &'a Arena<Zone>,
        name: &DnsName,
        record_type: RecordType,
    ) -> PublicMatch<'a> {
        let plain = |found, item, rules| PublicMatch { found, item, rules };
        if let Some(node) = self.records.get(name) {
            let found = node.answer(record_type);
            let owner = node.owner.as_ref().filter(|_| matches!(found, Match::Unknown(_)));
            return plain(found, owner, Vec::new());
        }
        if let Some((item, rules)) = self.absent.get(name) {
            return plain(Match::Nxdomain, Some(item), rules.clone());
        }
        if let Some(rule) = never_public(name) {
            return plain(Match::Nxdomain, None, vec![rule]);
        }
        if let Some(ids) = name.and_above().find_map(|above| self.zones.get(&above)) {
            return in_zones(zones, ids, name, record_type);
        }
        let found = self.records.wildcard(name).map(|(_, node)| node.answer(record_type));
        plain(found.unwrap_or_else(|| nothing_told(name)), None, Vec::new())
    }
}

impl PublicDns {
    /// Does the input tell of `name`, or of a public zone that holds it (R261)?
    #[must_use]
    pub fn tells_about(&self, name: &DnsName) -> bool {
        self.records.get(name).is_some() || name.and_above().any(|it| self.zones.contains_key(&it))
    }
}

/// Names that Azure provides do not leave their network (R243, R244).
fn never_public(name: &DnsName) -> Option<Rule> {
    let is_below = |domain| DnsName::parse(domain).is_some_and(|domain| name.is_within(&domain));
    let provided = is_below(PROVIDED).then_some(Rule(243));
    provided.or_else(|| is_below(PLACEHOLDER).then_some(Rule(244)))
}

fn nothing_told(name: &DnsName) -> Match<'static> {
    Match::Unknown(format!("nothing in the input tells what the public DNS says about `{name}`"))
}

fn in_zones<'a>(
    zones: &'a Arena<Zone>,
    ids: &[Id<Zone>],
    name: &DnsName,
    record_type: RecordType,
) -> PublicMatch<'a> {
    let contradiction = || {
        let text = "two public zones of one name are in the input, and which of them is delegated to is not";
        PublicMatch { found: Match::Unknown(text.to_owned()), item: None, rules: Vec::new() }
    };
    let &[id] = ids else { return contradiction() };
    let zone = &zones[id];
    let below = name.and_above().take_while(|above| *above != zone.name);
    let delegated = |above: DnsName| zone.records().get(&above)?.of_type(RecordType::Ns);
    if let Some(servers) = { below }.find_map(delegated) {
        let text =
            format!("zone {} delegates `{name}` to servers that are not in the input", zone.name);
        return PublicMatch {
            found: Match::Unknown(text),
            item: Some(&servers.item),
            rules: Vec::new(),
        };
    }
    // R249 and R254 are about private zones; that public ones do the same is the RFCs' doing.
    let (found, rules) = zone.lookup(name, record_type);
    let rules = rules.into_iter().filter(|&rule| rule != Rule(249)).collect();
    PublicMatch { found, item: Some(&zone.item), rules }
}
