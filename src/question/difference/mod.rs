//! What differs between two networks: what packets can do, and what in the configuration made it so.
//!
//! Every sender of either network is asked for with all of its packets (`reach::paired`), in both, in groups.
//! What is in one answer and not in the other is split by who is reached, and senders and receivers that
//! change in the same way are told together. Of each group one packet is traced in both networks before it
//! is told.

mod called;
mod causes;
mod changed;
mod changes;
mod compared;
mod cuts;
mod effects;
mod field;
mod flows;
mod groups;
mod links;
mod not_followed;
mod order;
mod replay;
mod samples;
mod senders;
mod trial;
mod undo;

pub use causes::{Tries, find_causes};
pub use changes::configuration_changes;
pub use effects::Effects;
pub use flows::{Side, difference, difference_one_by_one, set_apart};
pub use not_followed::not_followed;
pub use trial::Trial;

pub(super) use flows::{notes, side_effects};
