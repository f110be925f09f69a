//! `Microsoft.Network/serviceEndpointPolicies`.

use crate::azure::ServiceEndpointPolicy;
use crate::id::ResourceId;
use crate::resolve::fields::Fields;

/// Reads a policy: what may be reached, per definition.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ServiceEndpointPolicy {
    let definitions = fields.parts("serviceEndpointPolicyDefinitions").into_iter();
    let allowed = definitions.map(|(_, definition)| {
        let resources = definition.texts("serviceResources");
        let service = definition.boxed("service").unwrap_or_default();
        (service, resources.iter().map(|id| ResourceId::new(id)).collect())
    });
    ServiceEndpointPolicy { meta: fields.meta(), allowed: allowed.collect() }
}
