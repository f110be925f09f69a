//! Over the Internet: to the public name or address of the target (R438, R439).

use super::make::{control, sign_in, to_target, way};
use super::survey::Survey;
use crate::scenario::{ControlPlane, Dataflow};

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    if let Some(cluster) = survey.target_cluster()
        && cluster.is_private
    {
        let name = cluster.meta.name();
        return Err(format!("a public API server, and that of {name} is private"));
    }
    let login = "Microsoft Entra ID lets the user in";
    let mut legs = Vec::new();
    if survey.cluster.is_some() {
        legs.push(control(survey, ControlPlane::EntraId, login, vec![sign_in("kubernetes")]));
    }
    legs.push(to_target(survey, &survey.client));
    Ok(vec![way(survey, format!("{} over the Internet", survey.client), legs)])
}
