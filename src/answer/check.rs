//! Assertions of scenarios: which hold, and what differs where they do not.

use super::{Coverage, Hindrance, Mutation, Rule, Witness};
use crate::diag::{Diagnostic, Place};
use serde::Serialize;
use std::fmt;

/// The answer to `check`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckAnswer {
    /// Every scenario, in the order given; those of a folder in the order of their paths.
    pub scenarios: Vec<ScenarioCheck>,
    /// How many assertions hold.
    pub holding: usize,
    /// How many assertions do not hold.
    pub failing: usize,
    /// Of how many assertions it cannot be said.
    pub unknown: usize,
    /// How many mistakes in scenarios kept assertions from being judged.
    pub mistakes: usize,
    /// What the assertions exercised, of all scenarios, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// What changes they notice, of all scenarios, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutation: Option<Mutation>,
}

/// The assertions of one scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioCheck {
    /// The document.
    pub file: String,
    /// The assertions: those of `expect`, then those of each variant.
    pub assertions: Vec<AssertionCheck>,
    /// What is wrong with the scenario, so that assertions could not be judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<Diagnostic>,
    /// What the assertions exercised of the scenario as it is, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// What changes the assertions notice, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutation: Option<Mutation>,
}

/// How one assertion fared.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssertionCheck {
    /// The variant that it belongs to, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// What it is called: its `name`, or the question in words.
    pub name: String,
    /// The dataflow that it is about, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataflow: Option<String>,
    /// Does it hold? Not when it cannot be said.
    pub holds: bool,
    /// Can it not be said, for what is missing or not modelled?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_unknown: bool,
    /// What differs from what is expected; empty when it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// The first thing that stops what was asked about, where it does not hold and something does. A
    /// single packet has one step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Hindrance>,
    /// A packet that shows why an assertion over sets does not hold, or why it cannot be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Box<Witness>>,
    /// Resources that are not modelled and refer to something that it rests on, whether it holds or not: they could
    /// change that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_modelled: Vec<String>,
    /// The rules that it follows from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<Rule>,
    /// Where it stands.
    pub place: Place,
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The key of the assertion that says what is expected, such as `verdict`.
    pub key: &'static str,
    /// What is expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// `verdict: expected reachable, found unreachable (route-drops)`.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, expected, found } = self;
        write!(f, "{key}: expected {expected}, found {found}")
    }
}

impl CheckAnswer {
    /// Puts scenarios together, and counts.
    #[must_use]
    pub fn of(scenarios: Vec<ScenarioCheck>) -> Self {
        let mut answer = Self::default();
        for scenario in &scenarios {
            answer.holding += scenario.holding();
            answer.failing += scenario.failing().count();
            answer.unknown += scenario.unknown().count();
            answer.mistakes += scenario.mistakes.len();
        }
        let coverage: Vec<&Coverage> =
            scenarios.iter().filter_map(|it| it.coverage.as_ref()).collect();
        answer.coverage = (!coverage.is_empty()).then(|| Coverage::sum(coverage));
        let mutation: Vec<&Mutation> =
            scenarios.iter().filter_map(|it| it.mutation.as_ref()).collect();
        answer.mutation = (!mutation.is_empty()).then(|| Mutation::sum(mutation));
        Self { scenarios, ..answer }
    }
}

impl ScenarioCheck {
    /// How many assertions hold.
    #[must_use]
    pub fn holding(&self) -> usize {
        self.assertions.iter().filter(|assertion| assertion.holds).count()
    }

    /// The assertions that do not hold.
    pub fn failing(&self) -> impl Iterator<Item = &AssertionCheck> {
        self.assertions.iter().filter(|assertion| !assertion.holds && !assertion.is_unknown)
    }

    /// The assertions of which it cannot be said.
    pub fn unknown(&self) -> impl Iterator<Item = &AssertionCheck> {
        self.assertions.iter().filter(|assertion| assertion.is_unknown)
    }
}

impl AssertionCheck {
    /// `variant: name`, or the name.
    #[must_use]
    pub fn full_name(&self) -> String {
        let variant = self.variant.as_ref().map(|variant| format!("{variant}: "));
        format!("{}{}", variant.unwrap_or_default(), self.name)
    }
}
