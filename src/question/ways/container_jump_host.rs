//! By SSH to a container group in a subnet, from a site on premises: a container group in a subnet has no
//! public address, so people come by a gateway.

use super::make::{connect, to_target, way};
use super::site::{self, Door};
use super::survey::Survey;
use crate::azure::{ContainerGroup, Link};
use crate::scenario::Dataflow;

const SSH: u16 = 22;

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let network = survey.network();
    if !network.container_groups.values().any(|group| group.subnet.is_some()) {
        return Err("a container group in a subnet, with an SSH server in it".to_owned());
    }
    let flows = site::doors(survey, |_| true).into_iter().flat_map(|door| {
        let near = network.container_groups.values().filter(|group| stands(survey, group, &door));
        near.map(|group| by(survey, &door, group)).collect::<Vec<_>>()
    });
    let flows: Vec<Dataflow> = flows.collect();
    if flows.is_empty() {
        return Err("a site on premises whose gateway serves the network of a container group, \
                    which a scenario tells"
            .to_owned());
    }
    Ok(flows)
}

/// Does a container group stand in a network behind the door?
fn stands(survey: &Survey<'_>, group: &ContainerGroup, door: &Door) -> bool {
    let subnet = group.subnet.and_then(Link::known);
    subnet.is_some_and(|subnet| door.networks.contains(&survey.network().subnets[subnet].network))
}

fn by(survey: &Survey<'_>, door: &Door, group: &ContainerGroup) -> Dataflow {
    let (sender, host) = (&door.sender, survey.called(&group.meta));
    let title = format!("{sender} reaches {host} through the gateway");
    let legs = vec![
        connect(sender, &format!("{host}:{SSH}"), title, Vec::new()),
        to_target(survey, &host),
    ];
    way(survey, format!("{sender} to the container group {host}"), legs)
}
