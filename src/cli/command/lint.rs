//! `hopwise lint`.

use super::Context;
use super::told;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::cli::{Exit, documents, lines};
use crate::diag::Severity;
use crate::question;
use crate::report::{sarif, text};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What looks broken, superfluous, or wider than it is meant.
///
/// Everything that `inventory` finds, and what only routes and sets of packets show: rules that change
/// nothing, routes that no packet takes, tags that hold more than their names say. A rule that earlier ones
/// take every packet of is found also when it takes several of them, in firewalls with their parent policies too. Groups that let the same packets pass but
/// for one box of them are named with the rules that decide. `hopwise explain CODE` says what each
/// finding means.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise lint export.json
  hopwise lint exports/ --fail-on error
  hopwise lint main.json --sarif findings.sarif

Exit codes:
  0  nothing is found that is as bad as --fail-on says
  1  something is")]
pub(in crate::cli) struct Lint {
    #[command(flatten)]
    files: Files,
    /// The least that ends with exit code 1.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Write the findings as SARIF 2.1.0, which code hosts show beside the lines.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
}

/// What ends with exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Any finding.
    Note,
    /// A warning or an error.
    Warning,
    /// An error.
    Error,
    /// Nothing.
    Never,
}

impl FailOn {
    const fn least(self) -> Option<Severity> {
        match self {
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

impl Lint {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("lint")?;
        let estate = told::load(&self.files, context)?;
        let (plane, documents) = estate.compile();
        let mut answer = question::lint::lint(&plane);
        lines::fill(&mut answer, &documents);
        if let Some(path) = &self.sarif {
            documents::write_sarif(path, &documents, |root| sarif::lint(&answer, root))?;
        }
        let is_bad = self.fail_on.least().is_some_and(|least| answer.has(least));
        context.answer("lint", answer, &documents, text::lint)?;
        Ok(if is_bad { Exit::No } else { Exit::Yes })
    }
}
