//! What does a location specifier mean?

use super::locate::{Ends, Side, ends};
use super::reachability::{facing, leading_to, nobody};
use crate::answer::{MeantPlaces, PlaceRow, PlacesAnswer};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::diag::Diagnostic;
use crate::id::Id;
use crate::net::AddressSet;
use crate::scenario::Spec;

/// The places and addresses that `spec` means at either end of a packet.
///
/// # Errors
/// When it means nothing at either end.
pub fn places(plane: &Dataplane, spec: &Spec) -> Result<PlacesAnswer, Box<Diagnostic>> {
    let (sources, destinations) =
        (ends(plane, spec, Side::Source), ends(plane, spec, Side::Destination));
    if let (Err(refusal), Err(_)) = (&sources, &destinations) {
        return Err(refusal.clone());
    }
    let answer = PlacesAnswer {
        specifier: spec.text.clone(),
        sources: meant(plane, sources, Side::Source),
        destinations: meant(plane, destinations, Side::Destination),
    };
    let is_nobody = |meant: &MeantPlaces| meant.places.is_empty() && meant.addresses.is_empty();
    if is_nobody(&answer.sources) && is_nobody(&answer.destinations) {
        return Err(nobody(spec));
    }
    Ok(answer)
}

fn meant(plane: &Dataplane, ends: Result<Ends, Box<Diagnostic>>, side: Side) -> MeantPlaces {
    let ends = match ends {
        Ok(ends) => ends,
        Err(refusal) => {
            return MeantPlaces { refused: Some(refusal.message), ..MeantPlaces::default() };
        }
    };
    let facing = facing(plane);
    let rows = plane.locations.ids().filter_map(|at| {
        let meant = ends.at(at);
        let own = plane.addresses_at(at).intersection(meant);
        let is_meant = match side {
            Side::Source => !own.is_empty(),
            Side::Destination => {
                let is_led_to = || !leading_to(plane, at, &facing, meant).is_empty();
                meant != ends.elsewhere() && (!own.is_empty() || is_led_to())
            }
        };
        is_meant.then(|| row(plane, at, &own))
    });
    let mut places: Vec<PlaceRow> = rows.collect();
    places.sort();
    let addresses = match side {
        Side::Source => Vec::new(),
        Side::Destination => ends.elsewhere().prefixes(),
    };
    MeantPlaces { places, addresses, refused: None }
}

fn row(plane: &Dataplane, at: Id<Location>, addresses: &AddressSet) -> PlaceRow {
    let location = &plane.locations[at];
    let is_everybody = plane.stands_for_others(at) && *addresses == plane.addresses_at(at);
    PlaceRow {
        realm: plane.realms[location.realm].name.to_string(),
        name: location.name.to_string(),
        kind: location.kind,
        addresses: if is_everybody { Vec::new() } else { addresses.prefixes() },
        resource: location.evidence.and_then(|evidence| plane.item(evidence).resource),
    }
}
