//! What can be asked, one file per question.

mod address_availability;
mod endpoint;
pub mod inventory;
pub mod locate;
mod peering_state;
mod topology;
mod unanswered;

pub use address_availability::address_availability;
pub use endpoint::{Endpoint, Target};
pub use peering_state::{Half, PeeringHistory, peering_state};
pub use topology::topology;
pub use unanswered::Unanswered;
