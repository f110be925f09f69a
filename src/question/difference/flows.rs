//! What packets of every sender can do in one network and not in the other.

use super::super::reachability::Disagreement;
use super::compared::ASKED;
use super::effects::{Ask, Effects, Ends, effects};
use crate::answer::{ConfigurationChange, DifferenceAnswer};
use crate::dataplane::Dataplane;
use crate::net::Flow;
use crate::reach;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// One of the two networks.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it does with packets.
    pub plane: &'a Dataplane,
}

/// Makes the public addresses of what is in Azure in one network alone nobody's in the other: packets to them
/// do not reach the estate there, and what a stranger with such an address does is nothing of the estate's.
///
/// Comes before [`difference`], where public addresses may differ. Gives those of both.
pub fn set_apart([before, after]: [&mut Dataplane; 2]) -> BTreeSet<IpAddr> {
    let all: BTreeSet<IpAddr> =
        [&*before, &*after].into_iter().flat_map(Dataplane::estate_addresses).collect();
    before.make_nobodys(&all);
    after.make_nobodys(&all);
    all
}

/// What differs in what packets can do from `before` to `after`; `configuration` is what differs in their
/// configurations.
///
/// Exact for every packet of every sender, up to what is not known on a side. As [`crate::reach::paired`].
///
/// # Errors
/// When a packet that stands for a group fares otherwise when it is traced, which is our bug.
pub fn difference(
    sides: [Side<'_>; 2],
    configuration: Vec<ConfigurationChange>,
) -> Result<DifferenceAnswer, Disagreement> {
    answer(sides, configuration, reach::paired)
}

/// The same answer, with a walk from each place that sends: slow. For tests that compare.
///
/// # Errors
/// As [`difference`].
#[doc(hidden)]
pub fn difference_one_by_one(
    sides: [Side<'_>; 2],
    configuration: Vec<ConfigurationChange>,
) -> Result<DifferenceAnswer, Disagreement> {
    answer(sides, configuration, reach::paired_one_by_one)
}

fn answer(
    [before, after]: [Side<'_>; 2],
    configuration: Vec<ConfigurationChange>,
    ask: Ask,
) -> Result<DifferenceAnswer, Disagreement> {
    let ends = Ends::of([before.plane, after.plane]);
    let Effects { flows, unknown, is_cut, .. } = effects(&ends, &configuration, (&[], ask))?;
    let [only_before, only_after] = ends.only();
    let mut notes = notes([before.plane, after.plane]);
    if is_cut {
        notes.push(format!(
            "of packets that are unknown before and after only {ASKED} were asked for the reason"
        ));
    }
    Ok(DifferenceAnswer {
        before: before.name.to_owned(),
        after: after.name.to_owned(),
        flows,
        unknown: Some(unknown).filter(|unknown| unknown.senders > 0),
        hidden: BTreeMap::new(),
        configuration,
        not_modelled: Vec::new(),
        only_before,
        only_after,
        notes,
        is_partial: false,
    })
}

/// What else packets can do or no longer do, apart from those that are `wished` for.
///
/// # Errors
/// As for [`difference`].
pub(in crate::question) fn side_effects(
    planes: [&Dataplane; 2],
    wished: &[(String, Flow)],
) -> Result<Effects, Disagreement> {
    effects(&Ends::of(planes), &[], (wished, reach::paired))
}

/// What the comparison does not cover.
pub(in crate::question) fn notes(planes: [&Dataplane; 2]) -> Vec<String> {
    let mut notes = vec![
        "names are not compared: only packets to addresses are".to_owned(),
        "which host a request names is not known: firewall rules for some names are maybe"
            .to_owned(),
    ];
    let others = planes.iter().flat_map(|plane| plane.network().not_modelled.values());
    let types: BTreeSet<&str> = others.map(|other| &*other.resource_type).collect();
    if !types.is_empty() {
        let types: Vec<&str> = types.into_iter().collect();
        notes.push(format!("not modelled: {}", types.join(", ")));
    }
    let bringing: BTreeSet<String> =
        planes.iter().flat_map(|plane| plane.network().bringing_anything()).collect();
    notes.extend(bringing.into_iter().map(|it| format!("not modelled: {it}")));
    notes
}
