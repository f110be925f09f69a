//! A query for a name that is lost on its way to a server: what stops it as a packet (R238).

use super::Scene;
use crate::answer::{Obstacle, Reason};
use crate::net::{Flow, Protocol};
use crate::question::repair::edit::Edit;
use crate::question::repair::search::Bench;
use crate::question::{Target, TraceQuestion, locate, trace};

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let answer = scene.trace.name.as_ref().filter(|_| obstacle.reason == Reason::NameTimeout);
    let lost = answer.into_iter().flat_map(|answer| &answer.steps).filter_map(|step| step.lost);
    lost.flat_map(|query| of_query(scene, query)).collect()
}

fn of_query(scene: &Scene<'_>, query: Flow) -> Vec<Edit> {
    let Ok(from) = locate::source(scene.network(), &query.source.to_string()) else {
        return Vec::new();
    };
    let question = TraceQuestion {
        from: (from.endpoint, from.name),
        from_address: from.address,
        to: (Target::Address(query.destination), query.destination.to_string()),
        protocol: Protocol::Udp,
        port: query.destination_ports.first(),
        source_port: None,
    };
    let trace = trace(scene.plane, &question);
    let bench = Bench { snapshot: scene.snapshot, plane: scene.plane };
    trace.obstacles.iter().flat_map(|obstacle| super::edits(&bench, &trace, obstacle)).collect()
}
