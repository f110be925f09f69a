//! Azure has one of each: where several instances are one resource, or tell the same of one, what they do not agree on is
//! not known.

use super::plan::Plan;
use super::resources::{Saying, Strength};
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::import::merge;
use std::collections::BTreeMap;

/// Puts into doubt what several of `sayings` do not agree on, and says so.
pub(super) fn doubt(plan: &Plan<'_>, sayings: &mut Vec<Saying>) -> Vec<(String, Diagnostic)> {
    let mut remarks = Vec::new();
    let mut first: BTreeMap<(ResourceId, Strength), Vec<usize>> = BTreeMap::new();
    let mut kept: Vec<Saying> = Vec::new();
    for mut saying in std::mem::take(sayings) {
        let is_plain = saying.strength <= Strength::Said && !plan.destroys(&saying.address);
        if !is_plain {
            kept.push(saying);
            continue;
        }
        let places = first.entry((saying.id.clone(), saying.strength)).or_default();
        let mut is_double = false;
        for &at in places.iter() {
            let Some(before) = kept.get_mut(at) else { continue };
            remarks.extend(disagreement(before, &mut saying));
            is_double |= saying.strength == Strength::Own;
        }
        if !is_double {
            places.push(kept.len());
            kept.push(saying);
        }
    }
    *sayings = kept;
    remarks
}

/// Makes unknown what two do not agree on.
fn disagreement(before: &mut Saying, saying: &mut Saying) -> Option<(String, Diagnostic)> {
    let names = format!("`{}` and `{}`", before.address, saying.address);
    let (message, hint) = if saying.strength == Strength::Own {
        let why = Unknown::on(format!("which of {names} counts, which are one resource of Azure"));
        merge::doubt(&mut before.body, &saying.body, &why);
        let hint = "Azure has one resource of an id: what they do not agree on is not known";
        (format!("{names} have the same id, `{}`", saying.id), hint)
    } else {
        let why = Unknown::on(format!("{names}, which do not agree"));
        let adds = saying.strength == Strength::Said;
        if !clash(&mut before.body, &mut saying.body, adds, &why) {
            return None;
        }
        let hint = "Azure has one value of each setting: what they do not agree on is not known";
        (format!("{names} do not agree on `{}`", saying.id), hint)
    };
    let remark = Diagnostic::warning("conflicting-values", message).hint(hint);
    Some((saying.pointer.clone(), remark))
}

/// Makes unknown what both tell and do not agree on. Is there any such? Lists add up where both only add to them.
fn clash(a: &mut Node, b: &mut Node, adds: bool, why: &Unknown) -> bool {
    if merge::same(a, b) {
        return false;
    }
    let is_reference = a.get("id").is_some() && b.get("properties").is_none();
    match (&mut a.value, &mut b.value) {
        (Value::Object(mine), Value::Object(others)) if !is_reference => {
            let mut found = false;
            for (name, mine) in mine.iter_mut().filter(|(name, _)| &**name != "id") {
                let other = others.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name));
                found |= other.is_some_and(|(_, other)| clash(mine, other, adds, why));
            }
            found
        }
        (Value::List(mine), Value::List(others)) if adds => {
            let mut found = false;
            for mine in mine.iter_mut() {
                let Some(key) = merge::key(mine) else { continue };
                let other = others.iter_mut().find(|it| merge::key(it).as_ref() == Some(&key));
                found |= other.is_some_and(|other| clash(mine, other, adds, why));
            }
            found
        }
        _ => {
            a.value = Value::Unknown(why.clone());
            b.value = Value::Unknown(why.clone());
            true
        }
    }
}
