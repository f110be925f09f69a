//! `hopwise next-hop`.

use super::Context;
use super::nic::{Subject, print_azure, shape, wants_azure};
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::question;
use crate::report::{azure, text};
use clap::Args;

/// Where the packets of a network interface to one address go next.
///
/// The selected route of the interface's subnet. Security rules are not looked at.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise next-hop export.json --nic vm1VMNic --destination 8.8.8.8
  hopwise next-hop export.json --nic vm1VMNic --destination 10.1.0.4 --output azure")]
pub(in crate::cli) struct NextHop {
    #[command(flatten)]
    subject: Subject,
    /// Where the packets go: an address, or a name that the interface asks for.
    #[arg(long, value_name = "ADDRESS")]
    destination: String,
}

impl NextHop {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let interface = self.subject.load(context)?;
        let table = interface.table()?;
        let destination = interface.address(&self.destination)?;
        let (estate, nic) = (&interface.estate, interface.id);
        let answer = question::next_hop(&estate.network, &table, nic, destination)?;
        let exit = if answer.unsure.is_empty() { Exit::Yes } else { Exit::Unknown };
        if !wants_azure(context) {
            context.answer("next-hop", answer, &estate.documents, text::next_hop)?;
            return Ok(exit);
        }
        context.need_certainty(&answer.unsure)?;
        print_azure(context, &estate.documents, &azure::next_hop(&answer, &shape(context.global)))?;
        Ok(exit)
    }
}
