//! Documents become a [`Snapshot`]: the only reader of wire formats.
//!
//! The format is told from the content: ARM resources as JSON (one, an array, `value`, `data`, or any
//! nesting of these, one after another too), and scenario files in YAML. Whatever it was, a resource
//! leaves here in the shape of ARM, with `properties` nested, and with the place where it was read.
//! The order of documents never matters, a broken one never stops the others, and what cannot be
//! used is said in a diagnostic.
//!
//! What a scenario tells beyond Azure becomes resources of made-up types, with everything in
//! `properties`: `/hopwise/onPremises/<name>`, `/hopwise/principals/<name>`, …, `/hopwise/internet`,
//! `/hopwise/assume`; and `/hopwise/platformProfile` and `/hopwise/clock` with the one property `name`.
//!
//! Knows nothing of what properties mean, of references, or of files.

mod arm;
mod bare;
mod beside;
mod changes;
mod collect;
mod commits;
mod contents;
mod deploy;
mod document;
mod foreign;
mod form;
mod json;
mod json_value;
mod level;
mod merge;
mod names;
mod patch;
mod position;
mod readers;
mod redeploy;
mod scan;
pub mod scenario;
mod service_tags;
mod source;
mod spec;
mod split;
pub mod template;
mod terraform;
mod types;
mod what_if;
mod yaml;

pub use changes::{Changes, ChangesKind, Side};
pub use deploy::{Mode, Settings, TemplateRead, beside};
pub use patch::{Patch, change_text, merge_patch, read_patch, remove};
pub use position::{nearest_position_of, position_of};
pub use service_tags::add_service_tags;
pub use spec::spec;

use crate::azure::Snapshot;
use collect::Collected;
use scenario::Scenario;
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

/// Something to read: a file, standard input, or bytes in memory.
#[derive(Clone, Debug)]
pub struct Document<R> {
    /// The name for evidence and messages: a path, or `-` for standard input.
    pub name: Arc<str>,
    /// The content, read once from start to end.
    pub text: R,
}

/// What documents hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The resources of all documents.
    pub snapshot: Snapshot,
    /// What scenario files say beyond that, in the order of their names.
    pub scenarios: Vec<Scenario>,
    /// The templates among the documents, in the order read.
    pub templates: Vec<TemplateRead>,
    /// The documents of planned changes, which have two sides, in the order of their names.
    pub changes: Vec<Changes>,
    /// Texts that documents mark as sensitive: they decide, and are not to be shown.
    pub secrets: BTreeSet<String>,
}

/// Reads the resources of `documents`.
///
/// JSON is read as a stream and may be of any size, nested at most 127 levels deep; YAML is held
/// in memory while it is read, nested at most 64 levels deep. Several documents, and the parts of one,
/// are read at the same time. Time and memory are linear in the size.
pub fn read<R: Read + Send>(
    documents: impl IntoIterator<Item = Document<R>, IntoIter: Send>,
) -> Snapshot {
    read_all(documents).snapshot
}

/// Reads `documents`, with what scenario files hold beyond resources. Limits as for [`read`].
pub fn read_all<R: Read + Send>(
    documents: impl IntoIterator<Item = Document<R>, IntoIter: Send>,
) -> Imported {
    read_with(documents, &Settings::default())
}

/// Reads `documents` as `settings` say. Limits as for [`read`].
pub fn read_with<R: Read + Send>(
    documents: impl IntoIterator<Item = Document<R>, IntoIter: Send>,
    settings: &Settings,
) -> Imported {
    let mut collected = Collected::default();
    for each in readers::each(documents.into_iter(), document::read) {
        collected.append(each);
    }
    collected.finish(settings)
}

#[cfg(test)]
mod tests;
