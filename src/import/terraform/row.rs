//! What a resource of a provider is in ARM: rows of tables, one line per attribute.

use super::place::Spot;
use crate::azure::tree::Node;

/// How resources of one type of the provider are read.
#[derive(Debug)]
pub(super) struct Row {
    /// The provider's type; data sources share it.
    pub(super) name: &'static str,
    /// What it becomes.
    pub(super) becomes: Becomes,
    /// Its attributes.
    pub(super) fields: &'static [Field],
    /// Blocks that are resources of their own in ARM, with the row that reads each.
    pub(super) parts: &'static [(&'static str, &'static Row)],
}

/// What a resource of the provider becomes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Becomes {
    /// A resource in a resource group: its ARM type.
    InGroup(&'static str),
    /// A part of a resource in the same group, whose name the attribute has.
    Below(&'static str, &'static str),
    /// A part of the resource whose id the attribute has.
    Of(&'static str, &'static str),
    /// A resource at the scope whose id the attribute has.
    At(&'static str, &'static str),
    /// An element of a list of a resource in the same group: the type of that, the attribute that has its
    /// name, and the list.
    Listed(&'static str, &'static str, &'static str),
    /// Something that is said of the resource whose id the attribute has.
    Said(&'static str),
    /// The same, in place of what that resource holds: the provider keeps there what it found last. Version 2 has
    /// the name of that resource, in the same group: the attribute, and its ARM type.
    Instead(&'static str, Option<(&'static str, &'static str)>),
}

/// An attribute, where it goes, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// Steps with points between them; a step into a block means the only block of that name. Empty for the
    /// whole block.
    pub(super) from: &'static str,
    /// Steps with slashes between them, below `properties` where ARM has it so.
    pub(super) to: &'static str,
    pub(super) how: How,
}

/// How a value of the provider becomes one of ARM.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// As it is.
    Same,
    /// An id, which becomes `{"id": …}`.
    Id,
    /// An id that stays a text.
    PlainId,
    /// Several ids.
    Ids,
    /// Several ids that stay texts.
    PlainIds,
    /// Blocks, each of which becomes an element of a list.
    Each(&'static [Field]),
    /// The only block, which becomes an object.
    One(&'static [Field]),
    /// `true` becomes the first, `false` the second.
    Flag(&'static str, &'static str),
    /// The opposite.
    Not,
    /// Each element becomes an object with this member.
    Wrapped(&'static str),
    /// A single value becomes a list.
    Single,
    /// The name of a part, which becomes the id of that part in the named list of the resource whose id
    /// the attribute has.
    Named(&'static str, &'static str),
    /// This text, whatever stands there.
    Always(&'static str),
    /// What the function makes of the block.
    By(fn(&Spot<'_, '_>) -> Option<Node>),
}

/// A row without blocks that are resources of their own.
pub(super) const fn row(name: &'static str, becomes: Becomes, fields: &'static [Field]) -> Row {
    Row { name, becomes, fields, parts: &[] }
}

pub(super) const fn field(from: &'static str, to: &'static str, how: How) -> Field {
    Field { from, to, how }
}

pub(super) const fn same(from: &'static str, to: &'static str) -> Field {
    field(from, to, How::Same)
}

pub(super) const fn id(from: &'static str, to: &'static str) -> Field {
    field(from, to, How::Id)
}

pub(super) const fn plain(from: &'static str, to: &'static str) -> Field {
    field(from, to, How::PlainId)
}

pub(super) const fn ids(from: &'static str, to: &'static str) -> Field {
    field(from, to, How::Ids)
}

pub(super) const fn each(from: &'static str, to: &'static str, fields: &'static [Field]) -> Field {
    field(from, to, How::Each(fields))
}

pub(super) const fn always(to: &'static str, text: &'static str) -> Field {
    field("", to, How::Always(text))
}
