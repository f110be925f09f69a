//! Small networks, written as scenarios, and what is asked of them.

use hopwise::answer::{NameAnswer, Step, TraceAnswer};
use hopwise::azure::PlatformProfile;
use hopwise::dataplane::{self, Dataplane};
use hopwise::import::{self, Document};
use hopwise::net::{DnsName, Protocol, RecordType};
use hopwise::question::{self, TraceQuestion, locate};
use hopwise::resolve::resolve;
use std::sync::Arc;

/// The dataplane of a scenario that nothing is to be said about.
pub(crate) fn plane(text: &str) -> Dataplane {
    let snapshot = import::read([Document { name: "test.yaml".into(), text: text.as_bytes() }]);
    assert_eq!(snapshot.diagnostics, []);
    let (network, diagnostics) = resolve(snapshot);
    assert_eq!(diagnostics, []);
    dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap())
}

/// Does a packet get from one to the other?
pub(crate) fn trace(plane: &Dataplane, from: &str, to: &str, protocol: Protocol) -> TraceAnswer {
    let network = plane.network();
    let from = locate::source(network, from).unwrap();
    let to = locate::destination(network, to).unwrap();
    let question = TraceQuestion {
        from: (from.endpoint, from.name),
        from_address: from.address,
        to: (to.target, to.name),
        protocol,
        port: to.port.unwrap_or_default(),
        source_port: None,
    };
    question::trace(plane, &question)
}

/// As [`trace`], by TCP.
pub(crate) fn tcp(plane: &Dataplane, from: &str, to: &str) -> TraceAnswer {
    trace(plane, from, to, Protocol::Tcp)
}

/// What the name is to `from`.
pub(crate) fn name(plane: &Dataplane, from: &str, name: &str) -> NameAnswer {
    let from = locate::source(plane.network(), from).unwrap();
    let name = DnsName::parse(name).unwrap();
    question::resolve_name(plane, from.endpoint, &name, RecordType::A)
}

/// The places of the request on the first path.
pub(crate) fn way(answer: &TraceAnswer) -> Vec<&str> {
    answer.paths[0].request.iter().map(|hop| hop.at.as_str()).collect()
}

/// Every step of the first path, there and back.
pub(crate) fn steps(answer: &TraceAnswer) -> impl Iterator<Item = &Step> {
    let path = &answer.paths[0];
    path.request.iter().chain(&path.reply).flat_map(|hop| &hop.steps)
}
