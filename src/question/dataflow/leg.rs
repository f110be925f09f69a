//! One leg: the packets, then the gates.

use super::{Judged, portion};
use crate::answer::{
    Assumption, GateAnswer, Hindrance, Holds, LegAnswer, NameOutcome, Outcome, Reason, StepAnswer,
    TraceAnswer, Verdict,
};
use crate::dataplane::{self, Dataplane, stand_in};
use crate::diag::Diagnostic;
use crate::net::{DnsName, RecordType, Timestamp};
use crate::question::gate::{self, Actor, Scene};
use crate::question::locate::{self, Refusal};
use crate::question::{Target, TraceQuestion, resolve_name, trace};
use crate::scenario::{ControlPlane, Leg, LegStep, Travel, TravelEnd};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The port of everything on the control plane.
const HTTPS: u16 = 443;

/// Judges a leg; its steps are numbered from `first` on.
pub(super) fn judge(
    plane: &Dataplane,
    leg: &Leg,
    actor: Actor,
    first: u32,
) -> Result<Judged, Vec<Diagnostic>> {
    let travelled = leg.travel.as_ref().map(|travel| go(plane, travel, leg.established_at));
    let travelled = travelled
        .transpose()
        .map_err(|refusal| vec![Diagnostic::from(refusal).at(leg.place.clone())])?;
    let Travelled { trace, assumptions, warnings } = travelled.unwrap_or_default();
    let scene = Scene { plane, actor, trace: trace.as_ref() };
    let mut remarks = Vec::new();
    let mut gates = Vec::new();
    for step in &leg.steps {
        match judge_gates(&scene, step) {
            Ok(found) => gates.push(found),
            Err(more) => remarks.extend(more),
        }
    }
    if !remarks.is_empty() {
        return Err(remarks);
    }
    let name = actor.named().map(|id| plane.network().principals[id].meta.name().to_owned());
    let (steps, hindrances) = steps(leg, first, trace.as_ref(), gates);
    let verdict = steps.iter().map(|step| step.verdict).fold(Verdict::Reachable, super::worse);
    let verdict = trace.as_ref().map_or(verdict, |trace| super::worse(verdict, trace.verdict));
    let answer = LegAnswer { principal: name, verdict, trace, steps };
    Ok(Judged { answer, hindrances, assumptions, warnings })
}

fn judge_gates(scene: &Scene<'_>, step: &LegStep) -> Result<Vec<GateAnswer>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut remarks = Vec::new();
    for gate in &step.gates {
        match gate::judge(scene, &gate.condition) {
            Ok(parts) => found.extend(parts.into_iter().map(|part| gate::doubt(scene, part))),
            Err(refusal) => remarks.push(Diagnostic::from(refusal).at(gate.place.clone())),
        }
    }
    if remarks.is_empty() { Ok(found) } else { Err(remarks) }
}

/// Packets, and what was assumed to trace them.
#[derive(Default)]
struct Travelled {
    trace: Option<TraceAnswer>,
    assumptions: Vec<String>,
    warnings: Vec<String>,
}

fn go(
    plane: &Dataplane,
    travel: &Travel,
    established_at: Option<Timestamp>,
) -> Result<Travelled, Refusal> {
    let (question, assumptions) = question(plane, travel)?;
    let now = trace(plane, &question);
    let mut warnings = Vec::new();
    let trace = match established_at.filter(|_| now.verdict == Verdict::Unreachable) {
        Some(then) => match outlives(plane, &question, &now, then) {
            Some((trace, warning)) => {
                warnings.push(warning);
                trace
            }
            None => now,
        },
        None => now,
    };
    Ok(Travelled { trace: Some(trace), assumptions, warnings })
}

/// A session that worked when it was opened goes on although rules of security groups have changed
/// since (R187).
fn outlives(
    plane: &Dataplane,
    question: &TraceQuestion,
    now: &TraceAnswer,
    then: Timestamp,
) -> Option<(TraceAnswer, String)> {
    let of_groups = [Reason::DeniedByRule, Reason::DeniedByDefaultRule];
    if !now.obstacles.iter().all(|obstacle| of_groups.contains(&obstacle.reason)) {
        return None;
    }
    let mut network = plane.network().clone();
    network.clock = Some(then);
    let earlier = dataplane::compile(Arc::new(network), plane.profile());
    let answer = trace(&earlier, question);
    let warning = format!(
        "the session was opened at {then}; rules that came later apply to new ones only (R187)"
    );
    (answer.verdict == Verdict::Reachable).then_some((answer, warning))
}

fn question(plane: &Dataplane, travel: &Travel) -> Result<(TraceQuestion, Vec<String>), Refusal> {
    let network = plane.network();
    let from = locate::source(network, &travel.from)?;
    let (target, name, port, assumptions) = match &travel.to {
        TravelEnd::Destination(text) => {
            let to = locate::destination(network, text)?;
            let port = to.port.or((!travel.protocol.has_ports()).then_some(0));
            let port = port.ok_or_else(|| locate::no_port(text))?;
            (to.target, to.name, port, Vec::new())
        }
        TravelEnd::Service(service) => {
            let (target, assumptions) = control_plane(plane, &from, *service);
            (target, service.host().to_owned(), HTTPS, assumptions)
        }
    };
    let question = TraceQuestion {
        from: (from.endpoint, from.name),
        from_address: from.address,
        to: (target, name),
        protocol: travel.protocol,
        port,
        source_port: travel.source_port.filter(|_| travel.protocol.has_ports()),
    };
    Ok((question, assumptions))
}

/// The name of a public service leads where the sender's resolver says; what the input does not tell
/// of the public DNS is assumed to be some public address.
fn control_plane(
    plane: &Dataplane,
    from: &locate::Source,
    service: ControlPlane,
) -> (Target, Vec<String>) {
    let Some(name) = DnsName::parse(service.host()) else {
        let somewhere = stand_in(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        return (Target::Address(somewhere), Vec::new());
    };
    let found = resolve_name(plane, from.endpoint, &name, RecordType::A);
    let is_untold = matches!(found.outcome, NameOutcome::Unknown(_));
    match plane.holds(Assumption::ControlPlaneAnswers) {
        Holds::Assumed if is_untold => {
            let assumed = Assumption::ControlPlaneAnswers.sentence().to_owned();
            (Target::Service(name), vec![assumed])
        }
        Holds::Yes if is_untold => (Target::Service(name), Vec::new()),
        Holds::Assumed | Holds::Yes | Holds::No | Holds::Unknown => {
            (Target::Name(name), Vec::new())
        }
    }
}

/// The steps with their hops and gates, and everything that stops them.
fn steps(
    leg: &Leg,
    first: u32,
    trace: Option<&TraceAnswer>,
    gates: Vec<Vec<GateAnswer>>,
) -> (Vec<StepAnswer>, Vec<Hindrance>) {
    let ends: Vec<Option<&str>> = leg.steps.iter().map(|step| step.ends.as_deref()).collect();
    let portions = trace.map(|trace| portion::split(trace, &ends));
    let mut all = Vec::new();
    let mut hindrances = Vec::new();
    for (at, (step, gates)) in leg.steps.iter().zip(gates).enumerate() {
        let number = first + u32::try_from(at).unwrap_or_default();
        let own = portions.as_ref().and_then(|portions| portions.get(at));
        let mut mine: Vec<Hindrance> = own
            .into_iter()
            .flat_map(|portion| &portion.obstacles)
            .map(|obstacle| Hindrance::of_packet(number, obstacle))
            .collect();
        // What would stop the packet on a way that it perhaps does not take leaves it open.
        let is_open = trace.is_some_and(|trace| trace.verdict == Verdict::Unknown);
        let of_packet = |it: &Hindrance| match it.outcome {
            Outcome::Stopped if is_open => Verdict::Unknown,
            outcome @ (Outcome::Passed | Outcome::Stopped | Outcome::Unsure) => verdict_of(outcome),
        };
        let mut verdicts: Vec<Verdict> = mine.iter().map(of_packet).collect();
        if at == 0 {
            mine.extend(trace.and_then(|trace| silent(number, trace)));
        }
        mine.extend(gates.iter().filter_map(|gate| Hindrance::of_gate(number, gate)));
        verdicts.extend(gates.iter().map(|gate| verdict_of(gate.outcome)));
        all.push(StepAnswer {
            number,
            title: step.title.clone(),
            verdict: verdicts.into_iter().fold(Verdict::Reachable, super::worse),
            hops: own.map(|portion| portion.hops),
            gates,
        });
        hindrances.extend(mine);
    }
    (all, hindrances)
}

/// A trace without a packet, such as for want of an address, has no obstacle that tells why.
fn silent(number: u32, trace: &TraceAnswer) -> Option<Hindrance> {
    let reason = trace.reason.filter(|_| trace.obstacles.is_empty())?;
    let outcome = match trace.verdict {
        Verdict::Reachable => return None,
        Verdict::Unreachable => Outcome::Stopped,
        Verdict::Unknown => Outcome::Unsure,
    };
    let text = trace.warnings.join("; ");
    let rules = trace.rules.clone();
    Some(Hindrance { step: number, reason, outcome, text, decided_by: None, rules })
}

const fn verdict_of(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Passed => Verdict::Reachable,
        Outcome::Stopped => Verdict::Unreachable,
        Outcome::Unsure => Verdict::Unknown,
    }
}
