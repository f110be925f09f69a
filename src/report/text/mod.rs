//! Text for people: answers as pages that read well with and without colour.

mod check;
mod compare;
mod coverage;
mod dataflow;
mod difference;
mod inventory;
mod item;
mod lint;
mod name;
mod page;
mod places;
mod reachability;
mod repair;
mod router;
mod routes;
mod rules;
mod shipped;
mod table;
mod trace;
mod ways;

pub use check::check;
pub use compare::compare;
pub use dataflow::{dataflow, dataflow_brief, dataflows};
pub use difference::difference;
pub use inventory::inventory;
pub use lint::lint;
pub use name::name;
pub use places::places;
pub use reachability::reachability;
pub use repair::repair;
pub use router::router;
pub use routes::{next_hop, routes};
pub use rules::{ip_flow, rules};
pub use shipped::shipped;
pub use trace::trace;
pub use ways::ways;
