//! `hopwise check`.

use super::Context;
use crate::answer::{CheckAnswer, ScenarioCheck};
use crate::cli::args::Global;
use crate::cli::documents::{self, Documents};
use crate::cli::estate;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::cli::{Exit, lines, remarks};
use crate::diag::{Diagnostic, Severity};
use crate::question::{self, Checked};
use crate::report::{junit, sarif, text};
use clap::Args;
use rayon::prelude::*;
use std::path::PathBuf;

/// Check what scenarios expect, of themselves and of each of their variants.
///
/// Each scenario is read by itself, together with what it includes. Every assertion that does not hold
/// is listed with what was expected and what was found, where it stands, and what stops it first.
/// Documents in folders that are no scenarios, such as exports that scenarios include, are passed over.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise check scenarios
  hopwise check mine.yaml --patch planned-change.json
  hopwise check scenarios --junit results.xml --sarif results.sarif

Exit codes:
  0  every assertion holds
  1  some do not hold
  2  a scenario has mistakes; the other scenarios are checked all the same")]
pub(in crate::cli) struct Check {
    /// Scenarios: files, folders with all .json, .yaml and .yml files below them, or - for standard
    /// input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write the results as JUnit XML, which build servers show as tests.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write what does not hold as SARIF 2.1.0, which code hosts show beside the lines.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
}

impl Check {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("check")?;
        let documents = Documents::find(&self.paths)?;
        let mut answer = CheckAnswer::of(self.all(&documents, context)?);
        if answer.scenarios.is_empty() {
            let message = "there is no scenario in the input";
            return Err(Failure::usage(message, "docs/scenarios.md says how to write one"));
        }
        lines::fill(&mut answer, &documents);
        if let Some(path) = &self.junit {
            let text = junit::junit(&answer)
                .map_err(|error| Failure::new("cannot-write", error.to_string()))?;
            documents::write(path, &text)?;
        }
        if let Some(path) = &self.sarif {
            let text = sarif::sarif(&answer)
                .map_err(|error| Failure::new("cannot-write", error.to_string()))?;
            documents::write(path, &text)?;
        }
        let exit = match (answer.mistakes, answer.failing) {
            (0, 0) => Exit::Yes,
            (0, _) => Exit::No,
            (_, _) => Exit::BadInput,
        };
        context.answer("check", answer, &documents, text::check)?;
        Ok(exit)
    }

    /// Checks every document in parallel; what there is to say about them is said in their order.
    fn all(
        &self,
        documents: &Documents,
        context: &Context<'_>,
    ) -> Result<Vec<ScenarioCheck>, Failure> {
        let progress = Progress::count("checking", documents.names().count());
        let each: Vec<Documents> = documents.each().collect();
        let work = || {
            let judged = each.into_par_iter().map(|document| {
                let judged = Judged::of(document, context.global);
                progress.advance();
                judged
            });
            judged.collect::<Vec<Judged>>()
        };
        let judged = pool()?.install(work);
        drop(progress);
        let mut answers = Vec::new();
        for judged in judged {
            remarks::say(context.console, &judged.remarks, judged.documents.as_ref());
            answers.extend(judged.answers);
        }
        Ok(answers)
    }
}

/// Threads with the stack of a main thread: documents may be nested deeply.
fn pool() -> Result<rayon::ThreadPool, Failure> {
    const STACK: usize = 8 << 20;
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    pool.map_err(|error| Failure::new("no-threads", format!("no threads can be started: {error}")))
}

/// What was found in one document.
struct Judged {
    answers: Vec<ScenarioCheck>,
    /// Everything there is to say about it, mistakes too.
    remarks: Vec<Diagnostic>,
    documents: Option<Documents>,
}

impl Judged {
    fn of(document: Documents, global: &Global) -> Self {
        let name = document.names().next().unwrap_or_default();
        let opened = match estate::collect(document, global) {
            Ok(opened) => opened,
            Err(failure) => return Self::refused(name, failure.diagnostics),
        };
        let scenarios = opened.imported.scenarios.iter().filter(|it| **it.file() == *name);
        let mut answers = Vec::new();
        let mut remarks = Vec::new();
        for scenario in scenarios {
            let compile = |snapshot| opened.compile(snapshot, global);
            let Checked { answer, remarks: more } =
                question::check(&opened.imported, scenario, &compile);
            remarks.extend(answer.mistakes.iter().cloned().chain(more));
            answers.push(answer);
        }
        if answers.is_empty() {
            let errors = opened.imported.snapshot.diagnostics.into_iter();
            let errors: Vec<_> = errors.filter(|it| it.severity == Severity::Error).collect();
            if !errors.is_empty() {
                return Self { documents: Some(opened.documents), ..Self::refused(name, errors) };
            }
        }
        Self { answers, remarks, documents: Some(opened.documents) }
    }

    /// Nothing in it can be judged.
    fn refused(file: String, mistakes: Vec<Diagnostic>) -> Self {
        let remarks = mistakes.clone();
        let answer = ScenarioCheck { file, assertions: Vec::new(), mistakes };
        Self { answers: vec![answer], remarks, documents: None }
    }
}
