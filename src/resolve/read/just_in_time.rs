//! `Microsoft.Security/locations/jitNetworkAccessPolicies`.

use crate::azure::{JustInTimePolicy, JustInTimePort, JustInTimeRequest, Link, VirtualMachine};
use crate::net::{ProtocolSet, Timestamp, seconds_of};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use ipnet::IpNet;

/// What became of a request for one port.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Initiated,
    Revoked,
}

const STATUSES: &[(&str, Status)] =
    &[("Initiated", Status::Initiated), ("Revoked", Status::Revoked)];

/// Reads a policy with the requests that were approved (R436).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> JustInTimePolicy {
    let machines = fields.list("virtualMachines").into_iter().map(Spot::fields);
    let requests = fields.list("requests").into_iter().map(Spot::fields);
    JustInTimePolicy {
        meta: fields.meta(),
        ports: machines.flat_map(|machine| ports(&machine)).collect(),
        requests: requests.flat_map(|request| opened(&request)).collect(),
    }
}

fn ports(machine: &Fields<'_>) -> Vec<JustInTimePort> {
    let Some(id) = machine_of(machine) else { return Vec::new() };
    let ports = machine.list("ports").into_iter().map(Spot::fields);
    let port = |port: Fields<'_>| {
        Some(JustInTimePort {
            machine: id,
            port: port.number("number")?,
            protocols: port.protocols("protocol").unwrap_or(ProtocolSet::ALL),
            allowed_sources: sources(&port),
            seconds_max: seconds(&port, "maxRequestAccessDuration"),
            origin: port.origin(),
        })
    };
    ports.filter_map(port).collect()
}

/// What a request opened: each port of each machine, without what was revoked, for which there is no
/// rule any more (R436).
fn opened(request: &Fields<'_>) -> Vec<JustInTimeRequest> {
    let start = time(request, "startTimeUtc");
    let requestor = request.boxed("requestor");
    let machines = request.list("virtualMachines").into_iter().map(Spot::fields);
    let mut found = Vec::new();
    for machine in machines {
        let Some(id) = machine_of(&machine) else { continue };
        for port in machine.list("ports").into_iter().map(Spot::fields) {
            if port.one_of("status", STATUSES) == Some(Status::Revoked) {
                continue;
            }
            let Some(number) = port.number("number") else {
                port.absent("number");
                continue;
            };
            found.push(JustInTimeRequest {
                machine: id,
                port: number,
                sources: sources(&port),
                start,
                end: time(&port, "endTimeUtc"),
                requestor: requestor.clone(),
                origin: port.origin(),
            });
        }
    }
    found
}

fn machine_of(fields: &Fields<'_>) -> Option<Link<VirtualMachine>> {
    let link = fields.link("id").or_else(|| fields.link("name"));
    if link.is_none() {
        fields.absent("id");
    }
    link
}

/// One source or several; `*` stands for any.
fn sources(port: &Fields<'_>) -> Vec<IpNet> {
    let names = ["allowedSourceAddressPrefix", "allowedSourceAddressPrefixes"];
    let written = port.lists(&names);
    let named = written.iter().filter(|spot| spot.node.as_text() != Some("*"));
    named.filter_map(Spot::prefix).collect()
}

fn time(fields: &Fields<'_>, name: &str) -> Option<Timestamp> {
    let spot = fields.find(name)?;
    let time = spot.node.as_text().and_then(Timestamp::parse);
    if time.is_none() {
        spot.complain("a time such as `2026-11-25T10:00:00Z`");
    }
    time
}

fn seconds(fields: &Fields<'_>, name: &str) -> Option<u32> {
    let spot = fields.find(name)?;
    let seconds = spot.node.as_text().and_then(seconds_of);
    if seconds.is_none() {
        spot.complain("a span such as `PT3H`");
    }
    seconds
}
