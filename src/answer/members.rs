//! Some of many places, by name.

use super::ranges::Ranges;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Some of the places of an answer. Their names are held once for all of it: thousands of groups of a large
/// estate have thousands of places each.
#[derive(Clone)]
pub struct Members {
    names: Arc<[String]>,
    numbers: Ranges,
    /// Are they written as numbers?
    is_numbered: bool,
}

impl Members {
    /// The places of these numbers, which are positions in `names`.
    pub(crate) const fn new(names: Arc<[String]>, numbers: Ranges) -> Self {
        Self { names, numbers, is_numbered: false }
    }

    /// All places that there are.
    pub(super) fn all(&self) -> Self {
        let last = self.names.len().checked_sub(1).and_then(|last| u32::try_from(last).ok());
        let numbers = last.map_or_else(Ranges::default, |last| Ranges::between(0, last));
        Self::new(Arc::clone(&self.names), numbers)
    }

    /// The same, written as numbers.
    pub(super) fn numbered(self) -> Self {
        Self { is_numbered: true, ..self }
    }

    /// How many there are. O(n) in runs of neighbours.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Are there none?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Their names, in the order of the places.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.numbers.iter().map(|number| self.name(number))
    }

    /// The first so many names, with this text between them.
    #[must_use]
    pub fn joined(&self, most: usize, between: &str) -> String {
        self.iter().take(most).collect::<Vec<_>>().join(between)
    }

    /// Those that are not among `others`, which are of the same answer. O(n) in runs of neighbours.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        let numbers = self.numbers.without(&others.numbers);
        Self { names: Arc::clone(&self.names), numbers, is_numbered: self.is_numbered }
    }

    fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }
}

/// By their names, one after the other; those of one answer in O(n) in runs of neighbours.
impl Ord for Members {
    fn cmp(&self, other: &Self) -> Ordering {
        if !Arc::ptr_eq(&self.names, &other.names) {
            return self.iter().cmp(other.iter());
        }
        match self.numbers.first_difference(&other.numbers) {
            (Some(a), Some(b)) => self.name(a).cmp(self.name(b)),
            (a, b) => a.cmp(&b),
        }
    }
}

impl PartialOrd for Members {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Members {}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A list of names; or a text with the positions of these in the list of all places, such as `0-9,12`.
impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_numbered {
            return serializer.collect_str(&self.numbers);
        }
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::vec(0u32..12, 0..9)
    }

    fn members(names: &Arc<[String]>, numbers: &[u32]) -> Members {
        Members::new(Arc::clone(names), Ranges::of(numbers.to_vec()))
    }

    proptest! {
        /// Places are compared, counted and written as the lists of their names, which are in no order.
        #[test]
        fn members_are_lists_of_names(a in numbers(), b in numbers()) {
            let names: Arc<[String]> = (0..12).map(|it| format!("vm{}", it * 5 % 12)).collect();
            let (x, y) = (members(&names, &a), members(&names, &b));
            let (left, right) = (x.iter().collect::<Vec<_>>(), y.iter().collect::<Vec<_>>());
            prop_assert_eq!(x.cmp(&y), left.cmp(&right));
            let other: Arc<[String]> = names.iter().cloned().collect();
            prop_assert_eq!(x.cmp(&members(&other, &b)), left.cmp(&right));
            prop_assert_eq!(x.len(), left.len());
            let rest: Vec<_> = left.iter().copied().filter(|it| !right.contains(it)).collect();
            let without = x.without(&y);
            prop_assert_eq!(without.iter().collect::<Vec<_>>(), rest);
            prop_assert_eq!(serde_json::to_value(&x).unwrap(), serde_json::to_value(&left).unwrap());
            let all = x.all();
            prop_assert_eq!(all.iter().collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
        }

        /// Numbers are positions in the list of all places.
        #[test]
        fn numbered_members_name_the_same_places(a in numbers()) {
            let names: Arc<[String]> = (0..12).map(|it| format!("vm{it}")).collect();
            let x = members(&names, &a);
            let text = serde_json::to_value(x.clone().numbered()).unwrap();
            let ranges = text.as_str().unwrap().split(',').filter(|it| !it.is_empty());
            let numbers = ranges.flat_map(|range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                first.parse::<usize>().unwrap()..=last.parse::<usize>().unwrap()
            });
            let read: Vec<&str> = numbers.map(|it| &*names[it]).collect();
            prop_assert_eq!(read, x.iter().collect::<Vec<_>>());
        }
    }
}
