//! `hopwise routes`.

use super::Context;
use super::nic::{Subject, print_azure, shape, wants_azure};
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::question;
use crate::report::{azure, text};
use clap::Args;

/// The effective routes of a network interface.
///
/// System routes, user routes, peerings, gateways and endpoints, as they hold after everything that
/// adds, removes and overrides them; invalid ones with the reason.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise routes export.json --nic vm1VMNic
  hopwise routes export.json --nic vm1VMNic --output azure
  diff <(hopwise routes export.json --nic vm1VMNic --output azure) \\
       <(az network nic show-effective-route-table -g RG -n vm1VMNic -o json)")]
pub(in crate::cli) struct Routes {
    #[command(flatten)]
    subject: Subject,
}

impl Routes {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let interface = self.subject.load(context)?;
        let table = interface.table()?;
        let estate = &interface.estate;
        let answer = question::effective_routes(&estate.network, &table, interface.id)?;
        if !wants_azure(context) {
            context.answer("routes", answer, &estate.documents, text::routes)?;
            return Ok(Exit::Yes);
        }
        context.need_certainty(&answer.unsure)?;
        print_azure(
            context,
            &estate.documents,
            &azure::effective_routes(&answer, &shape(context.global)),
        )?;
        Ok(Exit::Yes)
    }
}
