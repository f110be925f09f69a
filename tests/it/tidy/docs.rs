//! Links, headings and first sentences.

use super::source::Source;

/// The headings of a page of Markdown, as anchors of the usual sort.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    let headings = prose(text).filter(|(_, line)| line.starts_with('#'));
    headings.map(|(_, line)| anchor(line.trim_start_matches('#').trim())).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// The lines outside fenced code, with their numbers.
pub(crate) fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        (!fenced && !is_fence).then_some((at + 1, line))
    })
}

/// The targets of the links in a page, with their lines; what lies elsewhere on the web is left out.
pub(crate) fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, line) in prose(text) {
        let pieces = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        let targets = pieces.map(|(target, _)| target).filter(|target| !target.contains("://"));
        found.extend(targets.map(|target| (at, target)));
    }
    found
}

/// `target`, as written in the page `page`, as a path from the root and an anchor.
pub(crate) fn resolve(page: &str, target: &str) -> (String, Option<String>) {
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (target, None),
    };
    if path.is_empty() {
        return (page.to_owned(), anchor);
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    (parts.join("/"), anchor)
}

/// The documentation comments of `source` whose first paragraph does not end like a sentence.
pub(crate) fn unfinished_sentences(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut before_is_comment = false;
    for (at, line) in source.text.lines().enumerate() {
        let comment = ["///", "//!"].iter().find_map(|mark| line.trim_start().strip_prefix(mark));
        let words = comment.map(str::trim).filter(|words| !words.is_empty());
        match (&mut open, words) {
            (Some((_, paragraph)), Some(words)) => paragraph.push_str(words),
            (None, Some(words)) if !before_is_comment => open = Some((at + 1, words.to_owned())),
            _ => found.extend(open.take().filter(|(_, paragraph)| !is_sentence(paragraph))),
        }
        before_is_comment = comment.is_some();
    }
    let found = found.into_iter().filter(|(line, _)| !source.is_test_line(*line));
    found.map(|(line, text)| format!("{}:{line}: no sentence: {text}", source.path)).collect()
}

/// Does it end like a sentence, whatever stands in parentheses behind it?
fn is_sentence(paragraph: &str) -> bool {
    let aside = paragraph.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let before_aside = aside.is_some_and(|(before, _)| is_sentence(before));
    before_aside || [".", "?", ":", "…", ".)", ".*"].iter().any(|end| paragraph.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_resolved() {
        let page =
            "[a](b.md) and [c](../d.md#e-f) and [w](https://x.org)\n```\n[no](no)\n```\n[g](#h)";
        assert_eq!(links(page), [(1, "b.md"), (1, "../d.md#e-f"), (5, "#h")]);
        assert_eq!(
            resolve("docs/semantics/02.md", "../d.md#e"),
            ("docs/d.md".into(), Some("e".into()))
        );
        assert_eq!(resolve("README.md", "docs/"), ("docs".into(), None));
        assert_eq!(resolve("docs/a.md", "#h"), ("docs/a.md".into(), Some("h".into())));
    }

    #[test]
    fn headings_are_anchors() {
        assert_eq!(anchors("# A `b` C\n```\n# no\n```\n## 2.1 x: y?"), ["a-b-c", "21-x-y"]);
    }

    #[test]
    fn first_paragraphs_end_like_sentences() {
        let check = |text: &str, hits: usize| {
            assert_eq!(unfinished_sentences(&Source::new("src/a.rs", text)).len(), hits, "{text}");
        };
        check("/// Says a\n/// thing.\nfn f() {}", 0);
        check("/// Says a thing.\n///\n/// # Panics\n/// Never\nfn f() {}", 0);
        check("/// Is it? (R1)\nfn f() {}", 0);
        check("/// a thing (R1)\nfn f() {}", 1);
        check("/// a thing\nfn f() {}", 1);
        check("//! The module", 0);
        check("//! The module\nfn f() {}", 1);
        check("// a thing\nfn f() {}", 0);
    }
}
