//! Service endpoint policies of subnets.

use super::builder::Builder;
use crate::answer::Reason;
use crate::azure::{ServiceEndpointPolicy, Subnet};
use crate::dataplane::graph::{Cause, EndpointPolicy, Evidence};
use crate::id::{Id, ResourceId};
use crate::net::AddressSet;
use std::sync::Arc;

impl Builder {
    /// A subnet with policies reaches the storage accounts alone that one of them names (R590).
    pub(super) fn add_endpoint_policies(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, subnet) in network.subnets.iter() {
            if !subnet.service_endpoint_policies.is_empty() {
                let policy = self.endpoint_policy(id, subnet);
                self.plane.endpoint_policies.push(policy);
            }
        }
    }

    fn endpoint_policy(&mut self, id: Id<Subnet>, subnet: &Subnet) -> EndpointPolicy {
        let name = subnet.meta.name();
        let policies = subnet.service_endpoint_policies.iter();
        let known: Vec<_> = policies.filter_map(|link| link.known()).collect();
        let is_there = known.len() == subnet.service_endpoint_policies.len();
        let all = known.iter().map(|&id| &self.network.service_endpoint_policies[id]);
        let allowed: Vec<ResourceId> = all.clone().flat_map(accounts).cloned().collect();
        let is_known =
            is_there && all.clone().all(|it| self.unknowns.of_thing(&it.meta.id).is_none());
        // R207: which addresses are those of storage accounts the tag tells.
        let storage = self.network.service_tags.get("Storage");
        let of_others = storage.map(|tag| AddressSet::everything().difference(tag));
        let text = format!("no service endpoint policy of {name} names the account");
        let refusal = Cause::new(Reason::RefusedByService, text, &[590]);
        let text =
            format!("whether a service endpoint policy of {name} names the account is not known");
        let doubt = Cause::new(Reason::NotGiven, text, &[590]);
        EndpointPolicy {
            realm: self.realm_of(subnet.network),
            addresses: subnet.address_prefixes.iter().copied().collect(),
            allowed,
            is_known,
            of_others: of_others.unwrap_or_default(),
            refusal: self.cause(refusal.by(Evidence::Subnet(id))),
            doubt: self.cause(doubt.by(Evidence::Subnet(id))),
        }
    }
}

/// What a policy names: accounts, groups and subscriptions. Names of Microsoft's own services (`/services/…`) are among
/// them, of which no account is part.
fn accounts(policy: &ServiceEndpointPolicy) -> impl Iterator<Item = &ResourceId> {
    policy.allowed.iter().flat_map(|(_, resources)| resources)
}
