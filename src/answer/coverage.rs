//! What assertions exercise of a network, and what could change without any of them failing.

use super::{Item, ItemKind};
use serde::Serialize;

/// What assertions exercised of one scenario, or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Each kind of item that there is, in the order of [`ItemKind`].
    pub kinds: Vec<KindCoverage>,
    /// What no assertion exercised, in the order of kinds; of all scenarios, none are listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<Item>,
    /// How many boxes of headers of sets that assertions are about were not followed: what only they rest on counts
    /// as never exercised.
    #[serde(skip_serializing_if = "is_none")]
    pub not_followed: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
const fn is_none(count: &usize) -> bool {
    *count == 0
}

/// How much of one kind was exercised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindCoverage {
    /// The kind.
    pub kind: ItemKind,
    /// How many there are.
    pub total: usize,
    /// How many decided something.
    pub decided: usize,
    /// How many of the others were next in line when something else decided.
    pub consulted: usize,
}

impl Coverage {
    /// The sum of several.
    #[must_use]
    pub fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut kinds: Vec<KindCoverage> = Vec::new();
        let parts: Vec<&Self> = parts.into_iter().collect();
        let not_followed = parts.iter().map(|part| part.not_followed).sum();
        for more in parts.iter().flat_map(|part| &part.kinds) {
            match kinds.iter_mut().find(|sum| sum.kind == more.kind) {
                Some(sum) => {
                    sum.total += more.total;
                    sum.decided += more.decided;
                    sum.consulted += more.consulted;
                }
                None => kinds.push(*more),
            }
        }
        kinds.sort_by_key(|sum| sum.kind);
        Self { kinds, never: Vec::new(), not_followed }
    }
}

/// What happens when one thing at a time is changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mutation {
    /// How many changes were tried.
    pub tried: usize,
    /// How many made an assertion fail that holds.
    pub noticed: usize,
    /// The others, in the order of kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unnoticed: Vec<Mutant>,
}

/// A change of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mutant {
    /// What is changed.
    pub item: Item,
    /// How.
    pub change: Change,
}

/// How a thing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is taken away.
    Removed,
    /// A rule that allows denies, and the other way round.
    Flipped,
}

impl Mutation {
    /// The sum of several, without their lists.
    #[must_use]
    pub fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let add = |sum: Self, part: &Self| Self {
            tried: sum.tried + part.tried,
            noticed: sum.noticed + part.noticed,
            unnoticed: Vec::new(),
        };
        parts.into_iter().fold(Self::default(), add)
    }
}
