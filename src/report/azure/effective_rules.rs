//! `effectiveNetworkSecurityGroups` (R233, R499).

use super::shape::{Shape, Since};
use super::{Listed, Reference};
use crate::answer::{
    EffectiveRule, EffectiveRuleGroup, EffectiveRulesAnswer, RuleAssociation, RuleEnd, RuleMaker,
};
use crate::net::PortRange;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// `*` is printed twice, once for each family and both times as `0.0.0.0/0`: on 2019-09-02 not yet, on
/// 2019-10-14.
const ANY_TWICE: Since = Since::Date("2019-10-14");

/// The lists beside the single values: 2017-08-01 had them not, 2017-09-01 has.
const LISTS: Since = Since::Version("2017-09-01");

/// The answer of `effectiveNetworkSecurityGroups`.
#[must_use]
pub fn effective_rules<'a>(
    answer: &'a EffectiveRulesAnswer,
    shape: &Shape,
) -> impl Serialize + use<'a> {
    Listed { value: answer.groups.iter().map(|group| Group::of(group, shape)).collect() }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    network_security_group: Reference<'a>,
    association: Association<'a>,
    effective_security_rules: Vec<Rule<'a>>,
    tag_map: TagMap,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Association<'a> {
    VirtualNetwork(Reference<'a>),
    Subnet(Reference<'a>),
    NetworkInterface(Reference<'a>),
}

/// Tags with their prefixes, in the order in which the rules mention them.
#[derive(Debug, Default)]
pub(super) struct TagMap(Vec<(String, Vec<String>)>);

impl TagMap {
    /// The tags of which the contents are known.
    pub(super) fn of(group: &EffectiveRuleGroup) -> Self {
        let known = group.tags.iter().filter_map(|expansion| {
            let prefixes = expansion.prefixes.as_ref()?.iter().map(ToString::to_string);
            Some((expansion.tag.clone(), prefixes.collect()))
        });
        Self(known.collect())
    }
}

impl Serialize for TagMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (tag, prefixes) in &self.0 {
            map.serialize_entry(tag, prefixes)?;
        }
        map.end()
    }
}

impl<'a> Group<'a> {
    fn of(group: &'a EffectiveRuleGroup, shape: &Shape) -> Self {
        let tag_map = TagMap::of(group);
        let rules = group.rules.iter().map(|rule| Rule::of(rule, &tag_map, shape)).collect();
        Self {
            network_security_group: Reference { id: &group.network_security_group },
            association: match &group.association {
                RuleAssociation::VirtualNetwork(id) => {
                    Association::VirtualNetwork(Reference { id })
                }
                RuleAssociation::Subnet(id) => Association::Subnet(Reference { id }),
                RuleAssociation::NetworkInterface(id) => {
                    Association::NetworkInterface(Reference { id })
                }
            },
            effective_security_rules: rules,
            tag_map,
        }
    }
}

/// A rule, as effective rules and the security group view print it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule<'a> {
    name: String,
    protocol: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_port_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_port_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_port_ranges: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_port_ranges: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_address_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_address_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_address_prefixes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_address_prefixes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expanded_source_address_prefix: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expanded_destination_address_prefix: Vec<String>,
    access: &'static str,
    priority: u32,
    direction: &'static str,
}

impl<'a> Rule<'a> {
    pub(super) fn of(rule: &'a EffectiveRule, tags: &TagMap, shape: &Shape) -> Self {
        let source_ports = ports(&rule.source_ports);
        let destination_ports = ports(&rule.destination_ports);
        let sources = addresses(&rule.sources, shape);
        let destinations = addresses(&rule.destinations, shape);
        let lists = |list: Vec<String>| shape.has(LISTS).then_some(list);
        Self {
            name: match rule.made_by {
                RuleMaker::Default => format!("defaultSecurityRules/{}", rule.name),
                RuleMaker::User | RuleMaker::Admin => format!("securityRules/{}", rule.name),
            },
            protocol: &rule.protocol,
            source_port_range: single(&source_ports),
            destination_port_range: single(&destination_ports),
            source_port_ranges: lists(source_ports),
            destination_port_ranges: lists(destination_ports),
            source_address_prefix: single(&sources),
            destination_address_prefix: single(&destinations),
            source_address_prefixes: lists(sources),
            destination_address_prefixes: lists(destinations),
            expanded_source_address_prefix: expanded(&rule.sources, tags),
            expanded_destination_address_prefix: expanded(&rule.destinations, tags),
            access: rule.access,
            priority: rule.priority,
            direction: rule.direction,
        }
    }
}

impl Rule<'_> {
    /// The same rule, spelled as another answer spells it.
    pub(super) fn named(self, name: String) -> Self {
        Self { name, ..self }
    }
}

impl Rule<'static> {
    /// The rule that the security group view puts before all others of a direction.
    pub(super) fn denial_of_everything(direction: &'static str, shape: &Shape) -> Self {
        let any = || "*".to_owned();
        let ports = || ports(&[PortRange::ANY]);
        let lists = |list: Vec<String>| shape.has(LISTS).then_some(list);
        Self {
            name: format!("Default{direction}DenyAll"),
            protocol: "All",
            source_port_range: single(&ports()),
            destination_port_range: single(&ports()),
            source_port_ranges: lists(ports()),
            destination_port_ranges: lists(ports()),
            source_address_prefix: Some(any()),
            destination_address_prefix: Some(any()),
            source_address_prefixes: lists(vec![any()]),
            destination_address_prefixes: lists(vec![any()]),
            expanded_source_address_prefix: vec![],
            expanded_destination_address_prefix: vec![],
            access: "Deny",
            priority: 65500,
            direction,
        }
    }
}

/// The value beside a list: that of all its elements; none when they differ.
fn single(list: &[String]) -> Option<String> {
    let (first, rest) = list.split_first()?;
    rest.iter().all(|other| other == first).then(|| first.clone())
}

/// Always as a range: `22-22`.
fn ports(ranges: &[PortRange]) -> Vec<String> {
    ranges.iter().map(|range| format!("{}-{}", range.first(), range.last())).collect()
}

fn addresses(ends: &[RuleEnd], shape: &Shape) -> Vec<String> {
    let texts = ends.iter().flat_map(|end| match end {
        RuleEnd::Any => {
            let times = if shape.has(ANY_TWICE) { 2 } else { 1 };
            vec!["0.0.0.0/0".to_owned(); times]
        }
        RuleEnd::Prefix { prefix } => vec![prefix.to_string()],
        RuleEnd::ServiceTag { tag } => vec![tag.clone()],
        RuleEnd::ApplicationSecurityGroup { members, .. } => {
            members.iter().map(ToString::to_string).collect()
        }
        RuleEnd::Unreadable { text } => vec![text.clone()],
    });
    texts.collect()
}

/// What the tags of a rule's end stand for.
fn expanded(ends: &[RuleEnd], TagMap(tags): &TagMap) -> Vec<String> {
    let mentioned = ends.iter().filter_map(|end| match end {
        RuleEnd::ServiceTag { tag } => tags.iter().find(|(name, _)| name == tag),
        RuleEnd::Any
        | RuleEnd::Prefix { .. }
        | RuleEnd::ApplicationSecurityGroup { .. }
        | RuleEnd::Unreadable { .. } => None,
    });
    mentioned.flat_map(|(_, prefixes)| prefixes.iter().cloned()).collect()
}
