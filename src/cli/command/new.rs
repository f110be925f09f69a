//! `hopwise new`.

use super::Context;
use crate::answer::{ShippedAnswer, ShippedScenario};
use crate::azure::tree::Node;
use crate::cli::Exit;
use crate::cli::args::Output;
use crate::cli::failure::Failure;
use crate::diag::similar;
use crate::explain::{SHIPPED, Shipped};
use crate::import::{self, Document};
use crate::report::json::json;
use crate::report::text;
use clap::Args;

/// Start a scenario of your own from one that the program carries.
///
/// The scenario is printed with everything that it expects and what breaks it, ready for `check`, `run`
/// and an editor. Without a name the scenarios are listed.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise new
  hopwise new aks-jump-box > mine.yaml
  hopwise check mine.yaml")]
pub(in crate::cli) struct New {
    /// The scenario to start from, by name or a part of it that no other has.
    name: Option<String>,
    /// List the scenarios.
    #[arg(long, conflicts_with = "name")]
    list: bool,
}

impl New {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("new")?;
        match &self.name {
            Some(name) if !self.list => context.console.print(find(name)?.text)?,
            _ => context.console.print(&listed(context)?)?,
        }
        Ok(Exit::Yes)
    }
}

fn listed(context: &Context<'_>) -> Result<String, Failure> {
    let scenarios = SHIPPED.iter().map(|it| ShippedScenario { name: it.name(), about: about(it) });
    let answer = ShippedAnswer { scenarios: scenarios.collect() };
    match context.global.output {
        Output::Text | Output::Mermaid => Ok(text::shipped(&answer, context.console.width())),
        Output::Json | Output::Azure => {
            json("new", &answer).map_err(|error| Failure::new("cannot-write", error.to_string()))
        }
    }
}

/// The first sentence of what a scenario is about.
fn about(shipped: &Shipped) -> String {
    let document = Document { name: shipped.name().as_str().into(), text: shipped.text.as_bytes() };
    let imported = import::read_all([document]);
    let about = imported.scenarios.first().and_then(|scenario| scenario.about());
    let about = about.and_then(Node::as_text).unwrap_or_default().trim();
    let first = about.split_once(". ").map_or(about, |(first, _)| first);
    first.trim_end_matches('.').to_owned()
}

/// Of the two ways by Bastion, `aks-bastion` is the one that people mean.
const SHORT: (&str, &str) = ("aks-bastion", "aks-bastion-jump-box");

/// The scenario that `name` means.
fn find(name: &str) -> Result<&'static Shipped, Failure> {
    let lower = name.to_lowercase();
    let lower = if lower == SHORT.0 { SHORT.1.to_owned() } else { lower };
    if let Some(exact) = SHIPPED.iter().find(|it| it.name() == lower) {
        return Ok(exact);
    }
    let near: Vec<&Shipped> = SHIPPED.iter().filter(|it| it.name().contains(&lower)).collect();
    if let [only] = &*near {
        return Ok(only);
    }
    if near.is_empty() {
        return Err(unknown(name));
    }
    let names: Vec<String> = near.iter().map(|it| format!("`{}`", it.name())).collect();
    Err(Failure::usage(format!("`{name}` may be any of {}", names.join(", ")), "say more of it"))
}

fn unknown(name: &str) -> Failure {
    let names: Vec<String> = SHIPPED.iter().map(Shipped::name).collect();
    let close = similar(name, names.iter().map(String::as_str));
    let hint = match close.first() {
        Some(close) => format!("did you mean `{close}`?"),
        None => "`hopwise new` lists them".to_owned(),
    };
    Failure::usage(format!("there is no scenario `{name}` to start from"), hint)
}
