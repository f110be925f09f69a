//! `peeringState`: the state follows from who wrote and deleted which half when. What Azure said of
//! the state before is taken out of the estate first.

use super::super::case::Case;
use super::super::estate::Estate;
use super::super::session::Session;
use super::to_json;
use hopwise::azure::PeeringState;
use hopwise::id::ResourceId;
use hopwise::question::{self, Half, PeeringHistory, Unanswered};
use hopwise::report::azure;
use serde_json::{Value, json};

const PEERING: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";

/// What Azure says of a peering, and clients that write one again send back.
const SAID_BY_AZURE: [&str; 6] = [
    "peeringState",
    "peeringSyncLevel",
    "remoteAddressSpace",
    "remoteVirtualNetworkAddressSpace",
    "remoteGateways",
    "provisioningState",
];

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let asked = ResourceId::new(&case.query.params.path);
    let mut estate = Estate::of(case);
    let state = replayed(&estate, &asked);
    estate.rewrite(PEERING, &mut |id, body| {
        let properties = body.get_mut("properties").and_then(Value::as_object_mut);
        let Some(properties) = properties else { return };
        properties.retain(|name, _| !SAID_BY_AZURE.contains(&name.as_str()));
        // The other states are what the presence of the halves says anyway.
        if *id == asked && state == Some(PeeringState::Disconnected) {
            properties.insert("peeringState".into(), json!(PeeringState::Disconnected.as_arm()));
        }
    });
    let session = Session::new(case, estate)?;
    let peering = session.peering(asked.as_str())?;
    let answer = question::peering_state(&session.network, peering)?;
    to_json(&azure::peering(&answer, &session.shape))
}

/// The state of `asked` after everything that the recording did to both halves.
fn replayed(estate: &Estate, asked: &ResourceId) -> Option<PeeringState> {
    let mut history = PeeringHistory::default();
    let own_network = asked.parent()?;
    let mut own = estate.log.iter().filter(|(id, _)| id == asked);
    let remote_network = own.find_map(|(_, body)| remote(body.as_ref()))?;
    let mut other: Option<ResourceId> = None;
    for (id, body) in &estate.log {
        let is_back = || {
            id.parent().as_ref() == Some(&remote_network)
                && remote(body.as_ref()).as_ref() == Some(&own_network)
        };
        if is_back() {
            other = Some(id.clone());
        }
        let half = match () {
            () if id == asked => Half::This,
            () if other.as_ref() == Some(id) => Half::Other,
            () => continue,
        };
        match body {
            Some(_) => history.put(half),
            None => history.delete(half),
        }
    }
    history.state(Half::This)
}

/// The network that a half of a peering leads to.
fn remote(body: Option<&Value>) -> Option<ResourceId> {
    let id = body?.pointer("/properties/remoteVirtualNetwork/id")?.as_str()?;
    Some(ResourceId::new(id))
}
