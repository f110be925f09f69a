//! `assume`, `clock` and `platformProfile` of scenario files.

use crate::azure::{Assumption, Holds};
use crate::net::Timestamp;
use crate::resolve::draft::{Draft, Unhealthy};
use crate::resolve::fields::Fields;

/// Reads which assumptions hold, and whose probes fail.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    for assumption in Assumption::ALL {
        if let Some(holds) = fields.flag(assumption.name()) {
            let holds = if holds { Holds::Yes } else { Holds::No };
            draft.network.assumptions.insert(assumption, holds);
        }
    }
    for spot in fields.list("unhealthy") {
        if let Some(name) = spot.reference().and_then(|spot| spot.text()) {
            draft.unhealthy.push(Unhealthy { name: name.into(), origin: spot.origin() });
        }
    }
}

/// Reads which profile of the platform holds.
pub(in crate::resolve) fn read_profile(fields: &Fields<'_>, draft: &mut Draft) {
    let given = ["platformProfile", "value", "name"].iter().find_map(|name| fields.find(name));
    let written = given.unwrap_or(*fields.itself()).written();
    draft.network.platform_profile = written.map(Into::into);
}

/// Reads what time it is.
pub(in crate::resolve) fn read_clock(fields: &Fields<'_>, draft: &mut Draft) {
    let Some(spot) = fields.find("name") else { return };
    draft.network.clock = spot.node.as_text().and_then(Timestamp::parse);
    if draft.network.clock.is_none() {
        spot.complain("a time such as `2026-11-25T10:00:00Z`");
    }
}
