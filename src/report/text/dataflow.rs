//! The answer to `run` as text: numbered steps, each opening into hops and conditions.

use super::page::{Page, Role};
use super::{item, name, trace};
use crate::answer::{
    Caution, DataflowAnswer, GateAnswer, Hindrance, LegAnswer, Outcome, Path, StepAnswer,
    TraceAnswer, Verdict,
};

/// What belongs to a step is indented by this.
const MARGIN: usize = 3;

/// A dataflow, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn dataflow(answer: &DataflowAnswer, width: usize) -> String {
    whole(answer, width, steps, &[&answer.about, &answer.documentation])
}

/// A dataflow without hops and conditions: its steps, and what stops it.
#[must_use]
pub fn dataflow_brief(answer: &DataflowAnswer, width: usize) -> String {
    let headings = |page: &mut Page, leg: &LegAnswer, stops: Stops| {
        leg.steps.iter().for_each(|step| heading(page, step, stops));
    };
    whole(answer, width, headings, &[])
}

/// The number of the step that stops it.
type Stops = Option<u32>;

fn whole(
    answer: &DataflowAnswer,
    width: usize,
    leg: fn(&mut Page, &LegAnswer, Stops),
    texts: &[&Option<String>],
) -> String {
    let mut stopping = answer.hindrances.iter().filter(|it| it.outcome == Outcome::Stopped);
    let stops = stopping.next().map(|it| it.step);
    let mut page = Page::new(width);
    verdict(&mut page, answer);
    for text in texts.iter().copied().flatten() {
        page.gap();
        page.line(0, "", &[(Role::Plain, text)]);
    }
    hindrances(&mut page, &answer.hindrances);
    page.gap();
    for answer in &answer.legs {
        leg(&mut page, answer, stops);
    }
    cautions(&mut page, &answer.cautions);
    item::list(&mut page, "Assumptions used", &answer.assumptions);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    item::list(&mut page, "Warnings", &answer.warnings);
    item::all_rules(&mut page, &answer.rules);
    page.finish()
}

/// A line for each of several dataflows.
#[must_use]
pub fn dataflows(answers: &Vec<DataflowAnswer>, width: usize) -> String {
    let mut page = Page::new(width);
    for answer in answers {
        let variant = answer.variant.as_ref().map(|name| format!("{name}:")).unwrap_or_default();
        let word = works(answer.verdict);
        let reason = answer.reason.map(|reason| format!("({reason})")).unwrap_or_default();
        let role = trace::role(answer.verdict);
        let step = answer.hindrances.first().map(|first| format!("in step {}", first.step));
        let pieces = [
            (role, reason.as_str()),
            (Role::Plain, variant.as_str()),
            (Role::Strong, answer.dataflow.as_str()),
            (Role::Faint, step.as_deref().unwrap_or_default()),
        ];
        page.line(0, &format!("{word:8}"), &pieces);
    }
    page.finish()
}

fn verdict(page: &mut Page, answer: &DataflowAnswer) {
    let word = works(answer.verdict).to_uppercase();
    let reason = answer.reason.map(|reason| format!("({reason})")).unwrap_or_default();
    let variant = answer.variant.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    let title = format!("{}{variant};", answer.dataflow);
    let confidence = format!("confidence: {}", answer.confidence);
    let role = trace::role(answer.verdict);
    let pieces =
        [(role, &*word), (role, &reason), (Role::Strong, &title), (Role::Plain, &confidence)];
    page.line(0, "", &pieces);
    if let Some(reason) = answer.reason {
        page.line(0, "", &[(Role::Plain, reason.sentence())]);
    }
    if let Some(symptom) = answer.symptom {
        page.line(0, "The user sees ", &[(Role::Plain, symptom.sentence())]);
    }
}

const fn works(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "works",
        Verdict::Unreachable => "fails",
        Verdict::Unknown => "unknown",
    }
}

fn steps(page: &mut Page, leg: &LegAnswer, stops: Stops) {
    let last = leg.steps.len().saturating_sub(1);
    for (at, step) in leg.steps.iter().enumerate() {
        if step.number > 1 {
            page.gap();
        }
        heading(page, step, stops);
        page.set_margin(MARGIN);
        if at == 0 {
            opening(page, leg);
        }
        if let Some(trace) = &leg.trace {
            packets(page, trace, step, at == last);
        }
        step.gates.iter().for_each(|gate| condition(page, gate));
        page.set_margin(0);
    }
}

/// What lies behind the step that stops it is not reached, whatever it would do.
fn heading(page: &mut Page, step: &StepAnswer, stops: Stops) {
    let lead = format!("{}. ", step.number);
    let is_behind = stops.is_some_and(|stops| stops < step.number);
    let (role, word) = match (step.verdict, is_behind) {
        (Verdict::Reachable, false) => (Role::Good, "ok:"),
        (Verdict::Reachable, true) => (Role::Faint, "would work:"),
        (Verdict::Unreachable, false) => (Role::Bad, "FAILS:"),
        (Verdict::Unreachable, true) => (Role::Bad, "would FAIL too:"),
        (Verdict::Unknown, _) => (Role::Unsure, "UNKNOWN:"),
    };
    page.line(0, &lead, &[(role, word), (Role::Strong, &step.title)]);
}

/// Who goes where, and what the name stands for.
fn opening(page: &mut Page, leg: &LegAnswer) {
    let who = leg.principal.as_ref().map(|name| format!("as {name}")).unwrap_or_default();
    let Some(trace) = &leg.trace else { return };
    let way = format!("{} -> {}", trace.from, trace.to);
    page.line(0, "", &[(Role::Plain, &way), (Role::Faint, &who)]);
    if let Some(answer) = &trace.name {
        name::section(page, answer);
    }
}

/// The hops of a step. Of several paths those that fail are shown, else the first.
fn packets(page: &mut Page, trace: &TraceAnswer, step: &StepAnswer, is_last: bool) {
    let Some(hops) = step.hops else { return };
    let failing = trace.paths.iter().find(|path| path.verdict != Verdict::Reachable);
    let shown: Option<&Path> = failing.or_else(|| trace.paths.first());
    let Some(path) = shown else { return };
    let is_first = trace.paths.first() == Some(path);
    if is_last && trace.paths.len() > 1 {
        let text = format!("one of {} ways that the network may take", trace.paths.len());
        page.line(0, "", &[(Role::Faint, &text)]);
    }
    // The hops of steps are counted along the first path; another one is shown whole.
    match (is_first, is_last) {
        (true, _) => trace::request(page, path, hops),
        (false, true) => trace::request(page, path, (0, path.request.len())),
        (false, false) => {}
    }
    if is_last {
        trace::reply(page, path);
    }
}

fn condition(page: &mut Page, gate: &GateAnswer) {
    let rules = item::rules(&gate.rules);
    let (role, word) = trace::outcome(gate.outcome);
    let word = match gate.outcome {
        Outcome::Passed => "met:",
        Outcome::Stopped | Outcome::Unsure => word,
    };
    let pieces = [(role, word), (Role::Plain, &*gate.text), (Role::Faint, &rules)];
    page.line(0, "condition ", &pieces);
    if let Some(decided) = &gate.decided_by {
        item::decided_by(page, "condition ".len(), decided);
    }
}

/// What to know even when everything works.
fn cautions(page: &mut Page, cautions: &[Caution]) {
    if cautions.is_empty() {
        return;
    }
    page.heading("Worth knowing");
    for caution in cautions {
        let step = format!("in step {},", caution.step);
        let rules = item::rules(&caution.rules);
        let pieces = [
            (Role::Unsure, caution.kind.code()),
            (Role::Strong, &*step),
            (Role::Plain, &*caution.text),
            (Role::Faint, &*rules),
        ];
        page.line(2, "- ", &pieces);
        page.line(4, "", &[(Role::Faint, caution.page)]);
    }
}

fn hindrances(page: &mut Page, hindrances: &[Hindrance]) {
    if hindrances.is_empty() {
        return;
    }
    page.heading("What stops it");
    for (number, hindrance) in (1..).zip(hindrances) {
        page.set_margin(2);
        self::hindrance(page, &format!("{number}. "), hindrance);
        page.set_margin(0);
    }
}

/// A line for a step, and one for each of its conditions that hold.
pub(super) fn prerequisites(page: &mut Page, step: &StepAnswer) {
    let word = match step.verdict {
        Verdict::Reachable => "met     ",
        Verdict::Unreachable => "missing ",
        Verdict::Unknown => "unknown ",
    };
    page.line(0, word, &[(Role::Plain, &step.title)]);
    let met = step.gates.iter().filter(|gate| gate.outcome == Outcome::Passed);
    for gate in met {
        page.line(2, "met     ", &[(Role::Faint, &gate.text)]);
    }
}

/// What stops it, behind `lead`.
pub(super) fn hindrance(page: &mut Page, lead: &str, hindrance: &Hindrance) {
    {
        let is_sure = hindrance.outcome == Outcome::Stopped;
        let role = if is_sure { Role::Bad } else { Role::Unsure };
        let step = format!("in step {},", hindrance.step);
        let rules = item::rules(&hindrance.rules);
        let pieces = [
            (role, if is_sure { "" } else { "perhaps" }),
            (role, hindrance.reason.code()),
            (Role::Strong, &*step),
            (Role::Plain, &hindrance.text),
            (Role::Faint, &rules),
        ];
        page.line(0, lead, &pieces);
        if let Some(decided) = &hindrance.decided_by {
            item::decided_by(page, lead.len(), decided);
        }
    }
}
