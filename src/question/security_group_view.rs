//! The security group view of a virtual machine: the rules of its interfaces, as written and as
//! they are in effect. Network Watcher's older form of effective rules.

use super::{Unanswered, effective_rules};
use crate::answer::{EffectiveRulesAnswer, RuleMaker};
use crate::azure::{Network, NetworkInterface, PlatformProfile, VirtualMachine};
use crate::dataplane::EffectiveTable;
use crate::id::Id;

/// The effective rules of every interface that the view of `machine` lists, where `table_of` tells the
/// table of an interface's subnet.
///
/// An interface of whose groups none has a rule of its own is not listed: the two recordings of such
/// a machine, of 2020 and 2021, have an empty view.
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
    let mut listed = Vec::new();
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
        if has_own_rules(&answer) {
            listed.push(answer);
        }
    }
    Ok(listed)
}

fn has_own_rules(answer: &EffectiveRulesAnswer) -> bool {
    let mut rules = answer.groups.iter().flat_map(|group| &group.rules);
    rules.any(|rule| rule.made_by == RuleMaker::User)
}
