//! What all kinds of findings have in common.

use crate::answer::{Finding, Rule};
use crate::azure::{Network, Origin, PlatformProfile};
use crate::diag::Severity;
use crate::id::ResourceId;

/// A kind of finding, looked for in `T`.
#[derive(Clone, Copy, Debug)]
pub(in crate::question) struct Kind<T> {
    /// The stable name.
    pub(in crate::question) code: &'static str,
    /// How bad it is.
    pub(in crate::question) severity: Severity,
    /// The rules that it rests on.
    pub(in crate::question) rules: &'static [Rule],
    /// Looks for it.
    pub(in crate::question) find: fn(&T) -> Vec<Found>,
}

/// One finding, before it knows its kind.
#[derive(Clone, Debug)]
pub(in crate::question) struct Found {
    pub(in crate::question) resource: ResourceId,
    pub(in crate::question) text: String,
    pub(in crate::question) hint: String,
    pub(in crate::question) origin: Option<Origin>,
}

impl<T> Kind<T> {
    /// Every finding of this kind.
    pub(in crate::question) fn all(&self, input: &T, network: &Network) -> Vec<Finding> {
        let found = (self.find)(input).into_iter();
        let finding = |Found { resource, text, hint, origin }| Finding {
            code: self.code,
            severity: self.severity,
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
pub(in crate::question) fn profile(network: &Network) -> Option<&'static PlatformProfile> {
    let name = network.platform_profile.as_deref().unwrap_or(PlatformProfile::DEFAULT);
    PlatformProfile::by_name(name)
}

/// Rules with their numbers, such as `a (100), b (110)`.
pub(in crate::question) fn names(rules: &[(&str, u16)]) -> String {
    let each = rules.iter().map(|(name, priority)| format!("{name} ({priority})"));
    each.collect::<Vec<String>>().join(", ")
}
