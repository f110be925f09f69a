//! Writing packed trees.

use super::{Names, Node, Seen, Value, View};
use std::fmt::Write;
use std::sync::Arc;

/// Writes one value after the other.
///
/// Lists and objects are opened and closed; a member of an object is the number of its name and its
/// value.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
    /// Kept for its memory.
    digits: String,
}

/// Where the content of a list or an object starts.
#[derive(Debug)]
#[must_use]
pub struct Opened(usize);

impl Writer {
    /// What was written.
    #[must_use]
    pub fn finish(self) -> Arc<str> {
        self.text.into()
    }

    /// What was written so far.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.text
    }

    /// Takes back what was written after the first `length` bytes.
    pub fn take_back(&mut self, length: usize) {
        self.text.truncate(length);
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.text.push('n');
    }

    /// Writes `true` or `false`.
    pub fn flag(&mut self, flag: bool) {
        self.text.push(if flag { 't' } else { 'f' });
    }

    /// Writes a number.
    pub fn number(&mut self, number: f64) {
        self.digits.clear();
        // Writing to a text does not fail.
        let _ = write!(self.digits, "{number}");
        self.text.push('#');
        write_number(self.digits.len(), &mut self.text);
        self.text.push_str(&self.digits);
    }

    /// Writes a text.
    pub fn text(&mut self, text: &str) {
        self.counted('"', text);
    }

    fn counted(&mut self, kind: char, text: &str) {
        self.text.push(kind);
        write_number(text.len(), &mut self.text);
        self.text.push_str(text);
    }

    /// Starts a list.
    pub fn list(&mut self) -> Opened {
        self.open('[')
    }

    /// Starts an object.
    pub fn object(&mut self) -> Opened {
        self.open('{')
    }

    fn open(&mut self, kind: char) -> Opened {
        self.text.push(kind);
        Opened(self.text.len())
    }

    /// Writes the name of a member, by its number.
    pub fn name(&mut self, number: usize) {
        write_number(number, &mut self.text);
    }

    /// Ends a list or an object.
    pub fn close(&mut self, Opened(start): Opened) {
        self.digits.clear();
        write_number(self.text.len() - start, &mut self.digits);
        self.text.insert_str(start, &self.digits);
    }

    /// Writes what `view` sees, without the members that `keeps` does not want to be kept. What is
    /// more than `depth` levels down is kept.
    pub fn copy(&mut self, view: View<'_>, depth: usize, keeps: &impl Fn(&str, View<'_>) -> bool) {
        let Some(deeper) = depth.checked_sub(1) else {
            return self.text.push_str(view.packed());
        };
        match view.seen() {
            Seen::List(elements) => {
                self.span(view.span());
                let list = self.list();
                elements.for_each(|element| self.copy(element, deeper, keeps));
                self.close(list);
            }
            Seen::Object(members) => {
                self.span(view.span());
                let object = self.object();
                for (number, member) in members.numbered() {
                    let name = view.names.get(number);
                    if name.is_some_and(|name| keeps(name, member)) {
                        self.name(number);
                        self.copy(member, deeper, keeps);
                    }
                }
                self.close(object);
            }
            Seen::Null | Seen::Bool(_) | Seen::Number(_) | Seen::Text(_) | Seen::Unknown(_) => {
                self.text.push_str(view.packed());
            }
        }
    }

    /// Writes what `node` says.
    pub fn node(&mut self, node: &Node, names: &mut Names) {
        self.span(node.span);
        match &node.value {
            Value::Null => self.null(),
            Value::Bool(flag) => self.flag(*flag),
            Value::Number(number) => self.number(*number),
            Value::Text(text) => self.text(text),
            Value::Unknown(unknown) => self.counted('?', unknown.as_str()),
            Value::List(nodes) => {
                let list = self.list();
                nodes.iter().for_each(|node| self.node(node, names));
                self.close(list);
            }
            Value::Object(members) => {
                let object = self.object();
                for (name, node) in members {
                    let number = names.number(name);
                    self.name(number);
                    self.node(node, names);
                }
                self.close(object);
            }
        }
    }

    fn span(&mut self, span: Option<(u32, u32)>) {
        if let Some((start, end)) = span {
            self.text.push('@');
            write_number(start as usize, &mut self.text);
            write_number(end.saturating_sub(start) as usize, &mut self.text);
        }
    }
}

/// The bits of a number that one letter holds.
const BITS: u32 = 5;
const MASK: usize = (1 << BITS) - 1;
/// Set in a letter that others follow.
const MORE: u8 = 0x20;
/// Set in every letter of a number.
const LETTER: u8 = 0x40;

fn write_number(mut number: usize, out: &mut String) {
    loop {
        let bits = u8::try_from(number & MASK).unwrap_or_default() | LETTER;
        number >>= BITS;
        out.push(char::from(if number == 0 { bits } else { bits | MORE }));
        if number == 0 {
            return;
        }
    }
}

/// Reads the number at `at`, and goes past it.
#[inline]
pub(super) fn read_number(bytes: &[u8], at: &mut usize) -> usize {
    // PERF: most numbers are small.
    let first = bytes.get(*at).copied().unwrap_or_default();
    *at += 1;
    let low = usize::from(first) & MASK;
    if first & MORE == 0 { low } else { low | read_rest(bytes, at) }
}

fn read_rest(bytes: &[u8], at: &mut usize) -> usize {
    let (mut number, mut shift) = (0, BITS);
    while let Some(&letter) = bytes.get(*at) {
        *at += 1;
        number |= (usize::from(letter) & MASK) << shift;
        shift += BITS;
        if letter & MORE == 0 || shift >= usize::BITS {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let around = |power: u32| (1usize << power).saturating_sub(1)..=(1 << power) + 1;
        for number in (0..63).flat_map(around) {
            let mut text = String::new();
            write_number(number, &mut text);
            let mut at = 0;
            assert_eq!(read_number(text.as_bytes(), &mut at), number);
            assert_eq!(at, text.len());
            assert!(text.is_ascii());
        }
    }
}
