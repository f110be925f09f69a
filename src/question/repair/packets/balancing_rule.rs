//! A rule of a load balancer for the port.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::{LoadBalancer, LoadBalancingRule};
use crate::net::Protocol;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::NoBalancingRule {
        return Vec::new();
    }
    let hops = scene.trace.paths.iter().flat_map(|path| &path.request);
    let at = { hops }.find(|hop| hop.at == obstacle.at).and_then(|hop| hop.resource.as_ref());
    let balancers = scene.network().load_balancers.values();
    let balancer = { balancers }.find(|it| Some(&it.meta.id) == at);
    let like = balancer.and_then(|it| Some((it, it.rules.first()?)));
    like.map(|(balancer, rule)| add(scene, balancer, rule, obstacle)).into_iter().collect()
}

/// R415: to the same backends as the rule that is there.
fn add(
    scene: &Scene<'_>,
    balancer: &LoadBalancer,
    like: &LoadBalancingRule,
    obstacle: &Obstacle,
) -> Edit {
    let network = scene.network();
    let flow = obstacle.flow;
    let protocol = if flow.protocol == Protocol::Udp { "Udp" } else { "Tcp" };
    let port = u32::from(flow.destination_ports.first());
    let name = format!("{}-{port}", protocol.to_lowercase());
    let mut members = vec![
        ("name".into(), patch::text(&name)),
        ("protocol".into(), patch::text(protocol)),
        ("frontendPort".into(), patch::number(port)),
        ("backendPort".into(), patch::number(port)),
    ];
    let link = |id: &str| patch::object([("id", patch::text(id))]);
    let frontend = like.frontend.known().map(|id| &network.frontends[id].id);
    members.extend(frontend.map(|id| ("frontendIPConfiguration".into(), link(id.as_str()))));
    let pool = like.backend_pools.first().and_then(|link| link.known());
    let pool = pool.map(|id| &network.backend_pools[id].id);
    members.extend(pool.map(|id| ("backendAddressPool".into(), link(id.as_str()))));
    let body = crate::azure::tree::Node::new(crate::azure::tree::Value::Object(members));
    let change = patch::object([("loadBalancingRules", patch::list(vec![body]))]);
    let owner = balancer.meta.name();
    let sentence =
        format!("balance {protocol} port {port} at {owner}, to the backends of {}", like.name);
    let command = Command::az("network lb rule create")
        .beside(&balancer.meta.id)
        .with("--lb-name", owner)
        .with("-n", &name)
        .with("--protocol", protocol)
        .with("--frontend-port", &port.to_string())
        .with("--backend-port", &port.to_string())
        .with("--frontend-ip", frontend.map_or("FRONTEND", |id| id.name()))
        .with("--backend-pool-name", pool.map_or("POOL", |id| id.name()));
    let change = scene.change(&balancer.meta.id, change);
    Edit::new("balancing-rule", sentence, &[415], change).by(command)
}
