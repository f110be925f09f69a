//! The `dns` part of hosts and appliances: what a DNS server that is no service of Azure does.

use super::record_set::{self, RecordSets};
use crate::azure::DnsServer;
use crate::net::{DnsName, IpNet};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use std::net::IpAddr;

/// Reads `dns: {forwarders, records, zones}`, where it is given.
pub(super) fn read(owner: &Fields<'_>) -> Option<DnsServer> {
    let fields = owner.object("dns")?;
    let mut records = RecordSets::new();
    record_set::add_short(&fields, &DnsName::root(), &mut records);
    let forwarders = fields.list("forwarders").into_iter();
    Some(DnsServer {
        forwarders: forwarders.filter_map(|entry| forwarder(&entry.fields())).collect(),
        records: records.into_values().collect(),
        zones: fields.list("zones").iter().filter_map(Spot::dns_name).collect(),
        // R281
        resubmits_aliases: fields.flag("resubmitsAliases"),
    })
}

/// A conditional forwarder; without a domain it is the default one.
fn forwarder(fields: &Fields<'_>) -> Option<(DnsName, Vec<IpAddr>)> {
    let domain = match fields.has("domain") {
        true => fields.dns_name("domain")?,
        false => DnsName::root(),
    };
    Some((domain, fields.addresses("servers")))
}

/// Prefixes that are kept apart from an empty list when they are not given.
pub(super) fn given_prefixes(fields: &Fields<'_>, name: &str) -> Option<Vec<IpNet>> {
    fields.has(name).then(|| fields.prefixes(&[name]))
}
