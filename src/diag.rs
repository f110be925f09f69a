//! What is said about input: where, how bad, what was expected, what may help.

use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The document's name: a path, or `-` for standard input.
    pub file: Arc<str>,
    /// RFC 6901 JSON pointer to the value, empty for the whole document.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub pointer: Box<str>,
    /// Bytes from the start of the document, first and one past the last, where the reader knew.
    #[serde(skip)]
    pub span: Option<(u32, u32)>,
    /// Line, counted from 1, where it is known already; else it is looked up when reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// `net.yaml:12` or `export.json#/value/3/properties`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &*self.pointer) {
            (Some(line), _) => write!(f, "{}:{line}", self.file),
            (None, "") => write!(f, "{}", self.file),
            (None, pointer) => write!(f, "{}#{pointer}", self.file),
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the answer stands.
    Note,
    /// Something is missing or odd; answers that rest on it are `unknown`.
    Warning,
    /// The document could not be used.
    Error,
}

/// One remark about the input. The message is lower case, without a period at its end; what the
/// user wrote stands in backticks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name in kebab-case, such as `missing-reference`.
    pub code: &'static str,
    /// What is wrong, and what was expected.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What may help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A remark of `severity`; add a place and a hint with the methods below.
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), place: None, hint: None }
    }

    /// An error.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note.
    #[must_use]
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// The same remark, at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same remark, with something that may help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same remark, with something that may help where there is something.
    #[must_use]
    pub fn maybe_hint(self, hint: Option<String>) -> Self {
        Self { hint: hint.or(self.hint), ..self }
    }
}

/// Which of `names` was probably meant by `written`: up to three, the closest first. Letters' case
/// does not count. O(n) in the number of names.
#[must_use]
pub fn similar<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = written.to_lowercase();
    let limit = (folded.chars().count() / 3).clamp(1, 4);
    let distance = |name: &str| strsim::damerau_levenshtein(&folded, &name.to_lowercase());
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|&(distance, _)| distance <= limit)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Shorter names are too like each other.
const SHORTEST: usize = 5;

/// The one of `names` that `written` is, mistyped: in two letters at most, in one of a short name.
pub fn slip<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = written.chars().count();
    let limit = if letters > SHORTEST { 2 } else { 1 };
    let folded = written.to_lowercase();
    let is_slip = |name: &&str| strsim::damerau_levenshtein(&folded, &name.to_lowercase()) <= limit;
    let close = if letters < SHORTEST { Vec::new() } else { similar(written, names) };
    close.into_iter().find(is_slip)
}

/// What to say of a property that is not read where one is that is nearly called so.
#[must_use]
pub fn unread(written: &str, meant: &str) -> Diagnostic {
    Diagnostic::warning("unknown-property", format!("`{written}` is no property that is read"))
        .hint(format!("did you mean `{meant}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let names = ["jumpbox", "jump-box-2", "web"];
        assert_eq!(similar("jumpbx", names), ["jumpbox"]);
        assert_eq!(similar("JUMPBOX", names), ["jumpbox"]);
        assert_eq!(similar("database", names), <[&str; 0]>::default());
        assert_eq!(similar("wbe", names), ["web"]);
    }
}
