//! Does a flow pass the security rules of a network interface? IP flow verify (R493), and rule by
//! rule as NSG diagnostics shows it (R500).

use super::{Item, Rule, RuleAssociation, RuleMaker};
use crate::id::ResourceId;
use crate::net::Flow;
use serde::Serialize;

/// The answer for one flow of one network interface. Routes are not looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleCheckAnswer {
    /// The network interface.
    pub network_interface: ResourceId,
    /// `Inbound` or `Outbound`.
    pub direction: &'static str,
    /// The flow.
    pub flow: Flow,
    /// Does it pass?
    pub access: FlowAccess,
    /// The rule that decided: the denying one, else the one that matched last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<MatchedRule>,
    /// Every set of rules that was asked, in the order of asking (R183, R501).
    pub evaluated: Vec<EvaluatedGroup>,
    /// Why it is not known, in words.
    pub unsure: Vec<String>,
    /// The rules of `docs/semantics` that it rests on.
    pub rules: Vec<Rule>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

/// Does a flow pass?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FlowAccess {
    /// It does.
    Allow,
    /// It does not.
    Deny,
    /// It cannot be said.
    Unknown,
}

impl FlowAccess {
    /// As ARM writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
            Self::Unknown => "Unknown",
        }
    }
}

/// A rule that matched.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchedRule {
    /// Its name.
    pub name: String,
    /// Who made it.
    pub made_by: RuleMaker,
    /// `Allow` or `Deny`.
    pub access: FlowAccess,
    /// The network security group that it stands in.
    pub network_security_group: ResourceId,
    /// Where the rule was read.
    pub origin: Item,
}

/// One set of rules that was asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluatedGroup {
    /// The network security group.
    pub network_security_group: ResourceId,
    /// Where it is attached.
    pub applied_to: RuleAssociation,
    /// What it says.
    pub access: FlowAccess,
    /// The first rule that matches; none when that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_rule: Option<MatchedRule>,
    /// The rules of the direction up to the one that matched.
    pub evaluated_rules: Vec<EvaluatedRule>,
}

/// How a rule fits a flow, field by field; a field is null when that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluatedRule {
    /// The rule's name.
    pub name: String,
    /// Who made it.
    pub made_by: RuleMaker,
    /// Is the protocol one of the rule's?
    pub protocol_matched: Option<bool>,
    /// Is the source?
    pub source_matched: Option<bool>,
    /// Is the source port?
    pub source_port_matched: Option<bool>,
    /// Is the destination?
    pub destination_matched: Option<bool>,
    /// Is the destination port?
    pub destination_port_matched: Option<bool>,
}
