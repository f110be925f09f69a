//! Who can reach what, over all packets at once?
//!
//! The symbolic engine answers; of everything that is shown one packet is followed by the concrete engine
//! first.

mod alike;
mod boxes;
pub mod claim;
mod exposed;
mod further;
mod goals;
mod grouping;
mod groups;
mod left_out;
mod let_in;
mod matrix;
mod names;
mod nothing;
mod openings;
mod relation;
mod senders;
mod witness;

pub use super::replay::Disagreement;
pub use matrix::MatrixBy;

pub(super) use goals::nobody;
pub(super) use openings::{Space, openings};
pub(super) use relation::{facing, leading_to, sends};

use super::locate::{Ends, Side, ends};
use crate::answer::{Addresses, ExposedPlace, ReachAnswer, ReachGroup, Verdict};
use crate::dataplane::Dataplane;
use crate::diag::Diagnostic;
use crate::reach::TooMany;
use crate::scenario::{Spec, Traffic};
use names::Names;
use relation::Relation;
use std::net::IpAddr;
use witness::Replay;

/// The question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachQuestion {
    /// Where packets start.
    pub from: Spec,
    /// Where they go.
    pub to: Spec,
    /// Which packets.
    pub traffic: Traffic,
    /// Sum it up, too.
    pub matrix: Option<MatrixBy>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// A specifier means nothing; said with its place.
    Mistake(Box<Diagnostic>),
    /// The engines disagree: a bug of ours.
    Bug(Box<Disagreement>),
}

impl From<Box<Diagnostic>> for Unreached {
    fn from(mistake: Box<Diagnostic>) -> Self {
        Self::Mistake(mistake)
    }
}

impl From<Disagreement> for Unreached {
    fn from(disagreement: Disagreement) -> Self {
        Self::Bug(Box::new(disagreement))
    }
}

/// The answer would have more groups than anybody reads, or fit into memory.
impl From<TooMany> for Unreached {
    fn from(TooMany: TooMany) -> Self {
        let message = format!(
            "more than {} million pairs of groups of places differ: too many to write out",
            relation::PAIRS_MAX / 1_000_000
        );
        let hint = "name fewer of them on one side: a network, a subnet, `internet`";
        Self::Mistake(Box::new(Diagnostic::error("too-many-groups", message).hint(hint)))
    }
}

/// Answers `question`.
///
/// # Errors
/// When a specifier means nothing, or packets of the answer do not fare as it says.
pub fn reachability(plane: &Dataplane, question: &ReachQuestion) -> Result<ReachAnswer, Unreached> {
    answer(plane, question, crate::reach::bundles)
}

/// The same answer, with a walk from each place that sends: slow. For tests that compare.
///
/// # Errors
/// As [`reachability`].
#[doc(hidden)]
pub fn reachability_one_by_one(
    plane: &Dataplane,
    question: &ReachQuestion,
) -> Result<ReachAnswer, Unreached> {
    answer(plane, question, crate::reach::bundles_one_by_one)
}

fn answer(
    plane: &Dataplane,
    question: &ReachQuestion,
    ask: relation::Ask,
) -> Result<ReachAnswer, Unreached> {
    let ReachQuestion { from, to, traffic, matrix } = question;
    let (to_ends, targets) = goals::taking(plane, to)?;
    let from_ends = sending(plane, from)?;
    let sources: Vec<_> = relation::senders(plane, &from_ends).into_keys().collect();
    goals::asked(plane, (from, &sources), (to, &targets))?;
    let names = Names::of_all(plane);
    let mut relation = Relation::asked(plane, (&from_ends, &to_ends, traffic), ask)?;
    let mut replay = Replay::new(plane, &names);
    let groups = groups::groups(plane, &names, &mut relation, &mut replay)?;
    if groups.is_empty() {
        nothing::follow(plane, (&to_ends, &targets, traffic), &mut relation, &mut replay);
    }
    let exposed = exposed::exposed(plane, &names, &mut relation, &mut replay)?;
    let alone = (!targets.addresses.is_empty()).then_some(None);
    let places = targets.places.iter().copied().map(Some).chain(alone);
    let left_out = left_out::left_out_before(plane, (&from_ends, &to_ends), (places, traffic));
    let has = |verdict| groups.iter().any(|group| group.verdict == verdict);
    let verdict = match (has(Verdict::Reachable), has(Verdict::Unknown)) {
        (true, _) => Verdict::Reachable,
        (false, true) => Verdict::Unknown,
        (false, false) if !left_out.is_empty() => Verdict::Unknown,
        (false, false) => Verdict::Unreachable,
    };
    let assumptions = replay.assumptions.iter().map(|it| it.sentence().to_owned());
    let shown = destinations(&groups).chain(witnessed(exposed.as_deref().unwrap_or_default()));
    let explained = super::stand_ins::among(plane.network(), shown);
    let caveat = replay.rests_on_flag && groups.is_empty();
    let caveat = caveat.then(|| witness::FLAG.to_owned());
    let answer = ReachAnswer {
        from: from.text.clone(),
        to: to.text.clone(),
        packets: traffic.to_string(),
        verdict,
        sources: relation.sources.len(),
        places: None,
        groups,
        exposed,
        matrix: matrix.map(|by| matrix::matrix(plane, &relation, &to_ends, by)),
        is_exact: relation.is_exact() && left_out.is_empty(),
        left_out,
        assumptions: assumptions.chain(caveat).chain(explained).collect(),
        not_modelled: replay.not_modelled.into_iter().collect(),
        rules: replay.rules.into_iter().collect(),
    };
    Ok(answer.numbered(ReachAnswer::NAMES_MAX))
}

/// The destinations that groups name and show.
fn destinations(groups: &[ReachGroup]) -> impl Iterator<Item = IpAddr> {
    let openings = groups.iter().flat_map(|group| &group.openings);
    let named = openings.flat_map(|opening| match &opening.destinations {
        Addresses::These(prefixes)
        | Addresses::OwnBut(prefixes)
        | Addresses::InternetTagBut(prefixes) => prefixes.as_slice(),
        Addresses::Own | Addresses::InternetTag => &[],
    });
    let shown = groups.iter().map(|group| group.witness.flow.destination);
    named.map(ipnet::IpNet::addr).chain(shown)
}

/// The destinations of the packets that show what is exposed.
fn witnessed(exposed: &[ExposedPlace]) -> impl Iterator<Item = IpAddr> {
    let openings = exposed.iter().flat_map(|place| &place.openings);
    openings.map(|opening| opening.witness.flow.destination)
}

/// The ends that `spec` means as a source, of which at least one sends packets.
fn sending(plane: &Dataplane, spec: &Spec) -> Result<Ends, Box<Diagnostic>> {
    let found = ends(plane, spec, Side::Source)?;
    if found.is_empty() {
        return Err(goals::nobody(spec));
    }
    if relation::senders(plane, &found).is_empty() {
        let message = format!("nothing of `{}` sends packets of its own accord", spec.text);
        let hint = "machines, hosts, sites and the Internet do; private endpoints and load balancers do not";
        let remark = Diagnostic::error("not-a-sender", message).hint(hint);
        return Err(Box::new(remark.at(spec.place.clone())));
    }
    Ok(found)
}
