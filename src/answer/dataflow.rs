//! A dataflow: legs with steps, each with what stops it.

use super::{
    Caution, Confidence, Item, Obstacle, Outcome, Reason, Remedy, Rule, Symptom, TraceAnswer,
    Verdict,
};
use serde::Serialize;

/// The answer to `run`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataflowAnswer {
    /// The dataflow's name.
    pub dataflow: String,
    /// The variant that was applied, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// What it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The page that it teaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// Does it work from end to end?
    pub verdict: Verdict,
    /// The weakest among the rules that decided (R516).
    pub confidence: Confidence,
    /// Why not, or why unknown: that of the first hindrance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What the user sees of that; none where it works, or where it depends on what is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symptom: Option<Symptom>,
    /// The legs, in order. Those behind one that fails are judged all the same.
    pub legs: Vec<LegAnswer>,
    /// Everything that stops it, in order.
    pub hindrances: Vec<Hindrance>,
    /// What to know even when everything works.
    pub cautions: Vec<Caution>,
    /// Assumptions that were used, in words, each once.
    pub assumptions: Vec<String>,
    /// What the answer does not take into account.
    pub not_modelled: Vec<String>,
    /// What works in spite of something odd, and other remarks.
    pub warnings: Vec<String>,
    /// The rules of `docs/semantics` that it rests on, ascending.
    pub rules: Vec<Rule>,
}

/// One leg.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LegAnswer {
    /// Who acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Does the leg work, taken by itself?
    pub verdict: Verdict,
    /// The packets, when there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceAnswer>,
    /// What a reader sees of it, in order; at least one.
    pub steps: Vec<StepAnswer>,
}

/// One step of a dataflow.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepAnswer {
    /// Its number in the dataflow, from 1.
    pub number: u32,
    /// What happens, in a sentence.
    pub title: String,
    /// Does it work, taken by itself?
    pub verdict: Verdict,
    /// The hops of the request that belong to it: the first, and one past the last. The reply belongs
    /// to the last step of a leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hops: Option<(usize, usize)>,
    /// Conditions that are no matter of packets.
    pub gates: Vec<GateAnswer>,
}

/// A condition that is no matter of packets, and whether it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GateAnswer {
    /// What sort of condition, in the word of scenario files.
    pub kind: &'static str,
    /// Does it hold?
    pub outcome: Outcome,
    /// What was found, in words.
    pub text: String,
    /// Why not, or why unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Item>,
    /// What would make it hold, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// Something that stops a dataflow: an obstacle to a packet, or a gate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hindrance {
    /// The number of the step.
    pub step: u32,
    /// Why.
    pub reason: Reason,
    /// Does it surely stop it?
    pub outcome: Outcome,
    /// In words.
    pub text: String,
    /// What decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Item>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

impl Hindrance {
    /// An obstacle to a packet of step `step`.
    #[must_use]
    pub fn of_packet(step: u32, obstacle: &Obstacle) -> Self {
        let way = if obstacle.on_reply { "reply, at" } else { "at" };
        Self {
            step,
            reason: obstacle.reason,
            outcome: obstacle.outcome,
            text: format!("{way} {}: {}", obstacle.at, obstacle.text),
            decided_by: obstacle.decided_by.clone(),
            rules: obstacle.rules.clone(),
        }
    }

    /// A gate of step `step` that does not hold, or may not; none when it holds.
    #[must_use]
    pub fn of_gate(step: u32, gate: &GateAnswer) -> Option<Self> {
        let reason = gate.reason?;
        (gate.outcome != Outcome::Passed).then(|| Self {
            step,
            reason,
            outcome: gate.outcome,
            text: gate.text.clone(),
            decided_by: gate.decided_by.clone(),
            rules: gate.rules.clone(),
        })
    }
}
