//! Location specifiers on the command line.

use super::Context;
use crate::cli::failure::Failure;
use crate::diag::{Diagnostic, Place};
use crate::import;
use crate::report::remark::{Excerpt, remark};
use crate::scenario::Spec;

/// Reads the specifier `text`, which stands at `argument`; says what is wrong with it.
pub(super) fn read(context: &Context<'_>, argument: &str, text: &str) -> Result<Spec, Failure> {
    let span = u32::try_from(text.len()).ok().map(|end| (0, end));
    let place = Place { file: argument.into(), span, line: Some(1), ..Place::default() };
    import::spec(text, place).map_err(|mistake| wrong(context, text, &mistake))
}

/// Says what is wrong with a word of `text`, with the word underlined.
pub(super) fn wrong(context: &Context<'_>, text: &str, mistake: &Diagnostic) -> Failure {
    let span = mistake.place.as_ref().and_then(|place| place.span);
    let excerpt = span.and_then(|span| Excerpt::cut(text, span));
    let console = context.console;
    console.say(&remark(mistake, excerpt.as_ref(), console.remark_width()));
    Failure::input(Vec::new())
}
