//! What `routes`, `rules`, `ip-flow` and `next-hop` have in common: one network interface.

use super::Context;
use super::told;
use crate::azure::{NetworkInterface, PlatformProfile};
use crate::cli::args::{Files, Global, Output};
use crate::cli::documents::Documents;
use crate::cli::estate::Estate;
use crate::cli::failure::Failure;
use crate::dataplane::{self, EffectiveTable, Gateways, routes};
use crate::id::Id;
use crate::net::DnsName;
use crate::question::{Endpoint, Unanswered, address_of, locate, subnet_of};
use crate::report::azure::Shape;
use crate::report::json::pretty;
use clap::Args;
use serde::Serialize;
use std::net::IpAddr;
use std::sync::Arc;

/// The documents, and the interface that the question is about.
#[derive(Debug, Args)]
pub(super) struct Subject {
    #[command(flatten)]
    files: Files,
    /// The network interface: its name, its machine's, its address or its id.
    #[arg(long, value_name = "NAME")]
    nic: String,
}

/// A network interface in its estate.
#[derive(Debug)]
pub(super) struct Interface {
    pub(super) estate: Estate,
    pub(super) id: Id<NetworkInterface>,
}

impl Subject {
    pub(super) fn load(&self, context: &Context<'_>) -> Result<Interface, Failure> {
        let estate = told::load(&self.files, context)?;
        let id = locate::interface(&estate.network, &self.nic)?;
        Ok(Interface { estate, id })
    }
}

impl Interface {
    /// The effective routes of its subnet.
    pub(super) fn table(&self) -> Result<EffectiveTable, Unanswered> {
        let network = &self.estate.network;
        let gateways = Gateways::new(network);
        let subnet = subnet_of(network, self.id)?;
        Ok(routes::effective_table(network, self.estate.profile, &gateways, subnet))
    }
}

impl Interface {
    /// The address that `text` is, or the first that the interface gets when it asks for that name.
    pub(super) fn address(&self, text: &str) -> Result<IpAddr, Failure> {
        if let Ok(address) = text.parse() {
            return Ok(address);
        }
        let Some(name) = DnsName::parse(text).filter(is_a_name) else {
            return Err(Failure::usage(
                format!("`{text}` is neither an address nor a DNS name"),
                "as in `10.0.0.9`, `2001:db8::1` or `api.example.com`",
            ));
        };
        let plane = dataplane::compile(Arc::clone(&self.estate.network), self.estate.profile);
        Ok(address_of(&plane, Endpoint::Interface(self.id), &name)?)
    }
}

/// No domain at the top is a number, so that `10.0.0` is no name (RFC 3696, section 2).
fn is_a_name(name: &DnsName) -> bool {
    let top = name.as_str().trim_end_matches('.').rsplit('.').next();
    name.labels() > 1 && top.is_some_and(|label| label.parse::<u64>().is_err())
}

/// Prints what Azure would print of what was found in `documents`.
pub(super) fn print_azure<T: Serialize>(
    context: &Context<'_>,
    documents: &Documents,
    answer: &T,
) -> Result<(), Failure> {
    let text = pretty(answer).map_err(|error| Failure::new("cannot-write", error.to_string()))?;
    context.console.print(&documents.hide(text))
}

/// How Azure wrote at the time of the profile that was asked for, else how it writes today.
pub(super) fn shape(global: &Global) -> Shape {
    let profile = global.profile.as_deref().and_then(PlatformProfile::by_name);
    profile.map_or_else(Shape::newest, |profile| Shape::at(profile.since(), ""))
}

/// Is Azure's own JSON wanted?
pub(super) fn wants_azure(context: &Context<'_>) -> bool {
    context.global.output == Output::Azure
}
