//! The waist: places that packets come by, joined by what happens between them.
//!
//! Nothing here says *why* Azure does it; that is in the evidence. A packet **arrives** at a
//! [`Location`] through its gates, is delivered there or passed on, **leaves** through gates again,
//! is looked up in a [`Table`], and what the row says brings it to the next location.

mod at;
mod balancer;
mod cause;
mod encapsulation;
mod endpoint_policy;
mod exit;
mod listening;
mod location;
mod owners;
mod realm;
mod table;

pub use at::At;
pub use balancer::{Backend, Balancer, BalancerRule, Health};
pub use cause::{Cause, Evidence};
pub use encapsulation::Encapsulation;
pub use endpoint_policy::EndpointPolicy;
pub use exit::{Closed, Entry, EntryTarget, Exit, ExitKind};
pub use listening::{Listener, Listening};
pub use location::{
    Admission, DestinationRewrite, FirewallAt, Foreign, Forwarding, ForwardingKind, GuestRoutes,
    Location, OneOf, Own, Reply, Retrace, RewrittenSource, Tunnel,
};
pub use owners::Owners;
pub use realm::{Crossing, Owner, Realm, Selectors, Stray};
pub use table::{Forward, Row, Stop, StopAt, Stops, Table, Unsure};
