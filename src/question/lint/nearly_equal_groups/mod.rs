//! `nearly-equal-groups`: security groups that let the same packets pass but for one box of them.

mod comparison;
mod neighbours;

use crate::answer::Rule;
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::question::inventory::{Found, Judged, Kind};
use comparison::Comparison;
use neighbours::{Lists, Together};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const KIND: Kind<Dataplane, Judged> = Kind {
    code: "nearly-equal-groups",
    severity: Severity::Note,
    rules: &[Rule(175), Rule(176), Rule(177)],
    find,
};

/// So many lists of rules that are nearly equal are told of pair by pair, more of them together.
const FEW: usize = 4;

/// So many different lists are compared each with each; of more, those that are equal but for one rule.
const ALL_PAIRS_MAX: usize = 64;

type Pair = (usize, usize);

fn find(plane: &Dataplane) -> Judged {
    within(plane, ALL_PAIRS_MAX)
}

/// O(n) in the rules of all groups, and a comparison of decisions for each pair of neighbours, of which
/// there are fewer than rules, or at most `all_pairs_max` squared.
fn within(plane: &Dataplane, all_pairs_max: usize) -> Judged {
    let lists = Lists::of(plane.network());
    let mut together = Together::alone(lists.len());
    let (pairs, many) = candidates(&lists, all_pairs_max);
    for pair in many.iter().flat_map(|alike| alike.windows(2)) {
        if let [a, b] = *pair {
            together.join(a, b);
        }
    }
    let mut comparison = Comparison::new(plane, &lists);
    let mut differing: BTreeMap<Pair, String> = BTreeMap::new();
    for (a, b) in pairs {
        if let Some(text) = comparison.differ(a, b) {
            together.join(a, b);
            differing.insert((a, b), text);
        }
    }
    let sets = together.sets();
    let found = sets.iter().flat_map(|set| told(&lists, set, &differing)).collect();
    let mut unjudged = comparison.unjudged();
    unjudged.extend(not_compared(&lists).filter(|_| lists.len() > all_pairs_max));
    Judged { found, unjudged }
}

/// That not all pairs of many lists are compared.
fn not_compared(lists: &Lists<'_>) -> Option<Found> {
    let first = lists.groups(0).first()?;
    Some(Found {
        resource: first.meta.id.clone(),
        text: format!(
            "of {} groups with different rules only those were compared for nearly equal ones whose lists \
             of rules are equal but for one rule",
            lists.len()
        ),
        hint: "ask about fewer groups to have each compared with each".to_owned(),
        origin: Some(first.meta.origin.clone()),
    })
}

/// The pairs to compare; and lists too many of which are equal but for one rule to be told of pair by pair.
fn candidates(lists: &Lists<'_>, all_pairs_max: usize) -> (BTreeSet<Pair>, Vec<Vec<usize>>) {
    if lists.len() <= all_pairs_max {
        return (lists.all_pairs(), Vec::new());
    }
    let alike = lists.but_for_one_rule();
    let (many, few): (Vec<_>, Vec<_>) = alike.into_iter().partition(|alike| alike.len() > FEW);
    // Of many the first two are an example.
    let examples = many.iter().map(|alike| alike.get(..2).unwrap_or_default().to_vec());
    let each = few.iter().cloned().chain(examples);
    let pairs = each.flat_map(|alike| {
        let pairs = alike.iter().enumerate();
        let pairs = pairs.flat_map(|(at, &a)| alike.iter().skip(at + 1).map(move |&b| (a, b)));
        pairs.collect::<Vec<Pair>>()
    });
    (pairs.collect(), many)
}

/// Findings about lists that are nearly equal.
fn told(lists: &Lists<'_>, set: &[usize], differing: &BTreeMap<Pair, String>) -> Vec<Found> {
    let mut pairs = differing.iter().filter(|((a, b), _)| set.contains(a) && set.contains(b));
    if set.len() <= FEW {
        return pairs.filter_map(|(&(a, b), text)| of_pair(lists, (a, b), text)).collect();
    }
    let groups: Vec<_> = set.iter().flat_map(|&list| lists.groups(list)).collect();
    let Some(first) = groups.first() else { return Vec::new() };
    let names: Vec<&str> = groups.iter().take(FEW).map(|group| group.meta.name()).collect();
    let example = pairs.next().map(|(_, text)| format!(", such as: {text}")).unwrap_or_default();
    vec![Found {
        resource: first.meta.id.clone(),
        text: format!(
            "{} and {} more groups are nearly equal, each to another of them{example}",
            names.join(", "),
            groups.len() - names.len()
        ),
        hint: "make sure that they are meant to differ".to_owned(),
        origin: Some(first.meta.origin.clone()),
    }]
}

fn of_pair(lists: &Lists<'_>, (a, b): Pair, text: &str) -> Option<Found> {
    let (first, more) = lists.groups(a).split_first()?;
    let more = more.len() + lists.groups(b).len().saturating_sub(1);
    let more = match more {
        0 => String::new(),
        1 => "; another group has the same rules as one of them".to_owned(),
        more => format!("; {more} more groups have the same rules as one of them"),
    };
    Some(Found {
        resource: first.meta.id.clone(),
        text: format!("{text}{more}"),
        hint: "make sure that they are meant to differ".to_owned(),
        origin: Some(first.meta.origin.clone()),
    })
}

#[cfg(test)]
mod tests;
