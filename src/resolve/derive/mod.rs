//! What follows from several resources together.

mod addresses;
mod backend_pools;
mod interfaces;
mod peerings;
mod private_addresses;
mod private_link;
mod probes;
mod public_addresses;
pub(super) mod refusals;
mod route_servers;
mod scale_sets;

use super::draft::Draft;
use super::read::network_manager;
use crate::azure::Network;
use crate::diag::Diagnostic;

/// Completes the network from what its parts said of each other.
pub(super) fn finish(mut draft: Draft, diagnostics: &mut Vec<Diagnostic>) -> Network {
    peerings::complete(&mut draft);
    network_manager::put_in_force(&mut draft, diagnostics);
    backend_pools::join_members(&mut draft);
    backend_pools::join_nat_members(&mut draft);
    interfaces::join_owners(&mut draft.network);
    interfaces::choose_primaries(&mut draft.network);
    interfaces::order_configurations(&mut draft.network);
    public_addresses::join_holders(&mut draft);
    public_addresses::fill_aliases(&mut draft);
    private_addresses::stand_in(&mut draft);
    private_link::join_services(&mut draft);
    private_link::join_endpoints(&mut draft.network);
    addresses::choose(&mut draft);
    route_servers::join_announcements(&mut draft.network);
    scale_sets::set_aside(&mut draft);
    probes::find_members(&mut draft, diagnostics);
    draft.network
}
