//! What the guest of an appliance does, which no setting of Azure's decides.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason, StepKind};
use crate::azure::{ApplianceKind, Link, NetworkInterface};
use crate::id::{Id, ResourceId};
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    // R85, R117: its own address as source.
    let translates =
        [Reason::ForeignSource, Reason::PrivateEndpointBehindAppliance].contains(&obstacle.reason);
    let found = if translates {
        change(scene, obstacle, ApplianceKind::Snat)
    } else if obstacle.reason == Reason::ApplianceDoesNotForward {
        change(scene, obstacle, ApplianceKind::Router)
    } else {
        None
    };
    found.into_iter().collect()
}

/// The last appliance that passed the packet on, or should have.
fn appliance(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Id<NetworkInterface>> {
    let path = scene.trace.paths.iter().find(|path| path.obstacles.contains(obstacle))?;
    let hops = if obstacle.on_reply { &path.reply } else { &path.request };
    let passing = hops.iter().chain(&path.request).filter(|hop| {
        hop.at == obstacle.at || hop.steps.iter().any(|step| step.kind == StepKind::Forward)
    });
    let nics = |id: &ResourceId| {
        let mut nics = scene.network().network_interfaces.iter();
        nics.find(|(_, nic)| nic.meta.id == *id && nic.forwards_ip.is_on()).map(|(id, _)| id)
    };
    let mut passing = passing.filter_map(|hop| nics(hop.resource.as_ref()?));
    passing.next()
}

fn change(scene: &Scene<'_>, obstacle: &Obstacle, kind: ApplianceKind) -> Option<Edit> {
    let network = scene.network();
    let nic = appliance(scene, obstacle)?;
    let (word, what) = match kind {
        ApplianceKind::Snat => ("snat", "translate the source to its own address"),
        ApplianceKind::Router | ApplianceKind::StatefulFirewall | ApplianceKind::Host => {
            ("router", "forward packets")
        }
    };
    let mut appliances = network.appliances.values();
    let known = appliances.find(|it| it.interfaces.contains(&Link::To(nic)));
    let name = network.network_interfaces[nic].meta.name();
    let body = patch::text(word);
    let patch = match known {
        Some(appliance) => scene.change(&appliance.meta.id, patch::object([("kind", body)])),
        None => {
            let interface = network.network_interfaces[nic].meta.id.as_str();
            let interfaces = patch::list(vec![patch::text(interface)]);
            let id = ResourceId::new(&format!("/hopwise/appliances/{name}"));
            let appliance = [("networkInterfaces", interfaces), ("kind", body)];
            patch::create(&id, patch::object(appliance))
        }
    };
    let sentence = format!("let the guest behind {name} {what}");
    Some(Edit::new("appliance", sentence, &[84, 85, 117], patch))
}
