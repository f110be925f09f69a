//! What differs between two networks: what packets can do, and what in the configuration made it so.

mod changes;

pub use changes::configuration_changes;
