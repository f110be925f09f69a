//! `nat-gateway-refused`: a subnet that Azure does not let a NAT gateway serve.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{FrontendAddress, Link, Network, Sku, Subnet};
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
    let basic = public.find(|address| address.sku == Sku::Basic);
    let basic = basic.map(|address| format!("{} is a Basic public address", address.meta.name()));
    let text = basic.or_else(|| basic_balancer(network, id))?;
    Some((format!("{text} in it"), "use Standard public addresses and load balancers"))
}

fn basic_balancer(network: &Network, id: Id<Subnet>) -> Option<String> {
    let mut frontends = network.frontends.values().filter_map(|frontend| {
        let FrontendAddress::Private(Some(Link::To(subnet)), _) = frontend.address else {
            return None;
        };
        let balancer = &network.load_balancers[frontend.load_balancer];
        (subnet == id && balancer.sku == Sku::Basic).then_some(balancer)
    });
    frontends.next().map(|it| format!("{} is a Basic load balancer", it.meta.name()))
}
