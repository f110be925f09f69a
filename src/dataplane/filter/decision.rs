//! What comes out of a filter.

use super::{Action, Cause, Match, RuleIndex};

/// The outcome of a filter for one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The action is sure.
    Definite {
        /// What happens.
        action: Action,
        /// The first rule that matches for sure. Rules before it that match maybe do the same.
        rule: RuleIndex,
    },
    /// It depends on something that is not known.
    Unsure {
        /// The first rule that matches maybe and would change the outcome.
        if_matched: (Action, RuleIndex),
        /// What happens when no rule matches maybe; `None` when nothing matches then.
        otherwise: Option<(Action, RuleIndex)>,
        /// What is not known.
        cause: Cause,
        /// Everything that may come out.
        possible: Outcomes,
    },
    /// No rule matches.
    NoMatch,
}

/// Some of the four outcomes: an action, or no match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcomes(u8);

impl Outcomes {
    /// With `outcome`, `None` for no match.
    #[must_use]
    pub const fn with(self, outcome: Option<Action>) -> Self {
        Self(self.0 | Self::bit(outcome))
    }

    /// Is `outcome` one of them?
    #[must_use]
    pub const fn has(self, outcome: Option<Action>) -> bool {
        self.0 & Self::bit(outcome) != 0
    }

    const fn bit(outcome: Option<Action>) -> u8 {
        match outcome {
            None => 1,
            Some(Action::Allow) => 2,
            Some(Action::Deny) => 4,
            Some(Action::AlwaysAllow) => 8,
        }
    }
}

impl Decision {
    /// Everything that may come out.
    #[must_use]
    pub const fn possible(self) -> Outcomes {
        match self {
            Self::Definite { action, .. } => Outcomes(0).with(Some(action)),
            Self::NoMatch => Outcomes(0).with(None),
            Self::Unsure { possible, .. } => possible,
        }
    }

    /// The action, when it is sure.
    #[must_use]
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Definite { action, .. } => Some(action),
            Self::Unsure { .. } | Self::NoMatch => None,
        }
    }
}

/// The decision of the first match among `matching`: rules in order, each matching or maybe matching.
///
/// `cause` tells why a rule matches only maybe; asked at most once.
// PERF: takes the iterator by reference, as those of filters are costly to move.
#[inline]
pub fn first_match(
    matching: &mut impl Iterator<Item = ((Action, RuleIndex), Match)>,
    cause: impl FnOnce(RuleIndex) -> Cause,
) -> Decision {
    let mut unsure = FirstUnsure::default();
    for ((action, rule), found) in matching {
        match found {
            Match::No => {}
            Match::Maybe => unsure.note(action, rule),
            Match::Yes => return unsure.settle(Some((action, rule)), cause),
        }
    }
    unsure.settle(None, cause)
}

/// The first unsure rule of each action.
#[derive(Default)]
struct FirstUnsure {
    allow: Option<RuleIndex>,
    deny: Option<RuleIndex>,
    always_allow: Option<RuleIndex>,
}

impl FirstUnsure {
    fn note(&mut self, action: Action, rule: RuleIndex) {
        let slot = match action {
            Action::Allow => &mut self.allow,
            Action::Deny => &mut self.deny,
            Action::AlwaysAllow => &mut self.always_allow,
        };
        slot.get_or_insert(rule);
    }

    /// The decision, when `otherwise` is what the sure rules say.
    #[inline]
    fn settle(
        &self,
        otherwise: Option<(Action, RuleIndex)>,
        cause: impl FnOnce(RuleIndex) -> Cause,
    ) -> Decision {
        if let (Self { allow: None, deny: None, always_allow: None }, Some((action, rule))) =
            (self, otherwise)
        {
            return Decision::Definite { action, rule };
        }
        let each = [
            (Action::Allow, self.allow),
            (Action::Deny, self.deny),
            (Action::AlwaysAllow, self.always_allow),
        ];
        let seen = each.into_iter().filter(|(_, rule)| rule.is_some());
        let others = each.into_iter().filter(|&(action, _)| Some(action) != otherwise.map(|o| o.0));
        let first = others.filter_map(|(action, rule)| Some((action, rule?))).min_by_key(|o| o.1);
        match (first, otherwise) {
            (None, None) => Decision::NoMatch,
            (None, Some((action, rule))) => Decision::Definite { action, rule },
            (Some(if_matched), _) => {
                let fallback = Outcomes(0).with(otherwise.map(|o| o.0));
                let possible = seen.fold(fallback, |all, (action, _)| all.with(Some(action)));
                Decision::Unsure { if_matched, otherwise, cause: cause(if_matched.1), possible }
            }
        }
    }
}
