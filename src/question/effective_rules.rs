//! The effective security rules of a network interface (R499).

use crate::answer::EffectiveRulesAnswer;
use crate::azure::{Network, NetworkInterface, PlatformProfile};
use crate::dataplane::EffectiveTable;
use crate::dataplane::security::Security;
use crate::id::Id;

/// The effective security rules of `nic`, where `table` is that of its subnet.
///
/// Azure answers for interfaces of running machines with a security group only (R234); without one
/// there are no groups in the answer.
#[must_use]
pub fn effective_rules(
    network: &Network,
    profile: &PlatformProfile,
    table: &EffectiveTable,
    nic: Id<NetworkInterface>,
) -> EffectiveRulesAnswer {
    Security::new(network, profile).effective_rules(nic, table)
}
