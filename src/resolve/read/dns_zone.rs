//! `Microsoft.Network/privateDnsZones` with record sets and links, and public `dnsZones`.

use super::record_set::{self, RecordSets, TYPES};
use crate::azure::{Meta, PrivateDnsZone, PublicDnsZone, RecordSet, VirtualNetworkLink};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::net::DnsName;
use crate::resolve::draft::{Alias, Draft};
use crate::resolve::fields::Fields;

/// Reads a private zone (R247).
pub(in crate::resolve) fn read_private(fields: &Fields<'_>) -> PrivateDnsZone {
    let name = zone_name(fields);
    // The start of authority.
    let (record_sets, has_record_sets, is_counted) = records(fields, &name, 1);
    let links = fields.parts("virtualNetworkLinks");
    PrivateDnsZone {
        meta: fields.meta(),
        name,
        record_sets,
        links: links.iter().map(|(name, link)| read_link(fields, name, link)).collect(),
        has_record_sets,
        is_counted,
    }
}

/// Reads a public zone.
pub(in crate::resolve) fn read_public(fields: &Fields<'_>, draft: &mut Draft) {
    let name = zone_name(fields);
    // The start of authority and the name servers.
    let (record_sets, has_record_sets, _) = records(fields, &name, 2);
    let zone = PublicDnsZone { meta: fields.meta(), name, record_sets, has_record_sets };
    let zone = draft.network.public_dns_zones.push(zone);
    for (_, set) in ["A", "AAAA"].iter().flat_map(|kind| fields.parts(kind)) {
        if let Some(target) = set.find("targetResource").and_then(|spot| spot.known()) {
            draft.aliases.push(Alias { zone, target, origin: set.origin() });
        }
    }
}

/// A domain that no question asks about.
const NOWHERE: &str = "unreadable.invalid";

/// The zone's name. One that is no domain name, or not known, stands where no question asks (RFC 2606).
fn zone_name(fields: &Fields<'_>) -> DnsName {
    let written = fields.id().name();
    let unknown = fields.unknown_name();
    let nowhere = || {
        if let Some(name) = &unknown {
            name.complain("a name");
            return DnsName::parse(NOWHERE);
        }
        let text = format!("`{written}` is not a domain name, so the zone answers nothing");
        fields.note(Diagnostic::warning("wrong-value", text));
        DnsName::parse(NOWHERE)
    };
    // The second name is a good one: the root, which would answer everything, never stands here.
    let given = DnsName::parse(written).filter(|_| unknown.is_none());
    let name = given.filter(|name| name.labels() > 0).or_else(nowhere);
    name.unwrap_or_else(DnsName::root)
}

/// The record sets, sorted by name and type, and: are they all there, and does their number say so? `implied`
/// are those that every zone has and exports may leave out.
fn records(fields: &Fields<'_>, zone: &DnsName, implied: usize) -> (Vec<RecordSet>, bool, bool) {
    let mut sets = RecordSets::new();
    for kind in TYPES {
        record_set::add_resources(fields, zone, kind, &mut sets);
    }
    record_set::add_short(fields, zone, &mut sets);
    let counted: Option<usize> = fields.number("numberOfRecordSets");
    let is_given = !sets.is_empty() || fields.has("records");
    let is_complete = counted.is_none_or(|count| count <= sets.len().saturating_add(implied));
    if is_given && !is_complete {
        let text = format!(
            "`{zone}` has {} record sets, of which only {} are in the input: its names are unknown",
            counted.unwrap_or_default(),
            sets.len()
        );
        fields.note(Diagnostic::warning("incomplete-zone", text));
    }
    let has_record_sets = is_complete && (is_given || counted.is_some());
    (sets.into_values().collect(), has_record_sets, is_complete && counted.is_some())
}

/// A link of a zone (R256), inline or a resource of its own.
fn read_link(zone: &Fields<'_>, name: &str, fields: &Fields<'_>) -> VirtualNetworkLink {
    let redirects = [("NxDomainRedirect", true), ("Default", false)];
    let completed = [("Completed", true), ("InProgress", false), ("Failed", false)];
    VirtualNetworkLink {
        meta: Meta { id: link_id(zone, name, fields), ..fields.meta() },
        network: fields.required_link("virtualNetwork"),
        // R259
        registers: fields.is("registrationEnabled"),
        // R262
        redirects_nxdomain: fields.one_of("resolutionPolicy", &redirects).unwrap_or(false),
        // R247
        is_completed: fields.one_of("virtualNetworkLinkState", &completed).unwrap_or(true),
    }
}

/// The id of a link: its own, else made from its name, else from that of the network.
fn link_id(zone: &Fields<'_>, name: &str, fields: &Fields<'_>) -> ResourceId {
    if fields.id() != zone.id() {
        return fields.id().clone();
    }
    let has_name = fields.has("name") || fields.has("id");
    let network =
        || fields.find("virtualNetwork").and_then(|spot| spot.reference()?.node.as_text());
    let own =
        if has_name { Some(name) } else { network().and_then(|text| text.rsplit('/').next()) };
    zone.id().child("virtualNetworkLinks", own.unwrap_or(name))
}
