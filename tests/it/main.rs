//! The integration tests: one binary, one module per subject.
#![cfg(test)]

mod conformance;
mod resolve;
mod routes_profiles;
mod support;
mod tidy;
