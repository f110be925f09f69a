//! Bastion's IP-based connection: to what it has no peering with (R390, R391).

use super::Scene;
use super::bastion_session::{KIND, Sku};
use super::finding::{fails, holds, mended_by, set, unsure};
use crate::answer::{GateAnswer, PropertyValue, Reason, Remedy};
use crate::azure::BastionHost;
use crate::dataplane::{EffectiveRoute, NextHop, RouteState};
use std::sync::Arc;

/// IP-based connection: to every address that is routed to (R390, R391).
pub(super) fn by_address(
    scene: &Scene<'_>,
    bastion: &BastionHost,
    target: &str,
    sku: Option<Sku>,
) -> GateAnswer {
    let name = bastion.meta.name();
    match sku {
        Some(Sku::Standard | Sku::Premium) => {}
        Some(Sku::Developer | Sku::Basic) => {
            let text = format!("{name} is {}, which has no IP-based connection", bastion.sku);
            return mended_by(standard(bastion), fails(KIND, Reason::NotInSku, text, &[391, 392]));
        }
        None => {
            let text =
                format!("{name} does not tell its SKU, which decides about connections by address");
            return unsure(KIND, Reason::NotGiven, text, &[391, 392]);
        }
    }
    match default_route(scene, bastion) {
        Some(route) if route.next_hop == NextHop::Unknown => {
            let text =
                format!("where the default route at the subnet of {name} leads is not known");
            return unsure(KIND, Reason::NotGiven, text, &[391]);
        }
        Some(route) if route.next_hop != NextHop::Internet => {
            let route = route.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let text = format!(
                "the default route{route} at the subnet of {name} keeps it from connecting by address"
            );
            return fails(KIND, Reason::NotSupported, text, &[391]);
        }
        Some(_) | None => {}
    }
    let text = format!("{name} connects to {target} by its address, wherever it is routed to");
    holds(KIND, text, &[390, 391])
}

/// Without IP-based connection: only machines in peered networks are in reach (R389). It is switched on, where
/// the SKU has it (R391).
pub(super) fn is_off(bastion: &BastionHost, target: &str, sku: Option<Sku>) -> GateAnswer {
    let name = bastion.meta.name();
    let text = format!("the network of {target} is not peered with that of {name}");
    let fails = |text: String| fails(KIND, Reason::BastionOutOfReach, text, &[389]);
    match sku {
        Some(Sku::Standard | Sku::Premium) => {
            let id = bastion.meta.id.clone();
            let remedy = set(id, "enableIpConnect", PropertyValue::Flag(true));
            mended_by(remedy, fails(text))
        }
        Some(Sku::Developer | Sku::Basic) => {
            let text = format!("{text}, which is {} and has no IP-based connection", bastion.sku);
            mended_by(standard(bastion), fails(text))
        }
        None => fails(text),
    }
}

/// The SKU from which on there is IP-based connection (R391).
fn standard(bastion: &BastionHost) -> Remedy {
    set(bastion.meta.id.clone(), "sku/name", PropertyValue::Text("Standard"))
}

/// The default route in effect at the subnet of a Bastion.
fn default_route<'a>(scene: &Scene<'a>, bastion: &BastionHost) -> Option<&'a EffectiveRoute> {
    let table = scene.plane.effective_in(bastion.subnet?.known()?)?;
    let routes = table.routes.iter().filter(|route| route.state == RouteState::Active);
    let is_default = |route: &&Arc<EffectiveRoute>| {
        let mut prefixes = route.prefixes.as_slice().iter();
        prefixes.any(|prefix| prefix.addr().is_ipv4() && prefix.prefix_len() == 0)
    };
    { routes }.find(is_default).map(|route| &**route)
}
