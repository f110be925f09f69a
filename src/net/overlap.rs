//! Prefixes of several owners that overlap.

use ipnet::IpNet;

/// Prefixes within others of another owner, each after the closest one around it. O(n log n) where
/// prefixes are not nested deeply.
#[must_use]
pub fn overlaps<T: Copy + Ord>(mut spaces: Vec<(IpNet, T)>) -> Vec<((IpNet, T), (IpNet, T))> {
    spaces.sort_by_key(|(prefix, owner)| (prefix.network(), prefix.prefix_len(), *owner));
    let mut around: Vec<(IpNet, T)> = Vec::new();
    let mut pairs = Vec::new();
    for (prefix, owner) in spaces {
        while around.last().is_some_and(|(outer, _)| !outer.contains(&prefix)) {
            around.pop();
        }
        let other = around.iter().rev().find(|(_, other)| *other != owner);
        pairs.extend(other.map(|&outer| (outer, (prefix, owner))));
        around.push((prefix, owner));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spaces: &[(&str, usize)], expected: &[(usize, usize)]) {
        let spaces = spaces.iter().map(|(prefix, member)| (prefix.parse().unwrap(), *member));
        let pairs = overlaps(spaces.collect());
        let members: Vec<_> = pairs.iter().map(|((_, a), (_, b))| (*a, *b)).collect();
        assert_eq!(members, expected);
    }

    #[test]
    fn nested_prefixes_of_two_networks_overlap() {
        check(&[("10.0.0.0/16", 0), ("10.0.1.0/24", 1)], &[(0, 1)]);
        check(&[("10.0.1.0/24", 1), ("10.0.0.0/16", 0)], &[(0, 1)]);
        check(&[("10.0.0.0/16", 0), ("10.0.0.0/16", 1)], &[(0, 1)]);
        check(&[("10.0.0.0/16", 0), ("10.1.0.0/16", 1)], &[]);
    }

    #[test]
    fn a_network_does_not_overlap_itself() {
        check(&[("10.0.0.0/16", 0), ("10.0.0.0/16", 0)], &[]);
        check(&[("10.0.0.0/8", 0), ("10.0.0.0/16", 1), ("10.0.1.0/24", 1)], &[(0, 1), (0, 1)]);
    }

    #[test]
    fn families_do_not_meet() {
        check(&[("0.0.0.0/0", 0), ("2001:db8::/32", 1)], &[]);
    }
}
