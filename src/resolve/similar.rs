//! Which of the names that exist was probably meant.

/// The one of `names` closest to `name`, where that is close enough to be worth saying.
pub(super) fn closest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    let limit = (name.chars().count() / 3).max(1);
    let near = names.map(|other| (distance(&name, other), other));
    near.filter(|&(distance, _)| distance <= limit).min().map(|(_, other)| other)
}

/// The number of letters to insert, delete or replace to get from `a` to `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        let mut next = vec![left];
        for (above, other) in row.iter().skip(1).zip(&b) {
            let replaced = diagonal + usize::from(letter != *other);
            left = replaced.min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let names = ["hub", "spoke-1", "route-table"];
        assert_eq!(closest("spoke1", names.into_iter()), Some("spoke-1"));
        assert_eq!(closest("Hbu2", names.into_iter()), None);
        assert_eq!(closest("route-tables", names.into_iter()), Some("route-table"));
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
