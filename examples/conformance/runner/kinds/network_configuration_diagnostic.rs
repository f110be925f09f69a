//! `networkConfigurationDiagnostic`.

use super::super::case::Case;
use super::super::session::Session;
use super::{session, to_json};
use hopwise::answer::RuleCheckAnswer;
use hopwise::net::{Flow, PortRange};
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let profiles = case.query.params.body.get("profiles").and_then(Value::as_array);
    let profiles = profiles.ok_or_else(|| Unanswered::not_given("the question has no profiles"))?;
    let answers: Result<Vec<(Value, RuleCheckAnswer)>, Unanswered> =
        profiles.iter().map(|profile| Ok((profile.clone(), answer(&session, profile)?))).collect();
    to_json(&azure::rule_diagnostic(&answers?))
}

fn answer(session: &Session<'_>, profile: &Value) -> Result<RuleCheckAnswer, Unanswered> {
    let word = |name: &str| profile.get(name).and_then(Value::as_str).unwrap_or_default();
    let direction = super::direction(word("direction"));
    let (Some(direction), Some(flow)) = (direction, flow(&word)) else {
        return Err(Unanswered::not_modelled(format!("a profile that is no flow: {profile}")));
    };
    let nic = session.target_interface()?;
    let table = session.table(nic)?;
    let answer = question::network_configuration_diagnostic(
        &session.network,
        session.profile,
        (nic, &table),
        (direction, &flow),
    );
    match answer.unsure.first() {
        Some(doubt) => Err(Unanswered::not_modelled(doubt)),
        None => Ok(answer),
    }
}

/// Tags, prefixes and any protocol can be asked for as well, but have not been recorded.
fn flow<'v>(word: &dyn Fn(&str) -> &'v str) -> Option<Flow> {
    Some(Flow {
        source: word("source").parse().ok()?,
        destination: word("destination").parse().ok()?,
        protocol: super::protocol(word("protocol"))?,
        source_ports: PortRange::ANY,
        destination_ports: super::ports(word("destinationPort"))?,
    })
}
