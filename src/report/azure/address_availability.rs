//! `CheckIPAddressAvailability`.

use super::shape::{Shape, Since};
use crate::answer::AddressAvailability;
use serde::Serialize;
use std::net::IpAddr;

/// `isPlatformReserved`: seen with 2021-02-01, not with 2017-10-01 half a year before.
const PLATFORM_RESERVED: Since = Since::Version("2021-02-01");

/// The answer of `CheckIPAddressAvailability`.
#[must_use]
pub fn address_availability<'a>(
    answer: &'a AddressAvailability,
    shape: &Shape,
) -> impl Serialize + use<'a> {
    Availability {
        available: answer.is_available,
        available_ip_addresses: &answer.available_ip_addresses,
        is_platform_reserved: shape.has(PLATFORM_RESERVED).then_some(answer.is_platform_reserved),
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Availability<'a> {
    available: bool,
    #[serde(rename = "availableIPAddresses", skip_serializing_if = "<[IpAddr]>::is_empty")]
    available_ip_addresses: &'a [IpAddr],
    #[serde(skip_serializing_if = "Option::is_none")]
    is_platform_reserved: Option<bool>,
}
