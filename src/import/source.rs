//! The document that is being read, as far as places in it need it.

use crate::azure::tree::Node;
use crate::diag::{Diagnostic, Place};
use std::sync::Arc;

/// A document's name and the starts of its lines, where its text is at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    file: Arc<str>,
    /// Offset of the first byte of each line; empty for a document that is read as a stream.
    line_starts: Box<[u32]>,
    /// The text; empty for a document that is read as a stream.
    text: Arc<str>,
}

/// Codes of remarks that are about a name in an object, not about what stands there.
const ABOUT_NAMES: [&str; 3] = ["unknown-key", "unknown-name", "unknown-target"];

impl Source {
    /// A document that is read as a stream: lines are looked up when they are reported.
    pub(super) fn stream(file: Arc<str>) -> Self {
        Self { file, line_starts: Box::default(), text: Arc::default() }
    }

    /// A document with `text` at hand.
    pub(super) fn text(file: Arc<str>, text: &str) -> Self {
        let breaks = text.bytes().zip(1..).filter(|&(byte, _)| byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(_, after)| after)).collect();
        Self { file, line_starts, text: text.into() }
    }

    /// The document's name.
    pub(super) const fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The place at `pointer`, with the line of `span` where that is known.
    pub(super) fn at(&self, pointer: &str, span: Option<(u32, u32)>) -> Place {
        let line = span.and_then(|(start, _)| self.line(start));
        Place { file: Arc::clone(&self.file), pointer: pointer.into(), span, line }
    }

    /// The place of `node`, which stands at `pointer`.
    pub(super) fn place(&self, pointer: &str, node: &Node) -> Place {
        self.at(pointer, node.span)
    }

    /// The remark, which points at a value: one about the name before it points at that name.
    pub(super) fn underlined(&self, mut remark: Diagnostic) -> Diagnostic {
        if ABOUT_NAMES.contains(&remark.code)
            && let Some(place) = &remark.place
            && let Some(span) = self.name_before(place)
        {
            remark.place = Some(self.at(&place.pointer.clone(), Some(span)));
        }
        remark
    }

    /// Where the name that the pointer of `place` ends with stands: between it and the value there is
    /// nothing but a colon, spaces and what starts a list or an object.
    fn name_before(&self, place: &Place) -> Option<(u32, u32)> {
        let (start, _) = place.span?;
        let before = self.text.get(..usize::try_from(start).ok()?)?;
        let last = place.pointer.rsplit('/').next()?.replace("~1", "/").replace("~0", "~");
        let is_name = |&(at, name): &(usize, &str)| {
            let rest = before.get(at + name.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches(['"', '\'', ' ']);
            rest.strip_prefix(':').is_some_and(|gap| {
                gap.chars().all(|letter| letter.is_whitespace() || "-[{\"'".contains(letter))
            })
        };
        let (at, name) = before.rmatch_indices(&*last).find(is_name)?;
        Some((u32::try_from(at).ok()?, u32::try_from(at + name.len()).ok()?))
    }

    /// The line, counted from 1, of the byte at `offset`.
    fn line(&self, offset: u32) -> Option<u32> {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        u32::try_from(line).ok().filter(|&line| line > 0)
    }
}

/// One more step of a JSON pointer (RFC 6901).
pub(super) fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    for letter in name.chars() {
        match letter {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(letter),
        }
    }
}

/// `pointer` with the step `name` at its end.
pub(super) fn step(pointer: &str, name: &str) -> String {
    let mut longer = pointer.to_owned();
    push(&mut longer, name);
    longer
}
