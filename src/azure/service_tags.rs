//! Contents of service tags: the weekly file `ServiceTags_Public_*.json` (R207).

use crate::net::AddressSet;
use std::collections::BTreeMap;

/// The addresses of service tags at one date. Empty when no file was given: then tags are *maybe*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceTags {
    /// `changeNumber` of the file.
    pub change_number: Option<u64>,
    /// The name of the file, for evidence.
    pub source: Box<str>,
    tags: BTreeMap<Box<str>, AddressSet>,
}

impl ServiceTags {
    /// Adds the addresses of tag `name`, such as `Storage.WestEurope`.
    pub fn insert(&mut self, name: &str, addresses: AddressSet) {
        self.tags.insert(name.to_ascii_lowercase().into(), addresses);
    }

    /// The addresses of tag `name`, whatever its case; `None` when it is not known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&AddressSet> {
        self.tags.get(name.to_ascii_lowercase().as_str())
    }

    /// The number of tags.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Was no file given?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }
}
