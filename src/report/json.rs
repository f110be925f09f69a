//! JSON: the types of [`crate::answer`] as they are, in an envelope with the version of their shape.

use serde::Serialize;
use std::io::{self, Write};

/// The version of the shape, documented in `docs/output.md`. It grows when a field changes its
/// meaning or goes away, not when one is added.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T> {
    schema_version: u32,
    question: &'a str,
    answer: &'a T,
}

/// The answer to `question` (the name of the command) as indented JSON with a final line break.
///
/// # Errors
/// When `answer` cannot be written as JSON, which no type of [`crate::answer`] does.
pub fn json<T: Serialize>(question: &str, answer: &T) -> Result<String, serde_json::Error> {
    let envelope = Envelope { schema_version: SCHEMA_VERSION, question, answer };
    pretty(&envelope)
}

/// What [`json`] gives, written to `out` piece by piece: it may be larger than memory.
///
/// # Errors
/// When `out` does not take it.
pub fn write_json<T: Serialize>(out: &mut dyn Write, question: &str, answer: &T) -> io::Result<()> {
    let envelope = Envelope { schema_version: SCHEMA_VERSION, question, answer };
    serde_json::to_writer_pretty(&mut *out, &envelope)?;
    out.write_all(b"\n")
}

/// `answer` alone, as indented JSON with a final line break.
///
/// # Errors
/// When `answer` cannot be written as JSON.
pub fn pretty<T: Serialize>(answer: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(answer).map(|text| text + "\n")
}
