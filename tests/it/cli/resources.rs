//! What tests of plans, states, results and templates have in common: one resource group, and what is in it.

use serde_json::{Value, json};

pub(super) const GROUP: &str =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net";

/// The id of a network resource of the group.
pub(super) fn id(tail: &str) -> String {
    format!("{GROUP}/providers/Microsoft.Network/{tail}")
}

/// What azurerm says of every resource of the group.
pub(super) fn within(name: &str) -> Value {
    json!({"name": name, "resource_group_name": "net", "location": "westeurope"})
}

/// An interface in `subnet` and its machine of the same name, by their addresses in azurerm.
pub(super) fn machine(name: &str, subnet: &str, address: &str) -> [(String, Value); 2] {
    let mut interface = within(name);
    interface["id"] = id(&format!("networkInterfaces/{name}")).into();
    interface["ip_configuration"] = json!([{
        "name": "main", "subnet_id": subnet, "primary": true, "private_ip_address": address,
        "private_ip_address_allocation": "Static", "private_ip_address_version": "IPv4",
    }]);
    let mut machine = within(name);
    machine["id"] = format!("{GROUP}/providers/Microsoft.Compute/virtualMachines/{name}").into();
    machine["network_interface_ids"] = json!([interface["id"]]);
    [
        (format!("azurerm_network_interface.{name}"), interface),
        (format!("azurerm_linux_virtual_machine.{name}"), machine),
    ]
}

/// What the elements of a list of `answer` say under `key`.
pub(super) fn texts<'a>(answer: &'a Value, list: &str, key: &str) -> Vec<&'a str> {
    answer[list].as_array().unwrap().iter().map(|it| it[key].as_str().unwrap()).collect()
}
