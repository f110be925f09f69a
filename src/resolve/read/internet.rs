//! `internet` of scenario files.

use super::host;
use super::record_set::{self, RecordSets};
use crate::azure::Internet;
use crate::net::DnsName;
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads hosts and records of the public Internet.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let mut records = RecordSets::new();
    record_set::add_short(fields, &DnsName::root(), &mut records);
    let records = records.into_values().collect();
    draft.network.internet = Internet { hosts: host::read(fields), records };
}
