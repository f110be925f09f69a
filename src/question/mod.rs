//! What can be asked, one file per question.

mod address_availability;
mod assertion;
mod bench;
mod by_name;
mod caution;
mod check;
mod connectivity_check;
mod cover;
mod dataflow;
mod decision;
mod difference;
mod effective_routes;
mod effective_rules;
mod endpoint;
pub mod exercise;
mod families;
mod firewall_rules;
mod firewall_ways;
mod gate;
mod gateway_bgp;
mod gateway_routes;
pub mod inventory;
mod ip_flow_verify;
pub mod lint;
pub mod locate;
mod network_configuration_diagnostic;
mod next_hop;
mod peering_state;
mod places;
pub mod posted;
mod public_name;
mod reachability;
pub mod repair;
mod replay;
mod resolve_name;
mod router_routes;
mod security_group_view;
mod stand_ins;
mod topology;
mod trace;
mod unanswered;
pub mod ways;
mod whose;

pub use address_availability::address_availability;
pub use assertion::judge;
pub use bench::{Resolve, Resolved};
pub use check::{Checked, Compiled, check};
pub use connectivity_check::{Probe, connectivity_check};
pub use dataflow::dataflow;
pub use difference::{
    Effects, Side, Trial, Tries, configuration_changes, difference, difference_one_by_one,
    find_causes, not_followed, set_apart,
};
pub use effective_routes::{effective_routes, subnet_of};
pub use effective_rules::effective_rules;
pub use endpoint::{Endpoint, Target};
pub use gateway_routes::{advertised_routes, learned_routes, without_bgp};
pub use ip_flow_verify::{LocalFlow, ip_flow_verify};
pub use network_configuration_diagnostic::network_configuration_diagnostic;
pub use next_hop::next_hop;
pub use peering_state::{Half, PeeringHistory, peering_state};
pub use places::places;
pub use reachability::{
    Disagreement, MatrixBy, ReachQuestion, Unreached, claim, reachability, reachability_one_by_one,
};
pub use resolve_name::{address_of, intended_addresses, resolve_name};
pub use router_routes::{Router, router_routes};
pub use security_group_view::security_group_view;
pub use topology::topology;
pub use trace::{TraceQuestion, location, trace};
pub use unanswered::Unanswered;
