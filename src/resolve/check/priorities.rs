//! Priorities of rules: from 100 to 4096, unique per direction (R174).

use super::Remarks;
use crate::azure::{Direction, Origin, SecurityRule};

pub(super) fn check(remarks: &mut Remarks<'_>) {
    for group in remarks.network.network_security_groups.values() {
        let rules = group.rules.iter().map(|r| (r.direction, r.priority, &*r.name, &r.origin));
        unique(remarks, group.meta.name(), rules.clone());
        within(remarks, group.meta.name(), rules);
    }
}

/// Azure refuses other numbers. A rule that stands for several possibilities has the same in all; none
/// where it could not be read.
fn within<'a>(
    remarks: &mut Remarks<'_>,
    group: &str,
    rules: impl Iterator<Item = (Direction, u16, &'a str, &'a Origin)>,
) {
    let mut seen: Option<&Origin> = None;
    for (_, priority, name, origin) in rules {
        let is_read = priority != 0 && seen != Some(origin);
        if is_read && !SecurityRule::PRIORITIES.contains(&priority) {
            let text = format!(
                "the priority {priority} of rule `{name}` of `{group}` is not one from 100 to 4096 (R174)"
            );
            remarks.warn("priority-out-of-range", text, origin);
        }
        seen = Some(origin);
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
