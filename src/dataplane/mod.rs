//! What the network does with packets. All Azure meaning ends here: filters, forwarding tables,
//! translations and deliveries, joined as a graph of locations, every part with an id back to its
//! evidence.

pub mod filter;
mod route;

pub use route::{
    Citation, EffectiveRoute, EffectiveTable, GatewayRef, NextHop, RouteSource, RouteState,
    UnsureRoutes,
};
