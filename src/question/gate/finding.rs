//! One part of a condition, found to hold or not.

use super::Scene;
use crate::answer::{GateAnswer, Item, ItemKind, Outcome, PropertyValue, Reason, Remedy, Rule};
use crate::azure::{Meta, Origin};
use crate::id::ResourceId;

/// It holds.
pub(super) fn holds(kind: &'static str, text: String, rules: &[u16]) -> GateAnswer {
    GateAnswer {
        kind,
        outcome: Outcome::Passed,
        text,
        reason: None,
        decided_by: None,
        remedy: None,
        rules: rules.iter().copied().map(Rule).collect(),
    }
}

/// It does not hold.
pub(super) fn fails(kind: &'static str, reason: Reason, text: String, rules: &[u16]) -> GateAnswer {
    let outcome = Outcome::Stopped;
    GateAnswer { outcome, reason: Some(reason), ..holds(kind, text, rules) }
}

/// It cannot be said.
pub(super) fn unsure(
    kind: &'static str,
    reason: Reason,
    text: String,
    rules: &[u16],
) -> GateAnswer {
    let outcome = Outcome::Unsure;
    GateAnswer { outcome, reason: Some(reason), ..holds(kind, text, rules) }
}

/// Nobody is named who could have what it takes.
pub(super) fn nobody(kind: &'static str, rules: &[u16]) -> GateAnswer {
    let text = "the dataflow names no principal".to_owned();
    unsure(kind, Reason::NotGiven, text, rules)
}

/// The same, decided by `item`.
pub(super) fn by(item: Item, answer: GateAnswer) -> GateAnswer {
    GateAnswer { decided_by: Some(item), ..answer }
}

/// The same; `remedy` would make it hold.
pub(super) fn mended_by(remedy: Remedy, answer: GateAnswer) -> GateAnswer {
    GateAnswer { remedy: Some(remedy), ..answer }
}

/// Another value for a property of `resource`.
pub(super) const fn set(
    resource: ResourceId,
    property: &'static str,
    value: PropertyValue,
) -> Remedy {
    Remedy::Property { resource, property, value }
}

impl Scene<'_> {
    /// The item of a resource.
    pub(super) fn item(&self, kind: ItemKind, meta: &Meta) -> Item {
        self.part(kind, meta.name(), &meta.id, &meta.origin)
    }

    /// The item of a part of `owner`.
    pub(super) fn part(
        &self,
        kind: ItemKind,
        name: &str,
        owner: &ResourceId,
        origin: &Origin,
    ) -> Item {
        let place = Some(self.network().place(origin));
        Item { kind, name: name.to_owned(), resource: Some(owner.clone()), place }
    }
}
