//! Legs and gates, put together.

use super::survey::Survey;
use crate::azure::VirtualMachine;
use crate::diag::Place;
use crate::net::Protocol;
use crate::scenario::{Condition, ControlPlane, Dataflow, Gate, Leg, LegStep, Travel, TravelEnd};

fn nowhere() -> Place {
    Place { file: "ways".into(), pointer: "".into(), span: None, line: None }
}

/// A way with these legs.
pub(super) fn way(survey: &Survey<'_>, name: String, legs: Vec<Leg>) -> Dataflow {
    let principal = survey.principal.clone();
    let ignores_identity = principal.is_none();
    Dataflow {
        name,
        about: None,
        documentation: None,
        principal,
        ignores_identity,
        legs,
        place: nowhere(),
    }
}

/// A leg with one step.
fn leg(title: String, travel: Option<Travel>, conditions: Vec<Condition>) -> Leg {
    let gate = |condition| Gate { condition, place: nowhere() };
    let gates = conditions.into_iter().map(gate).collect();
    Leg {
        principal: None,
        travel,
        established_at: None,
        steps: vec![LegStep { title, ends: None, gates }],
        place: nowhere(),
    }
}

/// From one place to another by TCP.
pub(super) fn connect(from: &str, to: &str, title: String, conditions: Vec<Condition>) -> Leg {
    let to = TravelEnd::Destination(to.to_owned());
    leg(title, Some(travel(from, to)), conditions)
}

/// From the client to a service of the control plane.
pub(super) fn control(
    survey: &Survey<'_>,
    service: ControlPlane,
    title: &str,
    conditions: Vec<Condition>,
) -> Leg {
    let travel = travel(&survey.client, TravelEnd::Service(service));
    leg(title.to_owned(), Some(travel), conditions)
}

/// From a place of the estate to a service of the control plane.
pub(super) fn control_from(from: &str, service: ControlPlane, title: &str) -> Leg {
    leg(title.to_owned(), Some(travel(from, TravelEnd::Service(service))), Vec::new())
}

fn travel(from: &str, to: TravelEnd) -> Travel {
    Travel { from: from.to_owned(), to, protocol: Protocol::Tcp, source_port: None }
}

/// The last leg: to the target, and what the API server of a cluster asks for.
pub(super) fn to_target(survey: &Survey<'_>, from: &str) -> Leg {
    let title = format!("{from} reaches {}", survey.target);
    connect(from, &survey.target, title, cluster_conditions(survey))
}

/// The same way to `other` where it goes to `target`.
pub(super) fn to_another(flow: &Dataflow, target: &str, other: &str) -> Dataflow {
    let mut flow = flow.clone();
    for leg in &mut flow.legs {
        let Some(travel) = &mut leg.travel else { continue };
        if travel.to == TravelEnd::Destination(target.to_owned()) {
            travel.to = TravelEnd::Destination(other.to_owned());
            for step in &mut leg.steps {
                step.title = step.title.replace(target, other);
            }
        }
    }
    flow
}

/// From a machine on to the target; none where that is the machine itself.
pub(super) fn onwards(survey: &Survey<'_>, machine: &VirtualMachine) -> Option<Leg> {
    (!survey.is_target(machine)).then(|| to_target(survey, &survey.called(&machine.meta)))
}

/// What it takes to use a cluster besides reaching it (R472, R473).
pub(super) fn cluster_conditions(survey: &Survey<'_>) -> Vec<Condition> {
    let Some(cluster) = survey.target_cluster() else { return Vec::new() };
    let cluster = cluster.meta.id.to_string();
    vec![
        Condition::ClusterCredential { cluster: cluster.clone(), is_admin: false },
        Condition::Kubernetes {
            cluster,
            verb: "list".to_owned(),
            resource: "pods".to_owned(),
            namespace: None,
        },
    ]
}

/// Somebody signs in to an application.
pub(super) fn sign_in(application: &str) -> Condition {
    Condition::SignIn { application: application.to_owned() }
}
