//! `virtual-network-rule-without-endpoint`: a rule of a service's firewall that lets nothing in.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Network, ServiceTarget, Subnet};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "virtual-network-rule-without-endpoint",
    severity: Severity::Warning,
    rules: &[Rule(430), Rule(431), Rule(582)],
    find,
};

/// The start of a service's type, and of what its service endpoints are called.
const ENDPOINTS: [(&str, &str); 8] = [
    ("Microsoft.CognitiveServices/", "Microsoft.CognitiveServices"),
    ("Microsoft.ContainerRegistry/", "Microsoft.ContainerRegistry"),
    ("Microsoft.DocumentDB/", "Microsoft.AzureCosmosDB"),
    ("Microsoft.EventHub/", "Microsoft.EventHub"),
    ("Microsoft.KeyVault/", "Microsoft.KeyVault"),
    ("Microsoft.ServiceBus/", "Microsoft.ServiceBus"),
    ("Microsoft.Sql/", "Microsoft.Sql"),
    ("Microsoft.Storage/", "Microsoft.Storage"),
];

fn find(network: &Network) -> Vec<Found> {
    let mut found = Vec::new();
    for service in network.service_targets.values() {
        let of_type = ENDPOINTS.iter().find(|(start, _)| starts(&service.resource_type, start));
        let Some((_, endpoint)) = of_type else { continue };
        let subnets = service.allowed_subnets.iter().filter_map(|link| link.known());
        let subnets = subnets.map(|id| &network.subnets[id]);
        let without = subnets.filter(|subnet| {
            !subnet.service_endpoints.iter().any(|own| starts(&own.service, endpoint))
        });
        found.extend(without.map(|subnet| said(network, (service, subnet), endpoint)));
    }
    found
}

fn starts(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
}

fn said(network: &Network, (service, subnet): (&ServiceTarget, &Subnet), endpoint: &str) -> Found {
    let (name, of) = (service.meta.name(), subnet.meta.name());
    let owner = network.virtual_networks[subnet.network].meta.name();
    Found {
        resource: service.meta.id.clone(),
        text: format!(
            "a virtual network rule of {name} names {owner}/{of}, which has no service endpoint for {endpoint}"
        ),
        hint: format!("give the subnet the service endpoint {endpoint}"),
        origin: service.rules_origin.clone(),
    }
}
