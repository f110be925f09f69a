//! One value of JSON is packed as it is read.

use super::arm;
use super::form::Form;
use super::merge::same;
use super::source::step;
use crate::azure::tree::{Names, Node, Writer};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// What a reader remembers from one value to the next.
#[derive(Debug, Default)]
pub(super) struct Memory {
    writer: Writer,
    /// What is known about each name, by its number.
    names: Vec<Name>,
    /// The first number of a name, whatever its case.
    firsts: BTreeMap<String, usize>,
    /// The members of the objects around the reader: a name, and what was last seen of it before.
    members: Vec<(usize, Last)>,
    /// Objects so far.
    objects: u64,
    /// Objects around the reader.
    depth: usize,
    /// Is everything read, also what no answer about a resource rests on?
    keeps_all: bool,
    /// Was there a member below the outermost object that is left out of resources?
    is_untidy: bool,
}

/// What is known about a name.
#[derive(Clone, Copy, Debug)]
struct Name {
    /// The number of the name that is equal but for its case, and came first.
    first: usize,
    /// Does nobody ask for members of this name?
    is_never_read: bool,
    /// Are they left out of resources?
    is_left_out: bool,
    /// Can they tell that the object around is read as a whole?
    is_telling: bool,
    last: Last,
}

/// Where a name was seen last: in which object, and where its value starts in the packed text.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    object: u64,
    at: usize,
}

impl Memory {
    /// Reads one value, and gives pointers to members that repeat another one's name. Of two members
    /// of one name the first stays.
    pub(super) fn read(
        &mut self,
        json: &mut serde_json::Deserializer<serde_json::de::SliceRead<'_>>,
        names: &mut Names,
    ) -> serde_json::Result<Vec<String>> {
        self.start(false);
        let mut reader = Reader { memory: self, names, repeats: Vec::new() };
        ValueSeed(&mut reader).deserialize(json)?;
        Ok(reader.repeats)
    }

    /// Reads one value, with everything in it.
    pub(super) fn read_all(
        &mut self,
        json: &mut serde_json::Deserializer<serde_json::de::SliceRead<'_>>,
        names: &mut Names,
    ) -> serde_json::Result<()> {
        self.start(true);
        ValueSeed(&mut Reader { memory: self, names, repeats: Vec::new() }).deserialize(json)
    }

    fn start(&mut self, keeps_all: bool) {
        self.writer.take_back(0);
        self.members.clear();
        (self.depth, self.is_untidy, self.keeps_all) = (0, false, keeps_all);
    }

    /// Does every member below the outermost object of the value that was read last count?
    pub(super) const fn is_tidy(&self) -> bool {
        !self.is_untidy
    }

    /// The value that was read last, packed.
    pub(super) fn packed(&self) -> &str {
        self.writer.written()
    }
}

/// A value on its way.
struct Reader<'m> {
    memory: &'m mut Memory,
    names: &'m mut Names,
    /// Pointers to members that repeat another one's name, from where the reader is.
    repeats: Vec<String>,
}

impl Reader<'_> {
    /// The number of `name`, which is known from then on.
    fn number(&mut self, name: &str) -> usize {
        let number = self.names.number(name);
        while let Some(next) = self.names.get(self.memory.names.len())
            && self.memory.names.len() <= number
        {
            let own = self.memory.names.len();
            let first = *self.memory.firsts.entry(next.to_ascii_lowercase()).or_insert(own);
            self.memory.names.push(Name {
                first,
                is_never_read: arm::is_never_read(next),
                is_left_out: arm::is_left_out(next, false),
                is_telling: Form::is_telling(next),
                last: Last::default(),
            });
        }
        number
    }

    /// Reads the value of the member of object number `object` that is called by name `number`.
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        number: usize,
        object: u64,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        let keeps_all = self.memory.keeps_all;
        let Some(&Name { first, is_left_out, is_telling, .. }) =
            self.memory.names.get(number).filter(|name| keeps_all || !name.is_never_read)
        else {
            return entries.next_value::<IgnoredAny>().map(drop);
        };
        let start = self.memory.packed().len();
        self.memory.writer.name(number);
        let at = self.memory.packed().len();
        let repeats = self.repeats.len();
        entries.next_value_seed(ValueSeed(self))?;
        let is_null = self.memory.packed().get(at..) == Some("n");
        self.memory.is_untidy |= self.memory.depth > 1 && (is_left_out || is_null);
        let name = |names: &Names| names.get(number).cloned().unwrap_or_default();
        if is_telling {
            self.memory.keeps_all |= Form::is_told_by_member(&name(self.names), &self.value(at));
        }
        if self.repeats.len() > repeats {
            self.prefix(repeats, &name(self.names));
        }
        let Some(known) = self.memory.names.get_mut(first) else { return Ok(()) };
        let before = std::mem::replace(&mut known.last, Last { object, at });
        if before.object != object {
            self.memory.members.push((first, before));
            return Ok(());
        }
        known.last = before;
        if !same(&self.value(before.at), &self.value(at)) {
            self.repeats.push(step("", &name(self.names)));
        }
        self.memory.writer.take_back(start);
        Ok(())
    }

    /// What was packed from `at` on.
    fn value(&self, at: usize) -> Node {
        self.names.view(self.memory.packed().get(at..).unwrap_or_default()).node()
    }

    /// Everything noticed from number `first` on stands in `name`.
    fn prefix(&mut self, first: usize, name: &str) {
        for pointer in self.repeats.iter_mut().skip(first) {
            *pointer = format!("{}{pointer}", step("", name));
        }
    }

    /// What the object that began when there were `count` members around it hid is seen again.
    fn leave(&mut self, count: usize) {
        for (name, before) in self.memory.members.drain(count..).rev() {
            if let Some(name) = self.memory.names.get_mut(name) {
                name.last = before;
            }
        }
    }
}

/// The next name.
struct NameSeed<'r, 'm>(&'r mut Reader<'m>);

impl<'de> DeserializeSeed<'de> for NameSeed<'_, '_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed<'_, '_> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<usize, E> {
        Ok(self.0.number(name))
    }
}

/// Any value.
struct ValueSeed<'r, 'm>(&'r mut Reader<'m>);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let list = self.0.memory.writer.list();
        let (mut at, mut repeats) = (0usize, self.0.repeats.len());
        while elements.next_element_seed(ValueSeed(self.0))?.is_some() {
            if self.0.repeats.len() > repeats {
                self.0.prefix(repeats, &at.to_string());
                repeats = self.0.repeats.len();
            }
            at += 1;
        }
        self.0.memory.writer.close(list);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let memory = &mut self.0.memory;
        memory.objects += 1;
        memory.depth += 1;
        let (number, around) = (memory.objects, memory.members.len());
        let object = memory.writer.object();
        let kept_all = memory.keeps_all;
        while let Some(name) = entries.next_key_seed(NameSeed(self.0))? {
            self.0.member(name, number, &mut entries)?;
        }
        self.0.leave(around);
        self.0.memory.depth -= 1;
        self.0.memory.keeps_all = kept_all;
        self.0.memory.writer.close(object);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.memory.writer.null();
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.memory.writer.flag(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.memory.writer.number(value as f64);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.memory.writer.number(value as f64);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.memory.writer.number(value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.memory.writer.text(value);
        Ok(())
    }
}
