//! `peeringState`: the state follows from who wrote and deleted which half when, and so does what a
//! half knows of the remote space. What Azure said of both before is taken out of the estate first.

use super::super::case::Case;
use super::super::estate::{Estate, Event};
use super::super::session::Session;
use super::to_json;
use hopwise::azure::PeeringState;
use hopwise::id::ResourceId;
use hopwise::question::{self, Half, PeeringHistory, Unanswered};
use hopwise::report::azure;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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
    let known = known_spaces(&estate);
    estate.rewrite(PEERING, &mut |id, body| {
        let properties = body.get_mut("properties").and_then(Value::as_object_mut);
        let Some(properties) = properties else { return };
        properties.retain(|name, _| !SAID_BY_AZURE.contains(&name.as_str()));
        // The other states are what the presence of the halves says anyway.
        if *id == asked && state == Some(PeeringState::Disconnected) {
            properties.insert("peeringState".into(), json!(PeeringState::Disconnected.as_arm()));
        }
        if let Some(space) = known.get(id) {
            properties.insert("remoteAddressSpace".into(), space.clone());
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
    let remote_network = own.find_map(|(_, event)| remote(event.body()?))?;
    let mut other: Option<ResourceId> = None;
    for (id, event) in &estate.log {
        let is_back = || {
            id.parent().as_ref() == Some(&remote_network)
                && event.body().and_then(remote).as_ref() == Some(&own_network)
        };
        if is_back() {
            other = Some(id.clone());
        }
        let half = match () {
            () if id == asked => Half::This,
            () if other.as_ref() == Some(id) => Half::Other,
            () => continue,
        };
        match event {
            Event::Written(_) | Event::Shown(_) => history.put(half),
            Event::Deleted => history.delete(half),
        }
    }
    history.state(Half::This)
}

/// What every half knows of the remote space (R157, R160): that of the time when it came to be or
/// when the client last wrote it. Cases do not tell whether such a request asked for a sync
/// (`syncRemoteAddressSpace`); those of the recordings did where the spaces differed.
fn known_spaces(estate: &Estate) -> BTreeMap<ResourceId, Value> {
    let (mut spaces, mut known) = (BTreeMap::new(), BTreeMap::new());
    for (id, event) in &estate.log {
        if !matches!(event, Event::Shown(_)) {
            known.remove(id);
        }
        let Some(body) = event.body() else {
            spaces.remove(id);
            continue;
        };
        if let Some(space) = body.pointer("/properties/addressSpace") {
            spaces.insert(id.clone(), space.clone());
        }
        if let Some(space) = remote(body).and_then(|network| spaces.get(&network)) {
            known.entry(id.clone()).or_insert_with(|| space.clone());
        }
    }
    known
}

/// The network that a half of a peering leads to.
fn remote(body: &Value) -> Option<ResourceId> {
    let id = body.pointer("/properties/remoteVirtualNetwork/id")?.as_str()?;
    Some(ResourceId::new(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

    fn network(name: &str) -> String {
        format!("{GROUP}/virtualNetworks/{name}")
    }

    /// Two networks: left has a half, right has one, then left gains a range; with `more` requests.
    fn answer(asked: &str, more: &[Value]) -> Value {
        let request = |seq: i64, path: &str, properties: Value| {
            json!({
                "seq": seq, "kind": "PUT", "path": path, "body": {"properties": properties},
            })
        };
        let (left, right) = (network("left"), network("right"));
        let to = |remote: &str| json!({"remoteVirtualNetwork": {"id": remote}});
        let space = |prefixes: Value| json!({"addressSpace": {"addressPrefixes": prefixes}});
        let half = |network: &str| format!("{network}/virtualNetworkPeerings/half");
        let mut requests = vec![
            request(1, &left, space(json!(["10.1.0.0/16"]))),
            request(2, &right, space(json!(["10.2.0.0/16"]))),
            request(3, &half(&left), to(&right)),
            request(4, &half(&right), to(&left)),
            request(5, &left, space(json!(["10.1.0.0/16", "10.3.0.0/16"]))),
        ];
        requests.extend_from_slice(more);
        let case: Case = serde_json::from_value(json!({
            "commit_date": "2021-05-13T00:00:00Z", "request_resources": requests,
            "query": {"kind": "peeringState", "seq": 10, "params": {
                "path": half(&network(asked)), "queryString": "api-version=2021-02-01",
            }},
            "azure_answer": {},
        }))
        .unwrap();
        ask(&case).unwrap()["properties"].take()
    }

    fn check(answer: &Value, level: &str, remembered: &Value) {
        assert_eq!(answer["peeringSyncLevel"], level);
        assert_eq!(answer["remoteAddressSpace"]["addressPrefixes"], *remembered);
    }

    /// R157, R158, recorded in 2021: the half in the other network keeps the old space.
    #[test]
    fn a_half_knows_the_remote_space_of_when_it_was_written() {
        check(&answer("left", &[]), "RemoteNotInSync", &json!(["10.2.0.0/16"]));
        let other = answer("right", &[]);
        check(&other, "LocalNotInSync", &json!(["10.1.0.0/16"]));
        let live = &other["remoteVirtualNetworkAddressSpace"]["addressPrefixes"];
        assert_eq!(*live, json!(["10.1.0.0/16", "10.3.0.0/16"]));
    }

    /// The client writes the half once more, with `syncRemoteAddressSpace`.
    #[test]
    fn a_half_that_is_written_again_knows_the_space_of_then() {
        let sync = json!({
            "seq": 6, "kind": "PUT", "path": network("right") + "/virtualNetworkPeerings/half",
            "body": {"properties": {"remoteVirtualNetwork": {"id": network("left")}}},
        });
        let sync = std::slice::from_ref(&sync);
        check(&answer("right", sync), "FullyInSync", &json!(["10.1.0.0/16", "10.3.0.0/16"]));
        check(&answer("left", sync), "FullyInSync", &json!(["10.2.0.0/16"]));
    }
}
