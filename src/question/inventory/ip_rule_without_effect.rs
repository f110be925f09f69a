//! `ip-rule-without-effect`: an IP rule of a storage account that names an address of its own region.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Network, OthersAre, PublicNetworkAccess, ServiceTarget};
use crate::diag::Severity;
use crate::net::AddressSet;

pub(super) const KIND: Kind<Network> =
    Kind { code: "ip-rule-without-effect", severity: Severity::Warning, rules: &[Rule(584)], find };

fn find(network: &Network) -> Vec<Found> {
    let accounts = network.service_targets.values().filter(|service| {
        service.resource_type.eq_ignore_ascii_case("Microsoft.Storage/storageAccounts")
            && service.public_access == PublicNetworkAccess::Enabled
            && service.others == OthersAre::Denied
            && !service.meta.location.is_empty()
    });
    accounts.flat_map(|account| of_account(network, account)).collect()
}

fn of_account(network: &Network, account: &ServiceTarget) -> Vec<Found> {
    let named: AddressSet = account.allowed_prefixes.iter().copied().collect();
    let addresses = network.public_ip_addresses.values();
    let here = addresses.filter(|it| it.meta.location == account.meta.location);
    let named = here.filter(|it| it.ip_address.is_some_and(|own| named.contains(own)));
    let found = named.map(|address| Found {
        resource: account.meta.id.clone(),
        text: format!(
            "an IP rule of {} names {}, which is in the same region, and lets nothing in from there",
            account.meta.name(),
            address.meta.name()
        ),
        hint: "use a service endpoint with a virtual network rule, or a private endpoint".to_owned(),
        origin: account.rules_origin.clone(),
    });
    found.collect()
}
