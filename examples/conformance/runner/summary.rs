//! The table of all kinds, and what `docs/conformance.md` names.

use super::{Outcome, Played};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many cases of each kind agree.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) kinds: BTreeMap<String, Counts>,
}

/// How many cases of one kind agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) agree: usize,
    pub(crate) disagree: usize,
    pub(crate) not_modelled: usize,
}

impl Summary {
    pub(crate) fn of(played: &[Played]) -> Self {
        let mut summary = Self::default();
        for case in played {
            let counts = summary.kinds.entry(case.kind.clone()).or_default();
            match case.outcome {
                Outcome::Agrees => counts.agree += 1,
                Outcome::Disagrees(_) => counts.disagree += 1,
                Outcome::NotModelled(_) => counts.not_modelled += 1,
            }
        }
        summary
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<32}{:>8}{:>10}{:>14}", "kind", "agree", "disagree", "not modelled")?;
        for (kind, counts) in &self.kinds {
            let Counts { agree, disagree, not_modelled } = counts;
            writeln!(f, "{kind:<32}{agree:>8}{disagree:>10}{not_modelled:>14}")?;
        }
        let sum = |of: fn(&Counts) -> usize| self.kinds.values().map(of).sum::<usize>();
        let (agree, disagree) = (sum(|it| it.agree), sum(|it| it.disagree));
        write!(f, "{:<32}{agree:>8}{disagree:>10}{:>14}", "all", sum(|it| it.not_modelled))
    }
}

/// The cases that `page`, the text of `docs/conformance.md`, names in backticks.
pub(crate) fn named(page: &str) -> BTreeSet<&str> {
    page.split('`').skip(1).step_by(2).filter(|word| !word.contains(char::is_whitespace)).collect()
}

/// The cases that disagree without being `named`.
pub(crate) fn unexplained<'a>(played: &'a [Played], named: &BTreeSet<&str>) -> Vec<&'a Played> {
    let disagree = played.iter().filter(|it| matches!(it.outcome, Outcome::Disagrees(_)));
    disagree.filter(|it| !named.contains(it.name.as_str())).collect()
}
