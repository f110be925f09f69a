//! A role of the principal permits an operation.

use super::Scene;
use super::finding::{by, fails, holds, mended_by, unsure};
use super::permission::{Operation, Permitted, permitted};
use crate::answer::{GateAnswer, Reason, Remedy};
use crate::azure::BuiltInRole;
use crate::id::ResourceId;
use crate::question::locate::{self, Refusal};

const KIND: &str = "role";

pub(super) fn judge(scene: &Scene<'_>, action: &str, on: &str) -> Result<Vec<GateAnswer>, Refusal> {
    let on = locate::resource(scene.network(), on)?;
    let operation = Operation { name: action, is_data: BuiltInRole::is_of_data_plane(action) };
    Ok(vec![check_operation(scene, operation, &on, &[394])])
}

/// Is `action` of the control plane permitted on `on`?
pub(super) fn check(scene: &Scene<'_>, action: &str, on: &ResourceId, rules: &[u16]) -> GateAnswer {
    check_operation(scene, Operation { name: action, is_data: false }, on, rules)
}

fn check_operation(
    scene: &Scene<'_>,
    operation: Operation<'_>,
    on: &ResourceId,
    rules: &[u16],
) -> GateAnswer {
    let action = operation.name;
    let (who, target) = (scene.who(), on.name());
    match permitted(scene, operation, on) {
        Permitted::Yes(item, role) => {
            by(item, holds(KIND, format!("{who} has {role}: {action} on {target}"), rules))
        }
        Permitted::No => {
            let text = format!("no role of {who} permits {action} on {target}");
            let remedy = role_for(scene, operation, on);
            mended_by(remedy, fails(KIND, Reason::RoleMissing, text, rules))
        }
        Permitted::Unknown(why) => {
            let text = format!("whether {who} may {action} on {target} is not known: {why}");
            let remedy = role_for(scene, operation, on);
            mended_by(remedy, unsure(KIND, Reason::NotGiven, text, rules))
        }
    }
}

/// The role that who acts would need.
pub(super) fn role_for(scene: &Scene<'_>, operation: Operation<'_>, on: &ResourceId) -> Remedy {
    Remedy::Role {
        principal: scene.acting().map(|principal| principal.meta.id.clone()),
        operation: operation.name.to_owned(),
        is_data: operation.is_data,
        on: on.clone(),
    }
}
