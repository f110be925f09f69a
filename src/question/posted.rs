//! What is asked of Network Watcher, as the bodies of its requests say it (R493, R495, R502). ARM takes
//! names of members in any case.

use super::{Endpoint, LocalFlow, Probe, Target, Unanswered, locate};
use crate::azure::{Direction, Network, NetworkInterface};
use crate::diag::Diagnostic;
use crate::id::Id;
use crate::net::{DnsName, PortRange, Protocol};
use serde_json::Value;
use std::net::IpAddr;

/// The member `name` of an object, whatever its case.
#[must_use]
pub fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let mut members = value.as_object()?.iter();
    members.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The text of the member `name`, unless it is empty.
#[must_use]
pub fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    member(value, name)?.as_str().filter(|text| !text.is_empty())
}

/// The interface that a body names as its target, or that of the machine that it names.
///
/// # Errors
/// When it names none, or nothing is called so.
pub fn target(network: &Network, body: &Value) -> Result<Id<NetworkInterface>, Unanswered> {
    let target = text(body, "targetNicResourceId").or_else(|| text(body, "targetResourceId"));
    let target = target.ok_or_else(|| Unanswered::not_given("the question names no target"))?;
    interface(network, target)
}

/// The flow that the body of `ipFlowVerify` asks for.
///
/// # Errors
/// When it is not all there.
pub fn local_flow(body: &Value) -> Result<LocalFlow, Unanswered> {
    let end = |at: &str, ports: &str| {
        Some((text(body, at)?.parse::<IpAddr>().ok()?, self::ports(text(body, ports)?)?))
    };
    let read = || {
        Some(LocalFlow {
            direction: direction(text(body, "direction")?)?,
            protocol: protocol(text(body, "protocol")?)?,
            local: end("localIPAddress", "localPort")?,
            remote: end("remoteIPAddress", "remotePort")?,
        })
    };
    read().ok_or_else(|| Unanswered::not_modelled("the question's flow cannot be read"))
}

/// The destination that the body of `nextHop` asks for.
///
/// # Errors
/// When it names none.
pub fn destination(body: &Value) -> Result<IpAddr, Unanswered> {
    let address = text(body, "destinationIPAddress").and_then(|it| it.parse().ok());
    address.ok_or_else(|| Unanswered::not_given("the question names no destination address"))
}

/// The probe that the body of `connectivityCheck` asks for. HTTP and HTTPS are probed over TCP.
///
/// # Errors
/// When it names no ends, or something that is not there, or is of another protocol.
pub fn probe(network: &Network, body: &Value) -> Result<Probe, Unanswered> {
    let part = |name: &str| member(body, name).unwrap_or(&Value::Null);
    let (source, destination) = (part("source"), part("destination"));
    let from = text(source, "resourceId")
        .ok_or_else(|| Unanswered::not_given("the question names no source"))?;
    let to = match (text(destination, "resourceId"), text(destination, "address")) {
        (Some(id), _) => {
            let nic = interface(network, id)?;
            (Target::Endpoint(Endpoint::Interface(nic)), id.to_owned())
        }
        (None, Some(address)) => (name_or_address(address)?, address.to_owned()),
        (None, None) => return Err(Unanswered::not_given("the question names no destination")),
    };
    let protocol = match text(body, "protocol").unwrap_or("Tcp").to_ascii_lowercase().as_str() {
        "tcp" | "http" | "https" => Protocol::Tcp,
        "icmp" => Protocol::Icmp,
        other => return Err(Unanswered::not_modelled(format!("probes by {other}"))),
    };
    let port = member(destination, "port").and_then(Value::as_u64);
    let port = port.and_then(|port| u16::try_from(port).ok()).unwrap_or(80);
    Ok(Probe { from: interface(network, from)?, to, protocol, port })
}

/// A direction, in any case.
#[must_use]
pub fn direction(word: &str) -> Option<Direction> {
    let known = [Direction::Inbound, Direction::Outbound];
    known.into_iter().find(|direction| direction.as_arm().eq_ignore_ascii_case(word))
}

/// A protocol, in any case.
#[must_use]
pub fn protocol(word: &str) -> Option<Protocol> {
    Protocol::ALL.into_iter().find(|protocol| protocol.to_string().eq_ignore_ascii_case(word))
}

/// A port, a range, or `*`.
#[must_use]
pub fn ports(word: &str) -> Option<PortRange> {
    match word.split_once('-') {
        Some((first, last)) => PortRange::new(first.parse().ok()?, last.parse().ok()?),
        None if word == "*" => Some(PortRange::ANY),
        None => word.parse().ok().map(PortRange::single),
    }
}

fn interface(network: &Network, text: &str) -> Result<Id<NetworkInterface>, Unanswered> {
    locate::interface(network, text)
        .map_err(|refusal| Unanswered::missing(Diagnostic::from(refusal).message))
}

fn name_or_address(text: &str) -> Result<Target, Unanswered> {
    if let Ok(address) = text.parse() {
        return Ok(Target::Address(address));
    }
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let name = DnsName::parse(host);
    name.map(Target::Name).ok_or_else(|| Unanswered::not_given(format!("`{text}` is no name")))
}
