//! `hopwise router`.

use super::Context;
use super::told;
use crate::cli::args::Files;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::dataplane::Gateways;
use crate::question::{self, locate};
use crate::report::text;
use clap::Args;

/// The routes of a router that is no table of Azure's.
///
/// The guest of an appliance: what is connected, written down and heard by BGP, with the path. The edge
/// of a site on premises: what Azure makes known to it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise router scenario.yaml --name branch-nva
  hopwise router scenario.yaml --name office --output json")]
pub(in crate::cli) struct Router {
    #[command(flatten)]
    files: Files,
    /// The appliance or the site of the scenario, or the machine that is the appliance.
    #[arg(long, value_name = "NAME")]
    name: String,
}

impl Router {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("router")?;
        let estate = told::load(&self.files, context)?;
        let router = locate::router(&estate.network, &self.name)?;
        let gateways = Gateways::new(&estate.network);
        let answer = question::router_routes(&estate.network, &gateways, router)?;
        context.answer("router", answer, &estate.documents, text::router)?;
        Ok(Exit::Yes)
    }
}
