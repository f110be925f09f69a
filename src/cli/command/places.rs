//! `hopwise places`.

use super::Context;
use super::specifier;
use super::told;
use crate::cli::Exit;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::question;
use crate::report::text;
use clap::Args;

/// What a location specifier means: which places, with which addresses.
///
/// SPEC is a name, an id, an address, a prefix, `internet`, `on-premises` or `anywhere`; `KIND:NAME`, as in
/// `subnet:app`, `asg:web`, `tag:Storage`, `resource-group:prod`; a name may have `*` for any text. Sets are
/// joined with `or`, `and`, `but not` and parentheses.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise places exports/ spokes/app
  hopwise places exports/ \"vnet:spoke-* but not subnet:*/GatewaySubnet\"
  hopwise places exports/ \"10.1.0.0/16 and asg:web\" --output json

Exit codes:
  0  the places are listed
  2  the specifier is none, or a word of it means nothing in the input")]
pub(in crate::cli) struct Places {
    #[command(flatten)]
    files: Files,
    /// The location specifier.
    #[arg(value_name = "SPEC", required = true)]
    spec: String,
}

impl Places {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("places")?;
        let spec = specifier::read(context, "SPEC", &self.spec)?;
        let estate = told::load(&self.files, context)?;
        let (plane, documents) = estate.compile();
        let answer = question::places(&plane, &spec);
        let answer = answer.map_err(|mistake| specifier::wrong(context, &self.spec, &mistake))?;
        context.answer("places", answer, &documents, text::places)?;
        Ok(Exit::Yes)
    }
}
