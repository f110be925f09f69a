//! `hopwise inventory`.

use super::Context;
use super::told;
use crate::cli::Exit;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::question;
use crate::report::text;
use clap::Args;

/// What was read, what is not modelled, and what looks broken.
///
/// Counts the resources of each type, names the types that no answer takes into account, and lists
/// what looks broken: half peerings, routes to addresses that nothing has, zones that nobody can
/// ask, and more; `hopwise explain CODE` says what each finding means.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise inventory export.json
  hopwise inventory exports/ --output json
  az graph query -q \"resources\" -o json | hopwise inventory -")]
pub(in crate::cli) struct Inventory {
    #[command(flatten)]
    files: Files,
}

impl Inventory {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("inventory")?;
        let estate = told::load(&self.files, context)?;
        let answer = question::inventory::inventory(&estate.network);
        context.answer("inventory", answer, &estate.documents, text::inventory)?;
        Ok(Exit::Yes)
    }
}
