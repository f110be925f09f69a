//! The page of reasons: which files give each of them as an answer.

use super::semantics::named;
use super::source::Source;
use hopwise::answer::Reason;

/// How the lines start that are made anew.
pub(crate) const GENERATED: &str = "- said by: ";

/// `page` with its generated lines made anew from `sources`.
pub(crate) fn regenerated(page: &str, sources: &[Source]) -> String {
    let mut text = String::new();
    let mut section = "";
    for line in page.lines() {
        section = line.strip_prefix("## ").unwrap_or(section);
        let reason = Reason::ALL.iter().find(|reason| reason.code() == section);
        match reason.filter(|_| line.starts_with(GENERATED)) {
            Some(reason) => text.push_str(&format!("{GENERATED}{}", said_by(*reason, sources))),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

fn said_by(reason: Reason, sources: &[Source]) -> String {
    let pattern = format!("Reason::{reason:?}");
    // Edits answer a reason, and do not say it.
    let says = |source: &&Source| {
        !source.path.starts_with("src/question/repair/")
            && source.find(&pattern).iter().any(|at| !source.is_test(*at))
    };
    named(&sources.iter().filter(says).map(|source| source.path.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_say_a_reason_are_named() {
        let page = "# T\n\n## loop\nIt is.\n- said by: old\n\n## no-route\n- said by: –\n";
        let code =
            "fn f() { Reason::Loop }\n#[cfg(test)]\nmod tests { fn f() { Reason::NoRoute } }";
        let sources = [Source::new("src/a.rs", code), Source::new("src/b.rs", "// Reason::Loop")];
        let expected = page.replace("old", "`src/a.rs`");
        assert_eq!(regenerated(page, &sources), expected);
    }
}
