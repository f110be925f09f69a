//! One resolution in progress.

use super::reply::{Ending, Found, Reply};
use super::transport::{Carried, Transport};
use crate::answer::{Item, NameStep, Rule};
use crate::dataplane::names::{
    ALIASES_MAX, Asker, Match, Names, PLATFORM, PORT, Position, Server, Servers, View,
    placeholder_suffix,
};
use crate::id::Id;
use crate::net::{DnsName, Flow, Protocol, RecordType};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Look-ups in one resolution. Loops end earlier; this bounds what doubts may multiply.
const LOOKUPS_MAX: u32 = 256;

/// One resolution in progress.
pub(super) struct Resolution<'a> {
    pub names: &'a Names,
    pub record_type: RecordType,
    pub transport: &'a mut dyn Transport,
    pub steps: Vec<NameStep>,
    pub assumptions: BTreeSet<String>,
    /// Who is working on which name, the last one for the one before (R273).
    open: Vec<(Resolver, DnsName)>,
    lookups_left: u32,
}

/// Who works on a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolver {
    View(Id<View>),
    Server(Id<Server>),
}

impl<'a> Resolution<'a> {
    pub(super) fn new(
        names: &'a Names,
        record_type: RecordType,
        transport: &'a mut dyn Transport,
    ) -> Self {
        Self {
            names,
            record_type,
            transport,
            steps: Vec::new(),
            assumptions: BTreeSet::new(),
            open: Vec::new(),
            lookups_left: LOOKUPS_MAX,
        }
    }

    /// What `asker` gets for `name`.
    pub(super) fn ask(&mut self, asker: &'a Asker, name: &DnsName) -> Reply {
        match &asker.servers {
            Servers::Platform => self.ask_platform(asker, name),
            Servers::List { addresses, item, rules } => {
                let listed: Vec<String> = addresses.iter().map(ToString::to_string).collect();
                let text =
                    format!("asks {}, set on {} {}", listed.join(", "), item.kind, item.name);
                self.step(&asker.label, text, Some(item), rules.clone());
                let targets: Vec<(IpAddr, u16)> =
                    addresses.iter().map(|&address| (address, PORT)).collect();
                let name = self.qualified(asker, name);
                self.list(&asker.position, asker.view, &targets, &name)
            }
            Servers::Public => {
                self.step(&asker.label, "asks the public DNS".to_owned(), None, Vec::new());
                self.follow(name, |it, name, _| it.public(name))
            }
            Servers::Unknown(why) => {
                self.step(&asker.label, why.clone(), None, Vec::new());
                Reply::unknown(why)
            }
        }
    }

    fn ask_platform(&mut self, asker: &'a Asker, name: &DnsName) -> Reply {
        let Some(view) = asker.view else {
            return Reply::unknown(format!("the network of {} is not in the input", asker.label));
        };
        let text = "asks Azure's resolver, 168.63.129.16: no custom DNS server is set";
        self.step(&asker.label, text.to_owned(), None, vec![Rule(235), Rule(236)]);
        if name.labels() == 1 {
            return self.machine(view, name);
        }
        self.platform(&asker.position, view, name)
    }

    /// With custom servers, a bare name gets a placeholder for a suffix (R244).
    fn qualified(&mut self, asker: &Asker, name: &DnsName) -> DnsName {
        let bare = asker.view.is_some() && name.labels() == 1;
        let Some(full) =
            placeholder_suffix().filter(|_| bare).and_then(|it| it.child(name.as_str()))
        else {
            return name.clone();
        };
        let text = format!("completes `{name}` to `{full}`, whose suffix is a placeholder");
        self.step(&asker.label, text, None, vec![Rule(244)]);
        full
    }

    /// Asks 168.63.129.16, which answers with the view of the asker's own network (R239, R242).
    pub(super) fn platform(&mut self, from: &Position, view: Id<View>, name: &DnsName) -> Reply {
        match self.transport.carries_to_platform(from) {
            Carried::Yes => self.view(view, name),
            Carried::No(why) => {
                let text = format!("168.63.129.16 does not answer: {why}");
                self.step(&self.label_of(view), text, None, vec![Rule(242)]);
                self.lost(from, (PLATFORM, PORT));
                Reply::ending(Ending::Timeout)
            }
            Carried::Unknown(why) => {
                let cause = format!("it is not known whether 168.63.129.16 can be asked: {why}");
                self.view(view, name).or_lost(cause)
            }
        }
    }

    /// Looks `name` up, and then what it is an alias for, each time from the start (R509). `look_up`
    /// is told whether the name is the target of an alias.
    pub(super) fn follow(
        &mut self,
        name: &DnsName,
        mut look_up: impl FnMut(&mut Self, &DnsName, bool) -> Found,
    ) -> Reply {
        let mut chain = Vec::new();
        let mut current = name.clone();
        while chain.len() <= ALIASES_MAX {
            if self.lookups_left == 0 {
                return Reply::unknown("the resolution takes too many steps").after(chain);
            }
            self.lookups_left -= 1;
            match look_up(self, &current, !chain.is_empty()) {
                Found::Alias(target, data) => {
                    chain.push((current, data));
                    current = target;
                }
                Found::End(reply) => return reply.after(chain),
            }
        }
        self.step(&current.to_string(), "the chain of aliases has no end".to_owned(), None, vec![]);
        Reply::ending(Ending::Timeout).after(chain)
    }

    /// Lets `resolver` work on `name`, unless it is at it already: then nobody ever answers (R273).
    pub(super) fn without_loop<T>(
        &mut self,
        resolver: Resolver,
        name: &DnsName,
        work: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let entry = (resolver, name.clone());
        if self.open.contains(&entry) {
            let label = match resolver {
                Resolver::View(view) => self.label_of(view),
                Resolver::Server(server) => self.names.servers[server].label.clone(),
            };
            let text = format!("is asked for `{name}` while working on it: a loop of forwarders");
            self.step(&label, text, None, vec![Rule(273)]);
            return None;
        }
        self.open.push(entry);
        let done = work(self);
        self.open.pop();
        Some(done)
    }

    pub(super) fn step(&mut self, at: &str, text: String, item: Option<&Item>, rules: Vec<Rule>) {
        let decided_by = item.cloned();
        self.steps.push(NameStep {
            at: at.to_owned(),
            text,
            decided_by,
            linked_by: None,
            lost: None,
            rules,
        });
    }

    /// Says of the last step which query got no answer.
    pub(super) fn lost(&mut self, from: &Position, (to, port): (IpAddr, u16)) {
        let query = from.address.map(|source| Flow::new(source, to, Protocol::Udp, port));
        if let Some(step) = self.steps.last_mut() {
            step.lost = query;
        }
    }

    pub(super) fn label_of(&self, view: Id<View>) -> String {
        NameStep::azure_dns(&self.names.views[view].name)
    }

    /// The answer that `found` is, with a step that says so.
    pub(super) fn found(
        &mut self,
        at: &str,
        subject: &str,
        name: &DnsName,
        (found, item, mut rules): (Match<'_>, Option<&Item>, Vec<Rule>),
    ) -> Found {
        let (text, item, result) = match found {
            Match::Records(records) => {
                rules.extend(&records.rules);
                let texts = records.data.texts().join(", ");
                let text = format!("{subject} has {} {texts}", records.data.type_name());
                (text, Some(&records.item), Found::End(Reply::records(name, &records.data)))
            }
            Match::Alias(records, target) => {
                rules.extend(&records.rules);
                let text = format!("{subject} says that `{name}` is an alias for `{target}`");
                (text, Some(&records.item), Found::Alias(target.clone(), records.data.clone()))
            }
            Match::Nodata => {
                let text = format!("{subject} has `{name}` without {}", self.record_type);
                (text, item, Found::end(Ending::Nodata))
            }
            Match::Nxdomain => {
                (format!("{subject} does not have `{name}`"), item, Found::end(Ending::Nxdomain))
            }
            Match::Unknown(why) => (why.clone(), item, Found::End(Reply::unknown(why))),
        };
        self.step(at, text, item, rules);
        result
    }
}
