//! The symbolic engine: sets of packets, there and back, exactly. Knows nothing of Azure, and shares no
//! code with `trace`, so that each can judge the other.
//!
//! Packets that went the same way so far are a group. It is held as the set of the headers that they
//! *set out* with; what became of the header since is a [`header::Header`]. What a filter or table says
//! of the present header is turned into a set of headers that set out, so that rewrites cost nothing.
//! A place splits a group; the fates of the parts are joined. Where the network may take several ways,
//! what arrives is what arrives on all of them.

mod alike;
mod balancers;
mod bundles;
mod classes;
mod common;
mod compared;
mod delivery;
mod exits;
mod firewall;
mod gates;
mod header;
mod leaving;
mod listed;
mod local;
mod moves;
mod paired;
mod related;
mod relation;
mod replies;
mod reroutes;
mod scope;
mod services;
mod splits;
mod standing;
mod touched;
mod trail;
mod walk;
mod way;

pub use bundles::{Arrivals, Bundle, TooMany, Wanted, bundles, bundles_one_by_one, stays_outside};
pub use compared::{Compared, Sender, Target};
pub use gates::let_in;
pub(crate) use listed::{Faces, Listed};
pub use paired::{End, Key, Paired, key, paired, paired_one_by_one};
pub use related::relation;
pub use relation::{From, Group, Relation, Row, To};
pub use standing::Standing;
pub use touched::{Rewrites, touched, unlike_places};
pub use trail::Trail;
pub use walk::Reach;
pub use way::Fates;
