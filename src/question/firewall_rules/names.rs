//! What application rules are for besides addresses: requests, and the names in them.

use crate::azure::{ApplicationProtocol, FirewallRuleKind};
use std::collections::BTreeMap;

/// What a rule tells requests by: protocol and port.
pub(super) type Request = (ApplicationProtocol, u16);

/// A name of a rule, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// A name, with `*` in front for any beginning, or alone.
    Pattern(String),
    /// A tag or category, of which only its name is known.
    Tag(String),
}

/// The names of an application rule.
pub(super) fn names(kind: &FirewallRuleKind) -> Vec<Name> {
    let FirewallRuleKind::Application { fqdns, tags, .. } = kind else { return Vec::new() };
    let fqdns =
        fqdns.iter().map(|name| Name::Pattern(name.trim_end_matches('.').to_ascii_lowercase()));
    fqdns.chain(tags.iter().map(|tag| Name::Tag(tag.to_ascii_lowercase()))).collect()
}

impl Name {
    /// Is whatever `other` is for one of these names?
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pattern(own), _) if own == "*" => true,
            (Self::Pattern(own), Self::Pattern(other)) => match own.strip_prefix('*') {
                Some(end) => other.strip_prefix('*').unwrap_or(other).ends_with(end),
                None => own == other,
            },
            (Self::Tag(own), Self::Tag(other)) => own == other,
            (Self::Pattern(_), Self::Tag(_)) | (Self::Tag(_), Self::Pattern(_)) => false,
        }
    }

    /// May a name be both? What a tag holds is not known.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        let has_tag = matches!((self, other), (Self::Tag(_), _) | (_, Self::Tag(_)));
        has_tag || self.covers(other) || other.covers(self)
    }

    /// Every name that covers this one, as rules write it.
    fn wider(&self) -> Vec<Self> {
        let all = Self::Pattern("*".to_owned());
        let Self::Pattern(own) = self else { return vec![self.clone(), all] };
        let rest = own.strip_prefix('*').unwrap_or(own);
        let ends = rest.char_indices().filter_map(|(at, _)| rest.get(at..));
        let ends = ends.map(|end| Self::Pattern(format!("*{end}")));
        let mut wider: Vec<Self> = ends.chain([self.clone(), all]).collect();
        wider.sort();
        wider.dedup();
        wider
    }
}

/// Which rules, by number, have a name for a request.
#[derive(Debug, Default)]
pub(super) struct Index(BTreeMap<(Request, Name), Vec<usize>>);

impl Index {
    pub(super) fn add(&mut self, request: Request, name: Name, number: usize) {
        self.0.entry((request, name)).or_default().push(number);
    }

    /// The rules that are for every such request for such a name, ascending. O(n log m) in the length of the name
    /// and the number of all names.
    pub(super) fn covering(&self, request: Request, name: &Name) -> Vec<usize> {
        let each = name.wider().into_iter().filter_map(|name| self.0.get(&(request, name)));
        let mut found: Vec<usize> = each.flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn name() -> impl Strategy<Value = Name> {
        let patterns = ["*", "*.a.b", "*a.b", "x.a.b", "a.b", "*.b", "y.x.a.b", "c"];
        let patterns = select(patterns.to_vec()).prop_map(|it| Name::Pattern(it.to_owned()));
        let tags = select(vec!["t", "u"]).prop_map(|it| Name::Tag(it.to_owned()));
        prop_oneof![4 => patterns, 1 => tags]
    }

    proptest! {
        #[test]
        fn wider_names_are_those_that_cover(one in name(), other in name()) {
            prop_assert_eq!(other.wider().contains(&one), one.covers(&other));
        }
    }

    #[test]
    fn a_star_covers_what_ends_alike() {
        let pattern = |text: &str| Name::Pattern(text.to_owned());
        assert!(pattern("*.a.b").covers(&pattern("x.a.b")));
        assert!(pattern("*.a.b").covers(&pattern("*.x.a.b")));
        assert!(!pattern("*.a.b").covers(&pattern("a.b")));
        assert!(!pattern("x.a.b").covers(&pattern("*.a.b")));
        assert!(pattern("*").covers(&Name::Tag("t".to_owned())));
        assert!(pattern("x.a.b").may_meet(&pattern("*.a.b")));
        assert!(!pattern("x.a.b").may_meet(&pattern("*.c")));
    }
}
