//! `Microsoft.Compute/virtualMachines`, also instances of scale sets.

use crate::azure::{Link, NetworkInterface, OperatingSystem, PowerState, VirtualMachine};
use crate::id::ResourceId;
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

/// Reads a virtual machine.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let computer_name =
        fields.boxed("osProfile/computerName").or_else(|| fields.boxed("computerName"));
    if let Some(name) = fields.unknown_name().filter(|_| computer_name.is_none()) {
        name.complain("a name");
    }
    let scale_set = fields.find("virtualMachineScaleSet");
    let machine = VirtualMachine {
        meta: fields.meta(),
        interfaces: interfaces(fields),
        computer_name: computer_name.unwrap_or_else(|| fields.name()),
        operating_system: operating_system(fields),
        power: power(fields),
        ssh_public_keys: ssh_public_keys(fields),
        // A machine that names its scale set is an instance with flexible orchestration (R123).
        is_flexible_scale_set_instance: scale_set.is_some(),
    };
    draft.network.virtual_machines.push(machine);
    let told = scale_set.and_then(|spot| spot.reference()?.node.as_text().map(ResourceId::new));
    draft.scale_sets.extend(told.or_else(|| fields.id().parent()));
}

/// Its interfaces, those marked primary first, else in the order written (R86).
fn interfaces(fields: &Fields<'_>) -> Vec<Link<NetworkInterface>> {
    let mut written = fields.lists(&["networkProfile/networkInterfaces", "networkInterfaces"]);
    let is_primary = |spot: &Spot<'_>| spot.node.as_text().is_none() && spot.fields().is("primary");
    written.sort_by_key(|spot| !is_primary(spot));
    written.iter().filter_map(Spot::link).collect()
}

/// The disk tells it; else what was set up inside.
fn operating_system(fields: &Fields<'_>) -> OperatingSystem {
    match fields.text("storageProfile/osDisk/osType").map(str::to_ascii_lowercase).as_deref() {
        Some("windows") => OperatingSystem::Windows,
        Some("linux") => OperatingSystem::Linux,
        _ if fields.find("osProfile/windowsConfiguration").is_some() => OperatingSystem::Windows,
        _ if fields.find("osProfile/linuxConfiguration").is_some() => OperatingSystem::Linux,
        _ => OperatingSystem::NotGiven,
    }
}

/// The power state from the instance view, where the export has it.
fn power(fields: &Fields<'_>) -> PowerState {
    let listed = fields.list("instanceView/statuses");
    let codes = listed.into_iter().filter_map(|status| status.fields().text("code"));
    let extended = fields.text("extended/instanceView/powerState/code");
    let simple = fields.text("powerState");
    let mut states = codes.chain(extended).chain(simple).filter_map(power_state);
    states.next().unwrap_or_default()
}

/// `PowerState/running` and the like; `VM running` as the command line says it.
fn power_state(code: &str) -> Option<PowerState> {
    let word = code.rsplit(['/', ' ']).next()?.to_ascii_lowercase();
    match word.as_str() {
        "running" => Some(PowerState::Running),
        "stopped" | "deallocated" | "stopping" | "deallocating" => Some(PowerState::Stopped),
        _ => None,
    }
}

/// The public keys that were put onto a Linux machine when it was made.
fn ssh_public_keys(fields: &Fields<'_>) -> Option<Vec<Box<str>>> {
    let keys = fields.list("osProfile/linuxConfiguration/ssh/publicKeys");
    let keys = keys.into_iter().filter_map(|key| key.fields().boxed("keyData"));
    Some(keys.collect()).filter(|keys: &Vec<_>| !keys.is_empty())
}
