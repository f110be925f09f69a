//! `hopwise diff`.

use super::Context;
use super::blind_spots::BlindSpots;
use super::told;
use crate::answer::{ChangeSeverity, DifferenceAnswer, FlowChangeKind};
use crate::azure::{Resource, Snapshot};
use crate::cli::args::Global;
use crate::cli::documents::{self, Documents};
use crate::cli::estate::{self, Opened};
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::cli::{Exit, lines};
use crate::dataplane::Dataplane;
use crate::diag::{Diagnostic, Severity};
use crate::id::ResourceId;
use crate::import::{ChangesKind, Imported, Side as Planned};
use crate::question::{
    Resolve, Side, Tries, configuration_changes, difference, find_causes, not_followed, set_apart,
};
use crate::report::{markdown, sarif, text};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Show exactly which packets one network lets through and another does not.
///
/// Compares two estates, one with what `--patch` or a variant makes of it, or the two sides of a planned
/// change: what there is and what there will be. Every sender is asked for
/// with all of its packets at once; nothing is sampled. Packets that change in the same way are one group:
/// opened, closed, rerouted (they arrive as before, by other places), or doubtful (on one side it is not
/// known, or on neither and for other reasons). Each group shows one packet, traced in both networks, and the changes of the
/// configuration that it hangs on: without one of them it fares as before, or with one alone as after.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise diff monday/ friday/
  hopwise diff estate/ --patch planned-change.json
  hopwise diff --terraform-plan plan.json --fail-on opened-from-internet
  hopwise diff --what-if what-if.json
  hopwise diff scenarios/aks/jump-box.yaml --variant \"no peering\" --only closed
  hopwise diff main/ branch/ --fail-on opened-from-internet --markdown comment.md --sarif diff.sarif

Exit codes:
  0  nothing of what --fail-on names
  1  something of it")]
pub(in crate::cli) struct Diff {
    /// What is compared with: a file or a folder.
    #[arg(value_name = "BEFORE", required_unless_present_any = ["terraform_plan", "what_if"])]
    before: Option<PathBuf>,
    /// What is compared; without it BEFORE with what --patch or --variant changes, else the other side of
    /// the planned change that BEFORE is.
    #[arg(value_name = "AFTER")]
    after: Option<PathBuf>,
    /// Compare the two sides of a plan, as `terraform show -json` prints it; BEFORE is what there is beside
    /// it on both sides.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["after", "variant"])]
    terraform_plan: Option<PathBuf>,
    /// Compare the two sides of what `az deployment group what-if --no-pretty-print` prints.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["after", "variant"])]
    what_if: Option<PathBuf>,
    /// Compare a scenario with this variant of it.
    #[arg(long, value_name = "NAME", conflicts_with = "after")]
    variant: Option<String>,
    /// Show these groups only.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND,...")]
    only: Vec<Kind>,
    /// Exit with 1 when there are such groups.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND,...")]
    fail_on: Vec<FailOn>,
    /// Write it as Markdown, for a comment on a pull request.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write the groups as SARIF 2.1.0, which code hosts show beside the lines.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
}

const MAKE_PLAN: &str = "`terraform plan -out=change.tfplan` makes one, and `terraform show -json change.tfplan` prints it";

const MAKE_WHAT_IF: &str = "`az deployment group what-if … --no-pretty-print` prints one";

/// What `az stack-whatif` prints.
const OF_STACK: &str = "Microsoft.Resources/deploymentStacksWhatIfResults";

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Opened,
    Closed,
    Rerouted,
    Doubtful,
}

impl From<Kind> for FlowChangeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Opened => Self::Opened,
            Kind::Closed => Self::Closed,
            Kind::Rerouted => Self::Rerouted,
            Kind::Doubtful => Self::Doubtful,
        }
    }
}

/// What is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    OpenedFromInternet,
    DoubtfulFromInternet,
    Opened,
    Closed,
    Rerouted,
    Doubtful,
    Any,
}

impl FailOn {
    fn is_met(self, answer: &DifferenceAnswer) -> bool {
        let has = |kind| answer.count(kind) > 0;
        let has_such = |severity| answer.flows.iter().any(|flow| flow.severity == severity);
        match self {
            Self::OpenedFromInternet => has_such(ChangeSeverity::Exposure),
            Self::DoubtfulFromInternet => has_such(ChangeSeverity::PossibleExposure),
            Self::Opened => has(FlowChangeKind::Opened),
            Self::Closed => has(FlowChangeKind::Closed),
            Self::Rerouted => has(FlowChangeKind::Rerouted),
            Self::Doubtful => has(FlowChangeKind::Doubtful),
            Self::Any => !answer.flows.is_empty(),
        }
    }

    /// Does what is not known count?
    const fn is_about_doubt(self) -> bool {
        matches!(self, Self::DoubtfulFromInternet | Self::Doubtful | Self::Any)
    }
}

/// Is `after` nothing but templates, and `before` what is there of the resources that they deploy?
fn is_deployed_onto(after: &Opened, before: &Opened, scope: Option<&str>) -> bool {
    let (after, before) = (&after.imported, &before.imported);
    let there = &before.snapshot.resources;
    // A template that only adds something has nothing in common with what is there but where it is deployed to.
    let scope = scope.map(ResourceId::new);
    let subscription = scope.as_ref().and_then(ResourceId::subscription);
    let is_in_scope = |id: &ResourceId| {
        let own = id.subscription();
        own.zip(subscription).is_some_and(|(own, scope)| own.eq_ignore_ascii_case(scope))
    };
    let resources = &after.snapshot.resources;
    before.templates.is_empty()
        && is_nothing_but_templates(after)
        && (there.keys().any(is_in_scope) || resources.keys().any(|id| there.contains_key(id)))
}

fn is_nothing_but_templates(imported: &Imported) -> bool {
    let files: BTreeSet<&str> = imported.templates.iter().map(|it| &*it.file).collect();
    !files.is_empty() && is_of(imported, &files)
}

/// Is `after` nothing but planned changes, and `before` what is there?
fn is_planned_onto(after: &Imported, before: &Imported) -> bool {
    let files: BTreeSet<&str> = after.changes.iter().map(|it| &*it.file).collect();
    before.changes.is_empty() && !files.is_empty() && is_of(after, &files)
}

/// Does everything that was read stand in `files`?
fn is_of(imported: &Imported, files: &BTreeSet<&str>) -> bool {
    let mut resources = imported.snapshot.resources.values();
    resources.all(|resource| files.contains(&*resource.place.file))
}

/// Nobody can say what of an export a template writes anew without knowing where it is deployed to.
fn need_scope(after: &Imported, before: &Imported) -> Result<(), Failure> {
    let has_export = before.templates.is_empty() && !before.snapshot.resources.is_empty();
    if !has_export || !is_nothing_but_templates(after) {
        return Ok(());
    }
    let message = "nothing says which resource group the template is deployed to";
    let hint = "say it with `--scope /subscriptions/ID/resourceGroups/NAME`: what it does not declare stays as it is";
    Err(Failure::usage(message, hint))
}

/// One side, read and compiled.
struct Read {
    name: String,
    snapshot: Snapshot,
    plane: Dataplane,
}

impl Diff {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("diff")?;
        let [opened, other] = self.open(context)?;
        let names = self.names(context.global);
        let mut said = Vec::new();
        let mut before = read(&opened, names[0].clone(), None, context, &mut said)?;
        let mut after =
            read(&other, names[1].clone(), self.variant.as_deref(), context, &mut said)?;
        let resolve = |snapshot: Snapshot| opened.resolve_silently(snapshot, context.global);
        let mut answer = compare(&mut before, &mut after, &resolve)?;
        let blind = BlindSpots::of([&before, &after].map(|side| side.plane.network()));
        let open = left_open(&before, &after);
        // What is not shown, and what is not told, fails all the same.
        let is_open = open.iter().any(|it| it.is_change);
        let is_open = is_open || !answer.not_modelled.is_empty();
        let is_in_doubt = !blind.differing.is_empty() || is_open;
        answer.is_partial = blind.hides || is_open;
        let fails = { self.fail_on.iter() }
            .any(|fail_on| fail_on.is_met(&answer) || fail_on.is_about_doubt() && is_in_doubt);
        answer.notes.extend(blind.differing.into_iter().chain(blind.same));
        answer.notes.extend(stand_ins(&before, &after));
        answer.notes.extend(noted(&after));
        answer.notes.extend(self.about_template([&opened, &other]));
        answer.notes.extend(open.into_iter().map(|it| it.text));
        if !self.only.is_empty() {
            let kinds: Vec<FlowChangeKind> = self.only.iter().copied().map(Into::into).collect();
            answer.show(&kinds);
        }
        lines::fill(&mut answer, &other.documents);
        self.write(&answer, &other.documents)?;
        context.answer("diff", answer, &opened.documents, text::difference)?;
        Ok(if fails { Exit::No } else { Exit::Yes })
    }

    /// The documents of both sides.
    fn open(&self, context: &Context<'_>) -> Result<[Opened; 2], Failure> {
        let global = context.global;
        let unchanged = Global { patch: Vec::new(), ..global.clone() };
        let files: Vec<PathBuf> = { self.before.iter() }
            .chain(&self.terraform_plan)
            .chain(&self.what_if)
            .cloned()
            .collect();
        if let Some(after) = &self.after {
            return Self::open_both(&files, after, global);
        }
        if self.variant.is_some() {
            // The patches come after the variant.
            let [before, after] = [(), ()].map(|()| estate::open_unpatched(&files, global));
            return Ok([before?, after?]);
        }
        let after = estate::open(&files, global)?;
        if self.is_planned(global) {
            self.need_changes(&after)?;
            return Ok([estate::open_side(&files, &unchanged, Planned::Before)?, after]);
        }
        Ok([estate::open(&files, &unchanged)?, after])
    }

    /// The estate `before`, and `after`: another one, or what becomes of the first.
    fn open_both(
        before: &[PathBuf],
        after: &PathBuf,
        global: &Global,
    ) -> Result<[Opened; 2], Failure> {
        let there = estate::open(before, global)?;
        let opened = estate::open(std::slice::from_ref(after), global)?;
        let all: Vec<PathBuf> = before.iter().chain([after]).cloned().collect();
        if is_planned_onto(&opened.imported, &there.imported) {
            let both = [Planned::Before, Planned::After];
            let [before, after] = both.map(|side| estate::open_side(&all, global, side));
            return Ok([before?, after?]);
        }
        if is_deployed_onto(&opened, &there, global.scope.as_deref()) {
            // What the template does not declare is there after it as it was before.
            return Ok([there, estate::open(&all, global)?]);
        }
        if global.scope.is_none() {
            need_scope(&opened.imported, &there.imported)?;
        }
        Ok([there, opened])
    }

    /// What becomes of what the template that is compared does not declare.
    fn about_template(&self, [before, after]: [&Opened; 2]) -> Option<String> {
        let has_export =
            before.imported.templates.is_empty() && !before.imported.snapshot.resources.is_empty();
        if self.after.is_none() || after.imported.templates.is_empty() || !has_export {
            return None;
        }
        let is_onto = {
            let there: Vec<String> = after.documents.names().collect();
            before.documents.names().all(|name| there.contains(&name))
        };
        Some(if is_onto {
            "what is there stays where the template does not declare it, as it does when it is deployed".to_owned()
        } else {
            "nothing of what is there is in the subscription that the template is deployed to: it is taken for gone".to_owned()
        })
    }

    /// Are the two sides those of a planned change?
    fn is_planned(&self, global: &Global) -> bool {
        let has_other = self.after.is_some() || self.variant.is_some() || !global.patch.is_empty();
        self.terraform_plan.is_some() || self.what_if.is_some() || !has_other
    }

    /// There have to be two sides.
    fn need_changes(&self, opened: &Opened) -> Result<(), Failure> {
        let changes = &opened.imported.changes;
        let is = |path: &Path, kind| {
            changes.iter().any(|it| it.kind == kind && *it.file == *path.to_string_lossy())
        };
        let snapshot = &opened.imported.snapshot;
        if snapshot.diagnostics.iter().any(|remark| remark.severity == Severity::Error) {
            // What is wrong with the document says more than that it is none.
            return Ok(());
        }
        for (path, kind, name, hint) in [
            (&self.terraform_plan, ChangesKind::TerraformPlan, "plan of Terraform", MAKE_PLAN),
            (&self.what_if, ChangesKind::WhatIf, "result of a what-if", MAKE_WHAT_IF),
        ] {
            if let Some(path) = path.as_ref().filter(|path| !is(path, kind)) {
                let message = format!("`{}` is no {name}", path.display());
                let is_of_stack = |it: &Resource| it.resource_type.eq_ignore_ascii_case(OF_STACK);
                let hint = match snapshot.resources.values().any(is_of_stack) {
                    true => "results about deployment stacks are not read",
                    false => hint,
                };
                return Err(Failure::usage(message, hint));
            }
        }
        if changes.is_empty() {
            let hint = "expected AFTER, `--patch`, `--variant`, or planned changes: a plan of Terraform or the \
                        result of a what-if";
            return Err(Failure::usage("there is nothing to compare with", hint));
        }
        Ok(())
    }

    /// What the two sides are called.
    fn names(&self, global: &Global) -> [String; 2] {
        let shown = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let planned = shown(&self.terraform_plan).or_else(|| shown(&self.what_if));
        let before = planned.or_else(|| shown(&self.before)).unwrap_or_default();
        if self.is_planned(global) {
            return [format!("what there is by {before}"), "what is planned".to_owned()];
        }
        let after = match (shown(&self.after), &self.variant) {
            (Some(path), _) => path,
            (None, Some(variant)) => format!("variant `{variant}`"),
            (None, None) => "the same, patched".to_owned(),
        };
        [before, after]
    }

    fn write(&self, answer: &DifferenceAnswer, of: &Documents) -> Result<(), Failure> {
        if let Some(path) = &self.markdown {
            documents::write(path, &of.hide(markdown::markdown(answer)))?;
        }
        if let Some(path) = &self.sarif {
            documents::write_sarif(path, of, |root| sarif::difference(answer, root))?;
        }
        Ok(())
    }
}

fn read(
    opened: &Opened,
    name: String,
    variant: Option<&str>,
    context: &Context<'_>,
    said: &mut Vec<Diagnostic>,
) -> Result<Read, Failure> {
    let mut snapshot = opened.imported.snapshot.clone();
    if variant.is_some() {
        told::vary(opened, variant, &mut snapshot, context)?;
        estate::patch_all(&mut snapshot, context.global)?;
    }
    let ends = (context.global, context.console);
    let resolved = opened.resolve_beside(snapshot.clone(), ends, said)?;
    let _progress = Progress::start("compiling");
    let plane = resolved.compile();
    Ok(Read { name, snapshot, plane })
}

fn compare(
    before: &mut Read,
    after: &mut Read,
    resolve: &Resolve<'_>,
) -> Result<DifferenceAnswer, Failure> {
    let changes = configuration_changes(&before.snapshot, &after.snapshot);
    let estate = set_apart([&mut before.plane, &mut after.plane]);
    let sides = [
        Side { name: &before.name, plane: &before.plane },
        Side { name: &after.name, plane: &after.plane },
    ];
    let _progress = Progress::start("comparing");
    let mut answer = difference(sides, changes)?;
    let snapshots = [&before.snapshot, &after.snapshot];
    answer.not_modelled = not_followed(&answer.configuration, snapshots);
    find_causes(&mut answer, &Tries { snapshots, resolve, estate: &estate });
    Ok(answer)
}

/// What planned changes say that they do not tell.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LeftOpen {
    text: String,
    /// May it be a change that is not compared?
    is_change: bool,
}

/// What changes say that they do not tell: nested deployments that the service skipped, changes that Terraform puts off,
/// what a deployment brings whose template is not there.
fn left_open(before: &Read, after: &Read) -> BTreeSet<LeftOpen> {
    let said = after.snapshot.diagnostics.iter().filter_map(|it| {
        let (by, is_change) = match it.code {
            "what-if" | "unknown-resource" => ("what-if", true),
            "deferred-change" | "unfinished-plan" => ("plan", true),
            "partial-plan" => ("plan", false),
            "linked-template" | "deployment-script" | "resource-action" => {
                ("input", !is_said(before, it))
            }
            _ => return None,
        };
        Some(LeftOpen { text: format!("not told by the {by}: {}", it.message), is_change })
    });
    said.collect()
}

/// What was taken to be joined by its own key, which the plan does not tell, and what it found changed outside of Terraform.
fn noted(after: &Read) -> BTreeSet<String> {
    let noted = |it: &Diagnostic| match it.code {
        "assumed-key" => Some(format!("assumed: {}", it.message)),
        "resource-drift" => Some(format!("found by the plan: {}", it.message)),
        _ => None,
    };
    after.snapshot.diagnostics.iter().filter_map(noted).collect()
}

/// Is the same said of this side?
fn is_said(side: &Read, remark: &Diagnostic) -> bool {
    let mut all = side.snapshot.diagnostics.iter();
    all.any(|it| (it.code, &it.message) == (remark.code, &remark.message))
}

/// What is shown in place of addresses that are still to be assigned.
fn stand_ins(before: &Read, after: &Read) -> Vec<String> {
    let all = [before, after].into_iter().flat_map(|side| &side.plane.network().stand_ins);
    all.map(ToString::to_string).collect::<BTreeSet<String>>().into_iter().collect()
}
