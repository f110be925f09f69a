//! Exact sets of packets' headers.
//!
//! A set is a decision diagram: first the family of addresses, then the source, the destination, the
//! protocol, the source port and the destination port. A node holds the *intervals* in which one field
//! is cut, with a child for each, rather than one bit; rules are written in intervals, so this has few
//! nodes, and each is shared by all sets that have it. The form is canonical: two sets of one [`Sets`]
//! are equal when their [`Set`]s are.
//!
//! A protocol without ports has none here: its headers differ in addresses only.

mod adopt;
mod algebra;
mod boxes;
mod build;
mod changes;
mod first_match;
mod look;
mod node;
mod results;
mod rewrite;
mod spread;

#[cfg(test)]
mod laws;

pub use adopt::Adoption;
pub use boxes::HeaderBox;
pub use build::Headers;
pub use changes::Change;
pub use node::{Overflow, Set, Sets};
pub use rewrite::Which;
