//! What carries queries and answers: the packet walker, or a table in tests.

use crate::dataplane::names::Position;
use std::net::IpAddr;

/// Carries DNS queries (UDP) and their answers.
pub trait Transport {
    /// Does the query get to the server, and the answer back?
    fn carries(&mut self, query: &Query<'_>) -> Carried;

    /// Does a query from there get to 168.63.129.16? It needs neither route nor rule, and only a
    /// rule that names `AzurePlatformDNS` stops it (R242).
    fn carries_to_platform(&mut self, from: &Position) -> Carried;
}

/// A query on its way to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query<'a> {
    /// Who asks.
    pub from: &'a Position,
    /// The address that is asked.
    pub address: IpAddr,
    /// The port, 53 but for some forwarding rules.
    pub port: u16,
    /// Who is meant to have the address: the query must end there. `None` when nobody that is
    /// known has it.
    pub to: Option<&'a Position>,
}

/// Whether queries get through, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// There and back.
    Yes,
    /// It is lost on the way, and why.
    No(String),
    /// It cannot be said, and why.
    Unknown(String),
}
