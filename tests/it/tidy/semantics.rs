//! The pages of `docs/semantics`: which rules there are, where each is coded and what shows it.
//!
//! Citations are `R89`, `R509-R515` and `Rule(89)` in any text, and `G10` for a golden scenario.

use super::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The files that name a rule or a golden scenario, by `R89` or `G10`.
pub(crate) type Citations = BTreeMap<String, BTreeSet<String>>;

/// What is under a rule or in the last column of a golden scenario.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) coded: Citations,
    pub(crate) shown: Citations,
}

impl Places {
    /// Adds what a file of Rust cites: its tests show, the rest is code.
    pub(crate) fn add_source(&mut self, source: &Source) {
        for (at, line) in source.text.lines().enumerate() {
            let shows = source.is_test_line(at + 1);
            let citations = if shows { &mut self.shown } else { &mut self.coded };
            add(citations, &source.path, line);
        }
    }

    /// Adds what a scenario or a page cites.
    pub(crate) fn add_text(&mut self, path: &str, text: &str) {
        add(&mut self.shown, path, text);
    }
}

fn add(citations: &mut Citations, path: &str, text: &str) {
    for key in cited(text) {
        citations.entry(key).or_default().insert(path.to_owned());
    }
}

/// The rules and golden scenarios that `text` cites.
pub(crate) fn cited(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for letter in ['R', 'G'] {
        let numbers = text.match_indices(letter).filter_map(|(at, _)| number(text, at));
        found.extend(numbers.flatten().map(|number| format!("{letter}{number}")));
    }
    let in_code = text.split("Rule(").skip(1).filter_map(|rest| rest.split_once(')'));
    let numbers = in_code.filter_map(|(number, _)| number.parse::<u16>().ok());
    found.extend(numbers.map(|number| format!("R{number}")));
    found
}

/// The number, or the range of numbers, of the word that starts at `at`.
fn number(text: &str, at: usize) -> Option<std::ops::RangeInclusive<u16>> {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let starts = !text[..at].ends_with(joins);
    let letter = &text[at..=at];
    let (first, rest) = digits(&text[at + 1..])?;
    let range = rest.strip_prefix(['-', '–']).and_then(|rest| digits(rest.strip_prefix(letter)?));
    let (last, rest) = range.unwrap_or((first, rest));
    (starts && !rest.starts_with(joins)).then_some(first..=last)
}

/// Rules and golden scenarios have numbers of so many digits; longer ones stand for none of them.
const DIGITS_MAX: usize = 3;

fn digits(text: &str) -> Option<(u16, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..end].parse().ok().filter(|_| end <= DIGITS_MAX)?;
    Some((number, &text[end..]))
}

/// The rules of a page, `R89` with its tag `doc`, `rec` or `inf`, and its golden scenarios with
/// none.
pub(crate) fn defined(page: &str) -> Vec<(String, String)> {
    page.lines().filter_map(definition).collect()
}

fn definition(line: &str) -> Option<(String, String)> {
    if let Some(rule) = line.strip_prefix("- **") {
        let (name, rest) = rule.split_once("** `[")?;
        let (tag, _) = rest.split_once("]`")?;
        return Some((name.to_owned(), tag.to_owned()));
    }
    let (name, _) = line.strip_prefix("| ")?.split_once(" |")?;
    digits(name.strip_prefix('G')?)?;
    Some((name.to_owned(), String::new()))
}

/// Rules of a page that no test shows and that are not marked as background or not modelled, and marked ones
/// that a test shows.
pub(crate) fn wrongly_marked(page: &str, places: &Places) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut open: Option<(String, bool)> = None;
    let judge = |(rule, is_marked): (String, bool)| {
        (places.shown.contains_key(&rule) == is_marked).then_some(rule)
    };
    for line in page.lines() {
        let ends = !line.starts_with("  ");
        wrong.extend(open.take_if(|_| ends).and_then(judge));
        let is_marked = ["*(background)*", "*(not modelled)*"].iter().any(|it| line.ends_with(it));
        match definition(line) {
            Some((name, tag)) if !tag.is_empty() => open = Some((name, is_marked)),
            Some(_) | None => {
                if let Some((_, marked)) = &mut open {
                    *marked |= is_marked;
                }
            }
        }
    }
    wrong.extend(open.and_then(judge));
    wrong
}

/// How the lines start that are made anew.
pub(crate) const GENERATED: &str = "  - coded: ";

/// `page` with its generated parts made anew from `places`.
pub(crate) fn regenerated(page: &str, places: &Places) -> String {
    let mut text = String::new();
    let mut open: Option<String> = None;
    for line in page.lines().filter(|line| !line.starts_with(GENERATED)) {
        if let Some(rule) = open.take_if(|_| !line.starts_with("  ")) {
            text.push_str(&places_of(&rule, places));
        }
        match definition(line) {
            Some((name, tag)) if tag.is_empty() => text.push_str(&golden_row(line, &name, places)),
            Some((name, _)) => {
                open = Some(name);
                text.push_str(line);
            }
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text.push_str(&open.map(|rule| places_of(&rule, places)).unwrap_or_default());
    text
}

fn places_of(rule: &str, places: &Places) -> String {
    let (coded, shown) = (list(&places.coded, rule), list(&places.shown, rule));
    format!("{GENERATED}{coded}; shown by: {shown}\n")
}

/// The row of a golden scenario with its last column made anew.
fn golden_row(row: &str, name: &str, places: &Places) -> String {
    let kept = row.trim_end_matches(" |").rsplit_once(" | ").map_or(row, |(kept, _)| kept);
    format!("{kept} | {} |", list(&places.shown, name))
}

/// So many files are named; of the others, how many there are.
const FILES_NAMED: usize = 6;

fn list(citations: &Citations, key: &str) -> String {
    citations.get(key).map_or_else(|| "–".to_owned(), named)
}

/// The names of `files`, the first of them when there are many.
pub(crate) fn named(files: &BTreeSet<String>) -> String {
    if files.is_empty() {
        return "–".to_owned();
    }
    let names = files.iter().take(FILES_NAMED).map(|file| format!("`{file}`"));
    let mut text = names.collect::<Vec<_>>().join(", ");
    if let Some(others) = files.len().checked_sub(FILES_NAMED).filter(|others| *others > 0) {
        let _ = write!(text, " and {others} more");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_found() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(cited(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
        };
        check("// R89, see R9-R11.", &["R10", "R11", "R89", "R9"]);
        check("&[Rule(142), Rule(7)] Rule(x)", &["R142", "R7"]);
        check("cites: [R110,R1]\n# G10 (R2)", &["G10", "R1", "R110", "R2"]);
        check("R, R1a, xR2, FOR3, R-4, nva-R5, R6-x, r7, R_8, RFC 9, R9999", &[]);
    }

    #[test]
    fn rules_without_a_test_are_marked() {
        let page = "- **R1** `[doc]` One\n  two. *(background)*\n- **R2** `[inf]` Three.\n\n\
                    - **R3** `[inf]` Four *(not modelled)*\n- **R4** `[rec]` Five.\n";
        let mut places = Places::default();
        places.add_text("scenarios/b.yaml", "R3 R4");
        assert_eq!(wrongly_marked(page, &places), ["R2", "R3"]);
    }

    #[test]
    fn pages_are_made_anew() {
        let page = "# T\n\n- **R1** `[doc]` One\n  two. — UDR\n  - coded: old\n- **R2** `[inf]` Three.\n\n## U\n\
                    | Id | A | Shown by |\n|---|---|---|\n| G1 | a | – |\n";
        let mut places = Places::default();
        let code = "// R1\n#[cfg(test)]\nmod tests {\n    // R2\n}\n";
        places.add_source(&Source::new("src/a.rs", code));
        places.add_text("scenarios/b.yaml", "cites: [R1] # G1");
        let expected = "# T\n\n- **R1** `[doc]` One\n  two. — UDR\n  - coded: `src/a.rs`; shown by: `scenarios/b.yaml`\n\
             - **R2** `[inf]` Three.\n  - coded: –; shown by: `src/a.rs`\n\n## U\n\
             | Id | A | Shown by |\n|---|---|---|\n| G1 | a | `scenarios/b.yaml` |\n";
        let made = regenerated(page, &places);
        assert_eq!(made, expected);
        assert_eq!(regenerated(&made, &places), made);
        let names: Vec<_> = defined(page).into_iter().map(|(name, tag)| name + &tag).collect();
        assert_eq!(names, ["R1doc", "R2inf", "G1"]);
    }
}
