//! Addresses that are shown in place of those that are still to be assigned.

use super::Unread;
use crate::id::ResourceId;
use std::fmt;
use std::net::IpAddr;

/// An address that stands for one that Azure has still to assign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// What will have the real one.
    pub of: ResourceId,
    /// What is shown: an address that nothing else has.
    pub address: IpAddr,
    /// Why the real one is not known, if the input says so.
    pub why: Option<Unread>,
}

/// As a sentence: `` 192.0.2.1 stands for the address of p, which depends on … ``.
impl fmt::Display for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owner = self.of.parent().map(|owner| format!("{}/", owner.name())).unwrap_or_default();
        let (address, name) = (self.address, self.of.name());
        write!(f, "{address} stands for the address of {owner}{name}, which ")?;
        match &self.why {
            Some(why) => why.fmt(f),
            None => f.write_str("is not in the input"),
        }
    }
}
