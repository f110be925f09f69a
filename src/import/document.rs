//! One document: which format it has, told from its first bytes.

use super::collect::Collected;
use super::form::Form;
use super::level::Reading;
use super::source::Source;
use super::{Document, json, yaml};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use std::io::{self, BufReader, Cursor, Read};

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What a ZIP archive starts with, as plans that Terraform saves.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Bytes at the start of a document that may tell which form it has.
const HEAD: u64 = 1 << 12;

/// What a document is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Yaml,
    Utf16,
    Empty,
}

/// Reads `document`. Whatever is wrong with it becomes a diagnostic.
pub(super) fn read<R: Read + Send>(document: Document<R>) -> Collected {
    let source = Source::stream(document.name);
    match read_text(document.text, &source) {
        Ok(mut collected) => {
            collected.pack();
            collected
        }
        Err(error) => remark(unreadable(&error).at(source.at("", None))),
    }
}

fn read_text<R: Read + Send>(text: R, source: &Source) -> io::Result<Collected> {
    let mut text = BufReader::with_capacity(1 << 16, text);
    let start = look(&mut text)?;
    let after_mark = start.strip_prefix(MARK).unwrap_or(&start);
    match Format::of(after_mark) {
        Format::Json => {
            let mut start = after_mark.to_vec();
            text.by_ref().take(HEAD).read_to_end(&mut start)?;
            let is_one = Form::is_told_by_start(&start);
            Ok(json::read(Cursor::new(start).chain(text), source, is_one))
        }
        Format::Yaml => Ok(read_yaml(Cursor::new(start).chain(text), source)),
        Format::Utf16 => Ok(remark(utf16(source))),
        Format::Empty => Ok(remark(empty(source))),
    }
}

/// Nothing but a remark.
fn remark(remark: Diagnostic) -> Collected {
    let mut collected = Collected::default();
    collected.note(remark);
    collected
}

impl Format {
    /// Told from the `start`: everything up to the second byte that is not white space.
    fn of(start: &[u8]) -> Self {
        let mut bytes = start.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        match (bytes.next(), bytes.next()) {
            (Some(0xff | 0xfe | 0), _) | (_, Some(0)) => Self::Utf16,
            (Some(b'['), _) | (Some(b'{'), Some(b'"' | b'}') | None) => Self::Json,
            (Some(_), _) => Self::Yaml,
            (None, _) => Self::Empty,
        }
    }
}

/// Reads up to the second byte, after the mark, that is not white space.
fn look<R: Read>(text: &mut BufReader<R>) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let mut seen = 0;
    for byte in text.bytes() {
        let byte = byte?;
        start.push(byte);
        let is_in_mark = MARK.starts_with(&start);
        seen += usize::from(!is_in_mark && !byte.is_ascii_whitespace());
        if seen == 2 {
            break;
        }
    }
    Ok(start)
}

fn read_yaml<R: Read>(rest: R, source: &Source) -> Collected {
    let name = source.file().clone();
    let mut collected = Collected::default();
    match read_tree(Document { name, text: rest }) {
        Ok((source, node)) if node.value == Value::Null => collected.note(empty(&source)),
        Ok((source, node)) => Reading::new(&source, &mut collected).whole_yaml(node),
        Err(diagnostic) => collected.note(*diagnostic),
    }
    collected
}

/// Reads a small document of YAML, or of JSON, which is YAML too, as one tree that knows its places.
pub(super) fn read_tree<R: Read>(
    mut document: Document<R>,
) -> Result<(Source, Node), Box<Diagnostic>> {
    let nowhere = Source::stream(document.name.clone());
    let mut bytes = Vec::new();
    if let Err(error) = document.text.read_to_end(&mut bytes) {
        return Err(Box::new(unreadable(&error).at(nowhere.at("", None))));
    }
    if bytes.starts_with(ARCHIVE) {
        return Err(Box::new(archive().at(nowhere.at("", None))));
    }
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|&&b| b == b'\n').count() + 1;
        let message = format!("line {line} has bytes that are not UTF-8");
        Box::new(Diagnostic::error("not-utf-8", message).at(nowhere.at("", None)))
    })?;
    let source = Source::text(document.name, text);
    let node = yaml::read(text, &source)?;
    Ok((source, node))
}

fn unreadable(error: &io::Error) -> Diagnostic {
    Diagnostic::error("unreadable", format!("the document cannot be read: {error}"))
}

fn utf16(source: &Source) -> Diagnostic {
    let hint =
        "in Windows PowerShell write it with `| Out-File -Encoding utf8 FILE` instead of `>`";
    Diagnostic::error("not-utf-8", "the document is in UTF-16; expected UTF-8")
        .at(source.at("", None))
        .hint(hint)
}

fn archive() -> Diagnostic {
    let message = "this is an archive, such as a plan that Terraform saved; expected JSON or YAML";
    Diagnostic::error("not-read", message).hint("give what `terraform show -json FILE` prints")
}

fn empty(source: &Source) -> Diagnostic {
    let message = "the document is empty; expected resources as JSON or a scenario as YAML";
    Diagnostic::error("empty-document", message).at(source.at("", None))
}
