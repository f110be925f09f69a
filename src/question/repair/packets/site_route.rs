//! What a site knows of Azure: what its device is configured with (R153), what its filters accept of
//! BGP, and what the profile of clients holds (R154).

use super::scene::Scene;
use super::site;
use crate::answer::{Obstacle, Reason};
use crate::azure::{Site, SiteConnection, SiteConnectionEnd};
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
    let numbered = sites.flat_map(|site| {
        site.connections.iter().enumerate().map(move |(number, it)| (site, number, it))
    });
    numbered
        .flat_map(|(site, number, connection)| {
            let taught = teach(scene, (site, number, connection), prefix);
            taught.into_iter().chain(accept(scene, (site, number, connection), prefix))
        })
        .collect()
}

/// A connection of a site, with its number.
type At<'a> = (&'a Site, usize, &'a SiteConnection);

fn teach(scene: &Scene<'_>, (site, number, connection): At<'_>, prefix: IpNet) -> Option<Edit> {
    let known = connection.known_prefixes.as_ref()?;
    let name = site.meta.name();
    let is_client = matches!(connection.via, SiteConnectionEnd::PointToSite(_));
    let (value, sentence, rules): (_, _, &[u16]) = match is_client {
        true => (patch::nothing(), format!("download the profile of {name} again"), &[154]),
        false => {
            let sentence = format!("let the device of {name} send {prefix} into the tunnel");
            (site::with(known, prefix), sentence, &[153])
        }
    };
    let change = site::change(scene, site, number, ("knownPrefixes", value))?;
    Some(Edit::new("site-route", sentence, rules, change))
}

fn accept(scene: &Scene<'_>, (site, number, connection): At<'_>, prefix: IpNet) -> Option<Edit> {
    let accepted = connection.accepted_prefixes.as_ref()?;
    if accepted.iter().any(|known| known.contains(&prefix)) {
        return None;
    }
    let sentence = format!("let the filters of {} accept {prefix}", site.meta.name());
    let value = site::with(accepted, prefix);
    let change = site::change(scene, site, number, ("acceptedPrefixes", value))?;
    Some(Edit::new("site-filter", sentence, &[361], change))
}
