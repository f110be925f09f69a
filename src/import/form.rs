//! Documents that are read as a whole, and not resource by resource: told by a member at their start.

use super::collect::Collected;
use super::level::Held;
use super::scan::Scan;
use super::source::Source;
use super::template::Template;
use super::what_if;
use crate::azure::tree::Node;
use crate::diag::Diagnostic;
use std::sync::Arc;

/// The member that all documents of Terraform have.
const TERRAFORM: &str = "terraform_version";

/// What a document is, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An ARM template.
    Template,
    /// Values for the parameters of one.
    Parameters,
    /// A plan or a state of Terraform.
    Terraform,
    /// The result of a what-if.
    WhatIf,
}

impl Form {
    /// What the object `node` is.
    pub(super) fn of(node: &Node) -> Option<Self> {
        if node.get(TERRAFORM).is_some_and(|version| version.as_text().is_some()) {
            return Some(Self::Terraform);
        }
        if what_if::is_one(node) {
            return Some(Self::WhatIf);
        }
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

    /// Does the member `name` with this value, a text of JSON, tell that the object it stands in is read
    /// as a whole?
    pub(super) fn is_told_by(name: &str, value: &[u8]) -> bool {
        let text = || serde_json::from_slice::<String>(value).ok();
        name == TERRAFORM && text().is_some()
            || name == "$schema" && text().is_some_and(|schema| Self::of_schema(&schema).is_some())
    }

    /// The same, of a member that was read.
    pub(super) fn is_told_by_member(name: &str, node: &Node) -> bool {
        let text = node.as_text();
        name == TERRAFORM && text.is_some()
            || name == "$schema" && text.and_then(Self::of_schema).is_some()
    }

    /// Can a member of this name tell it?
    pub(super) fn is_telling(name: &str) -> bool {
        name == "$schema" || name == TERRAFORM
    }

    /// Does a document that starts with `start` have a form, so that it is not read in parts? At least
    /// where that is told by one of the first members.
    pub(super) fn is_told_by_start(start: &[u8]) -> bool {
        let mut scan = Scan::new(start);
        scan.space();
        scan.pass(b'{').is_some_and(|()| {
            let mut members = std::iter::from_fn(|| next_member(&mut scan));
            members.any(|(name, value)| Self::is_told_by(&name, value))
        })
    }

    /// Takes the document.
    pub(super) fn read(self, held: Held, source: &Source, collected: &mut Collected) {
        let Held { pointer, node } = held;
        let file = Arc::clone(source.file());
        let document = Template { file, pointer, node };
        match self {
            Self::Template => collected.templates.push(document),
            Self::Parameters => collected.parameters.push(document),
            Self::Terraform | Self::WhatIf => collected.changes.push(document),
        }
    }
}

/// The name and the text of the next member of an object, as far as it is there.
fn next_member<'a>(scan: &mut Scan<'a>) -> Option<(String, &'a [u8])> {
    let value = |scan: &mut Scan<'a>| {
        let start = scan.at;
        scan.skip()?;
        scan.bytes.get(start..scan.at)
    };
    let name = serde_json::from_slice(value(scan)?).ok()?;
    scan.space();
    scan.pass(b':')?;
    let value = value(scan)?;
    scan.space();
    // The last one has none after it.
    let _ = scan.pass(b',');
    Some((name, value))
}

/// Says that a document cannot be read, as it tells too late what it is.
pub(super) fn told_too_late() -> Diagnostic {
    let message = "`$schema` or `terraform_version` stands behind `resources`: what the document is, is told too late";
    Diagnostic::error("misplaced-schema", message).hint("put that member first")
}
