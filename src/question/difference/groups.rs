//! Changes that are the same, told together.

use super::super::reachability::Disagreement;
use super::field::{Field, Packets};
use super::replay;
use super::samples::samples;
use crate::answer::{
    ChangeSeverity, ChangeWitness, ConfigurationChange, FlowChange, FlowChangeKind as Kind,
    FlowExtent, FlowPairs, Item, Ranges, Verdict,
};
use crate::diag::Place;
use crate::packet_set::{Set, Sets};
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who is reached.
#[derive(Clone, Debug)]
pub(super) enum Receiver {
    /// Ends in groups.
    Ends(Arc<Ranges>),
    /// What is called so, or addresses that nothing has.
    Named(String),
}

/// What changes between some senders and some receivers, in the same way.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) kind: Kind,
    pub(super) verdicts: [Verdict; 2],
    pub(super) from: Arc<Ranges>,
    pub(super) to: Receiver,
    pub(super) pairs: FlowPairs,
    /// The packets, told so.
    pub(super) packets: Arc<Packets>,
    /// How many headers that are, over all pairs.
    pub(super) headers: BigUint,
    /// The packets, among those between other ends.
    pub(super) set: Set,
    /// Is any of them of TCP, UDP or ICMP? Of others rules seldom speak, so that they are not known mostly.
    pub(super) is_usual: bool,
    /// Of the addresses of ends that are reached.
    pub(super) family: usize,
}

/// What is the same in a group.
type Same = (ChangeSeverity, Kind, Arc<Packets>, [Verdict; 2]);

/// Whom some senders reach: ends and names.
type Reached = (Ranges, BTreeSet<String>);

/// The first and the last of ends in a row.
type Run = (u32, u32);

/// Senders, by whom they reach, each with the changes that say so.
type BySenders = BTreeMap<(FlowPairs, Reached), (Vec<Run>, BTreeSet<usize>)>;

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
        let same = (severity(field, one), one.kind, Arc::clone(&one.packets), one.verdicts);
        rows.entry(same).or_default().push(number);
        extents.entry(one.kind).or_default().headers += &one.headers;
    }
    let mut changes = Vec::new();
    for ((severity, kind, packets, _), numbers) in rows {
        for ((pairs, (to, names)), (from, numbers)) in by_senders(told, &numbers) {
            let numbers: Vec<usize> = numbers.into_iter().collect();
            let from = Ranges::joined(from);
            let extent = extents.entry(kind).or_default();
            extent.pairs += field.counted((&from, &to), pairs) + from.len() * names.len();
            let (witness, items, place) = witness(field, sets, (told, &numbers), &from)?;
            let samples = match configuration {
                [] | [_] => Vec::new(),
                _ => {
                    let told: Vec<&Told> = chosen(told, &numbers).map(|it| it.1).collect();
                    samples(field, sets, (&told, &from), &witness.sent)
                }
            };
            changes.push(FlowChange {
                kind,
                severity,
                from: field.called.senders(&from),
                to: field.called.reached(&to, &names),
                pairs,
                packets: packets.lines.clone(),
                openings: packets.openings.clone(),
                witness,
                causes: causes(configuration, &items),
                samples,
                place,
            });
        }
    }
    Ok((changes, extents))
}

fn severity(field: &Field<'_>, told: &Told) -> ChangeSeverity {
    let is_internet = told.from.iter().next().is_some_and(|end| field.is_internet(end as usize));
    let may_open = is_internet && told.is_usual && told.verdicts[0] != Verdict::Reachable;
    match told.kind {
        Kind::Opened if is_internet => ChangeSeverity::Exposure,
        Kind::Doubtful if may_open && told.verdicts[1] != Verdict::Unreachable => {
            ChangeSeverity::PossibleExposure
        }
        Kind::Opened | Kind::Closed => ChangeSeverity::Change,
        Kind::Rerouted | Kind::Doubtful => ChangeSeverity::Remark,
    }
}

/// Senders that reach the same, with the changes of `numbers` that say so.
fn by_senders(told: &[Told], numbers: &[usize]) -> BySenders {
    let mut found = BySenders::new();
    for (numbers, from) in by_changes(told, numbers) {
        let mut by_pairs: BTreeMap<FlowPairs, Vec<usize>> = BTreeMap::new();
        for (number, one) in chosen(told, &numbers) {
            by_pairs.entry(one.pairs).or_default().push(number);
        }
        for (pairs, numbers) in by_pairs {
            let reached = reached(told, &numbers);
            let (all, known) = found.entry((pairs, reached)).or_default();
            all.extend(&from);
            known.extend(numbers);
        }
    }
    found
}

/// Whom packets of these changes reach, all together.
fn reached(told: &[Told], numbers: &[usize]) -> Reached {
    let (mut ends, mut names) = (Vec::new(), BTreeSet::new());
    for (_, one) in chosen(told, numbers) {
        match &one.to {
            Receiver::Ends(to) => ends.extend(to.as_slice()),
            Receiver::Named(name) => drop(names.insert(name.clone())),
        }
    }
    (Ranges::joined(ends), names)
}

fn chosen<'t>(told: &'t [Told], numbers: &'t [usize]) -> impl Iterator<Item = (usize, &'t Told)> {
    numbers.iter().filter_map(|&number| Some((number, told.get(number)?)))
}

/// Senders, by those changes of `numbers` that are of them: O(n log n) in the runs of all of these.
fn by_changes(told: &[Told], numbers: &[usize]) -> BTreeMap<Vec<usize>, Vec<Run>> {
    // Where each begins, and where it is over.
    let mut marks: Vec<(u32, usize)> = Vec::new();
    for (number, one) in chosen(told, numbers) {
        let runs = one.from.as_slice().iter();
        marks.extend(runs.flat_map(|run| [(run.0, number), (run.1.saturating_add(1), number)]));
    }
    // PERF: marks of each change ascend, so that sorting puts them together only.
    marks.sort();
    let mut found: BTreeMap<Vec<usize>, Vec<Run>> = BTreeMap::new();
    let mut open: Vec<usize> = Vec::new();
    let mut start = 0;
    for &(at, number) in &marks {
        if at > start && !open.is_empty() {
            match found.get_mut(&open) {
                Some(runs) => runs.push((start, at - 1)),
                None => drop(found.insert(open.clone(), vec![(start, at - 1)])),
            }
        }
        start = at;
        match open.binary_search(&number) {
            Ok(place) => drop(open.remove(place)),
            Err(place) => open.insert(place, number),
        }
    }
    found
}

/// One packet of a group, traced.
fn witness(
    field: &Field<'_>,
    sets: &mut Sets,
    (told, numbers): (&[Told], &[usize]),
    from: &Ranges,
) -> Result<(ChangeWitness, Vec<Item>, Option<Place>), Disagreement> {
    for (_, one) in chosen(told, numbers) {
        let mut common = one.from.iter().filter(|&end| from.contains(end));
        let sender = match &one.to {
            Receiver::Ends(to) => field.first((common, to), one.pairs),
            Receiver::Named(_) => common.next().map(|sender| (sender as usize, sender as usize)),
        };
        let Some((sender, to)) = sender else { continue };
        let packets = match one.to {
            Receiver::Ends(_) => field.between(sets, one.set, (sender, to), one.family),
            Receiver::Named(_) => field.sent(sets, one.set, sender),
        };
        if let Some(flow) = sets.witness(packets) {
            let senders = field.places(sender);
            let (witness, items) = replay::witness(flow, senders, one.verdicts)?;
            let place = match &one.to {
                Receiver::Ends(_) => replay::place_of(field.places(to)),
                Receiver::Named(_) if !field.receivers.has(flow.destination) => None,
                Receiver::Named(_) => replay::place_of_owner(flow, senders),
            };
            return Ok((witness, items, place.or_else(|| replay::place_of(senders))));
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
            let values = [&change.1.before, &change.1.after].into_iter().flatten();
            let mut names = values.map(|value| value.trim_matches('"'));
            names.any(|name| name.eq_ignore_ascii_case(resource.as_str()))
                || changed == resource
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
