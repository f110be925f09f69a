//! Tunnels through another network.

use super::Evidence;
use crate::answer::Rule;
use crate::net::Flow;

/// What packets are wrapped in on their way between two places, seen from the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encapsulation {
    /// In words: whose tunnel it is, what carries it, and what is not known of it.
    pub text: Box<str>,
    /// What decided.
    pub evidence: Evidence,
    /// The outer header; none when one of its addresses is not known.
    pub outer: Option<Flow>,
    /// Something odd about its ends.
    pub warning: Option<Box<str>>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}
