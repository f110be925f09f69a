//! What the network does with packets. All Azure meaning ends here: filters, forwarding tables,
//! translations and deliveries, joined as a graph of locations, every part with an id back to its
//! evidence.

pub mod filter;
pub mod gateways;
pub mod names;
mod route;
pub mod routes;
pub mod security;

pub use gateways::Gateways;
pub use route::{
    Citation, EffectiveRoute, EffectiveTable, GatewayRef, NextHop, Prefixes, RouteSource,
    RouteState, UnsureRoutes,
};
