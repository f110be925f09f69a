//! Finding what a person means by a name, an address or an id: the two ends of a flow, and network
//! interfaces.
//!
//! Never guesses: what may be several things is refused with the list of them.

mod address;
mod attached;
mod catalogue;
mod entry;
mod named;
mod ports;
mod refusal;
mod router;
mod spec;
mod target;

pub use crate::net::service_port as port;
pub use named::{bastion, cluster, machine, principal, resource, subnet};
pub use ports::bad_port;
pub use refusal::{Refusal, no_port};
pub use router::router;
pub use spec::{Ends, Side, ends};
pub use target::{Destination, destination};

use super::Endpoint;
use crate::azure::{Network, NetworkInterface};
use crate::id::Id;
use entry::End;
use std::net::IpAddr;

/// Where a flow starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What sends.
    pub endpoint: Endpoint,
    /// The address that it sends from, where one was said; else its primary one of the family.
    pub address: Option<IpAddr>,
    /// How answers call it: as it was asked for.
    pub name: String,
}

/// Where a flow starts: a machine, interface, endpoint, host, site, `internet`, public address,
/// address or id.
///
/// # Errors
/// When nothing or several things are meant, or what is meant sends no packets.
pub fn source(network: &Network, text: &str) -> Result<Source, Refusal> {
    let text = text.trim();
    let end = match text.parse::<IpAddr>() {
        Ok(address) => address::source(network, address)?,
        Err(_) => catalogue::find(network, text)?,
    };
    match attached::sender(network, end, text)? {
        // R293: it answers, and opens no connections.
        End::Endpoint(Endpoint::PrivateEndpoint(_), _) => {
            Err(Refusal::NoSender { text: text.to_owned(), what: "a private endpoint" })
        }
        End::Endpoint(endpoint, address) => Ok(Source { endpoint, address, name: text.to_owned() }),
        End::Name(_) => Err(Refusal::NoSender { text: text.to_owned(), what: "a service" }),
    }
}

/// The network interface that `text` means: its name, the machine's (its primary interface), its
/// address or an id.
///
/// # Errors
/// When nothing or several things are meant, or something else than an interface.
pub fn interface(network: &Network, text: &str) -> Result<Id<NetworkInterface>, Refusal> {
    let text = text.trim();
    let end = match text.parse::<IpAddr>() {
        Ok(address) => attached::sender(network, address::source(network, address)?, text)?,
        Err(_) => catalogue::find_interface(network, text)?,
    };
    if let End::Endpoint(Endpoint::Interface(interface), _) = end {
        return Ok(interface);
    }
    Err(Refusal::NoInterface { text: text.to_owned(), what: end.word() })
}
