//! Remarks about the input, on standard error, with the line in question.

use super::console::{Console, Verbosity};
use super::documents::Documents;
use crate::diag::{Diagnostic, Place, Severity};
use crate::import::{nearest_position_of, position_of};
use crate::report::remark::{Excerpt, limit, remark};

/// So many remarks with the same code are shown.
const PER_CODE: usize = 20;

/// Says `diagnostics` as far as the verbosity goes; `documents` are read again to quote them.
pub(super) fn say(console: &Console, diagnostics: &[Diagnostic], documents: Option<&Documents>) {
    let least = match console.verbosity() {
        Verbosity::Quiet => Severity::Error,
        Verbosity::Normal => Severity::Warning,
        Verbosity::Verbose => Severity::Note,
    };
    let heard: Vec<Diagnostic> =
        diagnostics.iter().filter(|diagnostic| diagnostic.severity >= least).cloned().collect();
    let per_code = if console.verbosity() == Verbosity::Verbose { usize::MAX } else { PER_CODE };
    let (shown, more) = limit(&heard, per_code);
    let mut quoted = Quoted { documents, last: None };
    for diagnostic in shown {
        let excerpt = diagnostic.place.as_ref().and_then(|place| quoted.excerpt(place));
        let text = remark(diagnostic, excerpt.as_ref(), console.remark_width());
        console.say(&documents.map_or_else(|| text.clone(), |it| it.hide(text.clone())));
    }
    for (code, count) in more {
        console.say(&format!("and {count} more [{code}]; --verbose shows all of them\n"));
    }
}

/// Documents that are read again; the last one is kept, as remarks come in its order.
struct Quoted<'a> {
    documents: Option<&'a Documents>,
    last: Option<(String, String)>,
}

impl Quoted<'_> {
    fn excerpt(&mut self, place: &Place) -> Option<Excerpt> {
        if place.span.is_none() && place.pointer.is_empty() {
            return None;
        }
        let text = self.text(&place.file)?;
        match (place.span, place.line) {
            (Some(span), _) => Excerpt::cut(text, span),
            // The line is better than what the place is in.
            (None, Some(_)) => Excerpt::at(text, position_of(text, &place.pointer)?),
            (None, None) => Excerpt::at(text, nearest_position_of(text, &place.pointer)?),
        }
    }

    fn text(&mut self, name: &str) -> Option<&str> {
        if self.last.as_ref().is_none_or(|(last, _)| last != name) {
            self.last = Some((name.to_owned(), self.documents?.text(name)?));
        }
        self.last.as_ref().map(|(_, text)| &**text)
    }
}
