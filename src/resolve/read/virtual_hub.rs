//! `Microsoft.Network/virtualHubs` of Virtual WAN.

use crate::azure::{HubConnection, VirtualHub};
use crate::resolve::fields::Fields;

/// Reads a hub with the networks connected to it.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> VirtualHub {
    let connections = fields.parts("hubVirtualNetworkConnections");
    VirtualHub {
        meta: fields.meta(),
        address_prefix: fields.prefix("addressPrefix"),
        connections: connections.iter().map(|(name, entry)| read_connection(name, entry)).collect(),
    }
}

fn read_connection(name: &str, fields: &Fields<'_>) -> HubConnection {
    HubConnection {
        name: name.into(),
        network: fields.required_link("remoteVirtualNetwork"),
        // R368
        gets_default_route: fields.flag("enableInternetSecurity").unwrap_or(true),
    }
}
