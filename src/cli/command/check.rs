//! `hopwise check`.

use super::Context;
use crate::answer::{CheckAnswer, ScenarioCheck};
use crate::cli::args::Global;
use crate::cli::documents::{self, Documents};
use crate::cli::estate::{self, Opened};
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::cli::{Exit, lines, remarks};
use crate::diag::{Diagnostic, Severity};
use crate::import::scenario::Scenario;
use crate::question::exercise::{self, Mutants};
use crate::question::{self, Checked, claim};
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
  hopwise check mine.yaml --coverage
  hopwise check mine.yaml --mutate --output json

Exit codes:
  0  every assertion holds
  1  some do not hold
  2  a scenario has mistakes; the other scenarios are checked all the same
  3  none fails, and of some it cannot be said")]
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
    /// Say which rules, routes, peerings, zone links, records and role assignments the assertions
    /// exercise, and which they never do.
    #[arg(long)]
    coverage: bool,
    /// Take each of those away in turn, and turn each rule of a security group around: which changes
    /// does no assertion notice?
    #[arg(long)]
    mutate: bool,
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
            documents::write_sarif(path, &documents, |root| sarif::sarif(&answer, root))?;
        }
        let exit = exit(&answer);
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
        let pool = pool()?;
        let mut judged = pool.install(work);
        drop(progress);
        pool.install(|| {
            self.cover(&mut judged, context);
            self.mutate(&mut judged, context);
        });
        let mut answers = Vec::new();
        for judged in judged {
            let documents = judged.opened.as_ref().map(|opened| &opened.documents);
            remarks::say(context.console, &judged.remarks, documents);
            answers.extend(judged.answers);
        }
        Ok(answers)
    }

    /// Adds what the assertions exercise, in parallel.
    fn cover(&self, judged: &mut [Judged], context: &Context<'_>) {
        if !self.coverage {
            return;
        }
        let progress = Progress::count("measuring coverage", judged.len());
        judged.par_iter_mut().for_each(|judged| {
            let Judged { answers, opened, .. } = judged;
            for (answer, (opened, scenario)) in answers.iter_mut().zip(scenarios(opened.as_ref())) {
                let compile = |snapshot| opened.compile(snapshot, context.global);
                answer.coverage = exercise::coverage(&opened.imported, scenario, &compile);
            }
            progress.advance();
        });
    }

    /// Adds which changes the assertions notice: every change of every scenario in parallel.
    fn mutate(&self, judged: &mut [Judged], context: &Context<'_>) {
        if !self.mutate {
            return;
        }
        let mut all = Vec::new();
        for judged in judged {
            let Judged { answers, opened, .. } = judged;
            for (answer, (opened, scenario)) in answers.iter_mut().zip(scenarios(opened.as_ref())) {
                let resolve = |snapshot| opened.resolve_silently(snapshot, context.global);
                let mutants = Mutants::of(&opened.imported, scenario, &resolve, answer);
                all.extend(mutants.map(|mutants| (answer, opened, mutants)));
            }
        }
        let count = all.iter().map(|(_, _, mutants)| mutants.count()).sum();
        let progress = Progress::count("changing one thing at a time", count);
        all.into_par_iter().for_each(|(answer, opened, mutants)| {
            let resolve = |snapshot| opened.resolve_silently(snapshot, context.global);
            answer.mutation = Some(mutants.result(&resolve, &|| progress.advance()));
        });
    }
}

/// The worst comes first.
fn exit(answer: &CheckAnswer) -> Exit {
    let mut mistakes = answer.scenarios.iter().flat_map(|scenario| &scenario.mistakes);
    if mistakes.any(|mistake| mistake.code == claim::BUG) {
        return Exit::OurBug;
    }
    match (answer.mistakes, answer.failing, answer.unknown) {
        (0, 0, 0) => Exit::Yes,
        (0, 0, _) => Exit::Unknown,
        (0, _, _) => Exit::No,
        (_, _, _) => Exit::BadInput,
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
    opened: Option<Opened>,
}

/// The scenarios that were judged, with what they were read from.
fn scenarios(opened: Option<&Opened>) -> impl Iterator<Item = (&Opened, &Scenario)> {
    opened.into_iter().flat_map(|opened| {
        let name = opened.documents.names().next().unwrap_or_default();
        let own = opened.imported.scenarios.iter().filter(move |it| **it.file() == *name);
        own.map(move |scenario| (opened, scenario))
    })
}

impl Judged {
    fn of(document: Documents, global: &Global) -> Self {
        let name = document.names().next().unwrap_or_default();
        let opened = match estate::collect(document, global) {
            Ok(opened) => opened,
            Err(failure) => return Self::refused(name, failure.diagnostics),
        };
        let mut answers = Vec::new();
        let mut remarks = Vec::new();
        for (opened, scenario) in scenarios(Some(&opened)) {
            let compile = |snapshot| opened.compile(snapshot, global);
            let Checked { answer, remarks: more } =
                question::check(&opened.imported, scenario, &compile);
            remarks.extend(answer.mistakes.iter().cloned().chain(more));
            answers.push(answer);
        }
        if answers.is_empty() {
            let errors = opened.imported.snapshot.diagnostics.iter().cloned();
            let errors: Vec<_> = errors.filter(|it| it.severity == Severity::Error).collect();
            if !errors.is_empty() {
                return Self { opened: Some(opened), ..Self::refused(name, errors) };
            }
        }
        Self { answers, remarks, opened: Some(opened) }
    }

    /// Nothing in it can be judged.
    fn refused(file: String, mistakes: Vec<Diagnostic>) -> Self {
        let remarks = mistakes.clone();
        let answer = ScenarioCheck { file, mistakes, ..ScenarioCheck::default() };
        Self { answers: vec![answer], remarks, opened: None }
    }
}
