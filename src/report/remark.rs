//! Remarks about the input: file, line and column, the text in question underlined, a hint.

use crate::diag::{Diagnostic, Severity};
use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Padding, Renderer, Snippet,
};
use anstyle::Style;
use std::collections::BTreeMap;
use std::ops::Range;

/// The piece of a document that a remark is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, or the part of a very long one, and what follows of a span over several lines.
    text: String,
    /// What is underlined, in bytes of `text`.
    span: Range<usize>,
    /// The line in the document, counted from 1.
    line: usize,
    /// The column in the line, in characters counted from 1.
    column: usize,
}

/// So many bytes of a line are shown before and after what is underlined.
const AROUND: usize = 2_000;

impl Excerpt {
    /// Cuts the JSON value at `line` and `column` (characters), both counted from 1, out of `document`.
    #[must_use]
    pub fn at(document: &str, (line, column): (u32, u32)) -> Option<Self> {
        let (line, column) = (usize::try_from(line).ok()?, usize::try_from(column).ok()?);
        let mut breaks = document.match_indices('\n').map(|(at, _)| at + 1);
        let line_start = if line > 1 { breaks.nth(line - 2)? } else { 0 };
        let in_line = document.get(line_start..)?;
        let (offset, _) = in_line.char_indices().nth(column - 1)?;
        let start = line_start + offset;
        let end = start + value_length(document.get(start..)?);
        Self::cut(document, (u32::try_from(start).ok()?, u32::try_from(end).ok()?))
    }

    /// Cuts `span` (bytes: first, one past the last) out of `document` with the lines around it.
    /// `None` when the document is shorter, as it may have changed since. O(n) in what stands before.
    #[must_use]
    pub fn cut(document: &str, (first, end): (u32, u32)) -> Option<Self> {
        let (first, end) = (usize::try_from(first).ok()?, usize::try_from(end).ok()?);
        let before = document.get(..first)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let in_line = document.get(line_start..first)?;
        let rest = document.get(first..)?;
        let line_rest = rest.find('\n').unwrap_or(rest.len());
        let underlined = end.saturating_sub(first).clamp(usize::from(line_rest > 0), line_rest);
        let from = floor(in_line, in_line.len().saturating_sub(AROUND));
        let to = floor(rest, line_rest.min(underlined.saturating_add(AROUND)));
        let underlined = floor(rest, underlined.min(to));
        let text = format!("{}{}", in_line.get(from..)?, rest.get(..to)?);
        let start = in_line.len() - from;
        Some(Self {
            text,
            span: start..start + underlined,
            line: before.matches('\n').count() + 1,
            column: in_line.chars().count() + 1,
        })
    }
}

/// Where the value that starts `text` ends, as far as one line of JSON tells.
fn value_length(text: &str) -> usize {
    let mut is_escaped = false;
    let ends_text = |&(at, letter): &(usize, char)| {
        let is_end = at > 0 && letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_end
    };
    match text.chars().next() {
        Some('"') => text.char_indices().find(ends_text).map_or(text.len(), |(last, _)| last + 1),
        Some('{' | '[') => 1,
        _ => text.find([',', '}', ']', ' ', '\n', '\r']).unwrap_or(text.len()),
    }
}

/// The last character boundary of `text` that is not after `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// One remark as text with ANSI escapes, as compilers write theirs.
#[must_use]
pub fn remark(diagnostic: &Diagnostic, excerpt: Option<&Excerpt>, width: usize) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code);
    let mut main = Group::with_title(title).elements(place(diagnostic, excerpt));
    let renderer = Renderer::styled().term_width(width);
    match (&diagnostic.hint, excerpt) {
        (None, _) => renderer.render(&[main]) + "\n",
        (Some(hint), Some(_)) => {
            main = main.element(Padding).element(Level::HELP.message(hint));
            renderer.render(&[main]) + "\n"
        }
        (Some(hint), None) => {
            let bold = Style::new().bold();
            format!("{}\n  {bold}help{bold:#}: {hint}\n", renderer.render(&[main]))
        }
    }
}

fn place<'a>(diagnostic: &'a Diagnostic, excerpt: Option<&'a Excerpt>) -> Vec<Element<'a>> {
    let Some(place) = &diagnostic.place else { return Vec::new() };
    let Some(Excerpt { text, span, line, column }) = excerpt else {
        let pointer = if place.line.is_some() { "" } else { &*place.pointer };
        let shown = if pointer.is_empty() {
            place.file.to_string()
        } else {
            format!("{}#{pointer}", place.file)
        };
        let origin = Origin::path(shown);
        let line = place.line.and_then(|line| usize::try_from(line).ok());
        let origin = if let Some(line) = line { origin.line(line) } else { origin };
        return vec![origin.into()];
    };
    let annotation = AnnotationKind::Primary.span(span.clone());
    let snippet = Snippet::source(text).line_start(*line).annotation(annotation);
    if *column <= AROUND {
        return vec![snippet.path(&*place.file).into()];
    }
    // The line is cut, and the snippet would count columns from the cut.
    let origin = Origin::path(&*place.file).line(*line).char_column(*column);
    vec![origin.into(), snippet.into()]
}

/// Splits `diagnostics` into those to show, at most `per_code` of each code, and how many more there
/// are of each code, so that one mistake in a template of a thousand rules does not flood the screen.
#[must_use]
pub fn limit(
    diagnostics: &[Diagnostic],
    per_code: usize,
) -> (Vec<&Diagnostic>, BTreeMap<&'static str, usize>) {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for diagnostic in diagnostics {
        let count = counts.entry(diagnostic.code).or_default();
        *count += 1;
        if *count <= per_code {
            shown.push(diagnostic);
        }
    }
    counts.retain(|_, count| *count > per_code);
    counts.values_mut().for_each(|count| *count -= per_code);
    (shown, counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Place;

    fn plain(diagnostic: &Diagnostic, excerpt: Option<&Excerpt>) -> String {
        let text = remark(diagnostic, excerpt, 100);
        anstream::adapter::strip_str(&text).to_string()
    }

    fn place() -> Place {
        Place { file: "net.yaml".into(), ..Place::default() }
    }

    #[test]
    fn the_text_in_question_is_underlined() {
        let document = "network:\n  virtualNetworks:\n    - {name: hub, adress: 10.0.0.0/16}\n";
        let at = u32::try_from(document.find("adress").unwrap()).unwrap();
        let excerpt = Excerpt::cut(document, (at, at + 6)).unwrap();
        let diagnostic = Diagnostic::warning("unknown-property", "`adress` is not known here")
            .at(place())
            .hint("did you mean `addressPrefixes`?");
        let expected = "\
warning[unknown-property]: `adress` is not known here
 --> net.yaml:3:19
  |
3 |     - {name: hub, adress: 10.0.0.0/16}
  |                   ^^^^^^
  |
  = help: did you mean `addressPrefixes`?
";
        assert_eq!(plain(&diagnostic, Some(&excerpt)), expected);
    }

    #[test]
    fn without_the_text_the_pointer_says_where() {
        let place = Place { pointer: "/value/3".into(), ..place() };
        let diagnostic = Diagnostic::error("bad-prefix", "`10.0.0.0/33` is no prefix").at(place);
        let expected = "error[bad-prefix]: `10.0.0.0/33` is no prefix\n--> net.yaml#/value/3\n";
        assert_eq!(plain(&diagnostic, None), expected);
    }

    #[test]
    fn values_of_json_are_found_by_line_and_column() {
        let document = "{\n  \"a\": \"x \\\" y\", \"b\": [12, {}]\n}\n";
        let shown = |line, column| {
            let excerpt = Excerpt::at(document, (line, column)).unwrap();
            excerpt.text.get(excerpt.span.clone()).unwrap().to_owned()
        };
        assert_eq!(shown(2, 8), "\"x \\\" y\"");
        assert_eq!(shown(2, 24), "12");
        assert_eq!(shown(2, 28), "{");
        assert_eq!(Excerpt::at(document, (9, 1)), None);
    }

    #[test]
    fn a_line_of_a_megabyte_is_cut() {
        let document = format!("{}é\"bad\"{}", "x".repeat(500_000), "y".repeat(500_000));
        let at = u32::try_from(document.find("\"bad").unwrap()).unwrap();
        let excerpt = Excerpt::cut(&document, (at, at + 5)).unwrap();
        assert!(excerpt.text.len() < 3 * AROUND);
        assert_eq!(excerpt.text.get(excerpt.span.clone()), Some("\"bad\""));
        assert_eq!((excerpt.line, excerpt.column), (1, 500_002));
        let shown = plain(&Diagnostic::error("bad", "bad").at(place()), Some(&excerpt));
        assert!(shown.contains("--> net.yaml:1:500002"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 110), "{shown}");
    }

    #[test]
    fn a_document_that_shrank_has_no_excerpt() {
        assert_eq!(Excerpt::cut("ab", (5, 6)), None);
        assert_eq!(Excerpt::cut("", (0, 1)).unwrap().span, 0..0);
    }

    #[test]
    fn a_flood_is_limited_per_code() {
        let many: Vec<Diagnostic> =
            (0..25).map(|n| Diagnostic::warning("flood", n.to_string())).collect();
        let (shown, more) = limit(&many, 20);
        assert_eq!((shown.len(), more.get("flood").copied()), (20, Some(5)));
        assert!(limit(&many, 25).1.is_empty());
    }
}
