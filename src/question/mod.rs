//! What can be asked, one file per question.

mod address_availability;
mod assertion;
mod effective_routes;
mod endpoint;
pub mod inventory;
pub mod locate;
mod next_hop;
mod peering_state;
mod resolve_name;
mod topology;
mod trace;
mod unanswered;

pub use address_availability::address_availability;
pub use assertion::{Assertion, check};
pub use effective_routes::{effective_routes, subnet_of};
pub use endpoint::{Endpoint, Target};
pub use next_hop::next_hop;
pub use peering_state::{Half, PeeringHistory, peering_state};
pub use resolve_name::{intended_addresses, resolve_name};
pub use topology::topology;
pub use trace::{TraceQuestion, location, trace};
pub use unanswered::Unanswered;
