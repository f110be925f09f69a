//! What differs in the configuration, by the resources that it is about.

use crate::answer::{ConfigurationChange, Item};
use crate::id::ResourceId;
use std::collections::BTreeMap;

/// Changes of the configuration.
#[derive(Debug, Default)]
pub(super) struct Changed<'c> {
    by_resource: BTreeMap<&'c ResourceId, Vec<&'c ConfigurationChange>>,
    /// Those of parts that are resources of their own.
    by_owner: BTreeMap<ResourceId, Vec<&'c ConfigurationChange>>,
}

impl<'c> Changed<'c> {
    pub(super) fn of(changes: impl IntoIterator<Item = &'c ConfigurationChange>) -> Self {
        let mut all = Self::default();
        for change in changes {
            all.by_resource.entry(&change.resource).or_default().push(change);
            if let Some(owner) = change.resource.parent() {
                all.by_owner.entry(owner).or_default().push(change);
            }
        }
        all
    }

    /// Is the part of `owner` changed that is called so, or all of `owner`?
    pub(super) fn has_part(&self, owner: &ResourceId, name: &str) -> bool {
        let own = self.by_resource.get(owner).into_iter().flatten();
        let mut parts = self.by_owner.get(owner).into_iter().flatten();
        parts.any(|it| it.resource.name().eq_ignore_ascii_case(name)) || { own }
            .any(|it| it.path.is_empty() || has_step(it, name))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_resource.is_empty()
    }

    /// Is what `item` names changed, or all of it? What only says what it is for is no change.
    pub(super) fn has(&self, item: &Item) -> bool {
        let Some(resource) = &item.resource else { return false };
        let part = item.name.rsplit('/').next().unwrap_or_default();
        let (own, owner) = (self.by_resource.get(resource), resource.parent());
        let owners = owner.as_ref().and_then(|owner| self.by_resource.get(owner));
        let is_whole = |it: &&ConfigurationChange| it.path.is_empty();
        let is_part = |it: &&ConfigurationChange| {
            !part.is_empty() && has_step(it, part) && !it.path.ends_with("/description")
        };
        own.into_iter().flatten().any(|it| is_whole(it) || is_part(it))
            || owners.into_iter().flatten().any(is_part)
    }
}

/// Does the way to what is changed come by `name`?
fn has_step(change: &ConfigurationChange, name: &str) -> bool {
    change.path.split('/').any(|step| step.eq_ignore_ascii_case(name))
}
