//! What does a name resolve to?

use super::Endpoint;
use crate::answer::{NameAnswer, NameOutcome};
use crate::dataplane::Dataplane;
use crate::net::DnsName;
use std::net::IpAddr;

/// What `from` gets when it asks for the records of `record_type` at `name`.
#[must_use]
pub fn resolve_name(
    _plane: &Dataplane,
    _from: Endpoint,
    name: &DnsName,
    record_type: &str,
) -> NameAnswer {
    NameAnswer {
        name: name.clone(),
        record_type: record_type.to_owned(),
        outcome: NameOutcome::Unknown("to come".into()),
        steps: Vec::new(),
        records: Vec::new(),
        rules: Vec::new(),
        assumptions: Vec::new(),
    }
}

/// The addresses that some zone has for `name`, linked or not.
#[must_use]
pub fn intended_addresses(_plane: &Dataplane, _name: &DnsName) -> Vec<IpAddr> {
    Vec::new()
}
