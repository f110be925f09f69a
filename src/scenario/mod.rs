//! What a scenario tells beyond the network, as plain data: dataflows, and what is expected.

mod dataflow;
mod spec;

pub use dataflow::{
    BastionClient, Condition, ControlPlane, Dataflow, Gate, Leg, LegStep, Travel, TravelEnd,
};
pub use spec::{Claim, ExpectedReach, Spec, SpecKind, SpecSet, SpecTerm, SpecWord, Traffic};

use crate::answer::{CautionKind, Reason, Rule, Symptom, Verdict};
use crate::azure::tree::Node;
use crate::diag::Place;
use crate::net::Protocol;
use ipnet::IpNet;
use std::net::IpAddr;

/// An assertion.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What it is called: its `name`, or the question in words.
    pub name: String,
    /// The rules that it follows from.
    pub cites: Vec<Rule>,
    /// What is asked, and what the answer must be.
    pub asks: Asks,
    /// Where it was read.
    pub place: Place,
}

/// A question with the answer that is expected.
#[derive(Clone, Debug, PartialEq)]
pub enum Asks {
    /// Does a packet get there and back?
    Trace(Box<ExpectedTrace>),
    /// Which packets get from some places to some places?
    Reach(Box<ExpectedReach>),
    /// Does a dataflow work?
    Dataflow(Box<ExpectedDataflow>),
    /// Which next hop does an interface take?
    NextHop {
        /// The sender, as written.
        from: String,
        /// The destination.
        to: IpAddr,
        /// The type, in Network Watcher's words.
        next_hop_type: String,
        /// The address, when it matters.
        address: Option<IpAddr>,
    },
    /// What is in the effective routes of an interface?
    Route {
        /// The interface, as written.
        interface: String,
        /// The prefix.
        prefix: IpNet,
        /// The type, when it matters.
        next_hop_type: Option<String>,
        /// `Active`, `Invalid` or `absent`.
        state: String,
    },
    /// What does a router know that is no table of Azure's?
    RouterRoute(Box<ExpectedRouterRoute>),
    /// What does a name resolve to?
    Resolve {
        /// Who asks, as written.
        from: String,
        /// The name.
        name: String,
        /// The record type.
        record_type: String,
        /// What is expected.
        outcome: ExpectedName,
    },
}

/// What is expected of a route of an appliance or a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedRouterRoute {
    /// The router, as written.
    pub router: String,
    /// The prefix.
    pub prefix: IpNet,
    /// Is it there?
    pub is_there: bool,
    /// The next hops, sorted, when they matter.
    pub addresses: Option<Vec<IpAddr>>,
    /// The autonomous systems on the way, the nearest first, when they matter.
    pub as_path: Option<Vec<u32>>,
}

/// What is expected of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedTrace {
    /// The sender, as written.
    pub from: String,
    /// The destination, as written.
    pub to: String,
    /// The protocol.
    pub protocol: Protocol,
    /// The source port, when it matters.
    pub source_port: Option<u16>,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, when it matters.
    pub reason: Option<Reason>,
    /// The name of the rule, route, … that the first obstacle rests on, or a part of it.
    pub decided_by: Option<String>,
    /// Names that occur among the hops of the request, in this order.
    pub passes: Vec<String>,
    /// Names that do not occur among the hops of the request.
    pub avoids: Vec<String>,
    /// The source that the destination sees, when it matters.
    pub arrives_from: Option<IpAddr>,
}

/// What is expected of a dataflow.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedDataflow {
    /// Its name.
    pub dataflow: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, when it matters: that of the first obstacle.
    pub reason: Option<Reason>,
    /// The name of what the first obstacle rests on, or a part of it.
    pub decided_by: Option<String>,
    /// The number of the step with the first obstacle, counted from 1.
    pub step: Option<u32>,
    /// Reasons that occur among all obstacles.
    pub obstacles: Vec<Reason>,
    /// What the user sees, when it matters.
    pub symptom: Option<Symptom>,
    /// What occurs among the cautions; of those that do not, none may occur. `None`: they do not matter.
    pub cautions: Option<Vec<CautionKind>>,
}

/// What is expected of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedName {
    /// These addresses, in ascending order.
    Addresses(Vec<IpAddr>),
    /// `nxdomain`, `nodata`, `timeout`, `records` or `unknown`.
    Answer(String),
}

/// A patch, and what is expected then.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// What it is called.
    pub name: String,
    /// The patch, by resource list and name.
    pub patch: Node,
    /// The JSON pointer of the patch in its document.
    pub patch_pointer: String,
    /// The assertions.
    pub expect: Vec<Expectation>,
    /// Where it was read.
    pub place: Place,
}
