//! Documents that are read as a whole, and not resource by resource: told by a member at their start.

use super::collect::Collected;
use super::level::Held;
use super::source::Source;
use super::template::Template;
use crate::azure::tree::{Member, Node};
use crate::diag::Diagnostic;
use std::sync::Arc;

/// What a document is, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// An ARM template.
    Template,
    /// Values for the parameters of one.
    Parameters,
}

impl Whole {
    /// What the object `node` is.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let schema = node.get("$schema").and_then(Node::as_text)?;
        Self::of_schema(schema)
    }

    fn of_schema(schema: &str) -> Option<Self> {
        let schema = schema.to_ascii_lowercase();
        if schema.contains("deploymenttemplate") {
            Some(Self::Template)
        } else if schema.contains("deploymentparameters") {
            Some(Self::Parameters)
        } else {
            None
        }
    }

    /// Does a member tell that the object it stands in is read as a whole?
    pub(super) fn is_told_by((name, node): &Member) -> bool {
        **name == *"$schema" && node.as_text().and_then(Self::of_schema).is_some()
    }

    /// Takes the document.
    pub(super) fn read(self, held: Held, source: &Source, collected: &mut Collected) {
        let Held { pointer, node } = held;
        let file = Arc::clone(source.file());
        let document = Template { file, pointer, node };
        match self {
            Self::Template => collected.templates.push(document),
            Self::Parameters => collected.parameters.push(document),
        }
    }
}

/// Says that a document cannot be read, as it tells too late what it is.
pub(super) fn told_too_late() -> Diagnostic {
    let message = "`$schema` stands behind `resources`: what the document is, is told too late";
    Diagnostic::error("misplaced-schema", message).hint("put `$schema` first")
}
