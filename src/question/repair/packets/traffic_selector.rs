//! Tunnels that take only the pairs of ranges that they name.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::tree::Node;
use crate::azure::{Connection, TrafficSelector};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use ipnet::IpNet;

/// R314: a pair for the two ends of the flow, one of which is on the side of the gateway. Without pairs of
/// its own the tunnel takes what the ranges of both ends say, which is not for the connection to change.
pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::TrafficSelectorMismatch {
        return Vec::new();
    }
    let decided = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let is_it = |connection: &&Connection| Some(&connection.meta.id) == decided;
    let found = scene.network().connections.values().find(is_it);
    let Some(connection) = found.filter(|it| !it.traffic_selectors.is_empty()) else {
        return Vec::new();
    };
    let ends = [obstacle.flow.source, obstacle.flow.destination].map(IpNet::from);
    let [from, to] = ends;
    [(from, to), (to, from)].map(|pair| edit(scene, connection, pair)).into()
}

fn edit(scene: &Scene<'_>, connection: &Connection, (here, there): (IpNet, IpNet)) -> Edit {
    let name = connection.meta.name();
    let sentence =
        format!("let the tunnel of connection {name} take what is between {here} and {there}");
    let new = TrafficSelector { local: vec![here], remote: vec![there] };
    let all = connection.traffic_selectors.iter().chain([&new]).map(written).collect();
    let change = patch::object([("trafficSelectorPolicies", patch::list(all))]);
    let change = scene.change(&connection.meta.id, change);
    let json = format!(r#"{{"localAddressRanges":["{here}"],"remoteAddressRanges":["{there}"]}}"#);
    let command = Command::az("network vpn-connection update")
        .of(&connection.meta.id)
        .with_all("--add", ["trafficSelectorPolicies", &json]);
    Edit::new("traffic-selector", sentence, &[314], change).by(command)
}

fn written(selector: &TrafficSelector) -> Node {
    let ranges = |all: &[IpNet]| {
        patch::list(all.iter().map(|range| patch::text(&range.to_string())).collect())
    };
    patch::object([
        ("localAddressRanges", ranges(&selector.local)),
        ("remoteAddressRanges", ranges(&selector.remote)),
    ])
}
