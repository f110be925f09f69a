//! `redundant-firewall-rule`: a rule of a firewall that changes nothing, for later ones do the same.

use crate::answer::Rule;
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::question::firewall_rules::{Program, Superfluous, Type, effect, named, names, programs};
use crate::question::inventory::{Found, Judged, Kind};
use rayon::prelude::*;

pub(super) const KIND: Kind<Dataplane, Judged> = Kind {
    code: "redundant-firewall-rule",
    severity: Severity::Note,
    rules: &[Rule(396), Rule(397), Rule(398), Rule(399), Rule(400)],
    find,
};

fn find(plane: &Dataplane) -> Judged {
    let programs = programs(plane.network(), plane.profile());
    let each = programs.par_iter().map(|program| {
        let found = program.redundant();
        let found = found.map(|all| all.iter().map(|it| of_rule(program, it)).collect());
        Judged::of((program.what, program.holder), found)
    });
    each.collect::<Vec<Judged>>().into_iter().collect()
}

fn of_rule(program: &Program<'_>, Superfluous { rule, by }: &Superfluous<'_>) -> Found {
    let [does, do_so] = effect(by);
    let because = match by.len() {
        0 => "what no rule is for is denied anyway".to_owned(),
        1 => format!("{} {does} all that it decides about", names(by)),
        _ => format!("{} together {do_so} all that it decides about", names(by)),
    };
    let word = Type::of(rule).word();
    Found {
        resource: program.holder.id.clone(),
        text: format!("{word} rule {} changes nothing: {because}", named(rule)),
        hint: format!("delete {}, one such rule at a time", rule.2.name),
        origin: Some(rule.2.origin.clone()),
    }
}
