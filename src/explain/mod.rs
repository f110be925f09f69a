//! What reasons, findings and rules mean: the pages of `docs/`, by code; and the scenarios to start from.

mod shipped;

pub use shipped::{SHIPPED, Shipped};

/// A collection of pages, and the marks of their beginnings.
const REASONS: &str = include_str!("../../docs/reasons.md");
const FINDINGS: &str = include_str!("../../docs/findings.md");
const CHAPTERS: [&str; 14] = [
    include_str!("../../docs/semantics/01-address-spaces.md"),
    include_str!("../../docs/semantics/02-routes.md"),
    include_str!("../../docs/semantics/03-peering.md"),
    include_str!("../../docs/semantics/04-filtering.md"),
    include_str!("../../docs/semantics/05-names.md"),
    include_str!("../../docs/semantics/06-private-endpoints.md"),
    include_str!("../../docs/semantics/07-hybrid.md"),
    include_str!("../../docs/semantics/08-virtual-wan-and-route-server.md"),
    include_str!("../../docs/semantics/09-platform-services.md"),
    include_str!("../../docs/semantics/10-aks.md"),
    include_str!("../../docs/semantics/11-diagnostic-vocabulary.md"),
    include_str!("../../docs/semantics/12-composition.md"),
    include_str!("../../docs/semantics/13-undocumented.md"),
    include_str!("../../docs/semantics/14-misconceptions.md"),
];

/// What `code` means: a reason (`denied-by-rule`), a finding of the inventory (`half-peering`) or a
/// rule (`R89`), whatever its case. In Markdown, as in `docs/`.
#[must_use]
pub fn explain(code: &str) -> Option<String> {
    let code = code.trim();
    let page = section(REASONS, code).or_else(|| section(FINDINGS, code));
    page.or_else(|| CHAPTERS.iter().find_map(|chapter| rule(chapter, code)))
}

/// Every reason and finding that [`explain`] knows.
pub fn codes() -> impl Iterator<Item = &'static str> {
    REASONS.lines().chain(FINDINGS.lines()).filter_map(|line| line.strip_prefix("## "))
}

/// The section of `page` with the heading `code`.
fn section(page: &str, code: &str) -> Option<String> {
    let is_it = |line: &str| line.strip_prefix("## ").is_some_and(|h| h.eq_ignore_ascii_case(code));
    let mut lines = page.lines().skip_while(|line| !is_it(line));
    let heading = lines.next()?.trim_start_matches("## ");
    let body: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    Some(format!("{heading}\n\n{}\n", body.join("\n").trim()))
}

/// The rule `code` of `chapter`: an item of a list with its indented lines.
fn rule(chapter: &str, code: &str) -> Option<String> {
    let is_it = |line: &str| {
        let number = line.strip_prefix("- **").and_then(|rest| rest.split_once("**"));
        number.is_some_and(|(number, _)| number.eq_ignore_ascii_case(code))
    };
    let mut lines = chapter.lines().skip_while(|line| !is_it(line));
    let first = lines.next()?;
    let rest = lines.take_while(|line| line.starts_with("  "));
    let lines: Vec<&str> = std::iter::once(first).chain(rest).collect();
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Reason, Rule};

    #[test]
    fn every_reason_is_explained() {
        for reason in Reason::ALL {
            let page = explain(reason.code()).unwrap_or_else(|| panic!("no page for {reason}"));
            assert!(page.starts_with(reason.code()), "{page}");
            assert!(page.contains(reason.sentence()), "{page}");
        }
    }

    #[test]
    fn every_rule_is_explained() {
        for number in 1..=Rule::LAST.0 {
            let rule = Rule(number);
            assert!(explain(&rule.to_string()).is_some(), "no page for {rule}");
        }
        assert!(explain("r89").is_some_and(|page| page.starts_with("- **R89**")));
        assert_eq!(explain("R"), None);
    }

    #[test]
    fn what_does_not_exist_is_not_explained() {
        assert_eq!(explain("denied-by-magic"), None);
        assert!(codes().any(|code| code == "denied-by-rule"));
    }
}
