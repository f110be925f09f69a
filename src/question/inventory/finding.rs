//! What all kinds of findings have in common.

use crate::answer::{Finding, Rule};
use crate::azure::{Meta, Network, Origin, PlatformProfile};
use crate::diag::Severity;
use crate::id::ResourceId;
use crate::packet_set::Overflow;

/// A kind of finding, looked for in `T`, which gives `F`.
#[derive(Clone, Copy, Debug)]
pub(in crate::question) struct Kind<T, F = Vec<Found>> {
    /// The stable name.
    pub(in crate::question) code: &'static str,
    /// How bad it is.
    pub(in crate::question) severity: Severity,
    /// The rules that it rests on.
    pub(in crate::question) rules: &'static [Rule],
    /// Looks for it.
    pub(in crate::question) find: fn(&T) -> F,
}

/// One finding, before it knows its kind.
#[derive(Clone, Debug)]
pub(in crate::question) struct Found {
    pub(in crate::question) resource: ResourceId,
    pub(in crate::question) text: String,
    pub(in crate::question) hint: String,
    pub(in crate::question) origin: Option<Origin>,
}

/// What a kind of finding found that rests on sets of packets, and what these grew too large for.
#[derive(Clone, Debug, Default)]
pub(in crate::question) struct Judged {
    pub(in crate::question) found: Vec<Found>,
    pub(in crate::question) unjudged: Vec<Found>,
}

/// What is told of rules that could not be looked at.
pub(in crate::question) const UNJUDGED: (&str, Severity) = ("rules-not-judged", Severity::Note);

impl<T, F> Kind<T, F> {
    fn finding(&self, found: Found, network: &Network) -> Finding {
        found.told((self.code, self.severity, self.rules), network)
    }
}

impl Found {
    fn told(self, kind: (&'static str, Severity, &[Rule]), network: &Network) -> Finding {
        let (code, severity, rules) = kind;
        Finding {
            code,
            severity,
            resource: self.resource,
            text: self.text,
            hint: self.hint,
            place: self.origin.map(|origin| network.place(&origin)),
            rules: rules.to_vec(),
        }
    }
}

impl<T> Kind<T> {
    /// Every finding of this kind.
    pub(in crate::question) fn all(&self, input: &T, network: &Network) -> Vec<Finding> {
        let found = (self.find)(input).into_iter();
        found.map(|found| self.finding(found, network)).collect()
    }
}

impl<T> Kind<T, Judged> {
    /// Every finding of this kind, and of what it could not be looked for in.
    pub(in crate::question) fn all(&self, input: &T, network: &Network) -> Vec<Finding> {
        let Judged { found, unjudged } = (self.find)(input);
        let found = found.into_iter().map(|found| self.finding(found, network));
        // The first two rules of such a kind say in which order rules are tried.
        let (code, severity) = UNJUDGED;
        let kind = (code, severity, self.rules.get(..2).unwrap_or(self.rules));
        let unjudged = unjudged.into_iter().map(|found| found.told(kind, network));
        found.chain(unjudged).collect()
    }
}

impl Judged {
    /// What was found in `holder`, which is a group or policy of rules, or that these need too large sets.
    pub(in crate::question) fn of(
        (what, holder): (&str, &Meta),
        judged: Result<Vec<Found>, Overflow>,
    ) -> Self {
        match judged {
            Ok(found) => Self { found, unjudged: Vec::new() },
            Err(overflow) => {
                Self { found: Vec::new(), unjudged: vec![unjudged(what, holder, overflow)] }
            }
        }
    }
}

impl FromIterator<Self> for Judged {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        let mut sum = Self::default();
        for judged in all {
            sum.found.extend(judged.found);
            sum.unjudged.extend(judged.unjudged);
        }
        sum
    }
}

fn unjudged(what: &str, holder: &Meta, overflow: Overflow) -> Found {
    let name = holder.name();
    Found {
        resource: holder.id.clone(),
        text: format!("whether rules of the {what} {name} are superfluous is not said: {overflow}"),
        hint: format!("split the {what}, or ask about its parts"),
        origin: Some(holder.origin.clone()),
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
