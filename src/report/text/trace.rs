//! The answer to `trace` as text.

use super::page::{Page, Role};
use super::{item, name};
use crate::answer::{Hop, HopKind, Obstacle, Outcome, Path, Step, StepKind, TraceAnswer, Verdict};

/// Hops are indented by this, their steps by [`STEP`].
const HOP: usize = 2;
const STEP: usize = 5;
/// The width of `translate`, the longest kind of step, with a space.
const LABEL: usize = 10;
/// So many paths of each verdict are shown with their hops.
const PATHS: usize = 4;

/// A traced packet, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn trace(answer: &TraceAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    verdict(&mut page, answer);
    if let Some(answer) = &answer.name {
        name::section(&mut page, answer);
    }
    paths(&mut page, &answer.paths);
    obstacles(&mut page, &answer.obstacles);
    item::list(&mut page, "Assumptions used", &answer.assumptions);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    item::list(&mut page, "Warnings", &answer.warnings);
    item::all_rules(&mut page, &answer.rules);
    page.finish()
}

pub(super) const fn role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Reachable => Role::Good,
        Verdict::Unreachable => Role::Bad,
        Verdict::Unknown => Role::Unsure,
    }
}

fn verdict(page: &mut Page, answer: &TraceAnswer) {
    let word = answer.verdict.to_string().to_uppercase();
    let reason = answer.reason.map(|reason| format!("({reason})")).unwrap_or_default();
    let question = format!("{} -> {};", answer.from, answer.to);
    let confidence = format!("confidence: {}", answer.confidence);
    let role = role(answer.verdict);
    let pieces =
        [(role, &*word), (role, &reason), (Role::Strong, &question), (Role::Plain, &confidence)];
    page.line(0, "", &pieces);
    if let Some(reason) = answer.reason {
        page.line(0, "", &[(Role::Plain, reason.sentence())]);
    }
}

/// Every path, the first ones of each verdict with their hops.
fn paths(page: &mut Page, paths: &[Path]) {
    let mut shown = [0_usize; 3];
    for (number, path) in (1..).zip(paths) {
        if paths.len() > 1 {
            path_heading(page, number, paths.len(), path);
        }
        let [reachable, unreachable, unknown] = &mut shown;
        let count = match path.verdict {
            Verdict::Reachable => reachable,
            Verdict::Unreachable => unreachable,
            Verdict::Unknown => unknown,
        };
        *count += 1;
        if *count <= PATHS {
            request(page, path, (0, path.request.len()));
            reply(page, path);
        } else {
            page.line(HOP, "", &[(Role::Faint, "hops as JSON only: --output json")]);
        }
    }
}

/// Hops of the request from `first` up to `end`, under a heading unless they go on from others.
pub(super) fn request(page: &mut Page, path: &Path, (first, end): (usize, usize)) {
    let title = if first == 0 { "Request" } else { "" };
    let mut told = silent(path, false);
    told.retain(|(at, _)| (first..end).contains(at));
    let hops = path.request.get(first..end).unwrap_or_default();
    self::hops(page, title, (first, hops), &told);
}

/// The hops of the reply.
pub(super) fn reply(page: &mut Page, path: &Path) {
    hops(page, "Reply", (0, &path.reply), &silent(path, true));
}

fn path_heading(page: &mut Page, number: usize, count: usize, path: &Path) {
    let title = format!("Path {number} of {count},");
    let choices = path.choices.join(", ");
    let verdict = format!("{}:", path.verdict);
    page.gap();
    let pieces = [(Role::Strong, &*title), (role(path.verdict), &verdict), (Role::Plain, &choices)];
    page.line(0, "", &pieces);
}

/// Obstacles that no step of their hop tells, each with the number of the hop.
fn silent(path: &Path, on_reply: bool) -> Vec<(usize, &Obstacle)> {
    let hops = if on_reply { &path.reply } else { &path.request };
    let place = |obstacle: &Obstacle| {
        let is_there = |hop: &Hop| hop.at == obstacle.at;
        let exact = hops.iter().rposition(|hop| is_there(hop) && hop.flow == obstacle.flow);
        exact.or_else(|| hops.iter().rposition(is_there))
    };
    let is_told = |hop: &Hop| hop.steps.iter().any(|step| step.outcome != Outcome::Passed);
    let obstacles = path.obstacles.iter().filter(|obstacle| obstacle.on_reply == on_reply);
    obstacles
        .filter_map(|obstacle| Some((place(obstacle)?, obstacle)))
        .filter(|&(at, _)| hops.get(at).is_some_and(|hop| !is_told(hop)))
        .collect()
}

/// Hops, the first of which has the number `first`.
fn hops(
    page: &mut Page,
    title: &str,
    (first, hops): (usize, &[Hop]),
    silent: &[(usize, &Obstacle)],
) {
    if hops.is_empty() {
        return;
    }
    if !title.is_empty() {
        page.heading(title);
    }
    let mut shadow = Shadow::default();
    for (at, hop) in (first..).zip(hops) {
        let lead = format!("{}. ", at + 1);
        let kind = format!("({})", hop_kind(hop.kind));
        let flow = hop.flow.to_string();
        let pieces = [(Role::Strong, &*hop.at), (Role::Faint, &kind), (Role::Plain, &flow)];
        shadow.before(page);
        page.line(HOP, &lead, &pieces);
        for step in &hop.steps {
            shadow.before(page);
            print_step(page, step);
            shadow.after(step.outcome);
        }
        for (_, obstacle) in silent.iter().filter(|(place, _)| *place == at) {
            let pieces = [outcome(obstacle.outcome), (Role::Plain, &obstacle.text)];
            shadow.before(page);
            page.line(STEP, &" ".repeat(LABEL), &pieces);
            shadow.after(obstacle.outcome);
        }
    }
}

/// Says once that what follows would happen without the obstacle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shadow {
    /// Nothing has stopped the packet.
    #[default]
    Away,
    /// Something has; to be said before the next thing that happens.
    Due,
    /// It has been said.
    Said,
}

impl Shadow {
    fn before(&mut self, page: &mut Page) {
        if *self == Self::Due {
            *self = Self::Said;
            let text = "What follows would happen if this did not stop the packet.";
            page.line(STEP, "", &[(Role::Faint, text)]);
        }
    }

    fn after(&mut self, outcome: Outcome) {
        if outcome == Outcome::Stopped && *self == Self::Away {
            *self = Self::Due;
        }
    }
}

pub(super) const fn outcome(outcome: Outcome) -> (Role, &'static str) {
    match outcome {
        Outcome::Passed => (Role::Plain, ""),
        Outcome::Stopped => (Role::Bad, "STOPPED:"),
        Outcome::Unsure => (Role::Unsure, "UNKNOWN:"),
    }
}

fn print_step(page: &mut Page, step: &Step) {
    let lead = format!("{:LABEL$}", step_kind(step.kind));
    let rules = item::rules(&step.rules);
    page.line(
        STEP,
        &lead,
        &[outcome(step.outcome), (Role::Plain, &step.text), (Role::Faint, &rules)],
    );
    if let Some(decided) = &step.decided_by {
        item::decided_by(page, STEP + LABEL, decided);
    }
    if let Some(runner_up) = &step.runner_up {
        item::runner_up(page, STEP + LABEL, runner_up);
    }
    if let Some(flow) = step.flow_after {
        page.line(STEP + LABEL, "now        ", &[(Role::Plain, &flow.to_string())]);
    }
    if let Some(flow) = step.flow_outer {
        page.line(STEP + LABEL, "outer      ", &[(Role::Plain, &flow.to_string())]);
    }
}

fn obstacles(page: &mut Page, obstacles: &[Obstacle]) {
    if obstacles.is_empty() {
        return;
    }
    page.heading("Obstacles");
    for (number, obstacle) in (1..).zip(obstacles) {
        let lead = format!("{number}. ");
        let role = match obstacle.outcome {
            Outcome::Passed | Outcome::Stopped => Role::Bad,
            Outcome::Unsure => Role::Unsure,
        };
        let way = if obstacle.on_reply { "reply" } else { "request" };
        let maybe = if obstacle.outcome == Outcome::Unsure { "perhaps" } else { "" };
        let at = format!("at {} ({way}):", obstacle.at);
        let rules = item::rules(&obstacle.rules);
        let pieces = [
            (role, maybe),
            (role, obstacle.reason.code()),
            (Role::Strong, &at),
            (Role::Plain, &obstacle.text),
            (Role::Faint, &rules),
        ];
        page.line(HOP, &lead, &pieces);
        page.line(STEP, "packet     ", &[(Role::Plain, &obstacle.flow.to_string())]);
        if let Some(decided) = &obstacle.decided_by {
            item::decided_by(page, STEP, decided);
        }
    }
}

const fn hop_kind(kind: HopKind) -> &'static str {
    match kind {
        HopKind::NetworkInterface => "network interface",
        HopKind::ContainerGroup => "container group",
        HopKind::PrivateEndpoint => "private endpoint",
        HopKind::LoadBalancer => "load balancer",
        HopKind::Firewall => "firewall",
        HopKind::Gateway => "gateway",
        HopKind::Circuit => "circuit",
        HopKind::PrivateLinkService => "private link service",
        HopKind::PublicAddress => "public address",
        HopKind::NatGateway => "NAT gateway",
        HopKind::Bastion => "Bastion",
        HopKind::Tunnel => "tunnel",
        HopKind::Site => "on premises",
        HopKind::Internet => "Internet",
        HopKind::Service => "service",
        HopKind::Platform => "platform",
        HopKind::Other => "other",
    }
}

const fn step_kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Filter => "filter",
        StepKind::Session => "session",
        StepKind::Route => "route",
        StepKind::Crossing => "crossing",
        StepKind::Balance => "balance",
        StepKind::Translate => "translate",
        StepKind::Forward => "forward",
        StepKind::Deliver => "deliver",
        StepKind::Hand => "hand over",
    }
}
