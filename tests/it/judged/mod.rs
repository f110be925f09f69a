//! hopwise and the oracle asked the same, on generated networks.
//!
//! Whoever is wrong by the rules is mended, and the smallest case stays among the tests of its subject,
//! with what the rules expect. What the rules leave open is not compared.

mod filters;
mod names;
mod routes;
mod services;
