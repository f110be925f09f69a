//! What a location specifier means.

use super::HopKind;
use crate::id::ResourceId;
use ipnet::IpNet;
use serde::Serialize;

/// The answer to `places`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacesAnswer {
    /// The specifier, as written.
    pub specifier: String,
    /// What it means after `from`.
    pub sources: MeantPlaces,
    /// What it means after `to`.
    pub destinations: MeantPlaces,
}

/// What a specifier means at one end of a packet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeantPlaces {
    /// The places, sorted by realm and name. A source is one that has an address that is meant.
    pub places: Vec<PlaceRow>,
    /// Addresses that are meant wherever packets for them arrive, as prefixes: those of frontends, public
    /// addresses, and prefixes that were named. Of destinations only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpNet>,
    /// Why it can be no such end, where it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceRow {
    /// The virtual network or site that it is in, or `Internet`.
    pub realm: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: HopKind,
    /// Its own addresses that are meant, as prefixes; none when it has every address that nothing else has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpNet>,
    /// Its resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
}
