//! What the device of a site sends into its tunnel, where no BGP tells it (R153).

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::tree::{Node, Value};
use crate::azure::{Site, SiteConnection};
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use ipnet::IpNet;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let lost = [Reason::PrivateAddressOnInternet, Reason::SiteHasNoRoute, Reason::NoRoute];
    if !lost.contains(&obstacle.reason) {
        return Vec::new();
    }
    let network = scene.network();
    let destination = obstacle.flow.destination;
    let spaces = network.virtual_networks.values().flat_map(|it| &it.address_prefixes);
    let spaces: Vec<IpNet> = spaces.filter(|it| it.contains(&destination)).copied().collect();
    let [prefix] = *spaces else { return Vec::new() };
    let of_sender =
        |site: &&Site| site.address_prefixes.iter().any(|own| own.contains(&obstacle.flow.source));
    let sites = network.sites.values().filter(of_sender);
    sites.flat_map(|site| teach(scene, site, prefix)).collect()
}

fn teach(scene: &Scene<'_>, site: &Site, prefix: IpNet) -> Vec<Edit> {
    let numbered = site.connections.iter().enumerate();
    let told = numbered.filter(|(_, it): &(usize, &SiteConnection)| it.known_prefixes.is_some());
    told.filter_map(|(number, _)| {
        let body = scene.snapshot.resources.get(&site.meta.id)?.body.node();
        let mut list = body.get("properties")?.get("connections")?.as_list()?.to_vec();
        add(list.get_mut(number)?, prefix);
        let name = site.meta.name();
        let sentence = format!("let the device of {name} send {prefix} into the tunnel");
        let change = patch::object([("connections", patch::list(list))]);
        let change = scene.change(&site.meta.id, change);
        Some(Edit::new("site-route", sentence, &[153], change))
    })
    .collect()
}

/// One more of the prefixes that a connection's device knows.
fn add(connection: &mut Node, prefix: IpNet) {
    let Value::Object(members) = &mut connection.value else { return };
    let known = members.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("knownPrefixes"));
    if let Some((_, Node { value: Value::List(prefixes), .. })) = known {
        prefixes.push(patch::text(&prefix.to_string()));
    }
}
