//! `nat-gateway-refused`: a subnet that Azure does not let a NAT gateway serve.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Link, Network, Sku, Subnet};
use crate::diag::Severity;
use crate::id::Id;

pub(super) const KIND: Kind<Network> =
    Kind { code: "nat-gateway-refused", severity: Severity::Error, rules: &[Rule(413)], find };

fn find(network: &Network) -> Vec<Found> {
    let served = network.subnets.iter().filter(|(_, subnet)| subnet.nat_gateway.is_some());
    let found = served.filter_map(|(id, subnet)| {
        let (text, hint) = refused(network, id, subnet)?;
        Some(Found {
            resource: subnet.meta.id.clone(),
            text: format!("{} has a NAT gateway, and {text}", subnet.meta.name()),
            hint: hint.to_owned(),
            origin: Some(subnet.meta.origin.clone()),
        })
    });
    found.collect()
}

fn refused(network: &Network, id: Id<Subnet>, subnet: &Subnet) -> Option<(String, &'static str)> {
    if subnet.is_named("GatewaySubnet") {
        return Some(("gateways do not go out by one".to_owned(), "detach the NAT gateway"));
    }
    let addresses = network.ip_configurations.values().filter(|it| it.subnet == Some(Link::To(id)));
    let public = addresses.filter_map(|it| it.public_ip_address).filter_map(Link::known);
    let mut public = public.map(|id| &network.public_ip_addresses[id]);
    let basic = public.find(|address| address.sku == Sku::Basic)?;
    let text = format!("{} is a Basic public address in it", basic.meta.name());
    Some((text, "use Standard public addresses and load balancers"))
}
