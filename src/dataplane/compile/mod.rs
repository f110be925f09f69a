//! From the resolved network to the dataplane: all Azure meaning ends here.
//!
//! Locations come first, with nothing in them; then what they refer to (realms, balancers,
//! crossings, exits), then their gates, tables and forwarding.

mod appliances;
mod balancers;
mod builder;
mod clusters;
mod containers;
mod crossings;
mod encapsulations;
mod endpoint_policies;
mod entries;
mod exits;
mod fast_path;
mod firewalls;
mod free_addresses;
mod gates;
mod gateways;
mod interfaces;
mod outside;
mod owners;
mod pools;
mod private_links;
mod selectors;
mod service_firewalls;
mod service_ports;
mod services;
mod site_tables;
mod sites;
mod tables;
mod tunnels;
mod unknowns;
mod workbench;

pub use workbench::Workbench;

use super::names::Names;
use super::{Dataplane, security};
use crate::azure::{Network, PlatformProfile};
use builder::Builder;
use std::sync::Arc;

/// Compiles `network` with the platform's data of `profile`.
///
/// O(n log n) in the number of resources, routes and rules; what is equal is compiled once.
#[must_use]
pub fn compile(network: Arc<Network>, profile: &'static PlatformProfile) -> Dataplane {
    Workbench::new(network, profile).into_plane()
}

fn built(network: Arc<Network>, profile: &'static PlatformProfile) -> Builder {
    let network = security::with_rules(network);
    let mut names = Names::default();
    let mut builder = rayon::in_place_scope(|workers| {
        workers.spawn(|_| names = super::names::compile(&network));
        let mut builder = Builder::new(Arc::clone(&network), profile);
        builder.add_realms();
        builder.note_given_addresses();
        builder.add_interfaces();
        builder.add_services();
        builder.add_containers();
        builder.add_gateways();
        builder
    });
    builder.plane.names = names;
    builder.add_firewalls();
    builder.add_tunnels();
    builder.add_sites();
    builder.add_clusters();
    builder.add_service_firewalls();
    builder.add_endpoint_policies();
    builder.add_api_servers();
    builder.add_balancers();
    builder.add_api_server_balancers();
    builder.add_private_links();
    builder.add_crossings();
    builder.add_encapsulations();
    builder.add_tunnel_crossings();
    builder.add_fast_paths();
    builder.add_exits();
    builder.add_owners();
    builder.add_entries();
    builder.add_unknowns();
    builder.settle_owners();
    builder.add_gates();
    builder.judge_probes(|_| true);
    builder.add_tables();
    builder.add_gateway_tables();
    builder.add_site_tables();
    builder.add_tunnel_tables();
    builder.doubt_tables();
    builder.add_forwarding();
    builder.finish()
}
