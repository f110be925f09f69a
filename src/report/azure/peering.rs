//! A peering, as `GET …/virtualNetworkPeerings/…` returns it.

use super::Reference;
use super::shape::{Shape, Since};
use crate::answer::{PeeredSubnets, PeeringStateAnswer};
use crate::id::ResourceId;
use ipnet::IpNet;
use serde::Serialize;
use std::collections::BTreeMap;

/// `type` and `routeServiceVips`: on 2018-06-25 not yet, on 2018-08-22.
const TYPE: Since = Since::Date("2018-08-22");

/// `doNotVerifyRemoteGateways`: 2018-10-01 had it not, 2018-12-01 has.
const VERIFY: Since = Since::Version("2018-12-01");

/// `peeringSyncLevel` and the remote space as it is: 2020-11-01 had them not, 2021-02-01 has.
const SYNC: Since = Since::Version("2021-02-01");

/// `peerCompleteVnets`: 2021-02-01 had it not, 2021-03-01 has.
const COMPLETE: Since = Since::Version("2021-03-01");

/// The prefixes that each space of complete networks has from IP address management: 2022-07-01 had them
/// not, 2023-11-01 has, as an empty list; of subnet peering 2023-11-01 has them not. Where the line is
/// drawn is a guess.
const POOLS: Since = Since::Version("2023-11-01");

/// One half of a peering, without the ids and the tag that the platform draws.
#[must_use]
pub fn peering<'a>(answer: &'a PeeringStateAnswer, shape: &Shape) -> impl Serialize + use<'a> {
    Peering {
        name: answer.id.name(),
        id: &answer.id,
        properties: Properties::of(answer, shape),
        resource_type: shape
            .has(TYPE)
            .then_some("Microsoft.Network/virtualNetworks/virtualNetworkPeerings"),
    }
}

#[derive(Debug, Serialize)]
struct Peering<'a> {
    name: &'a str,
    id: &'a ResourceId,
    properties: Properties<'a>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    resource_type: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    provisioning_state: &'static str,
    peering_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    peering_sync_level: Option<&'static str>,
    remote_virtual_network: Reference<'a>,
    allow_virtual_network_access: bool,
    allow_forwarded_traffic: bool,
    allow_gateway_transit: bool,
    use_remote_gateways: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    do_not_verify_remote_gateways: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer_complete_vnets: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remote_gateways: Vec<Reference<'a>>,
    #[serde(flatten)]
    subnets: Option<Subnets<'a>>,
    remote_address_space: Space<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_virtual_network_address_space: Option<Space<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route_service_vips: Option<BTreeMap<&'static str, bool>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Space<'a> {
    address_prefixes: &'a [IpNet],
    #[serde(skip_serializing_if = "Option::is_none")]
    ipam_pool_prefix_allocations: Option<[(); 0]>,
}

/// What only subnet peering has.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Subnets<'a> {
    local_subnet_names: &'a [String],
    remote_subnet_names: &'a [String],
    #[serde(rename = "enableOnlyIPv6Peering")]
    is_only_ipv6: bool,
    local_address_space: Space<'a>,
    local_virtual_network_address_space: Space<'a>,
}

impl<'a> Subnets<'a> {
    fn of(subnets: &'a PeeredSubnets) -> Self {
        let space = || Space {
            address_prefixes: &subnets.local_address_prefixes,
            ipam_pool_prefix_allocations: None,
        };
        Self {
            local_subnet_names: &subnets.local_names,
            remote_subnet_names: &subnets.remote_names,
            is_only_ipv6: subnets.is_only_ipv6,
            local_address_space: space(),
            local_virtual_network_address_space: space(),
        }
    }
}

impl<'a> Properties<'a> {
    fn of(answer: &'a PeeringStateAnswer, shape: &Shape) -> Self {
        let live = answer.live_remote_address_prefixes.as_deref();
        let is_complete = answer.subnets.is_none();
        let space = |address_prefixes| Space {
            address_prefixes,
            ipam_pool_prefix_allocations: (is_complete && shape.has(POOLS)).then_some([]),
        };
        let gateways = answer.remote_gateways.iter().map(|id| Reference { id });
        Self {
            provisioning_state: "Succeeded",
            peering_state: answer.peering_state,
            peering_sync_level: shape.has(SYNC).then_some(answer.peering_sync_level),
            remote_virtual_network: Reference { id: &answer.remote_virtual_network },
            allow_virtual_network_access: answer.allows_virtual_network_access,
            allow_forwarded_traffic: answer.allows_forwarded_traffic,
            allow_gateway_transit: answer.allows_gateway_transit,
            use_remote_gateways: answer.uses_remote_gateways,
            do_not_verify_remote_gateways: shape.has(VERIFY).then_some(false),
            peer_complete_vnets: shape.has(COMPLETE).then_some(is_complete),
            remote_gateways: gateways.collect(),
            subnets: answer.subnets.as_ref().map(Subnets::of),
            remote_address_space: space(&answer.remote_address_prefixes),
            remote_virtual_network_address_space: live.filter(|_| shape.has(SYNC)).map(space),
            route_service_vips: shape.has(TYPE).then(BTreeMap::new),
        }
    }
}
