//! What should work, in words: after a change every id is another one.

use crate::answer::{Confidence, GateAnswer, Obstacle, Outcome, Reason, TraceAnswer, Verdict};
use crate::dataplane::Dataplane;
use crate::net::Protocol;
use crate::question::{TraceQuestion, dataflow, locate, trace};
use crate::scenario::Dataflow;

/// What should work.
#[derive(Clone, Copy, Debug)]
pub enum Goal<'a> {
    /// One packet, there and back.
    Trace(&'a TraceGoal),
    /// A dataflow from end to end.
    Dataflow(&'a Dataflow),
}

/// One packet, as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceGoal {
    /// The sender, as written.
    pub from: String,
    /// Where to, as written, with a port where the protocol has ports.
    pub to: String,
    /// The protocol.
    pub protocol: Protocol,
    /// The source port, when it matters.
    pub source_port: Option<u16>,
}

/// What was found of a goal.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) verdict: Verdict,
    pub(super) confidence: Confidence,
    pub(super) reason: Option<Reason>,
    pub(super) warnings: Vec<String>,
    /// The packets of every leg.
    pub(super) traces: Vec<TraceAnswer>,
    /// Conditions that do not hold, or may not.
    pub(super) gates: Vec<GateAnswer>,
}

impl Found {
    /// Everything that stops packets, with the trace that it belongs to.
    pub(super) fn obstacles(&self) -> impl Iterator<Item = (&TraceAnswer, &Obstacle)> {
        self.traces.iter().flat_map(|trace| trace.obstacles.iter().map(move |it| (trace, it)))
    }
}

impl Goal<'_> {
    /// In words, for headings.
    pub(super) fn words(&self) -> String {
        match self {
            Goal::Trace(goal) => format!("{} -> {} ({})", goal.from, goal.to, goal.protocol),
            Goal::Dataflow(flow) => flow.name.clone(),
        }
    }

    /// Does it work? None when an end is not there any more.
    pub(super) fn ask(&self, plane: &Dataplane) -> Option<Found> {
        match self {
            Goal::Trace(goal) => Some(of_trace(trace(plane, &goal.question(plane)?))),
            Goal::Dataflow(flow) => {
                let answer = dataflow(plane, flow).ok()?;
                let steps = answer.legs.iter().flat_map(|leg| &leg.steps);
                let gates = steps.flat_map(|step| &step.gates);
                let failing = gates.filter(|gate| gate.outcome != Outcome::Passed);
                let gates = failing.cloned().collect();
                Some(Found {
                    verdict: answer.verdict,
                    confidence: answer.confidence,
                    reason: answer.reason,
                    warnings: answer.warnings,
                    traces: answer.legs.into_iter().filter_map(|leg| leg.trace).collect(),
                    gates,
                })
            }
        }
    }
}

impl TraceGoal {
    fn question(&self, plane: &Dataplane) -> Option<TraceQuestion> {
        let network = plane.network();
        let from = locate::source(network, &self.from).ok()?;
        let to = locate::destination(network, &self.to).ok()?;
        let port = to.port.or((!self.protocol.has_ports()).then_some(0))?;
        Some(TraceQuestion {
            from: (from.endpoint, from.name),
            from_address: from.address,
            to: (to.target, to.name),
            protocol: self.protocol,
            port,
            source_port: self.source_port,
        })
    }
}

fn of_trace(answer: TraceAnswer) -> Found {
    Found {
        verdict: answer.verdict,
        confidence: answer.confidence,
        reason: answer.reason,
        warnings: answer.warnings.clone(),
        traces: vec![answer],
        gates: Vec::new(),
    }
}
