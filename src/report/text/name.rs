//! The answer to `dns` as text.

use super::item;
use super::page::{Page, Role};
use crate::answer::{NameAnswer, NameOutcome, NameStep, RecordAnswer};

/// How a name is resolved, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn name(answer: &NameAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    verdict(&mut page, answer);
    page.heading("Resolution");
    steps(&mut page, &answer.steps);
    records(&mut page, &answer.records);
    item::list(&mut page, "Assumptions used", &answer.assumptions);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    item::all_rules(&mut page, &answer.rules);
    page.finish()
}

/// The resolution as a part of a traced packet.
pub(super) fn section(page: &mut Page, answer: &NameAnswer) {
    page.heading("Name");
    page.line(2, "", &[(Role::Plain, &sentence(answer))]);
    steps(page, &answer.steps);
    let aliases: Vec<RecordAnswer> =
        answer.records.iter().filter(|record| record.record_type == "CNAME").cloned().collect();
    records(page, &aliases);
}

fn verdict(page: &mut Page, answer: &NameAnswer) {
    let role = match answer.outcome {
        NameOutcome::Addresses(_) | NameOutcome::Records => Role::Good,
        NameOutcome::Nxdomain | NameOutcome::Nodata | NameOutcome::Timeout => Role::Bad,
        NameOutcome::Unknown(_) => Role::Unsure,
    };
    page.line(0, "", &[(role, &sentence(answer))]);
}

/// `api.example A: 10.1.5.4`.
fn sentence(answer: &NameAnswer) -> String {
    let outcome = match &answer.outcome {
        NameOutcome::Addresses(addresses) => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            addresses.join(", ")
        }
        NameOutcome::Records => {
            let data: Vec<&str> = answer.records.iter().map(|record| &*record.data).collect();
            data.join(", ")
        }
        NameOutcome::Nxdomain => "the name does not exist (NXDOMAIN)".to_owned(),
        NameOutcome::Nodata => "the name exists, without such a record (NODATA)".to_owned(),
        NameOutcome::Timeout => "no server answers".to_owned(),
        NameOutcome::Unknown(why) => format!("unknown: {why}"),
    };
    format!("{} {}: {outcome}", answer.name, answer.record_type)
}

fn steps(page: &mut Page, steps: &[NameStep]) {
    for (number, step) in (1..).zip(steps) {
        let lead = format!("{number}. ");
        let at = format!("{}:", step.at);
        let rules = item::rules(&step.rules);
        let pieces = [(Role::Strong, &*at), (Role::Plain, &step.text), (Role::Faint, &rules)];
        page.line(2, &lead, &pieces);
        if let Some(decided) = &step.decided_by {
            item::decided_by(page, 2 + lead.len(), decided);
        }
    }
}

fn records(page: &mut Page, records: &[RecordAnswer]) {
    for record in records {
        let RecordAnswer { name, record_type, data } = record;
        let text = format!("{name} {record_type} {data}");
        page.line(2, "record ", &[(Role::Plain, &text)]);
    }
}
