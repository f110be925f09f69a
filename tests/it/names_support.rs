//! Estates written as scenarios, and questions about names.

use hopwise::answer::{NameAnswer, NameOutcome, Rule};
use hopwise::dataplane::names::{Asker, At, Names, Position, compile};
use hopwise::diag::{Diagnostic, Severity};
use hopwise::id::Id;
use hopwise::import::{Document, read};
use hopwise::net::{DnsName, RecordType};
use hopwise::resolve::resolve;
use hopwise::trace::names::{Carried, Query, Transport, resolve as resolve_name};
use std::net::IpAddr;

/// Two zones of one name on one network: what R255 is about.
const TWICE: &str = "duplicate-link";

/// The names of an estate.
pub(crate) struct Estate {
    pub names: Names,
}

/// The estate of a scenario.
pub(crate) fn estate(yaml: &str) -> Estate {
    estate_of(&[yaml])
}

/// The estate of several documents.
pub(crate) fn estate_of(texts: &[&str]) -> Estate {
    let documents = texts
        .iter()
        .enumerate()
        .map(|(at, text)| Document { name: format!("{at}.yaml").into(), text: text.as_bytes() });
    let snapshot = read(documents);
    let (network, diagnostics) = resolve(snapshot);
    let odd = diagnostics.iter().filter(|it| it.severity > Severity::Note && it.code != TWICE);
    assert_eq!(odd.collect::<Vec<_>>(), Vec::<&Diagnostic>::new());
    Estate { names: compile(&network) }
}

/// A transport that carries everything but what it is told.
#[derive(Default)]
pub(crate) struct Wires {
    /// Queries to these are lost.
    pub cut: Vec<IpAddr>,
    /// Of queries to these it is not known.
    pub unsure: Vec<IpAddr>,
    /// Is 168.63.129.16 cut off?
    pub platform_cut: bool,
    /// Who asked whom.
    pub asked: Vec<(At, IpAddr)>,
}

impl Transport for Wires {
    fn carries(&mut self, query: &Query<'_>) -> Carried {
        self.asked.push((query.from.at, query.address));
        if self.cut.contains(&query.address) {
            Carried::No("the test cut the wire".to_owned())
        } else if self.unsure.contains(&query.address) {
            Carried::Unknown("the test does not tell".to_owned())
        } else {
            Carried::Yes
        }
    }

    fn carries_to_platform(&mut self, _from: &Position) -> Carried {
        if self.platform_cut { Carried::No("denied".to_owned()) } else { Carried::Yes }
    }
}

pub(crate) fn name(text: &str) -> DnsName {
    DnsName::parse(text).unwrap()
}

pub(crate) fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

impl Estate {
    /// A machine, `subnet network/subnet`, a firewall, a host of a site or of the Internet, a site, or
    /// `internet`.
    pub(crate) fn asker(&self, from: &str) -> Id<Asker> {
        if from == "internet" {
            return self.names.asker_on_the_internet().unwrap();
        }
        let mut labelled = self.names.askers.iter().filter(|(_, asker)| asker.label == from);
        labelled.next().unwrap_or_else(|| panic!("nobody is called {from}")).0
    }

    pub(crate) fn ask(
        &self,
        from: &str,
        asked: &str,
        record_type: RecordType,
        wires: &mut Wires,
    ) -> NameAnswer {
        resolve_name(&self.names, self.asker(from), &name(asked), record_type, wires)
    }

    /// The answer for type A, with every wire in order.
    pub(crate) fn answer(&self, from: &str, asked: &str) -> NameAnswer {
        self.ask(from, asked, RecordType::A, &mut Wires::default())
    }

    /// Asks for an A record: addresses, or `nxdomain`, `nodata`, `timeout`, `unknown`.
    pub(crate) fn check(&self, from: &str, asked: &str, expected: &str) {
        self.check_type(from, asked, RecordType::A, expected);
    }

    pub(crate) fn check_type(&self, from: &str, asked: &str, kind: RecordType, expected: &str) {
        let answer = self.ask(from, asked, kind, &mut Wires::default());
        assert_eq!(brief(&answer), expected, "{from} asks for {asked} {kind}: {answer:#?}");
    }

    /// Asks for an A record where some wires are cut.
    pub(crate) fn check_over(&self, wires: Wires, from: &str, asked: &str, expected: &str) {
        let answer = self.ask(from, asked, RecordType::A, &mut { wires });
        assert_eq!(brief(&answer), expected, "{from} asks for {asked}: {answer:#?}");
    }

    /// Asks for an A record, whose answer must rest on these rules among others.
    pub(crate) fn check_citing(&self, from: &str, asked: &str, expected: &str, rules: &[u16]) {
        let answer = self.answer(from, asked);
        assert_eq!(brief(&answer), expected, "{from} asks for {asked}: {answer:#?}");
        for &rule in rules {
            assert!(answer.rules.contains(&Rule(rule)), "R{rule} is not cited: {answer:#?}");
        }
    }
}

/// The outcome in a word.
pub(crate) fn brief(answer: &NameAnswer) -> String {
    match &answer.outcome {
        NameOutcome::Addresses(addresses) => {
            let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            texts.join(" ")
        }
        NameOutcome::Records => {
            let last = answer.records.last().map(|record| record.name.clone());
            let data = answer.records.iter().filter(|record| Some(&record.name) == last.as_ref());
            data.map(|record| record.data.clone()).collect::<Vec<_>>().join(" ")
        }
        NameOutcome::Nxdomain => "nxdomain".to_owned(),
        NameOutcome::Nodata => "nodata".to_owned(),
        NameOutcome::Timeout => "timeout".to_owned(),
        NameOutcome::Unknown(_) => "unknown".to_owned(),
    }
}
