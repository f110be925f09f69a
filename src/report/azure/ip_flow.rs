//! `ipFlowVerify` (R493, R494).

use super::refusal::Said;
use super::shape::{Shape, Since};
use crate::answer::{MatchedRule, RuleCheckAnswer, RuleMaker};
use serde::Serialize;

/// `ruleId`: 2017-08-01 had it not, 2017-09-01 has.
const RULE_ID: Since = Since::Version("2017-09-01");

/// The answer of `ipFlowVerify`. Azure refuses to answer for an interface without any security group.
#[must_use]
pub fn ip_flow(answer: &RuleCheckAnswer, shape: &Shape) -> impl Serialize + use<> {
    let rule = answer.decided_by.as_ref();
    if answer.evaluated.is_empty() {
        let nic = &answer.network_interface;
        let message = format!("No NSG applied on nic to allow or block traffic, nic id {nic}.");
        return Said::refused("NsgsNotAppliedOnNic", message);
    }
    Said::Answer(IpFlow {
        access: answer.access.as_str(),
        rule_name: rule.map(name),
        rule_id: rule.filter(|_| shape.has(RULE_ID)).map(id),
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct IpFlow {
    access: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_id: Option<String>,
}

fn name(rule: &MatchedRule) -> String {
    match rule.made_by {
        RuleMaker::User | RuleMaker::Admin => format!("securityRules/{}", rule.name),
        RuleMaker::Default => format!("defaultSecurityRules/{}", rule.name),
    }
}

/// Default rules have an empty id.
fn id(rule: &MatchedRule) -> String {
    match rule.made_by {
        RuleMaker::User => {
            rule.network_security_group.child("securityRules", &rule.name).to_string()
        }
        RuleMaker::Admin => rule.network_security_group.child("rules", &rule.name).to_string(),
        RuleMaker::Default => String::new(),
    }
}
