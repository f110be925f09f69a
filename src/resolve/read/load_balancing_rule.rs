//! The three kinds of rules of load balancers. One whose ports or protocol cannot be read is left
//! out, with a warning: nothing tells what it would do.

use crate::azure::{HealthProbe, InboundNatRule, LoadBalancingRule, OutboundRule};
use crate::net::{PortRange, Protocol, ProtocolSet};
use crate::resolve::fields::Fields;

/// `loadBalancingRules[]` (R415), with what the load balancer has in `probes`.
pub(super) fn balancing(
    name: &str,
    fields: &Fields<'_>,
    probes: &[(Box<str>, Fields<'_>)],
) -> Option<LoadBalancingRule> {
    let mut backend_pools = fields.links("backendAddressPools");
    if backend_pools.is_empty() {
        backend_pools.extend(fields.link("backendAddressPool"));
    }
    Some(LoadBalancingRule {
        name: name.into(),
        origin: fields.origin(),
        frontend: fields.required_link("frontendIPConfiguration"),
        backend_pools,
        protocols: protocols(fields)?,
        frontend_port: required_port(fields, "frontendPort")?,
        backend_port: required_port(fields, "backendPort")?,
        has_floating_ip: fields.is("enableFloatingIP"),
        disables_outbound_snat: fields.is("disableOutboundSnat"),
        probe: fields.scope().in_model(|| probe(fields, probes)),
    })
}

/// The probe that the rule refers to (R588): the end of its id is the name of it. Of one that is not told the
/// port is not known.
fn probe(fields: &Fields<'_>, probes: &[(Box<str>, Fields<'_>)]) -> Option<HealthProbe> {
    let spot = fields.find("probe")?;
    let reference = spot.reference().and_then(|reference| reference.node.as_text());
    let wanted = reference.and_then(|text| text.rsplit('/').next());
    let is_it = |(name, _): &&(Box<str>, Fields<'_>)| {
        wanted.is_some_and(|wanted| name.eq_ignore_ascii_case(wanted))
    };
    Some(HealthProbe { port: probes.iter().find(is_it).and_then(|(_, it)| it.number("port")) })
}

/// `inboundNatRules[]`.
pub(super) fn inbound_nat(name: &str, fields: &Fields<'_>) -> Option<InboundNatRule> {
    Some(InboundNatRule {
        name: name.into(),
        origin: fields.origin(),
        frontend: fields.required_link("frontendIPConfiguration"),
        backend: fields.link("backendIPConfiguration"),
        backend_pool: fields.link("backendAddressPool"),
        protocols: protocols(fields)?,
        frontend_ports: frontend_ports(fields)?,
        backend_port: required_port(fields, "backendPort")?,
        has_floating_ip: fields.is("enableFloatingIP"),
        is_of_scale_set: false,
    })
}

/// `inboundNatPools[]`: ports for the instances of a scale set.
pub(super) fn inbound_nat_pool(name: &str, fields: &Fields<'_>) -> Option<InboundNatRule> {
    Some(InboundNatRule { is_of_scale_set: true, ..inbound_nat(name, fields)? })
}

/// `outboundRules[]` (R418).
pub(super) fn outbound(name: &str, fields: &Fields<'_>) -> OutboundRule {
    OutboundRule {
        name: name.into(),
        origin: fields.origin(),
        frontends: fields.links("frontendIPConfigurations"),
        backend_pool: fields.link("backendAddressPool"),
        protocols: protocols(fields).unwrap_or(with_ports()),
    }
}

/// One port, or a range of them for rules of a pool.
fn frontend_ports(fields: &Fields<'_>) -> Option<PortRange> {
    let range = (fields.number("frontendPortRangeStart"), fields.number("frontendPortRangeEnd"));
    match (fields.number("frontendPort"), range) {
        (Some(0) | None, (Some(first), Some(last))) if first > 0 => PortRange::new(first, last),
        (Some(port), _) => Some(PortRange::single(port)),
        (None, _) => {
            fields.absent("frontendPort");
            None
        }
    }
}

fn required_port(fields: &Fields<'_>, name: &str) -> Option<u16> {
    if !fields.has(name) {
        fields.absent(name);
    }
    fields.number(name)
}

/// TCP, UDP, or both for `All` (R419).
fn protocols(fields: &Fields<'_>) -> Option<ProtocolSet> {
    let (tcp, udp) = (ProtocolSet::single(Protocol::Tcp), ProtocolSet::single(Protocol::Udp));
    let words = [("Tcp", tcp), ("Udp", udp), ("All", with_ports()), ("*", with_ports())];
    if !fields.has("protocol") {
        fields.absent("protocol");
    }
    fields.one_of("protocol", &words)
}

/// All that load balancers know of.
const fn with_ports() -> ProtocolSet {
    ProtocolSet::single(Protocol::Tcp).union(ProtocolSet::single(Protocol::Udp))
}
