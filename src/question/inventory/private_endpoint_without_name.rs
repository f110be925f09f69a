//! `private-endpoint-without-name`: no private zone leads to a private endpoint.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Network, PrivateEndpoint, PrivateEndpointTarget};
use crate::diag::Severity;
use crate::net::RecordData;
use std::collections::BTreeSet;
use std::net::IpAddr;

pub(super) const KIND: Kind<Network> = Kind {
    code: "private-endpoint-without-name",
    severity: Severity::Warning,
    rules: &[Rule(282), Rule(283)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let zones = network.private_dns_zones.values();
    if !zones.clone().all(|zone| zone.has_record_sets) {
        return Vec::new(); // The record may well be among those that were not exported.
    }
    let records = zones.flat_map(|zone| &zone.record_sets);
    let named: BTreeSet<IpAddr> = records.flat_map(|record| addresses(&record.data)).collect();
    let is_nameless = |endpoint: &&PrivateEndpoint| {
        // A private link service of one's own has no name that a zone could hold (R305).
        !is_of_own_service(endpoint)
            && !endpoint.addresses.is_empty()
            && endpoint.addresses.iter().all(|a| !named.contains(a))
    };
    let found = |endpoint: &PrivateEndpoint| Found {
        resource: endpoint.meta.id.clone(),
        text: format!("no private zone has a record for {}", list(&endpoint.addresses)),
        hint: "give it a private DNS zone group, or the zone of the service a record".to_owned(),
        origin: Some(endpoint.meta.origin.clone()),
    };
    network.private_endpoints.values().filter(is_nameless).map(found).collect()
}

fn is_of_own_service(endpoint: &PrivateEndpoint) -> bool {
    match &endpoint.target {
        PrivateEndpointTarget::Alias(_) => true,
        PrivateEndpointTarget::Resource(id) => {
            let kind = id.resource_type();
            kind.is_some_and(|it| it.eq_ignore_ascii_case("Microsoft.Network/privateLinkServices"))
        }
        PrivateEndpointTarget::NotGiven => false,
    }
}

fn addresses(data: &RecordData) -> Vec<IpAddr> {
    match data {
        RecordData::A(addresses) => addresses.iter().copied().map(IpAddr::V4).collect(),
        RecordData::Aaaa(addresses) => addresses.iter().copied().map(IpAddr::V6).collect(),
        RecordData::Cname(_)
        | RecordData::Ptr(_)
        | RecordData::Txt(_)
        | RecordData::Srv(_)
        | RecordData::Mx(_)
        | RecordData::Ns(_)
        | RecordData::Soa => Vec::new(),
    }
}

fn list(addresses: &[IpAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
