//! `Microsoft.Network/expressRouteCircuits`.

use super::Meta;
use ipnet::IpNet;

/// A circuit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressRouteCircuit {
    /// Id, region, place.
    pub meta: Meta,
    /// Is the tier Premium (R348, R359)?
    pub is_premium: bool,
    /// Its peerings.
    pub peerings: Vec<CircuitPeering>,
    /// `globalReachEnabled`, default false (R357).
    pub has_global_reach: bool,
    /// Is `circuitProvisioningState` `Enabled` and `serviceProviderProvisioningState` `Provisioned`, as far as they
    /// are given? Else it carries nothing (R507).
    pub is_provisioned: bool,
}

/// `peerings[]` of a circuit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircuitPeering {
    /// `AzurePrivatePeering`, `MicrosoftPeering` or `AzurePublicPeering`.
    pub kind: Box<str>,
    /// `state` is `Enabled`, or not given.
    pub is_enabled: bool,
    /// The customer's autonomous system number.
    pub peer_asn: Option<u32>,
    /// The prefixes of the two links between the edge routers.
    pub link_prefixes: Vec<IpNet>,
}
