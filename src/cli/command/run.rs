//! `hopwise run`.

use super::Context;
use super::told::Told;
use crate::answer::DataflowAnswer;
use crate::cli::Exit;
use crate::cli::args::Output;
use crate::cli::estate::{self, Opened};
use crate::cli::failure::Failure;
use crate::report::mermaid::mermaid;
use crate::report::text;
use crate::scenario::{Dataflow, Variant};
use clap::Args;
use std::path::PathBuf;

/// Follow a dataflow of a scenario, leg by leg, and say what stops it.
///
/// A dataflow is more than one packet: a browser goes to the portal, Bastion to a jump box, the jump box
/// to the API server. Every leg is simulated from where the one before ended, with the names that it
/// asks for and the conditions that are no matter of packets, such as roles. Legs behind one that
/// fails are followed all the same, so that everything that stops it is listed at once.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise run scenarios/aks/bastion-jump-box.yaml
  hopwise run scenarios/aks/bastion-jump-box.yaml --list
  hopwise run scenarios/aks/bastion-jump-box.yaml --variant \"no peering\"
  hopwise run scenarios/aks/bastion-jump-box.yaml --output mermaid --brief \"native client\"
  hopwise run mine.yaml \"jump box by Bastion\" --patch with-a-peering.yaml --output json")]
pub(in crate::cli) struct Run {
    /// The scenario.
    #[arg(value_name = "SCENARIO")]
    file: PathBuf,
    /// The dataflow, by name or a part of it; needed where the scenario has several.
    #[arg(value_name = "DATAFLOW")]
    dataflow: Option<String>,
    /// Apply this variant of the scenario first.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Follow every dataflow, of the scenario as it is and of every variant.
    #[arg(long, conflicts_with_all = ["dataflow", "variant"])]
    all: bool,
    /// Only the steps and what stops them, without hops and conditions.
    #[arg(long)]
    brief: bool,
    /// Only list the dataflows and variants.
    #[arg(long, conflicts_with_all = ["dataflow", "variant", "all"])]
    list: bool,
}

impl Run {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("run")?;
        let opened = estate::open_unpatched(std::slice::from_ref(&self.file), context.global)?;
        let told = Told::of(&opened, context)?;
        if self.list {
            context.console.print(&told.listed())?;
            return Ok(Exit::Yes);
        }
        let mut answers = Vec::new();
        for (variant, dataflows) in self.chosen(&told)? {
            let plane = told.plane(&opened, variant, context)?;
            for dataflow in dataflows {
                let mut answer = told.checked(&opened, &plane, dataflow, context)?;
                answer.variant = variant.map(|variant| variant.name.clone());
                answers.push(answer);
            }
        }
        let exit = answers.iter().map(|answer| Exit::from(answer.verdict)).max();
        self.print(answers, &opened, context)?;
        Ok(exit.unwrap_or(Exit::Yes))
    }

    fn print(
        &self,
        mut answers: Vec<DataflowAnswer>,
        opened: &Opened,
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        if self.all {
            if context.global.output == Output::Mermaid {
                let message = "a diagram shows one dataflow";
                return Err(Failure::usage(message, "name it in place of `--all`"));
            }
            return context.answer("run", answers, &opened.documents, text::dataflows);
        }
        match answers.pop() {
            Some(answer) => {
                let page =
                    |answer: &DataflowAnswer, width| match (context.global.output, self.brief) {
                        (Output::Mermaid, is_brief) => mermaid(answer, !is_brief),
                        (_, true) => text::dataflow_brief(answer, width),
                        (_, false) => text::dataflow(answer, width),
                    };
                context.answer("run", answer, &opened.documents, page)
            }
            None => Ok(()),
        }
    }

    /// The variants to apply, each with the dataflows to follow.
    fn chosen<'t>(&self, told: &'t Told<'_>) -> Result<Vec<Choice<'t>>, Failure> {
        if self.all {
            let everything = || told.dataflows.iter().collect();
            let variants = told.variants.iter().map(Some);
            let all = std::iter::once(None).chain(variants);
            return Ok(all.map(|variant| (variant, everything())).collect());
        }
        let variant = self.variant.as_deref().map(|name| told.variant(name));
        let dataflow = told.dataflow(self.dataflow.as_deref())?;
        Ok(vec![(variant.transpose()?, vec![dataflow])])
    }
}

/// A variant to apply, and the dataflows to follow then.
type Choice<'t> = (Option<&'t Variant>, Vec<&'t Dataflow>);
