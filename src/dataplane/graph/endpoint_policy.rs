//! What subnets let go over their service endpoints.

use super::{Cause, Location, Realm};
use crate::dataplane::filter::Match;
use crate::id::{Id, ResourceId};
use crate::net::AddressSet;
use std::net::IpAddr;

/// The service endpoint policies of a subnet, all in one (R590).
#[derive(Clone, Debug)]
pub struct EndpointPolicy {
    /// Where the subnet is.
    pub realm: Id<Realm>,
    /// Its addresses.
    pub addresses: AddressSet,
    /// The storage accounts that may be reached, and the groups and subscriptions of others.
    pub allowed: Vec<ResourceId>,
    /// Are these all, or may there be others?
    pub is_known: bool,
    /// Addresses that are surely of no storage account.
    pub of_others: AddressSet,
    /// Why another account is not reached.
    pub refusal: Id<Cause>,
    /// Why it is not known.
    pub doubt: Id<Cause>,
}

impl EndpointPolicy {
    /// Is it that of the subnet that `sender` is in?
    #[must_use]
    pub fn is_of(&self, sender: &Location) -> bool {
        self.realm == sender.realm
            && sender.addresses.iter().any(|&own| self.addresses.contains(own))
    }

    /// Does it let packets through to the service `to`, which is a storage account or not?
    #[must_use]
    pub fn lets_to(&self, to: &ResourceId, is_storage: bool) -> Match {
        match !is_storage || self.allowed.iter().any(|whole| is_within(to, whole)) {
            true => Match::Yes,
            false if self.is_known => Match::No,
            false => Match::Maybe,
        }
    }

    /// Does it let packets through to an address of a service that the input does not have?
    #[must_use]
    pub fn lets_to_address(&self, address: IpAddr) -> Match {
        if self.of_others.contains(address) { Match::Yes } else { Match::Maybe }
    }
}

/// Is `part` the resource `whole`, or in that group or subscription?
fn is_within(part: &ResourceId, whole: &ResourceId) -> bool {
    let (part, whole) = (part.as_str().as_bytes(), whole.as_str().trim_end_matches('/').as_bytes());
    let starts = part.get(..whole.len()).is_some_and(|start| start.eq_ignore_ascii_case(whole));
    starts && matches!(part.get(whole.len()), None | Some(b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_holds_its_resources() {
        let account = ResourceId::new("/subscriptions/s/resourceGroups/g/providers/a/b/c");
        for (whole, holds) in [
            ("/subscriptions/s", true),
            ("/subscriptions/S/resourceGroups/G", true),
            ("/subscriptions/s/resourceGroups/g/providers/a/b/c", true),
            ("/subscriptions/s/resourceGroups/gg", false),
            ("/subscriptions/s/resourceGroups/g/providers/a/b/cc", false),
            ("/subscriptions/s/resourceG", false),
        ] {
            assert_eq!(is_within(&account, &ResourceId::new(whole)), holds, "{whole}");
        }
    }
}
