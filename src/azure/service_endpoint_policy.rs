//! `Microsoft.Network/serviceEndpointPolicies`.

use super::Meta;
use crate::id::ResourceId;

/// Narrows the service endpoints of a subnet to some accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEndpointPolicy {
    /// Id, region, place.
    pub meta: Meta,
    /// Accounts, groups or subscriptions that may be reached, per definition.
    pub allowed: Vec<(Box<str>, Vec<ResourceId>)>,
}
