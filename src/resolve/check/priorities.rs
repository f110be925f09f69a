//! Priorities of rules, unique per direction (R174).

use super::Remarks;
use crate::azure::{Direction, Origin};

pub(super) fn check(remarks: &mut Remarks<'_>) {
    for group in remarks.network.network_security_groups.values() {
        let rules = group.rules.iter().map(|r| (r.direction, r.priority, &*r.name, &r.origin));
        unique(remarks, group.meta.name(), rules);
    }
}

/// Rules come sorted by direction and priority; one that stands for several possibilities occurs
/// several times with the same origin.
fn unique<'a>(
    remarks: &mut Remarks<'_>,
    group: &str,
    rules: impl Iterator<Item = (Direction, u16, &'a str, &'a Origin)>,
) {
    let mut previous: Option<(Direction, u16, &str, &Origin)> = None;
    for rule in rules {
        let (direction, priority, name, origin) = rule;
        if let Some((_, _, other, _)) =
            previous.filter(|p| (p.0, p.1) == (direction, priority) && p.3 != origin)
        {
            let direction = direction.as_arm();
            let text = format!(
                "rules `{other}` and `{name}` of `{group}` have the same priority {priority} \
                 {direction} (R174)"
            );
            remarks.warn("duplicate-priority", text, origin);
        }
        previous = Some(rule);
    }
}
