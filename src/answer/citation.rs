//! The numbered rules of `docs/semantics`, and how sure each is.

use super::Confidence;
use serde::{Serialize, Serializer};
use std::fmt;

/// A rule of `docs/semantics`, such as R89.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(pub u16);

/// Some rules, known when hopwise is built.
pub type Rules = &'static [Rule];

/// One letter per rule from R1 on: **O**bserved (recorded answers and labs of the corpus),
/// **D**ocumented, **T**hird party, **I**nferred.
const TAGS: &[u8] = b"\
DDDDDDDIDDIDDDDDDDDDTDDDODDDDDDDDDDDTDDDDDTTTDTTTIDTDTTTDDTDDDDTDTTDDDDIDDDDIDDD\
DDDDDDDDDIDITTTIDDDDDDDIDDTIDDDDIODTDDDDDDDDDDDDDDDDDDDDDDDDTODDDTIDDDTDDDDTDDDI\
DDDDDDTTDDDIDDDDDDIDDDDDDDDDDDIDIDDTIIDIDIDODDDDDIIDDDDDDDDIDDDDDDDIDDDDTDDDDIDD\
DDDDDDDDDIIDDIDDDDDDDDTIDDDDDIDDDDIDDDDDIDDDDDDDIDDDDDDDDDIDDIDDDDIDDDDDDDDIDTDD\
DDDDDDDDDTDTDIDDDDDDIDIDIDTDDDDODIDTDDDDDDDTDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD\
DDDIDDDDDDDDDIDDDDDDDDDDDDDDDDDDDDDDIDDDDDDDDDIDDDDDDDDDDDTDDDIIDDDDDDDDDIDDDDDD\
DDDDDDDDDDDDDTDDTTDDTDDDDIDDIIIIIIIIIIIIIIIIIIIIIIIITTDDDTDDDDDTTDDDDDDDDDDDDDDD\
TDDDDDDDDDDDTTTDOOOOTDDDDIDDDDD";

impl Rule {
    /// The highest number.
    #[expect(clippy::cast_possible_truncation, reason = "591 rules")]
    pub const LAST: Self = Self(TAGS.len() as u16);

    /// How sure the rule is (R516); inferred for numbers beyond the last.
    #[must_use]
    pub fn confidence(self) -> Confidence {
        let tag = usize::from(self.0).checked_sub(1).and_then(|at| TAGS.get(at));
        match tag {
            Some(b'O') => Confidence::Observed,
            Some(b'D') => Confidence::Documented,
            Some(b'T') => Confidence::ThirdParty,
            _ => Confidence::Inferred,
        }
    }

    /// Is it one of the rules that only put the steps in order (R509-R515), which never count for
    /// the confidence (R516)?
    #[must_use]
    pub const fn is_composition(self) -> bool {
        self.0 >= 509 && self.0 <= 516
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}", self.0)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The weakest confidence among `rules` (R516); documented when none of them counts.
#[must_use]
pub fn weakest(rules: &[Rule]) -> Confidence {
    let counted = rules.iter().filter(|rule| !rule.is_composition());
    counted.map(|rule| rule.confidence()).max().unwrap_or(Confidence::Documented)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_confidence_is_that_of_the_weakest_rule_that_decided() {
        assert_eq!(Rule(142).confidence(), Confidence::Observed);
        assert_eq!(Rule(135).confidence(), Confidence::Documented);
        assert_eq!(weakest(&[Rule(142), Rule(72), Rule(135)]), Confidence::Inferred);
        assert_eq!(weakest(&[Rule(135), Rule(512)]), Confidence::Documented);
        assert_eq!(Rule::LAST, Rule(591));
    }
}
