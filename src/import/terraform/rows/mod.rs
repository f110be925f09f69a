//! The tables: which resource of the provider is what, one file per family.

mod compute;
mod connect;
mod names;
mod network;
mod platform;
mod security;

pub(super) use connect::CONNECTION;
pub(in crate::import) use network::ALL;
pub(in crate::import) use security::COMMIT;
pub(super) use security::CONFIGURATIONS;

use super::row::Row;

/// Every row.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    [network::ROWS, security::ROWS, compute::ROWS, connect::ROWS, names::ROWS, platform::ROWS]
        .into_iter()
        .flatten()
}

/// The row of the provider's type `name`.
pub(super) fn of(name: &str) -> Option<&'static Row> {
    all().find(|row| row.name == name)
}
