//! `networkConfigurationDiagnostic`.

use super::super::case::Case;
use super::super::session::Session;
use super::{session, to_json};
use hopwise::answer::RuleCheckAnswer;
use hopwise::net::{Flow, PortRange};
use hopwise::question::{self, Unanswered, posted};
use hopwise::report::azure;
use serde_json::Value;
use std::net::IpAddr;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let profiles = posted::member(&case.query.params.body, "profiles").and_then(Value::as_array);
    let profiles = profiles.ok_or_else(|| Unanswered::not_given("the question has no profiles"))?;
    let answers: Result<Vec<(Value, RuleCheckAnswer)>, Unanswered> =
        profiles.iter().map(|profile| Ok((profile.clone(), answer(&session, profile)?))).collect();
    to_json(&azure::rule_diagnostic(&answers?))
}

fn answer(session: &Session<'_>, profile: &Value) -> Result<RuleCheckAnswer, Unanswered> {
    let word = |name: &str| posted::text(profile, name).unwrap_or_default();
    let Some((direction, flows)) = posted::direction(word("direction")).zip(flows(&word)) else {
        return Err(Unanswered::not_modelled(format!("a profile that is no flow: {profile}")));
    };
    let nic = posted::target(&session.network, &session.case.query.params.body)?;
    let table = session.table(nic)?;
    let ask = |flow: &Flow| {
        question::network_configuration_diagnostic(
            &session.network,
            session.profile,
            (nic, &table),
            (direction, flow),
        )
    };
    let answers: Vec<RuleCheckAnswer> = flows.iter().map(ask).collect();
    let answer = of_everywhere(&answers)
        .ok_or_else(|| Unanswered::not_modelled("no address stands for all of them"))?;
    match answer.unsure.first() {
        Some(doubt) => Err(Unanswered::not_modelled(doubt)),
        None => Ok(answer.clone()),
    }
}

/// Addresses all over the space, most of them in ranges that networks use and no service has.
const EVERYWHERE: [&str; 6] = [
    "10.255.255.254",
    "172.31.255.254",
    "192.168.255.254",
    "100.127.255.254",
    "8.8.8.8",
    "0.0.0.1",
];

/// The flows that a profile asks for: several where an end is `*`. Tags, prefixes and any protocol
/// can be asked for as well, but have not been recorded.
fn flows<'v>(word: &dyn Fn(&str) -> &'v str) -> Option<Vec<Flow>> {
    let end = |name: &str| match word(name) {
        "*" => EVERYWHERE.iter().map(|it| it.parse().ok()).collect(),
        address => Some(vec![address.parse::<IpAddr>().ok()?]),
    };
    let (sources, destinations): (Vec<IpAddr>, Vec<IpAddr>) = (end("source")?, end("destination")?);
    let protocol = posted::protocol(word("protocol"))?;
    let destination_ports = posted::ports(word("destinationPort"))?;
    let to = |source| {
        destinations.iter().map(move |&destination| Flow {
            source,
            destination,
            protocol,
            source_ports: PortRange::ANY,
            destination_ports,
        })
    };
    Some(sources.into_iter().flat_map(to).collect())
}

/// A rule is for `*` when it is for everything: of the answers for addresses everywhere, the one
/// whose address is in no rule that is not for all of them.
fn of_everywhere(answers: &[RuleCheckAnswer]) -> Option<&RuleCheckAnswer> {
    let ends = |answer: &RuleCheckAnswer| -> Vec<[bool; 2]> {
        let rules = answer.evaluated.iter().flat_map(|group| &group.evaluated_rules);
        let matched = [Some(true), None];
        rules
            .map(|it| [it.source_matched, it.destination_matched].map(|it| matched.contains(&it)))
            .collect()
    };
    let is_for_all = |own: &[[bool; 2]]| {
        let holds = |other: &RuleCheckAnswer| {
            let pairs = own.iter().flatten().zip(ends(other).into_iter().flatten());
            pairs.into_iter().all(|(own, other)| !own || other)
        };
        answers.iter().all(holds)
    };
    answers.iter().find(|answer| is_for_all(&ends(answer)))
}
