//! `Microsoft.Network/applicationGateways`.

use crate::azure::{ApplicationGateway, GatewayListener};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

/// Reads subnet, frontends and listeners, no more (R428, R587).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ApplicationGateway {
    let list = |name| fields.list(name).into_iter().map(Spot::fields);
    let subnet = list("gatewayIPConfigurations").find_map(|entry| entry.link("subnet"));
    let frontends = || list("frontendIPConfigurations");
    ApplicationGateway {
        meta: fields.meta(),
        subnet: subnet.or_else(|| fields.link("subnet")),
        private_addresses: frontends().filter_map(|f| f.address("privateIPAddress")).collect(),
        public_ip_addresses: frontends().filter_map(|f| f.link("publicIPAddress")).collect(),
        // What is not known of them leaves every port open.
        listeners: fields.scope().in_model(|| listeners(fields)),
        is_version_2: fields.scope().in_model(|| is_version_2(fields)),
    }
}

fn is_version_2(fields: &Fields<'_>) -> Option<bool> {
    let tier = fields.text("sku/tier").or_else(|| fields.text("sku/name"))?;
    let tier = tier.to_ascii_lowercase();
    Some(tier.ends_with("_v2") || tier == "basic")
}

/// Every gateway has a listener: without any in the input they are not told (R587).
fn listeners(fields: &Fields<'_>) -> Option<Vec<GatewayListener>> {
    let frontends = fields.parts("frontendIPConfigurations");
    let ports = fields.parts("frontendPorts");
    let found = fields.lists(&["httpListeners", "listeners"]).into_iter().map(|spot| {
        let listener = spot.fields();
        let frontend = part(&frontends, &listener, "frontendIPConfiguration")?;
        Some(GatewayListener {
            frontend: frontend.name(),
            private_address: frontend.address("privateIPAddress"),
            public_ip_address: frontend.link("publicIPAddress"),
            port: part(&ports, &listener, "frontendPort")?.number("port")?,
        })
    });
    let found: Option<Vec<GatewayListener>> = found.collect();
    found.filter(|all| !all.is_empty())
}

/// The part of the gateway that the member `name` refers to: the end of its id is the name of the part.
fn part<'p, 'a>(
    parts: &'p [(Box<str>, Fields<'a>)],
    listener: &Fields<'a>,
    name: &str,
) -> Option<&'p Fields<'a>> {
    let reference = listener.find(name)?.reference()?;
    let wanted = reference.text()?.rsplit('/').next()?;
    let mut named = parts.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    named.next().map(|(_, part)| part)
}
