//! `Microsoft.Security/locations/jitNetworkAccessPolicies`: just-in-time access to machines.

use super::{Link, Meta, Origin, VirtualMachine};
use crate::net::{ProtocolSet, Timestamp};
use ipnet::IpNet;

/// A just-in-time policy (R436).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JustInTimePolicy {
    /// Id, region, place.
    pub meta: Meta,
    /// The machines and ports that it guards.
    pub ports: Vec<JustInTimePort>,
    /// Requests that were approved.
    pub requests: Vec<JustInTimeRequest>,
}

/// A port of a machine that is closed until somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JustInTimePort {
    /// The machine.
    pub machine: Link<VirtualMachine>,
    /// The port.
    pub port: u16,
    /// The protocols.
    pub protocols: ProtocolSet,
    /// The sources that may be asked for; empty: any.
    pub allowed_sources: Vec<IpNet>,
    /// The longest time that may be asked for, in seconds; none: not given.
    pub seconds_max: Option<u32>,
    /// Where it was read.
    pub origin: Origin,
}

/// An approved request: opens one port of one machine for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JustInTimeRequest {
    /// The machine.
    pub machine: Link<VirtualMachine>,
    /// The port.
    pub port: u16,
    /// The sources it is open for; empty: any.
    pub sources: Vec<IpNet>,
    /// When it opens; none: not given.
    pub start: Option<Timestamp>,
    /// When it closes; none: not given.
    pub end: Option<Timestamp>,
    /// Who asked, as written.
    pub requestor: Option<Box<str>>,
    /// Where it was read.
    pub origin: Origin,
}

impl JustInTimeRequest {
    /// Is it open at `clock`? None when a time is not given.
    #[must_use]
    pub fn is_open(&self, clock: Option<Timestamp>) -> Option<bool> {
        let clock = clock?;
        if self.start.is_some_and(|start| clock < start) {
            return Some(false);
        }
        self.end.map(|end| clock < end)
    }
}
