//! What the network does with packets. All Azure meaning ends here: filters, forwarding tables,
//! translations and deliveries, joined as a graph of locations, every part with an id back to its
//! evidence.

pub mod compile;
mod describe;
mod endpoint;
mod endpoint_policies;
mod estate_addresses;
mod fabric;
pub mod filter;
pub mod gateways;
pub mod graph;
mod guests;
pub mod names;
mod plane;
mod probes;
mod route;
pub mod routes;
pub mod security;
mod special;
mod unknowns;
mod unplaced;

pub use compile::{Workbench, compile};
pub use endpoint::Destination;
pub use fabric::{never_carried, not_carried};
pub use gateways::Gateways;
pub use guests::{Guest, GuestRow, GuestSource, guest_table};
pub use plane::{Dataplane, Places};
pub use route::{
    Citation, EffectiveRoute, EffectiveTable, GatewayRef, NextHop, Prefixes, RouteSource,
    RouteState, UnplacedRoutes, UnsureHop, UnsureRoutes,
};
pub use special::{
    is_nobodys, is_platform, is_private, is_public_stand_in, is_service_stand_in, is_stand_in,
    private_space, public_stand_ins, service_stand_ins, stand_in,
};
pub use unknowns::doubt_about_routers;
