//! Names that fare alike in a matrix, as one row and one column.

use crate::answer::{AlikeNames, MatrixCell};
use std::collections::{BTreeMap, BTreeSet};

/// The names in groups that nothing tells apart: swapping two of a group changes no cell. `cell` gives what is
/// between two of them, by their numbers.
///
/// O(n^2) in the number of names, and O(n d) memory in the number d of rows that differ.
pub(super) fn alike(cell: impl Fn(usize, usize) -> MatrixCell, names: &[String]) -> AlikeNames {
    let mut cells = Cells::default();
    let own: Vec<u32> = (0..names.len()).map(|at| cells.number(cell(at, at))).collect();
    let rows = (0..names.len()).map(|row| {
        (0..names.len()).map(|column| cells.number(cell(row, column))).collect::<Vec<u32>>()
    });
    let rows = by_row(rows);
    let mut groups: BTreeMap<(usize, Vec<u32>, u32), Vec<usize>> = BTreeMap::new();
    for (row, (_, alike)) in rows.iter().enumerate() {
        for &name in alike {
            let column = rows.iter().filter_map(|(row, _)| row.get(name).copied()).collect();
            let own = own.get(name).copied().unwrap_or_default();
            groups.entry((row, column, own)).or_default().push(name);
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_by(|a, b| (b.len(), a).cmp(&(a.len(), b)));
    let between = |from: &Vec<usize>, to: &Vec<usize>| {
        let first = from.first().copied();
        let other = to.iter().copied().find(|&it| Some(it) != first);
        first.zip(other).map_or_else(MatrixCell::default, |(from, to)| cell(from, to))
    };
    let itself = |group: &Vec<usize>| group.first().map(|&it| cell(it, it));
    let called = |group: &Vec<usize>| -> Vec<String> {
        group.iter().filter_map(|&it| names.get(it).cloned()).collect()
    };
    AlikeNames {
        own: groups.iter().filter_map(itself).collect(),
        cells: groups
            .iter()
            .map(|from| groups.iter().map(|to| between(from, to)).collect())
            .collect(),
        groups: groups.iter().map(called).collect(),
    }
}

/// Names whose rows are the same but for what is between them and for themselves, with such a row.
///
/// At its own place a row gets what names that are alike have between each other. That is what occurs most often
/// in the row, else some other value: it is the same for all of them.
fn by_row(rows: impl Iterator<Item = Vec<u32>>) -> Vec<(Vec<u32>, Vec<usize>)> {
    let mut usual: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
    for (name, mut row) in rows.enumerate() {
        let most = most(row.iter().enumerate().filter(|it| it.0 != name).map(|it| *it.1));
        row.get_mut(name).into_iter().for_each(|cell| *cell = most);
        usual.entry(row).or_default().push(name);
    }
    let (alone, mut found): (Vec<_>, Vec<_>) =
        usual.into_iter().partition(|(_, names)| names.len() == 1);
    let mut others: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
    for (row, name) in alone.iter().filter_map(|(row, names)| Some((row, *names.first()?))) {
        for value in row.iter().copied().collect::<BTreeSet<u32>>() {
            let mut row = row.clone();
            row.get_mut(name).into_iter().for_each(|cell| *cell = value);
            others.entry(row).or_default().push(name);
        }
    }
    let mut placed: BTreeSet<usize> = BTreeSet::new();
    for (row, mut names) in others {
        names.retain(|name| !placed.contains(name));
        if names.len() > 1 {
            placed.extend(&names);
            found.push((row, names));
        }
    }
    found
        .extend(alone.into_iter().filter(|(_, names)| !names.iter().any(|it| placed.contains(it))));
    found
}

/// Different cells, by number.
#[derive(Default)]
struct Cells {
    numbers: BTreeMap<MatrixCell, u32>,
    last: Option<(MatrixCell, u32)>,
}

impl Cells {
    fn number(&mut self, cell: MatrixCell) -> u32 {
        // PERF: neighbours are mostly alike.
        if let Some((_, number)) = self.last.filter(|last| last.0 == cell) {
            return number;
        }
        let fresh = self.numbers.len();
        let fresh = u32::try_from(fresh).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(cell).or_insert(fresh);
        self.last = Some((cell, number));
        number
    }
}

/// The number that occurs most often, of several the least.
fn most(numbers: impl Iterator<Item = u32>) -> u32 {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    numbers.for_each(|number| *counts.entry(number).or_default() += 1);
    let most = counts.into_iter().max_by_key(|&(number, count)| (count, std::cmp::Reverse(number)));
    most.map_or(0, |it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A cell of these counts.
    fn made(reached: usize) -> MatrixCell {
        MatrixCell { pairs: 2, reached, unknown: 0 }
    }

    proptest! {
        /// Groups say the same as all cells, whatever the cells; and names that are alike are found.
        #[test]
        fn groups_say_what_cells_say(
            sorts in prop::collection::vec(0usize..3, 0..9),
            between in prop::collection::vec(0usize..3, 9),
            own in prop::collection::vec(0usize..3, 3),
            odd in prop::option::of((0usize..9, 0usize..9)),
        ) {
            let cell = |a: usize, b: usize| match a == b {
                _ if odd == Some((a, b)) => made(7),
                true => made(own[sorts[a]]),
                false => made(between[sorts[a] * 3 + sorts[b]]),
            };
            let names: Vec<String> = (0..sorts.len()).map(|at| at.to_string()).collect();
            let found = alike(cell, &names);
            let group = |name: &String| found.groups.iter().position(|it| it.contains(name)).unwrap();
            let groups: Vec<usize> = names.iter().map(group).collect();
            for a in 0..names.len() {
                prop_assert_eq!(found.own[groups[a]], cell(a, a));
                for b in (0..names.len()).filter(|&b| b != a) {
                    prop_assert_eq!(found.cells[groups[a]][groups[b]], cell(a, b));
                }
            }
            prop_assert_eq!(found.groups.iter().map(Vec::len).sum::<usize>(), names.len());
            let different = sorts.iter().collect::<std::collections::BTreeSet<_>>().len();
            // An odd cell tells two names from the others.
            let odd = if odd.is_some() { 2 } else { 0 };
            prop_assert!(found.groups.len() <= different + odd, "{:?}", found.groups);
        }
    }
}
