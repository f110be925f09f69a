//! `bastion-rule-missing`: a security group on a Bastion's subnet without what Bastion needs.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Link, Network, Subnet};
use crate::dataplane::security::{MissingRule, missing_bastion_rules};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> =
    Kind { code: "bastion-rule-missing", severity: Severity::Error, rules: &[Rule(386)], find };

fn find(network: &Network) -> Vec<Found> {
    let subnets = network.subnets.values();
    let of_bastions = subnets.filter(|subnet| subnet.is_named("AzureBastionSubnet"));
    of_bastions.flat_map(|subnet| of_subnet(network, subnet)).collect()
}

/// Is the Bastion of the subnet reached at its private address only (R393)?
fn is_private_only(network: &Network, subnet: &Subnet) -> bool {
    network.bastion_hosts.values().any(|bastion| {
        let own = bastion.subnet.and_then(Link::known).map(|id| &network.subnets[id].meta.id);
        bastion.is_private_only && own == Some(&subnet.meta.id)
    })
}

fn of_subnet(network: &Network, subnet: &Subnet) -> Vec<Found> {
    let Some(Link::To(id)) = subnet.network_security_group else { return Vec::new() };
    let group = &network.network_security_groups[id];
    let missing = missing_bastion_rules(network, id, is_private_only(network, subnet)).into_iter();
    let found = missing.map(|MissingRule { required, denied_by, .. }| {
        let direction = required.direction.as_arm().to_lowercase();
        let (source, destination, port) = (required.source, required.destination, required.ports);
        let why = denied_by.map(|rule| format!("; {rule} denies it")).unwrap_or_default();
        Found {
            resource: group.meta.id.clone(),
            text: format!(
                "no {direction} rule allows {source} -> {destination} TCP {port}, which Bastion \
                 needs{why}"
            ),
            hint: "add the rule: Azure refuses the group without it".to_owned(),
            origin: Some(group.meta.origin.clone()),
        }
    });
    found.collect()
}
