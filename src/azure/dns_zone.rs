//! `Microsoft.Network/privateDnsZones` with record sets and links, and public `dnsZones`.

use super::{Link, Meta, Origin, VirtualNetwork};
use crate::net::DnsName;

pub use crate::net::RecordData;

/// A private DNS zone: answers only for the networks that it is linked to (R247).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateDnsZone {
    /// Id, region, place.
    pub meta: Meta,
    /// The zone's name.
    pub name: DnsName,
    /// Its record sets, sorted by name and type.
    pub record_sets: Vec<RecordSet>,
    /// Its links, in the order of their ids.
    pub links: Vec<VirtualNetworkLink>,
    /// Were the record sets in the input? A plain resource list lacks them: then names are unknown.
    pub has_record_sets: bool,
    /// Does `numberOfRecordSets` say that no other is missing?
    pub is_counted: bool,
}

/// A public DNS zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicDnsZone {
    /// Id, region, place.
    pub meta: Meta,
    /// The zone's name.
    pub name: DnsName,
    /// Its record sets, sorted by name and type.
    pub record_sets: Vec<RecordSet>,
    /// Were the record sets in the input?
    pub has_record_sets: bool,
}

/// `privateDnsZones/virtualNetworkLinks` (R256).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualNetworkLink {
    /// Id, region, place.
    pub meta: Meta,
    /// The network that may ask the zone.
    pub network: Link<VirtualNetwork>,
    /// `registrationEnabled`, default false (R259).
    pub registers: bool,
    /// `resolutionPolicy` is `NxDomainRedirect` (R262).
    pub redirects_nxdomain: bool,
    /// `virtualNetworkLinkState` is `Completed`, or not given (R247).
    pub is_completed: bool,
}

/// The records of one name and one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSet {
    /// The full name, `*` for the wildcard label (R254).
    pub name: DnsName,
    /// The data (R253).
    pub data: RecordData,
    /// Seconds that the answer may be kept.
    pub ttl_seconds: u32,
    /// Where it was read.
    pub origin: Origin,
}
