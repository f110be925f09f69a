//! `hopwise explain`.

use super::Context;
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::diag::similar;
use crate::explain;
use clap::Args;

/// What a reason, a finding or a rule means, and the usual fix.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise explain denied-by-default-rule
  hopwise explain half-peering
  hopwise explain R89
  hopwise explain")]
pub(in crate::cli) struct Explain {
    /// A code, such as denied-by-rule or R89; without one every code is listed.
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let Some(code) = &self.code else {
            let mut codes: Vec<&str> = explain::codes().collect();
            codes.sort_unstable();
            context.console.print(&format!("{}\n", codes.join("\n")))?;
            return Ok(Exit::Yes);
        };
        let Some(page) = explain::explain(code) else { return Err(unknown(code)) };
        context.console.print(&page)?;
        Ok(Exit::Yes)
    }
}

fn unknown(code: &str) -> Failure {
    let close = similar(code, explain::codes());
    let hint = match close.first() {
        Some(close) => format!("did you mean `{close}`?"),
        None => "`hopwise explain` lists every code".to_owned(),
    };
    Failure::usage(format!("there is no reason, finding or rule `{code}`"), hint)
}
