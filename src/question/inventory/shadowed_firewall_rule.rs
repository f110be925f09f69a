//! `shadowed-firewall-rule`: a rule of a firewall that never decides.

use super::finding::{Found, Judged, Kind, profile};
use crate::answer::Rule;
use crate::azure::Network;
use crate::diag::Severity;
use crate::question::firewall_rules::{Program, Superfluous, Type, effect, named, names, programs};
use rayon::prelude::*;

pub(super) const KIND: Kind<Network, Judged> = Kind {
    code: "shadowed-firewall-rule",
    severity: Severity::Warning,
    rules: &[Rule(396), Rule(397), Rule(398)],
    find,
};

fn find(network: &Network) -> Judged {
    let Some(profile) = profile(network) else { return Judged::default() };
    let programs = programs(network, profile);
    let each = programs.par_iter().map(|program| {
        let found = program.shadowed();
        let found = found.map(|all| all.iter().map(|it| of_rule(program, it)).collect());
        Judged::of((program.what, program.holder), found)
    });
    each.collect::<Vec<Judged>>().into_iter().collect()
}

fn of_rule(program: &Program<'_>, Superfluous { rule, by }: &Superfluous<'_>) -> Found {
    let (own, of_type) = (named(rule), Type::of(rule));
    let [does, do_so] = effect(by);
    let others = names(by);
    let because = match by.len() {
        1 => format!("{others} comes first and {does} all its packets"),
        _ => format!("{others} come first and together {do_so} all its packets"),
    };
    let does_same = |other: &crate::dataplane::security::firewall::Ordered<'_>| {
        of_type == Type::Network && Type::of(other) == of_type && other.1.access == rule.1.access
    };
    let hint = match by.iter().map(Type::of).min() {
        _ if by.iter().all(does_same) => format!("delete {}: it changes nothing", rule.2.name),
        Some(earlier) if earlier < of_type => format!(
            "narrow {others}: {} rules come before {} rules whatever their priorities",
            earlier.word(),
            of_type.word()
        ),
        _ => format!("move {} in front of {others}, or narrow what is there", rule.2.name),
    };
    Found {
        resource: program.holder.id.clone(),
        text: format!("{} rule {own} never decides: {because}", of_type.word()),
        hint,
        origin: Some(rule.2.origin.clone()),
    }
}
