//! NSG diagnostics: how every rule fits a flow (R500, R501).

use crate::answer::RuleCheckAnswer;
use crate::azure::{Direction, Network, NetworkInterface, PlatformProfile};
use crate::dataplane::EffectiveTable;
use crate::dataplane::security::Security;
use crate::id::Id;
use crate::net::Flow;

/// How `flow` fits every rule that holds for `nic` in `direction`, where `table` is that of its subnet.
#[must_use]
pub fn network_configuration_diagnostic(
    network: &Network,
    profile: &PlatformProfile,
    (nic, table): (Id<NetworkInterface>, &EffectiveTable),
    (direction, flow): (Direction, &Flow),
) -> RuleCheckAnswer {
    Security::new(network, profile).verify_ip_flow((nic, table), direction, flow)
}
