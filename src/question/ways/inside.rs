//! From where people are already inside the estate: a machine or a container that is asked about as client.

use super::make::{to_target, way};
use super::survey::Survey;
use crate::question::Endpoint;
use crate::scenario::Dataflow;

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let is_inside =
        matches!(survey.client_end, Endpoint::Interface(_) | Endpoint::ContainerGroup(_));
    if !is_inside {
        return Err("people at a machine in a network, as in `--from jumpbox`".to_owned());
    }
    let client = &survey.client;
    Ok(vec![way(survey, format!("{client} to the target itself"), vec![to_target(survey, client)])])
}
