//! What all kinds of findings have in common.

use crate::answer::{Finding, Rule};
use crate::azure::{Network, Origin, PlatformProfile};
use crate::id::ResourceId;

/// A kind of finding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// The stable name.
    pub(super) code: &'static str,
    /// The rules that it rests on.
    pub(super) rules: &'static [Rule],
    /// Looks for it.
    pub(super) find: fn(&Network) -> Vec<Found>,
}

/// One finding, before it knows its kind.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) resource: ResourceId,
    pub(super) text: String,
    pub(super) hint: String,
    pub(super) origin: Option<Origin>,
}

impl Kind {
    /// Every finding of this kind.
    pub(super) fn all(&self, network: &Network) -> Vec<Finding> {
        let found = (self.find)(network).into_iter();
        let finding = |Found { resource, text, hint, origin }| Finding {
            code: self.code,
            resource,
            text,
            hint,
            place: origin.map(|origin| network.place(&origin)),
            rules: self.rules.to_vec(),
        };
        found.map(finding).collect()
    }
}

/// The platform's data that holds for `network`: that of its scenario, else the default.
pub(super) fn profile(network: &Network) -> Option<&'static PlatformProfile> {
    let name = network.platform_profile.as_deref().unwrap_or(PlatformProfile::DEFAULT);
    PlatformProfile::by_name(name)
}
