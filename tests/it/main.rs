//! The integration tests: one binary, one module per subject.
#![cfg(test)]

mod resolve;
mod routes_profiles;
mod support;
mod tidy;
