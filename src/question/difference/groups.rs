//! Changes that are the same, told together.

use super::super::reachability::Disagreement;
use super::compared::Told;
use super::replay::{self, Sender};
use crate::answer::{
    ChangeSeverity, ConfigurationChange, FlowChange, FlowChangeKind as Kind, FlowExtent, Item,
    Verdict,
};
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};

/// What changes between one sender and one receiver.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) kind: Kind,
    /// Does it come from the Internet?
    pub(super) is_internet: bool,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) packets: Vec<String>,
    /// How many headers that are.
    pub(super) headers: BigUint,
}

/// What is the same in a group.
type Same = (ChangeSeverity, Kind, Vec<String>, [Verdict; 2]);

/// Changes, by what is the same.
pub(super) struct Groups<'a> {
    configuration: &'a [ConfigurationChange],
    /// Then by sender: whom it reaches, with one change that stands for them.
    rows: BTreeMap<Same, BTreeMap<String, (BTreeSet<String>, FlowChange)>>,
    extents: BTreeMap<Kind, FlowExtent>,
}

impl<'a> Groups<'a> {
    pub(super) const fn new(configuration: &'a [ConfigurationChange]) -> Self {
        Self { configuration, rows: BTreeMap::new(), extents: BTreeMap::new() }
    }

    /// Adds a change; the first of those that are the same is traced.
    pub(super) fn add(
        &mut self,
        (row, flow, verdicts): Told,
        senders: [Sender<'_>; 2],
    ) -> Result<(), Disagreement> {
        let severity = match (row.kind, row.is_internet) {
            (Kind::Opened, true) => ChangeSeverity::Exposure,
            (Kind::Opened | Kind::Closed, _) => ChangeSeverity::Change,
            (Kind::Rerouted | Kind::Doubtful, _) => ChangeSeverity::Remark,
        };
        let extent = self.extents.entry(row.kind).or_default();
        extent.headers += &row.headers;
        let same = (severity, row.kind, row.packets.clone(), verdicts);
        let by_sender = self.rows.entry(same).or_default();
        if let Some((to, _)) = by_sender.get_mut(&row.from) {
            extent.pairs += usize::from(to.insert(row.to));
            return Ok(());
        }
        extent.pairs += 1;
        let (witness, items) = replay::witness(flow, senders, verdicts)?;
        let change = FlowChange {
            kind: row.kind,
            severity,
            from: Vec::new(),
            to: Vec::new(),
            packets: row.packets,
            witness,
            causes: causes(self.configuration, &items),
        };
        by_sender.insert(row.from, (BTreeSet::from([row.to]), change));
        Ok(())
    }

    /// The groups, the gravest first, and how much of each kind there is.
    pub(super) fn finish(self) -> (Vec<FlowChange>, BTreeMap<Kind, FlowExtent>) {
        let mut changes = Vec::new();
        for by_sender in self.rows.into_values() {
            let mut by_receivers: BTreeMap<Vec<String>, FlowChange> = BTreeMap::new();
            for (from, (to, change)) in by_sender {
                let group = by_receivers.entry(to.into_iter().collect()).or_insert(change);
                group.from.push(from);
            }
            for (to, change) in by_receivers {
                changes.push(FlowChange { to, ..change });
            }
        }
        (changes, self.extents)
    }
}

/// The changes of the configuration that evidence rests on: those of its resources, and of these the
/// ones that name the part where any does.
fn causes(configuration: &[ConfigurationChange], items: &[Item]) -> Vec<usize> {
    let mut causes: Vec<usize> = Vec::new();
    for item in items {
        let Some(resource) = &item.resource else { continue };
        let is_of = |change: &&(usize, &ConfigurationChange)| {
            let changed = &change.1.resource;
            changed == resource
                || resource.parent().as_ref() == Some(changed)
                || changed.parent().as_ref() == Some(resource)
        };
        let all: Vec<(usize, &ConfigurationChange)> = configuration.iter().enumerate().collect();
        let near: Vec<&(usize, &ConfigurationChange)> = all.iter().filter(is_of).collect();
        let part = item.name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let named = near.iter().filter(|change| {
            let steps = change.1.path.split('/');
            !part.is_empty() && { steps }.any(|step| step.eq_ignore_ascii_case(&part))
        });
        let named: Vec<usize> = named.map(|change| change.0).collect();
        causes.extend(if named.is_empty() { near.iter().map(|it| it.0).collect() } else { named });
    }
    causes.sort_unstable();
    causes.dedup();
    causes
}
