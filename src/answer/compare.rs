//! Where Azure and hopwise agree on a network.

use serde::Serialize;

/// The answer to `compare`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompareAnswer {
    /// What Azure said, in the order of the files.
    pub answers: Vec<ComparedAnswer>,
    /// How many answers are the same.
    pub agreeing: usize,
    /// How many are not.
    pub disagreeing: usize,
    /// How many cannot be compared, as hopwise cannot say.
    pub unknown: usize,
}

/// An answer of Azure, beside ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ComparedAnswer {
    /// The document that holds what Azure said.
    pub file: String,
    /// What was asked.
    pub question: AzureQuestion,
    /// What it was asked about: a network interface, a machine or a gateway, by name.
    pub about: String,
    /// How many entries Azure's answer has: routes, or rules.
    pub entries: usize,
    /// Where the two differ; empty when they agree.
    pub disagreements: Vec<Disagreement>,
    /// Why hopwise cannot say, where it cannot.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsure: Vec<String>,
}

/// What Azure was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AzureQuestion {
    /// `az network nic show-effective-route-table`.
    EffectiveRoutes,
    /// `az network nic list-effective-nsg`.
    EffectiveRules,
    /// `az network vnet-gateway list-learned-routes`.
    LearnedRoutes,
    /// `az network watcher show-security-group-view`.
    SecurityGroupView,
    /// `az network watcher show-next-hop`.
    NextHop,
    /// `az network watcher test-ip-flow`.
    IpFlow,
    /// `az network watcher test-connectivity`.
    Connectivity,
}

/// One entry on which the two differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Disagreement {
    /// The entry: a prefix, or a rule and one of its properties.
    pub at: String,
    /// What Azure has; none when it has no such entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azure: Option<String>,
    /// What hopwise has; none when it has no such entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<String>,
}

impl AzureQuestion {
    /// What it is, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::EffectiveRoutes => "effective routes",
            Self::EffectiveRules => "effective security rules",
            Self::LearnedRoutes => "learned routes",
            Self::SecurityGroupView => "security group view",
            Self::NextHop => "next hop",
            Self::IpFlow => "IP flow",
            Self::Connectivity => "connectivity",
        }
    }
}

impl CompareAnswer {
    /// Puts answers together, and counts.
    #[must_use]
    pub fn of(answers: Vec<ComparedAnswer>) -> Self {
        let mut answer = Self::default();
        for compared in &answers {
            let count = match (compared.unsure.is_empty(), compared.disagreements.is_empty()) {
                (false, _) => &mut answer.unknown,
                (true, true) => &mut answer.agreeing,
                (true, false) => &mut answer.disagreeing,
            };
            *count += 1;
        }
        Self { answers, ..answer }
    }
}
