//! `ipFlowVerify`.

use super::super::case::Case;
use super::{protocol, session, to_json};
use hopwise::net::PortRange;
use hopwise::question::{self, LocalFlow, Unanswered};
use hopwise::report::azure;
use serde_json::Value;
use std::net::IpAddr;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let flow = asked_flow(case)
        .ok_or_else(|| Unanswered::not_modelled("the question's flow cannot be read"))?;
    let session = session(case)?;
    let nic = session.target_interface()?;
    let table = session.table(nic)?;
    let answer = question::ip_flow_verify(&session.network, session.profile, (nic, &table), &flow);
    if let Some(doubt) = answer.unsure.first() {
        return Err(Unanswered::not_modelled(doubt));
    }
    to_json(&azure::ip_flow(&answer, &session.shape))
}

fn asked_flow(case: &Case) -> Option<LocalFlow> {
    let end =
        |address, port| Some((case.asked(address)?.parse::<IpAddr>().ok()?, ports(case, port)?));
    Some(LocalFlow {
        direction: super::direction(case.asked("direction")?)?,
        protocol: protocol(case.asked("protocol")?)?,
        local: end("localIPAddress", "localPort")?,
        remote: end("remoteIPAddress", "remotePort")?,
    })
}

fn ports(case: &Case, name: &str) -> Option<PortRange> {
    super::ports(case.asked(name)?)
}
