//! A just-in-time request of the principal's is open (R436, R437).

use super::Scene;
use super::finding::{by, fails, holds, mended_by, unsure};
use crate::answer::{GateAnswer, Item, ItemKind, Reason, Remedy, Verdict};
use crate::azure::{JustInTimePolicy, JustInTimePort, JustInTimeRequest, Link, VirtualMachine};
use crate::dataplane::is_private;
use crate::id::Id;
use crate::question::gate::role;
use crate::question::locate::{self, Refusal};
use std::net::IpAddr;

const KIND: &str = "justInTime";
const RULES: &[u16] = &[436, 437];
const INITIATE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";

pub(super) fn judge(
    scene: &Scene<'_>,
    machine: &str,
    port: u16,
) -> Result<Vec<GateAnswer>, Refusal> {
    let id = locate::machine(scene.network(), machine)?;
    let name = scene.network().virtual_machines[id].meta.name();
    let policies = scene.network().just_in_time_policies.values();
    let guarded = { policies }.find_map(|policy| Some((policy, guard(policy, id, port)?)));
    let Some((policy, guard)) = guarded else {
        let text = format!("no just-in-time policy guards port {port} of {name}");
        return Ok(vec![holds(KIND, text, RULES)]);
    };
    let mut found = vec![
        role::check(scene, INITIATE, &policy.meta.id, RULES),
        role::check(scene, "Microsoft.Compute/virtualMachines/read", &vm(scene, id), RULES),
    ];
    found.push(window(scene, policy, guard, id));
    Ok(found)
}

fn vm(scene: &Scene<'_>, id: Id<VirtualMachine>) -> crate::id::ResourceId {
    scene.network().virtual_machines[id].meta.id.clone()
}

fn guard(
    policy: &JustInTimePolicy,
    machine: Id<VirtualMachine>,
    port: u16,
) -> Option<&JustInTimePort> {
    policy.ports.iter().find(|it| it.machine == Link::To(machine) && it.port == port)
}

/// Is a request open, for the address that the packet arrives from?
fn window(
    scene: &Scene<'_>,
    policy: &JustInTimePolicy,
    guard: &JustInTimePort,
    machine: Id<VirtualMachine>,
) -> GateAnswer {
    let source = source(scene);
    let mine = policy.requests.iter().filter(|it| {
        let fits = source.is_none_or(|source| {
            it.sources.is_empty() || it.sources.iter().any(|prefix| prefix.contains(&source))
        });
        it.machine == Link::To(machine) && it.port == guard.port && fits
    });
    let mine: Vec<&JustInTimeRequest> = mine.collect();
    let clock = scene.network().clock;
    if let Some(open) = mine.iter().find(|request| request.is_open(clock) == Some(true)) {
        return opened(scene, policy, guard, open);
    }
    if mine.iter().any(|request| request.is_open(clock).is_none()) {
        let text = "whether the request is open depends on the time, which is not given".to_owned();
        return unsure(KIND, Reason::NotGiven, text, RULES);
    }
    // R187, R437: an open session, or a rule of one's own.
    if scene.trace.is_some_and(|trace| trace.verdict == Verdict::Reachable) {
        let text =
            format!("no request for port {} is open, and packets pass all the same", guard.port);
        return holds(KIND, text, RULES);
    }
    let now = clock.map(|clock| format!(" at {clock}")).unwrap_or_default();
    let whom = source.map(|source| format!(" from {source}")).unwrap_or_default();
    let text = format!("no request for port {}{whom} is open{now}", guard.port);
    let remedy = Remedy::Request {
        policy: policy.meta.id.clone(),
        machine: vm(scene, machine),
        port: guard.port,
        source,
    };
    let closed = fails(KIND, Reason::AccessWindowClosed, text, RULES);
    by(policy_item(scene, policy), mended_by(remedy, closed))
}

/// A request must not ask for more than the policy gives.
fn opened(
    scene: &Scene<'_>,
    policy: &JustInTimePolicy,
    guard: &JustInTimePort,
    request: &JustInTimeRequest,
) -> GateAnswer {
    let latest = request.start.zip(guard.seconds_max).and_then(|(start, most)| start.after(most));
    if let (Some(latest), Some(end)) = (latest, request.end)
        && end > latest
    {
        let text =
            format!("the policy gives no longer than until {latest}, and it is asked until {end}");
        return by(
            policy_item(scene, policy),
            fails(KIND, Reason::AccessWindowClosed, text, RULES),
        );
    }
    let until = request.end.map(|end| format!(" until {end}")).unwrap_or_default();
    let name = format!("request for port {}", request.port);
    let item = scene.part(ItemKind::Policy, &name, &policy.meta.id, &request.origin);
    by(item, holds(KIND, format!("port {} is open{until}", request.port), RULES))
}

fn policy_item(scene: &Scene<'_>, policy: &JustInTimePolicy) -> Item {
    scene.item(ItemKind::Policy, &policy.meta)
}

/// The source of the packet as it arrives: a public one, where a firewall put its own in its place later.
fn source(scene: &Scene<'_>) -> Option<IpAddr> {
    let path = scene.trace?.paths.first()?;
    let sources = || path.request.iter().rev().map(|hop| hop.flow.source);
    sources().find(|&source| !is_private(source)).or_else(|| sources().next())
}
