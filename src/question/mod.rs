//! What can be asked, one file per question.

mod address_availability;
mod assertion;
mod connectivity_check;
mod effective_routes;
mod effective_rules;
mod endpoint;
mod gateway_routes;
pub mod inventory;
mod ip_flow_verify;
pub mod locate;
mod network_configuration_diagnostic;
mod next_hop;
mod peering_state;
mod resolve_name;
mod security_group_view;
mod topology;
mod trace;
mod unanswered;

pub use address_availability::address_availability;
pub use assertion::{Assertion, check};
pub use connectivity_check::{Probe, connectivity_check};
pub use effective_routes::{effective_routes, subnet_of};
pub use effective_rules::effective_rules;
pub use endpoint::{Endpoint, Target};
pub use gateway_routes::{advertised_routes, learned_routes, without_bgp};
pub use ip_flow_verify::{LocalFlow, ip_flow_verify};
pub use network_configuration_diagnostic::network_configuration_diagnostic;
pub use next_hop::next_hop;
pub use peering_state::{Half, PeeringHistory, peering_state};
pub use resolve_name::{intended_addresses, resolve_name};
pub use security_group_view::security_group_view;
pub use topology::topology;
pub use trace::{TraceQuestion, location, trace};
pub use unanswered::Unanswered;
