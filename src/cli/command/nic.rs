//! What `routes`, `rules`, `ip-flow` and `next-hop` have in common: one network interface.

use super::Context;
use super::told;
use crate::azure::{NetworkInterface, PlatformProfile};
use crate::cli::args::{Files, Global, Output};
use crate::cli::estate::Estate;
use crate::cli::failure::Failure;
use crate::dataplane::{EffectiveTable, Gateways, routes};
use crate::id::Id;
use crate::question::{Unanswered, locate, subnet_of};
use crate::report::azure::Shape;
use crate::report::json::pretty;
use clap::Args;
use serde::Serialize;

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

/// Prints what Azure would print.
pub(super) fn print_azure<T: Serialize>(context: &Context<'_>, answer: &T) -> Result<(), Failure> {
    let text = pretty(answer).map_err(|error| Failure::new("cannot-write", error.to_string()))?;
    context.console.print(&text)
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
