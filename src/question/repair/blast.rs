//! What else a change does to packets.

use super::goal::Found;
use crate::answer::{Blast, ConfigurationChange, FlowChangeKind as Kind};
use crate::azure::Snapshot;
use crate::dataplane::Dataplane;
use crate::id::ResourceId;
use crate::net::Flow;
use crate::question::Disagreement;
use crate::question::difference::{Effects, Trial, configuration_changes, notes, side_effects};
use crate::reach::unlike_places;

/// Compares networks with the one that `before` makes.
pub(super) struct Radius<'a> {
    before: (&'a Snapshot, &'a Dataplane),
    trial: Option<Trial>,
}

impl<'a> Radius<'a> {
    pub(super) const fn new(snapshot: &'a Snapshot, plane: &'a Dataplane) -> Self {
        Self { before: (snapshot, plane), trial: None }
    }

    /// Compares all packets of all senders, apart from those of the traces of `found`, which were wished
    /// for. Of changes of rules and routes only packets that they can touch count as unknown.
    ///
    /// # Errors
    /// When the engines disagree about a packet, which is our bug.
    pub(super) fn of(
        &mut self,
        (snapshot, plane): (&Snapshot, &Dataplane),
        found: &Found,
    ) -> Result<Blast, Disagreement> {
        let (old, before) = self.before;
        let planes = [before, plane];
        let effects = if is_local(planes, &configuration_changes(old, snapshot)) {
            let trial = self.trial.get_or_insert_with(|| Trial::prepared(before));
            trial.effects(planes, &unlike_places(planes), &wished(found))?
        } else {
            side_effects(planes, &wished(found))?
        };
        Ok(blast(planes, effects))
    }
}

/// Do the networks differ in rules of groups and routes of tables only, and does nothing else follow from
/// these? As for [`crate::dataplane::Workbench::change`].
fn is_local([before, after]: [&Dataplane; 2], changes: &[ConfigurationChange]) -> bool {
    let network = before.network();
    let is_simple = before.locations.len() == after.locations.len()
        && network.just_in_time_policies.is_empty()
        && network.unknown_values.is_empty();
    let gateways = network.virtual_network_gateways.values();
    let beside_gateways: Vec<&ResourceId> = gateways
        .filter_map(|gateway| network.subnets[gateway.subnet?.known()?].route_table?.known())
        .map(|table| &network.route_tables[table].meta.id)
        .collect();
    let is_local = |change: &ConfigurationChange| {
        let path = change.path.to_ascii_lowercase();
        let path = path.strip_prefix("/properties").unwrap_or(&path);
        let is_within = |list: &str| path.starts_with(&format!("/{list}"));
        let kind = change.resource.resource_type().map(|kind| kind.to_ascii_lowercase());
        match kind.as_deref() {
            Some("microsoft.network/networksecuritygroups") => is_within("securityrules"),
            Some("microsoft.network/routetables") => {
                is_within("routes") && !beside_gateways.contains(&&change.resource)
            }
            _ => false,
        }
    };
    is_simple && changes.iter().all(is_local)
}

fn blast(planes: [&Dataplane; 2], effects: Effects) -> Blast {
    let mut extents = effects.extents;
    let mut extent = |kind| extents.remove(&kind).unwrap_or_default();
    Blast {
        opened: extent(Kind::Opened),
        closed: extent(Kind::Closed),
        rerouted: extent(Kind::Rerouted),
        doubtful: extent(Kind::Doubtful),
        flows: effects.flows,
        is_exact: effects.unknown.senders == 0,
        unknown: Some(effects.unknown).filter(|unknown| unknown.senders > 0),
        notes: notes(planes),
    }
}

/// The packets that should work, with the names of their senders.
fn wished(found: &Found) -> Vec<(String, Flow)> {
    let paths = found.traces.iter().filter_map(|trace| trace.paths.first());
    let first = paths.filter_map(|path| path.request.first());
    first.map(|hop| (hop.at.clone(), hop.flow)).collect()
}
