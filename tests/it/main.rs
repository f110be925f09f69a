//! The integration tests: one binary, one module per subject.
#![cfg(test)]

mod ask;
mod cli;
mod conformance;
mod conformance_shapes;
mod containers;
mod filters_admin;
mod filters_firewall;
mod filters_groups;
mod filters_rules;
mod filters_support;
mod filters_tags;
mod generated;
mod import;
mod judged;
mod laws;
mod names_clusters;
mod names_endpoints;
mod names_laws;
mod names_provided;
mod names_rulesets;
mod names_servers;
mod names_support;
mod names_zones;
mod oracle;
mod outside;
mod repair;
mod resolve;
mod routes;
mod routes_profiles;
mod scenarios;
mod support;
mod tidy;
mod transcripts;
mod unknowns;
mod ways;
