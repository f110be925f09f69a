//! hopwise says whether a client reaches a service in an Azure network, hop by hop and back, and
//! if not, which setting stops it.
//!
//! The stages are types: documents are imported into a [`azure::Snapshot`], resolved into an
//! [`azure::Network`], compiled into a [`dataplane::Dataplane`], and asked questions. The map of the
//! code and what each layer must never know is in `docs/architecture.md`.

pub mod answer;
pub mod azure;
pub mod dataplane;
pub mod diag;
pub mod explain;
pub mod generate;
pub mod id;
pub mod import;
pub mod net;
pub mod packet_set;
pub mod question;
pub mod reach;
pub mod report;
pub mod resolve;
pub mod scenario;
pub mod trace;

#[cfg(feature = "cli")]
pub mod cli;
