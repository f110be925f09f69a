//! Edits that answer what stops a packet, one file per sort of edit.

mod address_guard;
mod address_space;
mod admin_rule;
mod appliance;
mod authorized_range;
mod balancing_rule;
mod client_gateway;
mod connection;
mod firewall_rule;
mod forwarder;
mod gateway_transit;
mod interface;
mod network_servers;
mod new_group;
mod outbound;
mod peering;
mod private_endpoint;
mod public_name;
mod query;
mod record;
mod scene;
mod security_rule;
mod site;
mod site_prefix;
mod site_route;
mod traffic_selector;
mod user_route;
mod zone_link;

use super::edit::Edit;
use super::search::Bench;
use crate::answer::{Obstacle, TraceAnswer};
use scene::Scene;

/// How one sort of edit answers an obstacle.
type Propose = fn(&Scene<'_>, &Obstacle) -> Vec<Edit>;

/// Every sort, those that change least first.
const SORTS: [Propose; 26] = [
    zone_link::edits,
    record::edits,
    public_name::edits,
    peering::edits,
    address_space::edits,
    gateway_transit::edits,
    connection::edits,
    traffic_selector::edits,
    site_route::edits,
    site_prefix::edits,
    forwarder::edits,
    client_gateway::edits,
    network_servers::edits,
    security_rule::edits,
    new_group::edits,
    admin_rule::edits,
    authorized_range::edits,
    address_guard::edits,
    interface::edits,
    private_endpoint::edits,
    user_route::edits,
    outbound::edits,
    firewall_rule::edits,
    balancing_rule::edits,
    appliance::edits,
    query::edits,
];

/// Edits that may take `obstacle` out of the way.
pub(super) fn edits(bench: &Bench<'_>, trace: &TraceAnswer, obstacle: &Obstacle) -> Vec<Edit> {
    let scene = Scene { snapshot: bench.snapshot, plane: bench.plane, trace };
    SORTS.iter().flat_map(|propose| propose(&scene, obstacle)).collect()
}
