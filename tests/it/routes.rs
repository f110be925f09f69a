//! Effective routes and gateways: expectations worked out by hand from the cited rules.

mod doubts;
mod endpoints;
mod gateways;
mod groups;
mod guests;
mod laws;
mod peering;
mod selection;
mod sizes;
mod support;
mod system;
mod user;
