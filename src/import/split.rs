//! A stream of JSON, cut into pieces that can be read apart from each other.
//!
//! What is small is one piece. A larger list or object is entered: its parts are the pieces.

use super::form::Form;
use super::level::holds_resources;
use super::scan::Scan;
use super::source::push;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

/// The deepest nesting that is read.
pub(super) const DEPTH_MAX: usize = 127;
/// A list or an object of more bytes is entered.
const WHOLE_MAX: usize = 1 << 20;
/// So much is read at once.
const BLOCK: u64 = 1 << 20;

/// Where something stands in the text of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// Counted from 1.
    pub(super) line: usize,
    /// Counted from 1, in bytes.
    pub(super) column: usize,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands, from the value at the top that it is a part of.
    pub(super) pointer: String,
    pub(super) position: Position,
    /// Where its text is among those that were cut.
    range: Range<usize>,
}

/// Pieces that were cut one after another.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) events: Vec<Event>,
    text: Vec<u8>,
}

impl Batch {
    /// The text of a piece of this batch.
    pub(super) fn text(&self, piece: &Piece) -> &[u8] {
        self.text.get(piece.range.clone()).unwrap_or_default()
    }
}

/// What comes next in the stream. Values in which resources may stand have a name when they are
/// members of an object.
#[derive(Debug)]
pub(super) enum Event {
    /// A value in which resources may stand.
    Value(Option<Arc<str>>, Piece),
    /// A list that is entered, with its pointer.
    List(Option<Arc<str>>, String),
    /// An object that is entered, with its pointer.
    Object(Option<Arc<str>>, String),
    /// Any other member of an object that was entered.
    Member(Arc<str>, Piece),
    /// The end of what was entered last.
    Close,
    /// Another value follows the one at the top: they are a row, and pointers start with their number.
    Row,
    /// The stream is broken, and ends with what is there of a value.
    Broken(Trouble, Piece),
}

/// Why a stream cannot be cut further.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It ends too early.
    CutOff,
    /// Something else was expected.
    Expected(&'static str),
    /// The nesting is too deep.
    TooDeep,
}

/// A list or an object that was entered.
#[derive(Clone, Copy, Debug)]
struct Level {
    is_list: bool,
    /// Parts so far.
    count: usize,
    /// The length of the pointer to it.
    pointer: usize,
    /// A member told that nothing else in it is a resource.
    is_one: bool,
}

/// The stream.
#[derive(Debug)]
pub(super) struct Split<R> {
    text: R,
    /// What was cut.
    batch: Batch,
    /// A list or an object of more bytes is entered.
    whole_max: usize,
    /// Where the values at the top stand.
    start: String,
    /// What was read and not handed on yet, from `at` on.
    buffer: Vec<u8>,
    at: usize,
    /// The position of what is next.
    position: Position,
    has_ended: bool,
    pointer: String,
    levels: Vec<Level>,
    /// Values at the top so far.
    values: usize,
    /// The first value at the top was entered, and has come to its end.
    is_first_left: bool,
}

impl<R: Read> Split<R> {
    pub(super) fn new(text: R) -> Self {
        Self {
            text,
            batch: Batch::default(),
            whole_max: WHOLE_MAX,
            start: String::new(),
            buffer: Vec::new(),
            at: 0,
            position: Position { line: 1, column: 1 },
            has_ended: false,
            pointer: String::new(),
            levels: Vec::new(),
            values: 0,
            is_first_left: false,
        }
    }

    /// The same, which enters nothing.
    pub(super) fn in_one(self) -> Self {
        Self { whole_max: usize::MAX, ..self }
    }

    /// The same, which enters lists and objects of more than `whole_max` bytes.
    #[cfg(test)]
    pub(super) fn with_whole_max(self, whole_max: usize) -> Self {
        Self { whole_max, ..self }
    }

    /// Cuts smaller pieces, of a text that stands at the place of `piece`.
    pub(super) fn finer(text: R, piece: &Piece) -> Self {
        let start = piece.pointer.clone();
        Self { whole_max: 0, start, position: piece.position, ..Self::new(text) }
    }

    /// Reads on, so that at least `count` bytes are there, if there are so many.
    fn fill(&mut self, count: usize) -> Result<(), Trouble> {
        while self.buffer.len() - self.at < count && !self.has_ended {
            self.buffer.drain(..std::mem::take(&mut self.at));
            let block = BLOCK.max(count as u64);
            let read = self.text.by_ref().take(block).read_to_end(&mut self.buffer);
            self.has_ended = read.map_err(Trouble::Unreadable)? == 0;
        }
        Ok(())
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// Goes past the next `count` bytes.
    fn pass_over(&mut self, count: usize) {
        let passed = self.rest().get(..count).unwrap_or_default();
        (self.at, self.position) = (self.at + passed.len(), self.position.after(passed));
    }

    /// The next `count` bytes.
    fn piece(&mut self, count: usize) -> Piece {
        let start = self.batch.text.len();
        let text = self.buffer.get(self.at..self.at + count).unwrap_or_default();
        self.batch.text.extend_from_slice(text);
        let range = start..self.batch.text.len();
        let piece = Piece { pointer: self.pointer.clone(), position: self.position, range };
        self.pass_over(count);
        piece
    }

    /// Cuts so many pieces that they have at least `count` bytes; none when the stream has ended.
    /// `spare` is a batch that was read.
    pub(super) fn batch(&mut self, count: usize, spare: Batch) -> Option<Batch> {
        self.batch = spare;
        self.batch.events.clear();
        self.batch.text.clear();
        while self.batch.text.len() < count {
            let Some(event) = self.next() else { break };
            self.batch.events.push(event);
        }
        let batch = std::mem::take(&mut self.batch);
        (!batch.events.is_empty()).then_some(batch)
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Result<Option<u8>, Trouble> {
        loop {
            self.fill(1)?;
            let mut scan = Scan::new(self.rest());
            scan.space();
            let (space, next) = (scan.at, scan.peek());
            self.pass_over(space);
            if next.is_some() || self.has_ended {
                return Ok(next);
            }
        }
    }

    /// Goes past `byte`.
    fn pass(&mut self, byte: u8, expected: &'static str) -> Result<(), Trouble> {
        match self.peek()? {
            Some(next) if next == byte => self.pass_over(1),
            next => return Err(instead(next, expected)),
        }
        Ok(())
    }

    /// The length of the value that starts here, when it ends within `limit` bytes. A value that ends
    /// too early is as long as there is text.
    fn length(&mut self, limit: usize) -> Result<Option<usize>, Trouble> {
        let mut count = 1 << 12;
        loop {
            count = limit.min(count.max(self.buffer.len() - self.at));
            self.fill(count)?;
            let mut scan = Scan::new(self.rest());
            let end = scan.skip().map(|()| scan.at);
            if self.levels.len() + scan.depth > DEPTH_MAX {
                return Err(Trouble::TooDeep);
            }
            // A number at the end of what is there may go on.
            let rest = self.rest().len();
            match end.filter(|&end| end < rest || self.has_ended) {
                Some(end) => return Ok((end <= limit).then_some(end)),
                None if self.has_ended => return Ok(Some(rest)),
                None if rest >= limit => return Ok(None),
                None => count = rest.saturating_mul(2),
            }
        }
    }

    /// The whole value that starts here.
    fn whole(&mut self) -> Result<Piece, Trouble> {
        let length = self.length(usize::MAX)?.unwrap_or_default();
        Ok(self.piece(length))
    }

    fn step(&mut self) -> Result<Option<Event>, Trouble> {
        if let Some(&level) = self.levels.last() {
            self.pointer.truncate(level.pointer);
            return self.part(level).map(Some);
        }
        if self.peek()?.is_none() {
            return Ok(None);
        }
        if std::mem::take(&mut self.is_first_left) {
            return Ok(Some(Event::Row));
        }
        self.at_the_top().map(Some)
    }

    /// The next value at the top.
    fn at_the_top(&mut self) -> Result<Event, Trouble> {
        let number = self.values;
        self.pointer = self.start.clone();
        if number > 0 {
            push(&mut self.pointer, &number.to_string());
        }
        self.values += 1;
        let mut event = self.value(None)?;
        if let Event::Value(_, piece) = &mut event
            && number == 0
            && matches!(self.peek(), Ok(Some(_)))
        {
            piece.pointer.push_str("/0");
        }
        Ok(event)
    }

    /// The next part of a list or an object.
    fn part(&mut self, level: Level) -> Result<Event, Trouble> {
        let (close, expected) = match level.is_list {
            true => (b']', "`,` or `]`"),
            false => (b'}', "`,` or `}`"),
        };
        if self.peek()? == Some(close) {
            self.pass_over(1);
            self.levels.pop();
            self.is_first_left = self.levels.is_empty() && self.values == 1;
            return Ok(Event::Close);
        }
        if level.count > 0 {
            self.pass(b',', expected)?;
        }
        if let Some(level) = self.levels.last_mut() {
            level.count += 1;
        }
        if level.is_list {
            push(&mut self.pointer, &level.count.to_string());
            self.value(None)
        } else {
            self.member()
        }
    }

    fn member(&mut self) -> Result<Event, Trouble> {
        let next = self.peek()?;
        let length = if next == Some(b'"') { self.length(usize::MAX)? } else { None };
        let written = self.rest().get(..length.unwrap_or_default()).unwrap_or_default();
        let Ok(name) = serde_json::from_slice::<String>(written) else {
            return Err(instead(next, "a name in quotes"));
        };
        self.pass_over(length.unwrap_or_default());
        self.pass(b':', "`:`")?;
        push(&mut self.pointer, &name);
        if holds_resources(&name) && !self.levels.last().is_some_and(|level| level.is_one) {
            return self.value(Some(name.into()));
        }
        self.peek()?;
        let value = self.whole()?;
        if let Some(level) = self.levels.last_mut() {
            level.is_one |= Form::is_told_by(&name, self.batch.text(&value));
        }
        Ok(Event::Member(name.into(), value))
    }

    /// The value that comes next.
    fn value(&mut self, name: Option<Arc<str>>) -> Result<Event, Trouble> {
        let (limit, is_list) = match self.peek()? {
            Some(b'[') => (self.whole_max, true),
            Some(b'{') => (self.whole_max, false),
            next @ (Some(b']' | b'}' | b',' | b':') | None) => {
                return Err(instead(next, "a value"));
            }
            Some(_) => (usize::MAX, false),
        };
        if let Some(length) = self.length(limit)? {
            return Ok(Event::Value(name, self.piece(length)));
        }
        self.pass_over(1);
        self.levels.push(Level { is_list, count: 0, pointer: self.pointer.len(), is_one: false });
        let pointer = self.pointer.clone();
        Ok(if is_list { Event::List(name, pointer) } else { Event::Object(name, pointer) })
    }
}

impl<R: Read> Split<R> {
    fn next(&mut self) -> Option<Event> {
        match self.step() {
            Ok(event) => event,
            Err(trouble) => {
                // Nothing is read after it, but what came before a failure is there.
                let is_failure = matches!(trouble, Trouble::Unreadable(_));
                let here = self.piece(if is_failure { self.rest().len() } else { 0 });
                self.buffer.clear();
                (self.at, self.has_ended) = (0, true);
                self.levels.clear();
                Some(Event::Broken(trouble, here))
            }
        }
    }
}

/// `expected` was expected, and `next` is there.
fn instead(next: Option<u8>, expected: &'static str) -> Trouble {
    if next.is_none() { Trouble::CutOff } else { Trouble::Expected(expected) }
}

impl Position {
    /// The position after `text`, which starts here.
    fn after(self, text: &[u8]) -> Self {
        match memchr::memrchr(b'\n', text) {
            Some(last) => {
                let breaks = memchr::memchr_iter(b'\n', text).count();
                Self { line: self.line + breaks, column: text.len() - last }
            }
            None => Self { column: self.column + text.len(), ..self },
        }
    }
}
