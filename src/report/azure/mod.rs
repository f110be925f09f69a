//! Answers in the exact shape of Azure's own JSON, so that they can be compared with `diff`.
//!
//! Members stand in Azure's order. Which members there are, and some words, changed over the years;
//! [`Shape`] holds what changed when, each from the recordings that show it.

mod address_availability;
mod compare;
mod connectivity;
mod effective_routes;
mod effective_rules;
mod gateway_routes;
mod ip_flow;
mod next_hop;
mod peering;
mod refusal;
mod rule_diagnostic;
mod security_group_view;
mod shape;
mod topology;

pub use address_availability::address_availability;
pub use compare::{count, disagreements, question_of};
pub use connectivity::connectivity;
pub use effective_routes::effective_routes;
pub use effective_rules::effective_rules;
pub use gateway_routes::gateway_routes;
pub use ip_flow::ip_flow;
pub use next_hop::next_hop;
pub use peering::peering;
pub use rule_diagnostic::rule_diagnostic;
pub use security_group_view::security_group_view;
pub use shape::Shape;
pub use topology::topology;

use crate::id::ResourceId;
use serde::Serialize;

/// `{"value": […]}`.
#[derive(Debug, Serialize)]
struct Listed<T> {
    value: Vec<T>,
}

/// `{"id": …}`.
#[derive(Debug, Serialize)]
struct Reference<'a> {
    id: &'a ResourceId,
}
