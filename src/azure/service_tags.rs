//! Contents of service tags: the weekly file `ServiceTags_Public_*.json` (R207).

use crate::net::AddressSet;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The addresses of service tags at one date. Empty when no file was given: then tags are *maybe*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceTags {
    /// `changeNumber` of the file.
    pub change_number: Option<u64>,
    /// The name of the file, for evidence.
    pub source: Box<str>,
    tags: BTreeMap<Box<str>, Tag>,
}

/// One tag, as a set and as it was written: routes match by the length of prefixes, so that two
/// halves are not the same as the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    addresses: AddressSet,
    prefixes: Arc<[IpNet]>,
}

impl ServiceTags {
    /// Adds the prefixes of tag `name`, such as `Storage.WestEurope`.
    pub fn insert(&mut self, name: &str, prefixes: impl IntoIterator<Item = IpNet>) {
        let mut prefixes: Vec<IpNet> = prefixes.into_iter().map(|prefix| prefix.trunc()).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        let addresses = prefixes.iter().copied().collect();
        let tag = Tag { addresses, prefixes: prefixes.into() };
        self.tags.insert(name.to_ascii_lowercase().into(), tag);
    }

    /// The addresses of tag `name`, whatever its case; `None` when it is not known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&AddressSet> {
        self.tag(name).map(|tag| &tag.addresses)
    }

    /// The prefixes of tag `name` as written, ascending, whatever its case; `None` when it is not
    /// known.
    #[must_use]
    pub fn prefixes(&self, name: &str) -> Option<&Arc<[IpNet]>> {
        self.tag(name).map(|tag| &tag.prefixes)
    }

    fn tag(&self, name: &str) -> Option<&Tag> {
        self.tags.get(name.to_ascii_lowercase().as_str())
    }

    /// The names of the tags, in lower case, ascending.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tags.keys().map(|name| &**name)
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
