//! Record sets, as ARM writes them and in the short form of scenario files.

use crate::azure::{RecordData, RecordSet};
use crate::diag::Diagnostic;
use crate::net::DnsName;
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Record sets by name and type: a later one replaces an earlier one.
pub(super) type RecordSets = BTreeMap<(DnsName, &'static str), RecordSet>;

/// The types and the member that holds the short form (R253).
pub(super) const TYPES: [&str; 9] = ["A", "AAAA", "CNAME", "PTR", "TXT", "SRV", "MX", "NS", "SOA"];

/// Seconds that an answer may be kept where nothing is said.
const DEFAULT_TTL: u32 = 3600;

/// Adds the resources of type `kind`, such as `A`, that belong to the zone.
pub(super) fn add_resources(zone: &Fields<'_>, name: &DnsName, kind: &str, sets: &mut RecordSets) {
    // That data is not known is told by its place; that a name is not puts the whole zone in doubt.
    let scope = zone.scope();
    for (label, fields) in scope.in_model(|| zone.parts(kind)) {
        if let Some(name) = fields.unknown_name() {
            name.complain("a name");
            continue;
        }
        match (name.child(&label), scope.in_model(|| data(&fields, kind))) {
            (Some(full), Some(data)) => add(sets, full, data, &fields),
            (None, _) => fields.note(bad_name(&label)),
            (_, None) => {}
        }
    }
}

/// Adds `records: [{name, A: […], …}]`, whose names are relative to `name`.
pub(super) fn add_short(owner: &Fields<'_>, name: &DnsName, sets: &mut RecordSets) {
    for entry in owner.list("records") {
        let fields = entry.fields();
        let label = fields.text("name").unwrap_or("@");
        let Some(full) = name.child(label) else {
            fields.note(bad_name(label));
            continue;
        };
        let given = TYPES.iter().filter(|kind| fields.has(kind));
        for data in given.filter_map(|kind| short(&fields, kind)) {
            add(sets, full.clone(), data, &fields);
        }
    }
}

fn bad_name(label: &str) -> Diagnostic {
    Diagnostic::warning("wrong-value", format!("`{label}` is not a domain name"))
}

fn add(sets: &mut RecordSets, name: DnsName, data: RecordData, fields: &Fields<'_>) {
    let ttl_seconds = fields.number("ttl").unwrap_or(DEFAULT_TTL);
    let key = (name.clone(), data.type_name());
    sets.insert(key, RecordSet { name, data, ttl_seconds, origin: fields.origin() });
}

/// The data in the members of ARM: `aRecords`, `cnameRecord`, …
fn data(fields: &Fields<'_>, kind: &str) -> Option<RecordData> {
    let list = |name: &str| fields.list(name).into_iter().map(Spot::fields);
    Some(match kind {
        "A" => a(list("aRecords").filter_map(|r| r.address("ipv4Address"))),
        "AAAA" => aaaa(list("aaaaRecords").filter_map(|r| r.address("ipv6Address"))),
        "CNAME" => RecordData::Cname(alias(fields)?),
        "PTR" => {
            RecordData::Ptr(list("ptrRecords").filter_map(|r| r.dns_name("ptrdname")).collect())
        }
        "TXT" => RecordData::Txt(list("txtRecords").map(|r| r.texts("value").concat()).collect()),
        "SRV" => RecordData::Srv(list("srvRecords").filter_map(|r| srv(&r)).collect()),
        "MX" => RecordData::Mx(list("mxRecords").filter_map(|r| mx(&r)).collect()),
        "NS" => RecordData::Ns(list("nsRecords").filter_map(|r| r.dns_name("nsdname")).collect()),
        "SOA" => RecordData::Soa,
        _ => return None,
    })
}

/// The target of an alias; one that is not known is told by its place, whatever stands here.
fn alias(fields: &Fields<'_>) -> Option<DnsName> {
    let spot = fields.find("cnameRecord/cname")?;
    Some(spot.dns_name().unwrap_or_else(DnsName::root))
}

/// The data in the short form: lists of texts, and of objects for SRV and MX.
fn short(fields: &Fields<'_>, kind: &str) -> Option<RecordData> {
    let list = || fields.list(kind).into_iter();
    let names = || list().filter_map(|spot| spot.dns_name());
    Some(match kind {
        "A" => a(list().filter_map(|spot| spot.address())),
        "AAAA" => aaaa(list().filter_map(|spot| spot.address())),
        "CNAME" => RecordData::Cname(names().next()?),
        "PTR" => RecordData::Ptr(names().collect()),
        "TXT" => {
            RecordData::Txt(list().filter_map(|spot| spot.text().map(str::to_owned)).collect())
        }
        "SRV" => RecordData::Srv(list().filter_map(|spot| srv(&spot.fields())).collect()),
        "MX" => RecordData::Mx(list().filter_map(|spot| mx(&spot.fields())).collect()),
        "NS" => RecordData::Ns(names().collect()),
        "SOA" => RecordData::Soa,
        _ => return None,
    })
}

fn a(addresses: impl Iterator<Item = IpAddr>) -> RecordData {
    RecordData::A(
        addresses
            .filter_map(|address| match address {
                IpAddr::V4(v4) => Some(v4),
                IpAddr::V6(_) => None,
            })
            .collect(),
    )
}

fn aaaa(addresses: impl Iterator<Item = IpAddr>) -> RecordData {
    RecordData::Aaaa(
        addresses
            .filter_map(|address| match address {
                IpAddr::V4(_) => None,
                IpAddr::V6(v6) => Some(v6),
            })
            .collect(),
    )
}

fn srv(record: &Fields<'_>) -> Option<(u16, u16, u16, DnsName)> {
    let number = |name| record.number(name).unwrap_or(0);
    Some((number("priority"), number("weight"), record.number("port")?, record.dns_name("target")?))
}

fn mx(record: &Fields<'_>) -> Option<(u16, DnsName)> {
    Some((record.number("preference").unwrap_or(0), record.dns_name("exchange")?))
}
