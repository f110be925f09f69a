//! `hopwise ways`.

use super::Context;
use super::told;
use crate::azure::Snapshot;
use crate::cli::Exit;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::question::repair::{Limits, WhatIf};
use crate::question::ways::{WaysQuestion, ways};
use crate::report::text;
use clap::Args;

/// List the ways that the estate offers to a target, and what each of them lacks.
///
/// Over the Internet, Bastion and a jump box, Bastion's tunnel, VPN, ExpressRoute, `az aks command
/// invoke`, Cloud Shell, SSH to a public address: each is made from the parts that the estate has and
/// run like a dataflow. Those that work come first, then those that take the fewest edits.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise ways exports/ --to my-cluster
  hopwise ways exports/ --to database:1433 --from office
  hopwise ways scenarios/aks/bastion-jump-box.yaml --to aks --from laptop --as operator")]
pub(in crate::cli) struct Ways {
    #[command(flatten)]
    files: Files,
    /// The target: a cluster, or anything with a port.
    #[arg(long, value_name = "WHERE")]
    to: String,
    /// Where people are.
    #[arg(long, value_name = "WHO", default_value = "internet")]
    from: String,
    /// Who acts: a principal of the scenario.
    #[arg(long = "as", value_name = "NAME")]
    principal: Option<String>,
    /// At most so many edits together; 0 looks for none.
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    edits: usize,
}

impl Ways {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("ways")?;
        let (opened, snapshot) = told::open(&self.files, context)?;
        let resolved = opened.resolve(snapshot.clone(), context.global, context.console)?;
        let plane = resolved.compile();
        let limits = Limits { edits_max: self.edits, tries_max: 100, ..Limits::default() };
        let question = WaysQuestion {
            to: self.to.clone(),
            client: self.from.clone(),
            principal: self.principal.clone(),
            limits,
        };
        let resolve = |snapshot: Snapshot| opened.resolve_silently(snapshot, context.global);
        let estate = WhatIf::new(&snapshot, (resolved, &plane), &resolve);
        let progress = Progress::start("trying ways");
        let answer = ways(&plane, &question, (self.edits > 0).then_some(&estate))?;
        drop(progress);
        let works = answer.ways.iter().any(|way| way.edits == Some(0));
        context.answer("ways", answer, &opened.documents, text::ways)?;
        Ok(if works { Exit::Yes } else { Exit::No })
    }
}
