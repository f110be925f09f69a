//! First-match rule sets: what a security group, a set of admin rules or a firewall does with a
//! packet, without a word of Azure.
//!
//! A [`Filter`] is compiled once and shared by all owners whose rules behave alike; names and places
//! of the rules stay with the owners, in columns parallel to [`Filter::rules`]. What differs from
//! place to place (the contents of a tag, the members of a group) is a [`Parameter`] of the filter
//! and comes in as [`Bindings`]. Matches are three-valued, see [`Match`].

mod axis;
mod bindings;
mod compiled;
mod decision;
mod matching;
mod maybe_set;
mod port_set;
mod rule;
mod scan;
mod store;

#[cfg(test)]
mod properties;

pub use bindings::Bindings;
pub use compiled::Filter;
pub use decision::{Decision, Outcomes, first_match};
pub use matching::{Cause, Field, FieldMatches, Match};
pub use maybe_set::MaybeSet;
pub use port_set::PortSet;
pub use rule::{Action, AddressMatch, FilterRule, Parameter, RuleIndex};
pub use scan::{Matching, Packet};
pub use store::Filters;
