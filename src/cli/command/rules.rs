//! `hopwise rules`.

use super::Context;
use super::nic::{Subject, print_azure, shape, wants_azure};
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::question;
use crate::report::{azure, text};
use clap::Args;

/// The effective security rules of a network interface.
///
/// Those of its subnet's group, of its own group and of security admin rules, default rules included,
/// in the order in which they are tried.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise rules export.json --nic vm1VMNic
  hopwise rules export.json --nic vm1VMNic --service-tags ServiceTags_Public_20261116.json
  diff <(hopwise rules export.json --nic vm1VMNic --output azure) \\
       <(az network nic list-effective-nsg -g RG -n vm1VMNic -o json)")]
pub(in crate::cli) struct Rules {
    #[command(flatten)]
    subject: Subject,
}

impl Rules {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let interface = self.subject.load(context)?;
        let table = interface.table()?;
        let (estate, nic) = (&interface.estate, interface.id);
        let answer = question::effective_rules(&estate.network, estate.profile, &table, nic);
        if !wants_azure(context) {
            context.answer("rules", answer, &estate.documents, text::rules)?;
            return Ok(Exit::Yes);
        }
        context.need_certainty(&answer.unsure)?;
        print_azure(
            context,
            &estate.documents,
            &azure::effective_rules(&answer, &shape(context.global)),
        )?;
        Ok(Exit::Yes)
    }
}
