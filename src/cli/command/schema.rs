//! `hopwise schema`.

use super::Context;
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::import::scenario::json_schema;
use crate::report::json::pretty;
use clap::Args;

/// Print the JSON Schema of scenario files, for editors: completion, and mistakes while you write.
///
/// It is JSON Schema draft 2020-12, made of the tables that scenarios are read by. Editors with the YAML
/// language server take it from a comment in the first line of a scenario.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise schema > scenario.schema.json
  sed -i '1i # yaml-language-server: $schema=scenario.schema.json' mine.yaml")]
pub(in crate::cli) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let page = pretty(&json_schema())
            .map_err(|error| Failure::new("cannot-write", error.to_string()))?;
        context.console.print(&page)?;
        Ok(Exit::Yes)
    }
}
