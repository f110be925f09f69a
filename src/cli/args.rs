//! What stands on the command line.

use super::command::Command;
use crate::import;
use clap::{Args, Parser, ValueEnum};
use std::path::PathBuf;

/// hopwise says whether a client reaches a service in an Azure network, hop by hop and back, and if
/// not, which setting stops it.
#[derive(Debug, Parser)]
#[command(name = "hopwise", version, max_term_width = 100, after_long_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0   yes: reachable, allowed, resolved; or the answer was printed
  1   no: unreachable, denied, the name does not resolve
  2   the input or the command line is wrong
  3   unknown: something that decides is missing or not modelled
  70  a bug of hopwise itself";

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Global {
    /// How the answer is printed; `azure` is the exact JSON of Azure's own answer, where there is one,
    /// `mermaid` a sequence diagram of what `run` follows.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "text|json|azure|mermaid"
    )]
    pub(super) output: Output,
    /// The contents of service tags: `ServiceTags_Public_*.json` as Microsoft publishes it weekly.
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) service_tags: Option<PathBuf>,
    /// Azure as it was at that time, such as 2021: which None routes, what `Internet` stands for.
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// What if: changes to the input, as a JSON merge patch by list and name or by ARM id, applied in
    /// the order given.
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) patch: Vec<PathBuf>,
    /// Values for the parameters of ARM templates, the later ones winning. `NAME.parameters.json` beside
    /// the template `NAME.json` is read by itself.
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) parameters: Vec<PathBuf>,
    /// The resource group that ARM templates are deployed to:
    /// `/subscriptions/ID/resourceGroups/NAME`.
    #[arg(long, global = true, value_name = "ID")]
    pub(super) scope: Option<String>,
    /// The region of that resource group, such as westeurope.
    #[arg(long, global = true, value_name = "REGION")]
    pub(super) location: Option<String>,
    /// In which mode ARM templates are deployed: with `complete` what the resource group has and the
    /// template does not declare goes.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "incremental|complete"
    )]
    pub(super) mode: Mode,
    /// Assume nothing: what the input does not say leaves the answer unknown.
    #[arg(long, global = true)]
    pub(super) strict: bool,
    /// Say nothing about the input but errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say everything about the input, notes too.
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Whether to use colours.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "auto|always|never"
    )]
    pub(super) color: Color,
}

/// The mode of a deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    #[default]
    Incremental,
    Complete,
}

impl From<Mode> for import::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Incremental => Self::Incremental,
            Mode::Complete => Self::Complete,
        }
    }
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    #[default]
    Text,
    Json,
    Azure,
    Mermaid,
}

/// Whether to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// The documents that a question is about, and what is changed in them.
#[derive(Clone, Debug, Args)]
pub(super) struct Files {
    /// Exported resources, ARM templates (JSON) or scenarios (YAML): files, folders with all .json,
    /// .yaml and .yml files below them, or - for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Apply this variant of the scenario first: its name, or a part of it.
    #[arg(long, value_name = "NAME")]
    pub(super) variant: Option<String>,
}
