//! The names that a scenario file has at its own levels, what may stand under each, and what it says.
//! Resources inside have ARM's names.
//!
//! The reader checks files by these tables, and the JSON Schema is made of them.

pub(super) mod asked;
mod json;
mod outside;
mod words;

pub use json::json_schema;

use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::names;
use crate::import::source::step;
use std::borrow::Cow;

/// The names at one level.
#[derive(Debug)]
pub(in crate::import) struct Level {
    /// What the level is, for messages: `a site`.
    what: &'static str,
    keys: &'static [Key],
    needs: Needs,
}

/// A name at a level.
#[derive(Debug)]
pub(in crate::import) struct Key {
    name: &'static str,
    kind: Kind,
    is_needed: bool,
    /// What it says, for who writes it.
    about: &'static str,
}

/// What may stand under a name.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) enum Kind {
    /// Anything.
    Anything,
    /// A text that is for people alone.
    Label,
    /// A text.
    Text,
    /// A text; a number is taken for one.
    Word,
    /// A text or several.
    Texts,
    /// A text or several; numbers are taken for texts.
    Words,
    /// True or false.
    Flag,
    /// A whole number, at most this.
    Number(u32),
    /// A list of whole numbers.
    Numbers,
    /// A port, a range of ports or several.
    Ports,
    /// An IP address.
    Address,
    /// An address prefix.
    Prefix,
    /// A time in UTC.
    Time,
    /// One of some words.
    OneOf(fn() -> Vec<&'static str>),
    /// Some of some words.
    SomeOf(fn() -> Vec<&'static str>),
    /// Numbers of rules.
    Rules,
    /// The lists of resources.
    Network,
    /// An object.
    Object(&'static Level),
    /// A list of objects.
    List(&'static Level),
    /// A list of objects that is read, and whose names are checked, when it is asked for.
    Later(&'static Level),
}

/// Which names of a level must be there, beside those that always must.
#[derive(Debug)]
pub(in crate::import) enum Needs {
    /// None.
    Nothing,
    /// Those of at least one of these groups.
    Any(&'static [&'static [&'static str]]),
    /// One name and no other.
    One,
}

/// A name that may be there.
const fn may(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, is_needed: false, about }
}

/// A name that must be there.
const fn must(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, is_needed: true, about }
}

/// A level at which names may be left out, but for those that must be there.
const fn level(what: &'static str, keys: &'static [Key]) -> Level {
    Level { what, keys, needs: Needs::Nothing }
}

/// The whole file.
pub(super) static SCENARIO: Level = level(
    "a scenario",
    &[
        may("about", Kind::Label, "What it shows, in a sentence or two."),
        may(
            "appliances",
            Kind::List(&outside::APPLIANCE),
            "What guests do that forward packets or serve names.",
        ),
        may(
            "assume",
            Kind::Object(&outside::ASSUME),
            "What to take for granted. What is not named is assumed, and answers say so.",
        ),
        may("clock", Kind::Time, "What time it is; only just-in-time requests depend on it."),
        may(
            "conditionalAccess",
            Kind::List(&outside::CONDITIONAL_ACCESS),
            "Policies of Microsoft Entra Conditional Access.",
        ),
        may(
            "dataflows",
            Kind::Later(&asked::DATAFLOW),
            "What takes more than one packet, leg by leg.",
        ),
        may("documentation", Kind::Label, "The page that it teaches."),
        may("expect", Kind::Later(&asked::ASSERTION), "What `hopwise check` judges."),
        may(
            "include",
            Kind::Texts,
            "Other files with resources, relative to this one: such as an exported estate.",
        ),
        may(
            "internet",
            Kind::Object(&outside::INTERNET),
            "Machines on the Internet, and the public DNS.",
        ),
        may("kubernetes", Kind::List(&outside::KUBERNETES), "What is inside a cluster."),
        may("network", Kind::Network, "Resources, in one list per type, with ARM's names."),
        may(
            "onPremises",
            Kind::List(&outside::SITE),
            "Sites outside Azure, with their machines and connections.",
        ),
        may(
            "platformProfile",
            Kind::Word,
            "Azure as it was at that time: which None routes, what `Internet` stands for.",
        ),
        may("principals", Kind::List(&outside::PRINCIPAL), "Who acts."),
        may(
            "serviceTags",
            Kind::List(&outside::SERVICE_TAG),
            "What service tags stand for, where no file of them is given or it says otherwise.",
        ),
        may(
            "variants",
            Kind::Later(&asked::VARIANT),
            "Changes of the network, and what is expected then.",
        ),
    ],
);

/// Takes a remark on a node and its JSON pointer.
type Note<'a> = dyn FnMut(Diagnostic, &str, &Node) + 'a;

fn expected(what: &str, node: &Node) -> Diagnostic {
    Diagnostic::error("wrong-value", format!("expected {what}, found {}", node.kind()))
}

impl Level {
    /// Is `name` one of the names at this level?
    pub(super) fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key.name == name)
    }

    /// What the level is: `a site`.
    pub(super) const fn what(&self) -> &'static str {
        self.what
    }

    /// The names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.keys.iter().map(|key| key.name)
    }

    /// The level below `name`.
    pub(super) fn below(&self, name: &str) -> Option<&'static Self> {
        self.keys.iter().find(|key| key.name == name)?.kind.level()
    }

    /// Says what in `node`, which stands at `pointer`, is none of this level; a list is a list of such
    /// objects.
    pub(super) fn check(&self, node: &Node, pointer: &str, note: &mut Note<'_>) {
        let Value::List(nodes) = &node.value else { return self.check_one(node, pointer, note) };
        for (at, node) in nodes.iter().enumerate() {
            self.check_one(node, &step(pointer, &at.to_string()), note);
        }
    }

    fn check_one(&self, node: &Node, pointer: &str, note: &mut Note<'_>) {
        match &node.value {
            Value::Object(members) => {
                for (name, node) in members {
                    self.check_member(name, node, &step(pointer, name), note);
                }
            }
            Value::Null | Value::Unknown(_) => {}
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                note(expected(self.what, node), pointer, node);
            }
        }
    }

    fn check_member(&self, name: &str, node: &Node, pointer: &str, note: &mut Note<'_>) {
        match self.keys.iter().find(|key| key.name == name).map(|key| key.kind) {
            None => note(self.unknown(name), pointer, node),
            Some(Kind::Object(level) | Kind::List(level)) => level.check(node, pointer, note),
            Some(Kind::Label) if matches!(node.value, Value::List(_) | Value::Object(_)) => {
                note(expected("a text", node), pointer, node);
            }
            // Whoever reads it looks at it.
            Some(_) => {}
        }
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        let known = self.names();
        let remark = Diagnostic::error("unknown-name", format!("{} has no `{name}`", self.what));
        match names::closest(name, known.clone()) {
            Some(near) => remark.hint(format!("did you mean `{near}`?")),
            None => remark.hint(format!("it may have {}", names::listed(known))),
        }
    }

    /// What the schema calls it: `an SSH key` is `SSH-key`.
    fn definition(&self) -> Cow<'static, str> {
        let bare = ["a ", "an ", "the "].iter().find_map(|article| self.what.strip_prefix(article));
        bare.unwrap_or(self.what).replace('`', "").replace(' ', "-").into()
    }
}

impl Kind {
    /// The level of the object, or of the elements of the list.
    const fn level(self) -> Option<&'static Level> {
        match self {
            Self::Object(level) | Self::List(level) | Self::Later(level) => Some(level),
            Self::Anything
            | Self::Label
            | Self::Text
            | Self::Word
            | Self::Texts
            | Self::Words
            | Self::Flag
            | Self::Number(_)
            | Self::Numbers
            | Self::Ports
            | Self::Address
            | Self::Prefix
            | Self::Time
            | Self::OneOf(_)
            | Self::SomeOf(_)
            | Self::Rules
            | Self::Network => None,
        }
    }
}
