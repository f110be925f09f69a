//! The tables: which resource of the provider is what, one file per family.

mod compute;
mod connect;
mod names;
mod network;
mod platform;
mod security;

pub(super) use connect::CONNECTION;
pub(super) use network::ALL;

use super::row::Row;

/// The row of the provider's type `name`.
pub(super) fn of(name: &str) -> Option<&'static Row> {
    let tables =
        [network::ROWS, security::ROWS, compute::ROWS, connect::ROWS, names::ROWS, platform::ROWS];
    tables.into_iter().flatten().find(|row| row.name == name)
}
