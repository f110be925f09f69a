//! Which of the names that exist was probably meant.

use crate::diag::Diagnostic;

/// The one of `known` that is close enough to `name` to be what was meant.
pub(super) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    let limit = (folded.chars().count() / 3).max(1);
    let distance = |other: &str| strsim::damerau_levenshtein(&folded, &other.to_lowercase());
    let near = known.map(|other| (distance(other), other));
    near.filter(|&(distance, _)| distance <= limit).min().map(|(_, other)| other)
}

/// The remark with the hint that `near` was meant, if anything was.
pub(super) fn meant(remark: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => remark.hint(format!("did you mean `{near}`?")),
        None => remark,
    }
}

/// `a`, `b` and `c`, each in backticks.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = || ["subnets", "virtualNetworks", "hosts"].into_iter();
        assert_eq!(closest("virtualNetwork", known()), Some("virtualNetworks"));
        assert_eq!(closest("Virtualnetwroks", known()), Some("virtualNetworks"));
        assert_eq!(closest("hsots", known()), Some("hosts"));
        assert_eq!(closest("cats", known()), None);
    }

    #[test]
    fn lists_read_like_prose() {
        assert_eq!(listed(["a", "b", "c"].into_iter()), "`a`, `b` and `c`");
        assert_eq!(listed(["a"].into_iter()), "`a`");
        assert_eq!(listed([].into_iter()), "");
    }
}
