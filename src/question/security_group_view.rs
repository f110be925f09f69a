//! The security group view of a virtual machine: the rules of its interfaces, as written and as
//! they are in effect. Network Watcher's older form of effective rules.

use super::{Unanswered, effective_rules};
use crate::answer::EffectiveRulesAnswer;
use crate::azure::{Network, NetworkInterface, PlatformProfile, VirtualMachine};
use crate::dataplane::EffectiveTable;
use crate::id::Id;

/// The effective rules of every interface of `machine`, where `table_of` tells the table of an
/// interface's subnet. Which of them the view lists depends on its date.
///
/// # Errors
/// When an interface is not in the input, or has rules from several places: how the view lists these
/// was never recorded.
pub fn security_group_view(
    network: &Network,
    profile: &PlatformProfile,
    machine: Id<VirtualMachine>,
    mut table_of: impl FnMut(Id<NetworkInterface>) -> Result<EffectiveTable, Unanswered>,
) -> Result<Vec<EffectiveRulesAnswer>, Unanswered> {
    let machine = &network.virtual_machines[machine];
    let mut found = Vec::new();
    for link in &machine.interfaces {
        let nic = link.known().ok_or_else(|| {
            let name = machine.meta.name();
            Unanswered::missing(format!("an interface of {name} is not in the input"))
        })?;
        let answer = effective_rules(network, profile, &table_of(nic)?, nic);
        if answer.groups.len() > 1 {
            let name = answer.network_interface.name();
            let text = format!("how the view lists the rules of {name} from several places");
            return Err(Unanswered::not_modelled(text + " was never recorded"));
        }
        found.push(answer);
    }
    Ok(found)
}
