//! The document that is being read, as far as places in it need it.

use crate::azure::tree::Node;
use crate::diag::Place;
use std::sync::Arc;

/// A document's name and the starts of its lines, where its text is at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    file: Arc<str>,
    /// Offset of the first byte of each line; empty for a document that is read as a stream.
    line_starts: Box<[u32]>,
}

impl Source {
    /// A document that is read as a stream: lines are looked up when they are reported.
    pub(super) fn stream(file: Arc<str>) -> Self {
        Self { file, line_starts: Box::default() }
    }

    /// A document with `text` at hand.
    pub(super) fn text(file: Arc<str>, text: &str) -> Self {
        let breaks = text.bytes().zip(1..).filter(|&(byte, _)| byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(_, after)| after)).collect();
        Self { file, line_starts }
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
