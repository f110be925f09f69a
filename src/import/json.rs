//! JSON, read as a stream: cut into pieces, which become trees side by side, and put together again.

use super::arm;
use super::collect::{Collected, Fresh};
use super::json_value::Memory;
use super::level::{Held, Left, Reading};
use super::merge::same;
use super::readers;
use super::source::{Source, step};
use super::split::{Batch, DEPTH_MAX, Event, Piece, Position, Split, Trouble};
use crate::azure::tree::{Member, Names, Node, Value};
use crate::diag::Diagnostic;
use serde_json::error::Category;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Where the first of several values stands.
const FIRST: &str = "/0";

/// So many bytes are read by one reader.
const BATCH: usize = 1 << 20;

/// The tree of `text`, which is one JSON value, with everything in it.
pub(super) fn tree(text: &str) -> Result<Node, serde_json::Error> {
    let (mut names, mut memory) = (Names::default(), Memory::default());
    let mut json = serde_json::Deserializer::from_slice(text.as_bytes());
    memory.read_all(&mut json, &mut names)?;
    json.end()?;
    Ok(names.view(memory.packed()).node())
}

/// Reads `text`: JSON values, one after another.
///
/// `is_one` documents are not read in parts.
pub(super) fn read<R: Read + Send>(text: R, source: &Source, is_one: bool) -> Collected {
    let stream = if is_one { Split::new(text).in_one() } else { Split::new(text) };
    let Whole { mut collected, broken, .. } = whole(stream, source);
    if let Some(remark) = broken {
        collected.note(match collected.len() {
            0 => remark,
            1 => remark.hint("the resource before it was read"),
            before => remark.hint(format!("the {before} resources before it were read")),
        });
    }
    collected
}

/// Reads what `stream` holds, up to where it is broken.
fn whole<R: Read + Send>(mut stream: Split<R>, source: &Source) -> Whole<'_> {
    let is_broken = AtomicBool::new(false);
    // PERF: what was read is overwritten, as memory that is new costs more than reading.
    let spare = Mutex::new(Vec::new());
    let batches = std::iter::from_fn(|| {
        let spare = spare.lock().ok().and_then(|mut spare| spare.pop()).unwrap_or_default();
        if is_broken.load(Ordering::Relaxed) { None } else { stream.batch(BATCH, spare) }
    });
    let parts = readers::each(batches, |mut batch| {
        let part = Part::of(&mut batch, source);
        if let Ok(mut spare) = spare.lock() {
            spare.push(batch);
        }
        is_broken.fetch_or(part.broken.is_some(), Ordering::Relaxed);
        part
    });
    let collected = Collected::default();
    let mut whole = Whole { source, collected, levels: Vec::new(), broken: None };
    parts.into_iter().for_each(|part| whole.add(part));
    whole
}

/// What became of an event.
#[derive(Debug)]
enum Done {
    /// The resources were taken out of a value, and this is left.
    Value(Option<Arc<str>>, Left),
    Member(Arc<str>, Node),
    List(Option<Arc<str>>, String),
    Object(Option<Arc<str>>, String),
    Close,
    Row,
}

/// What became of several events in a row.
#[derive(Debug, Default)]
struct Part {
    collected: Collected,
    memory: Memory,
    done: Vec<Done>,
    /// What is wrong with the stream: nothing is read after it.
    broken: Option<Diagnostic>,
}

impl Part {
    fn of(batch: &mut Batch, source: &Source) -> Self {
        let mut part = Self::default();
        for event in std::mem::take(&mut batch.events) {
            part.read(event, batch, source);
        }
        part.collected.pack();
        part
    }

    fn read(&mut self, event: Event, batch: &Batch, source: &Source) {
        if self.broken.is_some() {
            return;
        }
        match event {
            Event::Value(name, piece) => self.value(name, &piece, batch.text(&piece), source),
            Event::Member(name, piece) => self.member(name, &piece, batch.text(&piece), source),
            Event::List(name, pointer) => self.done.push(Done::List(name, pointer)),
            Event::Object(name, pointer) => self.done.push(Done::Object(name, pointer)),
            Event::Close => self.done.push(Done::Close),
            Event::Row => {
                self.collected.prefix(FIRST);
                self.done.push(Done::Row);
            }
            Event::Broken(trouble, piece) => {
                self.before_the_break(&piece, batch.text(&piece), source);
                self.broken = Some(trouble.remark(&piece, source));
            }
        }
    }

    /// Takes the resources out of a value; out of a broken one those before the break.
    fn value(&mut self, name: Option<Arc<str>>, piece: &Piece, text: &[u8], source: &Source) {
        if !self.read_value(piece, text, source) {
            return self.before_the_break(piece, text, source);
        }
        let value = self.collected.names.view(self.memory.packed());
        let left = match arm::in_shape(value, self.memory.is_tidy()) {
            Some((id, resource_type, body)) => {
                let place = source.at(&piece.pointer, None);
                self.collected.add(Fresh { id, resource_type, body, place });
                Left::default()
            }
            None => {
                let node = value.node();
                Reading::at(&piece.pointer, source, &mut self.collected).tree(node)
            }
        };
        if name.is_some() || !left.held.is_empty() {
            self.done.push(Done::Value(name, left));
        }
    }

    /// Takes the resources out of a broken list or object, as far as it goes.
    fn before_the_break(&mut self, piece: &Piece, text: &[u8], source: &Source) {
        if text.starts_with(b"[") || text.starts_with(b"{") {
            let before = whole(Split::finer(text, piece), source);
            self.collected.append(before.collected);
        }
    }

    fn member(&mut self, name: Arc<str>, piece: &Piece, text: &[u8], source: &Source) {
        if !arm::is_never_read(&name) && self.read_value(piece, text, source) {
            let node = self.collected.names.view(self.memory.packed()).node();
            self.done.push(Done::Member(name, node));
        }
    }

    /// Reads a piece; false when it is broken, which is noted.
    fn read_value(&mut self, piece: &Piece, text: &[u8], source: &Source) -> bool {
        let mut json = serde_json::Deserializer::from_slice(text);
        let read = self.memory.read(&mut json, &mut self.collected.names);
        match read.and_then(|repeats| json.end().map(|()| repeats)) {
            Ok(repeats) => {
                for pointer in repeats {
                    let pointer = format!("{}{pointer}", piece.pointer);
                    self.collected.note(repeated(&pointer, source));
                }
                true
            }
            Err(error) => {
                self.broken = Some(broken(&error, piece, source));
                false
            }
        }
    }
}

fn repeated(pointer: &str, source: &Source) -> Diagnostic {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let message = format!("`{name}` is given twice, and only the first is read");
    Diagnostic::warning("duplicate-key", message).at(source.at(pointer, None))
}

/// A list or an object that was entered, as far as it was read.
#[derive(Debug, Default)]
struct Level {
    /// Its name in the object around it.
    name: Option<Arc<str>>,
    pointer: String,
    is_list: bool,
    /// What was no resource, of a list.
    held: Vec<Held>,
    /// Of an object.
    members: Vec<Member>,
    lists: Vec<(Arc<str>, Left)>,
}

/// The document as far as it was read.
#[derive(Debug)]
struct Whole<'a> {
    source: &'a Source,
    collected: Collected,
    levels: Vec<Level>,
    /// What is wrong with the stream: nothing is read after it.
    broken: Option<Diagnostic>,
}

impl Whole<'_> {
    /// Adds what was read next.
    fn add(&mut self, part: Part) {
        if self.broken.is_some() {
            return;
        }
        part.done.into_iter().for_each(|done| self.put(done));
        self.collected.append(part.collected);
        self.broken = part.broken;
    }

    fn put(&mut self, done: Done) {
        match done {
            Done::Value(name, left) => self.value(name, left),
            Done::Member(name, node) => {
                if let Some(level) = self.levels.last_mut() {
                    level.members.push((name, node));
                }
            }
            Done::List(name, pointer) => {
                self.levels.push(Level { name, pointer, is_list: true, ..Level::default() });
            }
            Done::Object(name, pointer) => {
                self.levels.push(Level { name, pointer, ..Level::default() });
            }
            Done::Close => self.close(),
            Done::Row => self.collected.prefix(FIRST),
        }
    }

    /// What is left of a value, which may be the member `name` of the object around it.
    fn value(&mut self, name: Option<Arc<str>>, left: Left) {
        match (self.levels.last_mut(), name) {
            (None, _) => Reading::new(self.source, &mut self.collected).leave(left),
            (Some(object), Some(name)) => object.lists.push((name, left)),
            (Some(list), None) => list.held.extend(left.held),
        }
    }

    /// Goes out of the list or the object that was entered last.
    fn close(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        let Level { name, pointer, is_list, held, members, lists } = level;
        let left = if is_list {
            Left { is_list, held }
        } else {
            let (members, repeats) = without_repeats(members);
            for name in repeats {
                self.collected.note(repeated(&step(&pointer, &name), self.source));
            }
            let object = Node::new(Value::Object(members));
            Reading::at(&pointer, self.source, &mut self.collected).close(object, lists)
        };
        self.value(name, left);
    }
}

/// The members whose names were not there before, whatever their case, and the names of those that
/// were and say something else.
fn without_repeats(members: Vec<Member>) -> (Vec<Member>, Vec<Arc<str>>) {
    let (mut kept, mut repeats): (Vec<Member>, _) = (Vec::new(), Vec::new());
    let mut places = BTreeMap::new();
    for (name, node) in members {
        let at = *places.entry(name.to_ascii_lowercase()).or_insert(kept.len());
        match kept.get(at) {
            None => kept.push((name, node)),
            Some((_, first)) if same(first, &node) => {}
            Some(_) => repeats.push(name),
        }
    }
    (kept, repeats)
}

impl Trouble {
    /// What to say about it; `here` is where it was found.
    fn remark(&self, here: &Piece, source: &Source) -> Diagnostic {
        let column = here.position.column;
        let (code, message) = match self {
            Self::Unreadable(error) => {
                ("unreadable", format!("the document cannot be read: {error}"))
            }
            Self::TooDeep => ("too-deep", format!("nested more than {DEPTH_MAX} levels deep")),
            Self::CutOff => ("broken-json", cut_off(column)),
            Self::Expected(what) => {
                ("broken-json", format!("this is not JSON: expected {what} in column {column}"))
            }
        };
        at(Diagnostic::error(code, message), here, here.position.line, source)
    }
}

/// What is wrong with the text of `piece`.
fn broken(error: &serde_json::Error, piece: &Piece, source: &Source) -> Diagnostic {
    let said = error.to_string();
    let said = match said.split(" at line ").next().unwrap_or_default() {
        "expected ident" => "expected `true`, `false` or `null`",
        said => said,
    };
    let Position { line, column } = piece.position;
    let before = if error.line() > 1 { 0 } else { column - 1 };
    let column = error.column() + before;
    let (code, message) = match error.classify() {
        Category::Eof => ("broken-json", cut_off(column)),
        Category::Syntax if said.starts_with("invalid unicode") => {
            ("not-utf-8", format!("bytes that are not UTF-8 in column {column}"))
        }
        Category::Syntax | Category::Data | Category::Io => {
            ("broken-json", format!("this is not JSON: {said} in column {column}"))
        }
    };
    at(Diagnostic::error(code, message), piece, line + error.line() - 1, source)
}

fn cut_off(column: usize) -> String {
    // A line that has just begun has no column yet.
    let column = column.max(1);
    format!("the document ends too early, in column {column}; was it cut off?")
}

fn at(remark: Diagnostic, piece: &Piece, line: usize, source: &Source) -> Diagnostic {
    let mut place = source.at(&piece.pointer, None);
    place.line = u32::try_from(line).ok().filter(|&line| line > 0);
    remark.at(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Snapshot;
    use crate::import::Settings;
    use std::io::{self, Cursor};

    const ID: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks";

    /// Documents in every wrapping, with what is no resource among them.
    fn documents() -> Vec<String> {
        let [a, b, c] = ["a", "b", "ü"].map(|name| {
            format!(
                r#"{{"id": "{ID}/{name}", "properties": {{"x": [1, {{"y": "\"}}]"}}, -2.5e3, null]}},
                    "value": [true], "tags": {{"a": ["]"]}}}}"#
            )
        });
        vec![
            a.clone(),
            format!("{a}{b}\n{c}"),
            format!("[{a}, 3, {b}, [{c}], {{}}]"),
            format!(
                r#"{{"value": [{a}], "nextLink": "more", "Data": [[{b}], {{"resources": {c}}}]}}"#
            ),
            format!(r#"[{{"value": [{a}]}}, {{"value": [{b}], "data": []}}] [{c}, "x"]"#),
            format!(
                r#"{{"$schema": "x/deploymentTemplate.json", "resources": [{{"name": "n"}}]}} {a}"#
            ),
            format!(r#"{{"value": {{"value": {{"value": {a}}}}}, "x": 1, "X": 2}}"#),
            format!(r#"{{"expect": [], "network": {{"virtualNetworks": [{{"name": "a"}}]}}}}"#),
            " [ ] ".to_owned(),
        ]
    }

    /// What `text` holds when lists and objects of more than `whole_max` bytes are entered, and when
    /// it is there at once or byte by byte.
    fn read_in_pieces(text: &[u8], whole_max: usize) -> Snapshot {
        let source = Source::stream("net".into());
        let stream = Split::new(Cursor::new(text)).with_whole_max(whole_max);
        let Whole { mut collected, broken, .. } = whole(stream, &source);
        broken.into_iter().for_each(|remark| collected.note(remark));
        collected.finish(&Settings::default()).snapshot
    }

    #[test]
    fn the_size_of_pieces_does_not_matter() {
        for text in documents() {
            let expected = read_in_pieces(text.as_bytes(), usize::MAX);
            for whole_max in [0, 1, 30, 100, 200] {
                assert_eq!(
                    read_in_pieces(text.as_bytes(), whole_max),
                    expected,
                    "{whole_max}: {text}"
                );
            }
        }
    }

    #[test]
    fn what_stands_before_a_break_is_read_whatever_the_size_of_pieces() {
        let ids = |text: &[u8], whole_max| {
            let snapshot = read_in_pieces(text, whole_max);
            assert!(!snapshot.diagnostics.is_empty());
            snapshot.resources.into_keys().collect::<Vec<_>>()
        };
        for text in documents().iter().filter(|text| text.len() > 10) {
            for cut in 1..text.len() - 1 {
                let text = &text.as_bytes()[..cut];
                if serde_json::Deserializer::from_slice(text)
                    .into_iter::<serde::de::IgnoredAny>()
                    .all(|value| value.is_ok())
                {
                    continue;
                }
                assert_eq!(
                    ids(text, 0),
                    ids(text, usize::MAX),
                    "{}",
                    String::from_utf8_lossy(text)
                );
            }
        }
    }

    #[test]
    fn a_resource_in_shape_becomes_what_any_resource_becomes() {
        let head = format!(r#""id": "{ID}/a", "tags": {{}}, "resourceGroup": "g", "zones": null"#);
        for properties in [
            r#"{"x": 1, "list": [{"y": [2]}]}"#,
            r#"{"x": null, "list": [{"y": null, "z": [null]}]}"#,
            r#"{"list": [{"resourceGroup": "g", "z": 1}], "tenantId": {"a": 1}, "etag": "e"}"#,
            "{}",
        ] {
            let text = format!(r#"{{{head}, "properties": {properties}}}"#);
            let (mut names, mut memory) = (Names::default(), Memory::default());
            let mut json = serde_json::Deserializer::from_slice(text.as_bytes());
            assert_eq!(memory.read(&mut json, &mut names).unwrap(), [""; 0]);
            let view = names.view(memory.packed());
            let (id, resource_type, body) = arm::in_shape(view, memory.is_tidy()).unwrap();
            let expected = arm::shaped(&id, view.node());
            assert_eq!((resource_type, names.view(&body).node()), expected, "{text}");
        }
        let flat = format!(r#"{{{head}, "properties": {{}}, "addressSpace": 1}}"#);
        let (mut names, mut memory) = (Names::default(), Memory::default());
        memory
            .read(&mut serde_json::Deserializer::from_slice(flat.as_bytes()), &mut names)
            .unwrap();
        assert!(arm::in_shape(names.view(memory.packed()), true).is_none());
    }

    /// Gives one byte at a time, and fails at the end.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Err(io::Error::other("the cable was pulled"));
            };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn a_stream_that_fails_is_read_as_far_as_it_came() {
        let source = Source::stream("net".into());
        let text = format!(r#"[{{"id": "{ID}/a"}}, {{"id": "{ID}/b"}}, 3"#);
        let collected = read(Drip(text.as_bytes()), &source, false);
        let snapshot = collected.finish(&Settings::default()).snapshot;
        assert_eq!(snapshot.resources.len(), 2);
        let [remark] = &snapshot.diagnostics[..] else { panic!("{:?}", snapshot.diagnostics) };
        assert_eq!(remark.code, "unreadable");
        assert!(remark.message.contains("the cable was pulled"), "{}", remark.message);
    }
}
