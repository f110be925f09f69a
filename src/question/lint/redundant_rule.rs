//! `redundant-rule`: a rule that changes nothing, for later ones do the same.

use crate::answer::Rule;
use crate::azure::{Access, Direction, NetworkSecurityGroup, SecurityRule};
use crate::dataplane::Dataplane;
use crate::dataplane::security::{default_rules, groups_of_bastions, is_required_rule};
use crate::diag::Severity;
use crate::packet_set::Overflow;
use crate::question::cover::{INTERVALS_MAX, Repeated, Rules};
use crate::question::decision::{Decisions, Ruling, Undecided};
use crate::question::inventory::{Found, Judged, Kind, names};
use rayon::prelude::*;

pub(super) const KIND: Kind<Dataplane, Judged> = Kind {
    code: "redundant-rule",
    severity: Severity::Note,
    rules: &[Rule(175), Rule(176), Rule(177), Rule(386)],
    find,
};

fn find(plane: &Dataplane) -> Judged {
    in_each_group(plane, of_group)
}

/// A group, and which of its rules are needed whatever others say.
pub(super) type Group<'g> = (&'g NetworkSecurityGroup, &'g dyn Fn(&SecurityRule) -> bool);

/// What is found in each group, in each direction.
pub(super) fn in_each_group(
    plane: &Dataplane,
    of_group: fn(&Dataplane, Group<'_>, Direction) -> Result<Vec<Found>, Overflow>,
) -> Judged {
    let network = plane.network();
    let bastions = groups_of_bastions(network);
    let groups: Vec<_> = network.network_security_groups.iter().collect();
    let each = groups.par_iter().map(|&(id, group)| {
        // Azure refuses a group on the subnet of a Bastion without some rules (R386).
        let is_needed =
            |rule: &SecurityRule| bastions.contains(&id) && is_required_rule(group, rule);
        let directions = [Direction::Inbound, Direction::Outbound];
        let each = directions.into_iter().map(|way| {
            Judged::of(("group", &group.meta), of_group(plane, (group, &is_needed), way))
        });
        each.collect::<Judged>()
    });
    each.collect::<Vec<Judged>>().into_iter().collect()
}

fn of_group(
    plane: &Dataplane,
    (group, is_needed): Group<'_>,
    direction: Direction,
) -> Result<Vec<Found>, Overflow> {
    let own: Vec<&SecurityRule> =
        group.rules.iter().filter(|rule| rule.direction == direction).collect();
    let defaults = default_rules(direction);
    let mut rules = Rules::new(plane.network(), plane.profile(), &own, defaults, INTERVALS_MAX);
    let rulings = own.iter().map(|rule| -> Ruling<'_> { (rule.access, &*rule.matches) });
    let rulings: Vec<Ruling<'_>> =
        rulings.chain(defaults.iter().map(|rule| (rule.access, &rule.matches))).collect();
    let mut decisions = Decisions::new(plane.network(), plane.profile());
    let mut found = Vec::new();
    for (at, rule) in own.iter().enumerate() {
        // One that is never reached is told as `shadowed-rule`.
        if is_needed(rule) || !rules.is_reached(at)? {
            continue;
        }
        let by = match rules.repeated_by(at)? {
            Repeated::By(by) => by,
            Repeated::Perhaps
                if changes_nothing(&mut decisions, &rules.near(at), &rulings, at)? =>
            {
                let text = "at every place later ones do the same to all that it decides about";
                found.push(of_rule(group, rule, text));
                continue;
            }
            Repeated::Perhaps | Repeated::Never => continue,
        };
        let by = by.iter().filter_map(|&by| match by.checked_sub(own.len()) {
            None => own.get(by).map(|rule| (&*rule.name, rule.priority)),
            Some(default) => defaults.get(default).map(|rule| (rule.name, rule.priority)),
        });
        let by: Vec<_> = by.collect();
        // What no rule is for is not known to be dropped (R178).
        if !by.is_empty() {
            found.push(of_rule(group, rule, &done_by(rule, &by)));
        }
    }
    Ok(found)
}

/// Is what the rules let pass the same without rule `at`, whatever tags and groups stand for? No when that
/// cannot be said. `near` are the rules that may be for the same packets.
fn changes_nothing<'n>(
    decisions: &mut Decisions<'n>,
    near: &[usize],
    rulings: &[Ruling<'n>],
    at: usize,
) -> Result<bool, Overflow> {
    let Some(place) = near.iter().position(|&number| number == at) else { return Ok(false) };
    let near: Vec<Ruling<'n>> = near.iter().filter_map(|&it| rulings.get(it).copied()).collect();
    match decisions.is_repeated(&near, place) {
        Ok(is_repeated) => Ok(is_repeated),
        Err(Undecided::TooLarge(overflow)) => Err(overflow),
        Err(Undecided::NotPlain | Undecided::TooManyQuestions) => Ok(false),
    }
}

fn done_by(rule: &SecurityRule, by: &[(&str, u16)]) -> String {
    let [does, do_so] = match rule.access {
        Access::Allow => ["allows", "allow"],
        Access::Deny => ["denies", "deny"],
    };
    match by {
        [one] => format!("{} {does} all that it decides about", names(&[*one])),
        several => format!("{} together {do_so} all that it decides about", names(several)),
    }
}

fn of_rule(group: &NetworkSecurityGroup, rule: &SecurityRule, by: &str) -> Found {
    Found {
        resource: group.meta.id.clone(),
        text: format!("rule {} ({}) changes nothing: {by}", rule.name, rule.priority),
        hint: format!("delete {}, one such rule at a time", rule.name),
        origin: Some(rule.origin.clone()),
    }
}
