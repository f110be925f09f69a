//! `hopwise fix`.

use super::Context;
use super::protocol::Protocol;
use super::told::{self, Told};
use crate::azure::Snapshot;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::cli::{Exit, documents};
use crate::question::locate;
use crate::question::repair::{Goal, Limits, TraceGoal, WhatIf, repair};
use crate::report::{json, text};
use clap::Args;
use std::path::PathBuf;

/// Look for the smallest changes that make it work, and try each.
///
/// Asks about one packet (`--from`, `--to`) or about a dataflow of a scenario. Edits are derived from what
/// stops it, applied to the input, and asked again: only those that make it work are shown, the
/// smallest first, each as a sentence, as commands of the Azure CLI, and as a patch that `--patch` takes.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise fix exports/ --from jumpbox --to https://api.example.privatelink.westeurope.azmk8s.io
  hopwise fix exports/ --from internet --to jumpbox-pip:22 --write fix.json
  hopwise fix scenarios/aks/bastion-jump-box.yaml --variant \"no peering\"
  hopwise trace exports/ --from internet --to jumpbox-pip:22 --patch fix.json")]
pub(in crate::cli) struct Fix {
    #[command(flatten)]
    files: Files,
    /// Who sends.
    #[arg(long, value_name = "WHO", requires = "to")]
    from: Option<String>,
    /// Where to, with a port.
    #[arg(long, value_name = "WHERE", requires = "from")]
    to: Option<String>,
    /// The protocol.
    #[arg(long, value_enum, ignore_case = true, default_value_t)]
    protocol: Protocol,
    /// The dataflow, by name or a part of it, where a scenario has several.
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    dataflow: Option<String>,
    /// At most so many edits together.
    #[arg(long, value_name = "COUNT", default_value_t = 4)]
    edits: usize,
    /// At most so many changes are tried.
    #[arg(long, value_name = "COUNT", default_value_t = 300)]
    tries: usize,
    /// Write the patch of the first fix to a file.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

impl Fix {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("fix")?;
        let (opened, snapshot) = told::open(&self.files, context)?;
        // Says what is wrong with the input, once.
        let resolved = opened.resolve(snapshot.clone(), context.global, context.console)?;
        let limits = Limits { edits_max: self.edits, tries_max: self.tries, ..Limits::default() };
        let goal = self.trace_goal(&resolved.network)?;
        let plane = resolved.compile();
        let resolve = |snapshot: Snapshot| opened.resolve_silently(snapshot, context.global);
        let estate = WhatIf::new(&snapshot, (resolved, &plane), &resolve);
        let progress = Progress::start("trying changes");
        let answer = match goal {
            Some(goal) => repair(&estate, &Goal::Trace(&goal), limits)?,
            None => {
                let told = Told::of(&opened, context)?;
                let dataflow = told.dataflow(self.dataflow.as_deref())?;
                // Says what the dataflow names and the input has not.
                told.checked(&opened, &plane, dataflow, context)?;
                repair(&estate, &Goal::Dataflow(dataflow), limits)?
            }
        };
        drop(progress);
        let answer =
            answer.ok_or_else(|| Failure::new("not-compiled", "the estate does not compile"))?;
        self.write(&answer)?;
        let is_solved = !answer.fixes.is_empty();
        let exit = if is_solved { Exit::Yes } else { Exit::from(answer.verdict) };
        context.answer("fix", answer, &opened.documents, text::repair)?;
        Ok(exit)
    }

    fn trace_goal(&self, network: &crate::azure::Network) -> Result<Option<TraceGoal>, Failure> {
        let (Some(from), Some(to)) = (&self.from, &self.to) else { return Ok(None) };
        locate::source(network, from)?;
        let destination = locate::destination(network, to)?;
        let protocol = crate::net::Protocol::from(self.protocol);
        if protocol.has_ports() && destination.port.is_none() {
            return Err(locate::no_port(to).into());
        }
        let (from, to) = (from.clone(), to.clone());
        Ok(Some(TraceGoal { from, to, protocol, source_port: None }))
    }

    fn write(&self, answer: &crate::answer::RepairAnswer) -> Result<(), Failure> {
        let (Some(path), Some(first)) = (&self.write, answer.fixes.first()) else { return Ok(()) };
        let text = json::pretty(&first.patch)
            .map_err(|error| Failure::new("cannot-write", error.to_string()))?;
        documents::write(path, &text)
    }
}
