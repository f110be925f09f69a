//! `networkConfigurationDiagnostic` (R500, R501).

use crate::answer::{EvaluatedGroup, EvaluatedRule, MatchedRule, RuleCheckAnswer, RuleMaker};
use crate::id::ResourceId;
use serde::Serialize;
use serde_json::Value;

/// The answer of `networkConfigurationDiagnostic` for some profiles, each as it was asked.
#[must_use]
pub fn rule_diagnostic<'a>(answers: &'a [(Value, RuleCheckAnswer)]) -> impl Serialize + use<'a> {
    Results {
        results: answers.iter().map(|(profile, answer)| Outcome::of(profile, answer)).collect(),
    }
}

#[derive(Debug, Serialize)]
struct Results<'a> {
    results: Vec<Outcome<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    profile: &'a Value,
    network_security_group_result: GroupResult<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupResult<'a> {
    security_rule_access_result: &'static str,
    evaluated_network_security_groups: Vec<Group<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    network_security_group_id: &'a ResourceId,
    applied_to: &'a ResourceId,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched_rule: Option<Matched>,
    rules_evaluation_result: Vec<Evaluated>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Matched {
    rule_name: String,
    action: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Evaluated {
    name: String,
    protocol_matched: Option<bool>,
    source_matched: Option<bool>,
    source_port_matched: Option<bool>,
    destination_matched: Option<bool>,
    destination_port_matched: Option<bool>,
}

impl<'a> Outcome<'a> {
    fn of(profile: &'a Value, answer: &'a RuleCheckAnswer) -> Self {
        let groups = answer.evaluated.iter().map(Group::of).collect();
        Self {
            profile,
            network_security_group_result: GroupResult {
                security_rule_access_result: answer.access.as_str(),
                evaluated_network_security_groups: groups,
            },
        }
    }
}

impl<'a> Group<'a> {
    fn of(group: &'a EvaluatedGroup) -> Self {
        Self {
            network_security_group_id: &group.network_security_group,
            applied_to: group.applied_to.resource(),
            matched_rule: group.matched_rule.as_ref().map(Matched::of),
            rules_evaluation_result: group.evaluated_rules.iter().map(Evaluated::of).collect(),
        }
    }
}

impl Matched {
    fn of(rule: &MatchedRule) -> Self {
        Self { rule_name: spelled(rule.made_by, &rule.name), action: rule.access.as_str() }
    }
}

impl Evaluated {
    fn of(rule: &EvaluatedRule) -> Self {
        Self {
            name: spelled(rule.made_by, &rule.name),
            protocol_matched: rule.protocol_matched,
            source_matched: rule.source_matched,
            source_port_matched: rule.source_port_matched,
            destination_matched: rule.destination_matched,
            destination_port_matched: rule.destination_port_matched,
        }
    }
}

/// The name of a rule as the diagnostics and the security group view spell it (R494).
pub(super) fn spelled(made_by: RuleMaker, name: &str) -> String {
    match made_by {
        RuleMaker::User => format!("UserRule_{name}"),
        RuleMaker::Default => format!("DefaultRule_{name}"),
        RuleMaker::Admin => name.to_owned(),
    }
}
