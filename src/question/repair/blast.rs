//! What else a change opens and closes.

use super::goal::{Found, Goal};
use crate::answer::{Blast, HopKind, TraceAnswer};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::Flow;
use crate::trace::{Ask, Fate, verdict};
use std::collections::BTreeMap;

/// So many other places are asked on either side of each flow.
const PLACES_MAX: usize = 500;

/// Compares, for each flow of the goal, every other sender to the same destination, and the same sender
/// to every other destination, on the same port.
pub(super) fn radius(
    before: &Dataplane,
    after: &Dataplane,
    _goal: &Goal<'_>,
    found: &Found,
) -> Blast {
    let (old, new) = (Places::of(before), Places::of(after));
    let mut blast = Blast::default();
    let mut pairs = 0;
    for trace in &found.traces {
        let Some((from, to, flow)) = ends(&new, trace) else { continue };
        let senders = new.senders(after).into_iter();
        let mut others: Vec<(String, String)> = senders.map(|it| (it, to.clone())).collect();
        others.extend(new.names().map(|it| (from.clone(), it)));
        for (from_name, to_name) in others.into_iter().take(2 * PLACES_MAX) {
            if from_name == to_name || (from_name == from && to_name == to) {
                continue;
            }
            pairs += 1;
            let was = old.works(before, &from_name, &to_name, flow);
            let is = new.works(after, &from_name, &to_name, flow);
            let words =
                format!("{from_name} -> {to_name} {} {}", flow.protocol, flow.destination_ports);
            match (was, is) {
                (Some(false) | None, Some(true)) if !blast.opened.contains(&words) => {
                    blast.opened.push(words);
                }
                (Some(true), Some(false) | None) if !blast.closed.contains(&words) => {
                    blast.closed.push(words);
                }
                _ => {}
            }
        }
    }
    blast.checked = format!(
        "checked on the same ports, from every sender to the same destinations and from the same senders to \
         every destination: {pairs} pairs"
    );
    blast
}

/// Sender, receiver and header of a traced packet.
fn ends(places: &Places, trace: &TraceAnswer) -> Option<(String, String, Flow)> {
    let path = trace.paths.first()?;
    let (first, last) = (path.request.first()?, path.request.last()?);
    let known = |name: &str| places.0.contains_key(name).then(|| name.to_owned());
    Some((known(&first.at)?, known(&last.at)?, first.flow))
}

/// Locations by name, those whose name is not the only one of its kind left out.
struct Places(BTreeMap<String, Option<Id<Location>>>);

impl Places {
    fn of(plane: &Dataplane) -> Self {
        let mut found: BTreeMap<String, Option<Id<Location>>> = BTreeMap::new();
        for (id, location) in plane.locations.iter() {
            let entry = found.entry(location.name.to_string());
            entry.and_modify(|it| *it = None).or_insert(Some(id));
        }
        Self(found)
    }

    fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter(|(_, id)| id.is_some()).map(|(name, _)| name.clone()).take(PLACES_MAX)
    }

    /// Names of what sends packets of its own accord: machines and sites (R293).
    fn senders(&self, plane: &Dataplane) -> Vec<String> {
        let sends = |id: Id<Location>| {
            let kind = plane.locations[id].kind;
            matches!(kind, HopKind::NetworkInterface | HopKind::Site | HopKind::Internet)
        };
        let all = self.0.iter().filter(|(_, id)| id.is_some_and(sends));
        all.map(|(name, _)| name.clone()).take(PLACES_MAX).collect()
    }

    /// Does a packet on the port of `flow` get from one place to the other and back? None when it
    /// cannot be said.
    fn works(&self, plane: &Dataplane, from: &str, to: &str, flow: Flow) -> Option<bool> {
        let (from, to) = (self.0.get(from).copied()??, self.0.get(to).copied()??);
        let (sender, receiver) = (&plane.locations[from], &plane.locations[to]);
        let destination = receiver.address_like(flow.destination)?;
        let source =
            sender.address_like(destination).or_else(|| plane.default_source(from, destination))?;
        let flow = Flow { source, destination, ..flow };
        match verdict(plane, &Ask { from, flow, target: Some(to), host: None }) {
            Fate::Arrives => Some(true),
            Fate::Stops => Some(false),
            Fate::Unsure => None,
        }
    }
}
