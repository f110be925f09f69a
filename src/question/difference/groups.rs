//! Changes that are the same, told together.

use super::super::reachability::Disagreement;
use super::field::Field;
use super::replay;
use crate::answer::{
    ChangeSeverity, ChangeWitness, ConfigurationChange, FlowChange, FlowChangeKind as Kind,
    FlowExtent, FlowPairs, Item, Verdict,
};
use crate::packet_set::{Set, Sets};
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};

/// Who is reached.
#[derive(Clone, Debug)]
pub(super) enum Receiver {
    /// Ends in groups.
    Ends(Vec<usize>),
    /// What is called so, or addresses that nothing has.
    Named(String),
}

/// What changes between some senders and some receivers, in the same way.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) kind: Kind,
    pub(super) verdicts: [Verdict; 2],
    pub(super) from: Vec<usize>,
    pub(super) to: Receiver,
    pub(super) pairs: FlowPairs,
    /// The packets in words.
    pub(super) packets: Vec<String>,
    /// How many headers that are, over all pairs.
    pub(super) headers: BigUint,
    /// The packets, among those between other ends.
    pub(super) set: Set,
    /// Of the addresses of ends that are reached.
    pub(super) family: usize,
}

/// What is the same in a group.
type Same = (ChangeSeverity, Kind, Vec<String>, [Verdict; 2]);

/// Whom some senders reach: ends, ascending, and names.
type Reached = (Vec<usize>, BTreeSet<String>);

/// Senders, by whom they reach, each with the changes that say so.
type BySenders = BTreeMap<(FlowPairs, Reached), (Vec<usize>, Vec<usize>)>;

/// The groups, the gravest first, and how much of each kind there is.
///
/// # Errors
/// When the packet that stands for a group fares otherwise when it is traced.
pub(super) fn groups(
    field: &Field<'_>,
    sets: &mut Sets,
    told: &[Told],
    configuration: &[ConfigurationChange],
) -> Result<(Vec<FlowChange>, BTreeMap<Kind, FlowExtent>), Disagreement> {
    let mut rows: BTreeMap<Same, Vec<usize>> = BTreeMap::new();
    let mut extents: BTreeMap<Kind, FlowExtent> = BTreeMap::new();
    for (number, one) in told.iter().enumerate() {
        let same = (severity(field, one), one.kind, one.packets.clone(), one.verdicts);
        rows.entry(same).or_default().push(number);
        extents.entry(one.kind).or_default().headers += &one.headers;
    }
    let mut changes = Vec::new();
    for ((severity, kind, packets, _), numbers) in rows {
        for ((pairs, (to, names)), (mut from, numbers)) in by_senders(told, &numbers) {
            // PERF: runs that ascend are only put together.
            from.sort();
            let extent = extents.entry(kind).or_default();
            extent.pairs += field.counted((&from, &to), pairs) + from.len() * names.len();
            let (witness, items) = witness(field, sets, (told, &numbers), &from)?;
            changes.push(FlowChange {
                kind,
                severity,
                from: field.called.senders(&from),
                to: field.called.reached(&to, &names),
                pairs,
                packets: packets.clone(),
                witness,
                causes: causes(configuration, &items),
            });
        }
    }
    Ok((changes, extents))
}

fn severity(field: &Field<'_>, told: &Told) -> ChangeSeverity {
    let is_internet = told.from.first().is_some_and(|&end| field.is_internet(end));
    match (told.kind, is_internet) {
        (Kind::Opened, true) => ChangeSeverity::Exposure,
        (Kind::Opened | Kind::Closed, _) => ChangeSeverity::Change,
        (Kind::Rerouted | Kind::Doubtful, _) => ChangeSeverity::Remark,
    }
}

/// Senders that reach the same, with the changes of `numbers` that say so.
fn by_senders(told: &[Told], numbers: &[usize]) -> BySenders {
    let chosen = || numbers.iter().filter_map(|&number| Some((number, told.get(number)?)));
    let mut each: Vec<(usize, usize)> =
        chosen().flat_map(|(number, one)| one.from.iter().map(move |&end| (end, number))).collect();
    each.sort();
    // Ends that the same changes are of.
    let mut alike: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    let of_ends: Vec<&[(usize, usize)]> = each.chunk_by(|a, b| a.0 == b.0).collect();
    let changes = |of_end: &[(usize, usize)]| of_end.iter().map(|it| it.1).collect::<Vec<_>>();
    let is_alike = |a: &[(usize, usize)], b: &[(usize, usize)]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.1 == b.1)
    };
    for run in of_ends.chunk_by(|a, b| is_alike(a, b)) {
        let Some(first) = run.first() else { continue };
        let ends = run.iter().filter_map(|of_end| Some(of_end.first()?.0));
        alike.entry(changes(first)).or_default().extend(ends);
    }
    let mut found = BySenders::new();
    for (numbers, from) in alike {
        let mut by_pairs: BTreeMap<FlowPairs, (Reached, Vec<usize>)> = BTreeMap::new();
        for (number, one) in numbers.iter().filter_map(|&number| Some((number, told.get(number)?)))
        {
            let ((ends, names), numbers) = by_pairs.entry(one.pairs).or_default();
            match &one.to {
                Receiver::Ends(to) => ends.extend(to),
                Receiver::Named(name) => drop(names.insert(name.clone())),
            }
            numbers.push(number);
        }
        for (pairs, (mut reached, numbers)) in by_pairs {
            reached.0.sort();
            reached.0.dedup();
            let (all, known) = found.entry((pairs, reached)).or_default();
            all.extend(&from);
            *known = numbers;
        }
    }
    found
}

/// One packet of a group, traced.
fn witness(
    field: &Field<'_>,
    sets: &mut Sets,
    (told, numbers): (&[Told], &[usize]),
    from: &[usize],
) -> Result<(ChangeWitness, Vec<Item>), Disagreement> {
    for one in numbers.iter().filter_map(|&number| told.get(number)) {
        let is_common = |end: &usize| from.binary_search(end).is_ok();
        let mut common = one.from.iter().copied().filter(is_common);
        let sender = match &one.to {
            Receiver::Ends(to) => field.first((common, to), one.pairs),
            Receiver::Named(_) => common.next().map(|sender| (sender, sender)),
        };
        let Some((sender, to)) = sender else { continue };
        let packets = match one.to {
            Receiver::Ends(_) => field.between(sets, one.set, (sender, to), one.family),
            Receiver::Named(_) => field.sent(sets, one.set, sender),
        };
        if let Some(flow) = sets.witness(packets) {
            return replay::witness(flow, field.places(sender), one.verdicts);
        }
    }
    unreachable!("each group has a packet")
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
