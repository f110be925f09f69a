//! A rule of one's own leaves a port open that just-in-time access is there to close (R437).

use super::Scene;
use crate::answer::{Caution, CautionKind, StepKind, Verdict};
use crate::azure::Link;

/// How rules of just-in-time access are called.
const MARK: &str = "JITRule";

pub(super) fn find(scene: &Scene<'_>) -> Option<Caution> {
    let trace = scene.leg.trace.as_ref().filter(|it| it.verdict == Verdict::Reachable)?;
    let last = trace.paths.first()?.request.last()?;
    let machine = scene.machine_at(last)?;
    let port = last.flow.destination_ports.first();
    let policies = scene.network().just_in_time_policies.values();
    let mut guards = policies.flat_map(|policy| &policy.ports);
    guards.find(|guard| guard.machine == Link::To(machine) && guard.port == port)?;
    let filters = last.steps.iter().filter(|step| step.kind == StepKind::Filter);
    let mut items = filters.filter_map(|step| step.decided_by.as_ref());
    let open = items.find(|item| !item.name.contains(MARK))?;
    let text = format!(
        "{} leaves port {port} open, whatever requests say: just-in-time access puts its rules behind \
         those that are there",
        open.name
    );
    Some(scene.say(CautionKind::PortOpenBesideRequests, text, Some(open.clone()), &[436, 437]))
}
