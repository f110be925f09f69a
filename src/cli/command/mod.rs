//! The commands, one file each.

mod blind_spots;
mod check;
mod compare;
mod diff;
mod dns;
mod explain;
mod fix;
mod generate;
mod inventory;
mod ip_flow;
mod lint;
mod new;
mod next_hop;
mod nic;
mod pages;
mod places;
mod protocol;
mod reach;
mod router;
mod routes;
mod rules;
mod run;
mod schema;
mod specifier;
mod told;
mod trace;
mod ways;

use super::args::{Global, Output};
use super::console::Console;
use super::documents::Documents;
use super::exit::Exit;
use super::failure::Failure;
use super::lines;
use crate::answer::Placed;
use crate::diag::Diagnostic;
use crate::report::json::write_json;
use clap::Subcommand;
use serde::Serialize;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Trace(trace::Trace),
    Run(run::Run),
    Check(check::Check),
    Compare(compare::Compare),
    Fix(fix::Fix),
    Ways(ways::Ways),
    Diff(diff::Diff),
    Dns(dns::Dns),
    Routes(routes::Routes),
    Router(router::Router),
    Rules(rules::Rules),
    IpFlow(ip_flow::IpFlow),
    NextHop(next_hop::NextHop),
    Inventory(inventory::Inventory),
    Lint(lint::Lint),
    New(new::New),
    Schema(schema::Schema),
    Places(places::Places),
    Reach(reach::Reach),
    Explain(explain::Explain),
    Generate(generate::Generate),
    Man(pages::Man),
    Completions(pages::Completions),
}

/// What every command has at hand.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) global: &'a Global,
    pub(super) console: &'a Console,
}

impl Command {
    /// Does it.
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        if context.global.output == Output::Mermaid && !matches!(self, Self::Run(_)) {
            let message = "only `run` can be drawn as a diagram";
            return Err(Failure::usage(message, "expected `--output text` or `--output json`"));
        }
        match self {
            Self::Trace(command) => command.run(context),
            Self::Run(command) => command.run(context),
            Self::Compare(command) => command.run(context),
            Self::Check(command) => command.run(context),
            Self::Fix(command) => command.run(context),
            Self::Ways(command) => command.run(context),
            Self::Diff(command) => command.run(context),
            Self::Dns(command) => command.run(context),
            Self::Routes(command) => command.run(context),
            Self::Router(command) => command.run(context),
            Self::Rules(command) => command.run(context),
            Self::IpFlow(command) => command.run(context),
            Self::NextHop(command) => command.run(context),
            Self::Inventory(command) => command.run(context),
            Self::Lint(command) => command.run(context),
            Self::New(command) => command.run(context),
            Self::Schema(command) => command.run(context),
            Self::Places(command) => command.run(context),
            Self::Reach(command) => command.run(context),
            Self::Explain(command) => command.run(context),
            Self::Generate(command) => command.run(context),
            Self::Man(command) => command.run(context),
            Self::Completions(command) => command.run(context),
        }
    }
}

impl Context<'_> {
    /// Prints `answer` as text or JSON, with the lines of what it names.
    fn answer<T: Serialize + Placed>(
        &self,
        question: &str,
        mut answer: T,
        documents: &Documents,
        text: impl FnOnce(&T, usize) -> String,
    ) -> Result<(), Failure> {
        lines::fill(&mut answer, documents);
        match self.global.output {
            Output::Text | Output::Mermaid => {
                self.console.print(&documents.hide(text(&answer, self.console.width())))
            }
            Output::Json | Output::Azure if !documents.are_open() => {
                let mut json = Vec::new();
                let written = write_json(&mut json, question, &answer);
                let json = documents.hide(String::from_utf8_lossy(&json).into_owned());
                self.console.write(|out| written.and_then(|()| out.write_all(json.as_bytes())))
            }
            Output::Json | Output::Azure => {
                self.console.write(|out| write_json(out, question, &answer))
            }
        }
    }

    /// Azure has no words for what is not known, so nothing can be printed in its shape.
    fn need_certainty(&self, unsure: &[String]) -> Result<(), Failure> {
        if unsure.is_empty() {
            return Ok(());
        }
        let unsure = unsure.iter().map(|why| Diagnostic::error("unknown", why.as_str()));
        Err(Failure { diagnostics: unsure.collect(), exit: Exit::Unknown })
    }

    /// Azure has no answer of its own to `question`.
    fn refuse_azure(&self, question: &str) -> Result<(), Failure> {
        if self.global.output == Output::Azure {
            let message = format!("Azure has no answer of its own to `{question}`");
            let hint = "`--output azure` is for routes, rules, ip-flow and next-hop; expected `text` or `json`";
            return Err(Failure::usage(message, hint));
        }
        Ok(())
    }
}
