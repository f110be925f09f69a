//! `securityGroupView`: the rules of a machine's interfaces, as written and in effect.

use super::effective_rules::{Rule, TagMap};
use super::rule_diagnostic::spelled;
use super::shape::{Shape, Since};
use crate::answer::{EffectiveRule, EffectiveRulesAnswer, RuleAssociation, RuleEnd, RuleMaker};
use crate::id::ResourceId;
use crate::net::PortRange;
use serde::Serialize;

/// Empty lists beside the single values of rules as written: 2017-03-01 had them not, 2017-08-01 has.
const WRITTEN_LISTS: Since = Since::Version("2017-08-01");

/// `type` of rules as written: on 2018-03-13 not yet, on 2019-09-02; other resources had it on
/// 2018-08-22.
const TYPE: Since = Since::Date("2018-08-22");

/// Tags are not expanded any more: on 2017-09-19 they still were, on 2018-03-13 not.
const NO_EXPANSION: Since = Since::Date("2018-03-13");

/// The ids of default rules end in their names: on 2019-11-12 not yet, on 2020-02-11.
const NAMED_IDS: Since = Since::Date("2020-02-11");

/// Interfaces whose group has no rule of its own are listed: in 2020, 2021 and on 2022-05-12 they were
/// not, on 2025-04-02 they were. Earlier recordings have none.
const WITHOUT_OWN_RULES: Since = Since::Date("2025-04-02");

/// The answer of `securityGroupView`. Interfaces without any group are not listed.
#[must_use]
pub fn security_group_view<'a>(
    answers: &'a [EffectiveRulesAnswer],
    shape: &Shape,
) -> impl Serialize + use<'a> {
    let is_listed = |answer: &&EffectiveRulesAnswer| {
        let mut rules = answer.groups.iter().flat_map(|group| &group.rules);
        let lists_all = shape.has(WITHOUT_OWN_RULES);
        rules.any(|rule| lists_all || rule.made_by == RuleMaker::User)
    };
    let listed = answers.iter().filter(is_listed);
    View { network_interfaces: listed.map(|answer| Interface::of(answer, shape)).collect() }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    network_interfaces: Vec<Interface<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Interface<'a> {
    id: &'a ResourceId,
    security_rule_associations: Associations<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Associations<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    network_interface_association: Option<Association<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subnet_association: Option<Association<'a>>,
    default_security_rules: Vec<Written>,
    effective_security_rules: Vec<Rule<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Association<'a> {
    id: &'a ResourceId,
    security_rules: Vec<Written>,
}

impl<'a> Interface<'a> {
    fn of(answer: &'a EffectiveRulesAnswer, shape: &Shape) -> Self {
        let mut associations = Associations {
            network_interface_association: None,
            subnet_association: None,
            default_security_rules: Vec::new(),
            effective_security_rules: Vec::new(),
        };
        for group in &answer.groups {
            let own = |made_by| group.rules.iter().filter(move |rule| rule.made_by == made_by);
            let written = |rule| Written::of(rule, &group.network_security_group, shape);
            let association = Association {
                id: group.association.resource(),
                security_rules: own(RuleMaker::User).map(written).collect(),
            };
            match group.association {
                RuleAssociation::NetworkInterface(_) => {
                    associations.network_interface_association = Some(association);
                }
                RuleAssociation::Subnet(_) => associations.subnet_association = Some(association),
                RuleAssociation::VirtualNetwork(_) => {}
            }
            let tags = TagMap::of(group);
            let tags = if shape.has(NO_EXPANSION) { TagMap::default() } else { tags };
            associations.default_security_rules = own(RuleMaker::Default).map(written).collect();
            associations.effective_security_rules = effective(&group.rules, &tags, shape);
        }
        Self { id: &answer.network_interface, security_rule_associations: associations }
    }
}

/// The outbound rules, then the inbound ones: a denial of everything, the default rules, the others.
fn effective<'a>(rules: &'a [EffectiveRule], tags: &TagMap, shape: &Shape) -> Vec<Rule<'a>> {
    let mut found = Vec::new();
    for direction in ["Outbound", "Inbound"] {
        found.push(Rule::denial_of_everything(direction, shape));
        for made_by in [RuleMaker::Default, RuleMaker::User] {
            let is_next =
                |rule: &&EffectiveRule| rule.direction == direction && rule.made_by == made_by;
            let named = |rule: &'a EffectiveRule| {
                Rule::of(rule, tags, shape).named(spelled(rule.made_by, &rule.name))
            };
            found.extend(rules.iter().filter(is_next).map(named));
        }
    }
    found
}

/// A rule as its resource has it.
#[derive(Debug, Serialize)]
struct Written {
    name: String,
    id: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    resource_type: Option<String>,
    properties: Properties,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    provisioning_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    protocol: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_port_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_port_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_address_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_address_prefix: Option<String>,
    access: &'static str,
    priority: u32,
    direction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_port_ranges: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_port_ranges: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_address_prefixes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_address_prefixes: Option<Vec<String>>,
}

impl Written {
    fn of(rule: &EffectiveRule, group: &ResourceId, shape: &Shape) -> Self {
        let collection = match rule.made_by {
            RuleMaker::Default => "defaultSecurityRules",
            RuleMaker::User | RuleMaker::Admin => "securityRules",
        };
        Self {
            name: rule.name.clone(),
            id: match rule.made_by {
                RuleMaker::Default => default_id(&rule.name, shape),
                RuleMaker::User | RuleMaker::Admin => {
                    group.child(collection, &rule.name).to_string()
                }
            },
            resource_type: shape
                .has(TYPE)
                .then(|| format!("Microsoft.Network/networkSecurityGroups/{collection}")),
            properties: Properties::of(rule, shape),
        }
    }
}

/// The id of a default rule tells neither subscription nor group.
fn default_id(name: &str, shape: &Shape) -> String {
    const BEFORE: &str = "/subscriptions//resourceGroups//providers/Microsoft.Network/\
                          networkSecurityGroups//defaultSecurityRules/";
    format!("{BEFORE}{}", if shape.has(NAMED_IDS) { name } else { "" })
}

impl Properties {
    fn of(rule: &EffectiveRule, shape: &Shape) -> Self {
        let has_lists = shape.has(WRITTEN_LISTS);
        let split = |list: Vec<String>| match <[String; 1]>::try_from(list) {
            Ok([single]) => (Some(single), has_lists.then(Vec::new)),
            Err(list) => (None, Some(list)),
        };
        let ports = |ranges: &[PortRange]| split(ranges.iter().map(ToString::to_string).collect());
        let ends = |ends: &[RuleEnd]| split(ends.iter().map(written_end).collect());
        let (source_port_range, source_port_ranges) = ports(&rule.source_ports);
        let (destination_port_range, destination_port_ranges) = ports(&rule.destination_ports);
        let (source_address_prefix, source_address_prefixes) = ends(&rule.sources);
        let (destination_address_prefix, destination_address_prefixes) = ends(&rule.destinations);
        Self {
            provisioning_state: "Succeeded",
            description: description(rule),
            // As the client wrote it: recorded in 2019 as `TCP`, while the rule in effect says `Tcp`.
            protocol: rule.protocol_as_written.clone(),
            source_port_range,
            destination_port_range,
            source_address_prefix,
            destination_address_prefix,
            access: rule.access,
            priority: rule.priority,
            direction: rule.direction,
            source_port_ranges,
            destination_port_ranges,
            source_address_prefixes,
            destination_address_prefixes,
        }
    }
}

fn written_end(end: &RuleEnd) -> String {
    match end {
        RuleEnd::Any => "*".to_owned(),
        RuleEnd::Prefix { prefix } => prefix.to_string(),
        RuleEnd::ServiceTag { tag } => tag.clone(),
        RuleEnd::ApplicationSecurityGroup { id, .. } => id.to_string(),
        RuleEnd::Unreadable { text } => text.clone(),
    }
}

/// What stands beside a rule: its author's words, or Azure's beside the default rules.
fn description(rule: &EffectiveRule) -> Option<String> {
    if rule.made_by != RuleMaker::Default {
        return rule.description.clone();
    }
    let words = match rule.name.as_str() {
        "AllowVnetInBound" => "Allow inbound traffic from all VMs in VNET",
        "AllowAzureLoadBalancerInBound" => "Allow inbound traffic from azure load balancer",
        "DenyAllInBound" => "Deny all inbound traffic",
        "AllowVnetOutBound" => "Allow outbound traffic from all VMs to all VMs in VNET",
        "AllowInternetOutBound" => "Allow outbound traffic from all VMs to Internet",
        "DenyAllOutBound" => "Deny all outbound traffic",
        _ => return None,
    };
    Some(words.to_owned())
}
