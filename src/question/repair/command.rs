//! Commands of the Azure CLI.

use crate::id::ResourceId;

/// `-g GROUP`, with the subscription left to the reader's context.
pub(super) fn group(id: &ResourceId) -> String {
    format!("-g {}", id.resource_group().unwrap_or("GROUP"))
}

/// A security rule, for `az network nsg rule create`.
pub(super) struct SecurityRule<'a> {
    pub(super) group: &'a ResourceId,
    pub(super) name: &'a str,
    pub(super) priority: u16,
    pub(super) direction: &'a str,
    pub(super) protocol: &'a str,
    pub(super) source: &'a str,
    pub(super) destination: &'a str,
    pub(super) ports: &'a str,
}

impl SecurityRule<'_> {
    pub(super) fn create(&self) -> String {
        format!(
            "az network nsg rule create {} --nsg-name {} -n {} --priority {} --direction {} --access Allow \
             --protocol {} --source-address-prefixes '{}' --destination-address-prefixes '{}' \
             --destination-port-ranges '{}'",
            group(self.group),
            self.group.name(),
            self.name,
            self.priority,
            self.direction,
            self.protocol,
            self.source,
            self.destination,
            self.ports,
        )
    }
}

/// Creates one half of a peering.
pub(super) fn create_peering(name: &str, from: &ResourceId, to: &ResourceId) -> String {
    format!(
        "az network vnet peering create {} --vnet-name {} -n {name} --remote-vnet {to} --allow-vnet-access",
        group(from),
        from.name()
    )
}

/// Changes a property of one half of a peering, `name=value`.
pub(super) fn update_peering(peering: &ResourceId, set: &str) -> String {
    format!("az network vnet peering update --ids {peering} --set {set}")
}
