//! `Microsoft.Network/applicationGateways`.

use crate::azure::ApplicationGateway;
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

/// Reads subnet and frontends, no more (R428).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ApplicationGateway {
    let list = |name| fields.list(name).into_iter().map(Spot::fields);
    let subnet = list("gatewayIPConfigurations").find_map(|entry| entry.link("subnet"));
    let frontends = || list("frontendIPConfigurations");
    ApplicationGateway {
        meta: fields.meta(),
        subnet: subnet.or_else(|| fields.link("subnet")),
        private_addresses: frontends().filter_map(|f| f.address("privateIPAddress")).collect(),
        public_ip_addresses: frontends().filter_map(|f| f.link("publicIPAddress")).collect(),
    }
}
