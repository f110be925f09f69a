//! What goes over service endpoints past the policies of subnets.

use super::Dataplane;
use super::filter::Match;
use super::graph::{EndpointPolicy, Evidence, Location};
use crate::id::Id;
use std::net::IpAddr;

impl Dataplane {
    /// The service endpoint policies of the subnet that `sender` is in, if it has any (R590).
    #[must_use]
    pub fn endpoint_policy(&self, sender: &Location) -> Option<&EndpointPolicy> {
        self.endpoint_policies.iter().find(|policy| policy.is_of(sender))
    }

    /// Does the policy let packets through to what has the address, `to` if the input has that?
    #[must_use]
    pub fn lets(
        &self,
        policy: &EndpointPolicy,
        to: Option<Id<Location>>,
        address: IpAddr,
    ) -> Match {
        let service = || {
            let Some(Evidence::Service(id)) = self.locations[to?].evidence else { return None };
            Some(&self.network.service_targets[id])
        };
        match service() {
            Some(service) => policy.lets_to(&service.meta.id, service.is_storage()),
            None => policy.lets_to_address(address),
        }
    }
}
