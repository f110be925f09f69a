//! A role of the principal permits an operation.

use super::Scene;
use super::finding::{by, fails, holds, unsure};
use super::permission::{Operation, Permitted, permitted};
use crate::answer::{GateAnswer, Reason};
use crate::id::ResourceId;
use crate::question::locate::{self, Refusal};

const KIND: &str = "role";

pub(super) fn judge(scene: &Scene<'_>, action: &str, on: &str) -> Result<Vec<GateAnswer>, Refusal> {
    let on = locate::resource(scene.network(), on)?;
    Ok(vec![check(scene, action, &on, &[394])])
}

/// Is `action` of the control plane permitted on `on`?
pub(super) fn check(scene: &Scene<'_>, action: &str, on: &ResourceId, rules: &[u16]) -> GateAnswer {
    let operation = Operation { name: action, is_data: false };
    let (who, target) = (scene.who(), on.name());
    match permitted(scene, operation, on) {
        Permitted::Yes(item, role) => {
            by(item, holds(KIND, format!("{who} has {role}: {action} on {target}"), rules))
        }
        Permitted::No => {
            let text = format!("no role of {who} permits {action} on {target}");
            fails(KIND, Reason::RoleMissing, text, rules)
        }
        Permitted::Unknown(why) => {
            let text = format!("whether {who} may {action} on {target} is not known: {why}");
            unsure(KIND, Reason::NotGiven, text, rules)
        }
    }
}
