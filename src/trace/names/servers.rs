//! DNS servers that are asked by address: in list order, one after the other.

use super::reply::{Ending, Found, Reply};
use super::resolution::{Resolution, Resolver};
use super::transport::{Carried, Query};
use crate::answer::Rule;
use crate::dataplane::names::{
    Behaviour, Otherwise, Own, PLATFORM, PORT, Position, Server, ServerTable, View,
    is_public_resolver,
};
use crate::id::Id;
use crate::net::{DnsName, RecordData, RecordType};
use std::net::IpAddr;

impl Resolution<'_> {
    /// Asks `servers` in order, the next one only when one does not answer (R237).
    ///
    /// `platform` is the view that 168.63.129.16 gives to who asks.
    pub(super) fn list(
        &mut self,
        from: &Position,
        platform: Option<Id<View>>,
        servers: &[(IpAddr, u16)],
        name: &DnsName,
    ) -> Reply {
        let Some((&first, others)) = servers.split_first() else {
            return Reply::ending(Ending::Timeout);
        };
        let mut reply = self.try_one(from, platform, first, name);
        if reply.ending == Ending::Timeout {
            return self.list(from, platform, others, name);
        }
        match reply.perhaps_lost.take() {
            None => reply,
            Some(cause) => reply.or_unknown(self.list(from, platform, others, name), &cause),
        }
    }

    fn try_one(
        &mut self,
        from: &Position,
        platform: Option<Id<View>>,
        (address, port): (IpAddr, u16),
        name: &DnsName,
    ) -> Reply {
        if address == PLATFORM {
            return self.try_platform(from, platform, name);
        }
        let names = self.names;
        let candidates = names.servers_at(address, from.realm);
        let mut lost = None;
        for &id in &candidates {
            let to = Some(&names.servers[id].position);
            match self.transport.carries(&Query { from, address, port, to }) {
                Carried::Yes => return self.server(id, name),
                Carried::Unknown(why) => {
                    let label = &names.servers[id].label;
                    let cause = format!("it is not known whether {label} can be asked: {why}");
                    return self.server(id, name).or_lost(cause);
                }
                Carried::No(why) => drop(lost.get_or_insert(why)),
            }
        }
        match lost {
            Some(why) => self.no_answer(from, (address, port), &why),
            None => self.try_stranger(from, (address, port), name),
        }
    }

    fn try_platform(
        &mut self,
        from: &Position,
        platform: Option<Id<View>>,
        name: &DnsName,
    ) -> Reply {
        let Some(view) = platform else {
            let text = "168.63.129.16 answers only inside virtual networks";
            self.step("168.63.129.16", text.to_owned(), None, vec![Rule(240)]);
            return Reply::ending(Ending::Timeout);
        };
        self.platform(from, view, name)
    }

    /// An address that nothing in the input has.
    fn try_stranger(
        &mut self,
        from: &Position,
        (address, port): (IpAddr, u16),
        name: &DnsName,
    ) -> Reply {
        let carried = self.transport.carries(&Query { from, address, port, to: None });
        if let Carried::No(why) = carried {
            return self.no_answer(from, (address, port), &why);
        }
        let reply = if is_public_resolver(address) {
            let text = "is a resolver of the public DNS".to_owned();
            self.step(&address.to_string(), text, None, Vec::new());
            self.follow(name, |it, name, _| it.public(name))
        } else {
            let text = format!("what DNS server {address} answers is not in the input");
            self.step(&address.to_string(), text.clone(), None, Vec::new());
            Reply::unknown(text)
        };
        match carried {
            Carried::Unknown(why) => {
                reply.or_lost(format!("it is not known whether {address} can be asked: {why}"))
            }
            Carried::Yes | Carried::No(_) => reply,
        }
    }

    /// A server that cannot be asked is a time-out, not a name that does not exist (R238).
    fn no_answer(&mut self, from: &Position, to: (IpAddr, u16), why: &str) -> Reply {
        let text = format!("does not answer: {why}");
        self.step(&to.0.to_string(), text, None, vec![Rule(237), Rule(238)]);
        self.lost(from, to);
        Reply::ending(Ending::Timeout)
    }

    fn server(&mut self, id: Id<Server>, name: &DnsName) -> Reply {
        let work = |it: &mut Self| it.behave(id, name);
        let reply = self.without_loop(Resolver::Server(id), name, work);
        reply.unwrap_or(Reply::ending(Ending::Timeout))
    }

    fn behave(&mut self, id: Id<Server>, name: &DnsName) -> Reply {
        let server = &self.names.servers[id];
        match &server.behaviour {
            Behaviour::Resolver(view) => {
                let text = "answers like Azure's resolver in its own network".to_owned();
                self.step(&server.label, text, Some(&server.item), vec![Rule(265)]);
                self.view(*view, name)
            }
            Behaviour::Table(table) => self.table(server, table, name),
            Behaviour::AnyOf(members) => self.any_of(server, members, name),
            Behaviour::Silent(why) => {
                let text = format!("does not answer: {}", why.text);
                self.step(&server.label, text, Some(&server.item), why.rules.clone());
                Reply::ending(Ending::Timeout)
            }
            Behaviour::Unknown(why) => {
                self.step(&server.label, why.text.clone(), Some(&server.item), why.rules.clone());
                Reply::unknown(format!("what {} answers is not known: {}", server.label, why.text))
            }
        }
    }

    /// Every member of the pool is asked: which one it is, the platform decides.
    fn any_of(&mut self, server: &Server, members: &[Id<Server>], name: &DnsName) -> Reply {
        let text = "passes the query to a member of its pool".to_owned();
        self.step(&server.label, text, Some(&server.item), Vec::new());
        let cause = format!("the members behind {} answer differently", server.label);
        let replies: Vec<Reply> = members.iter().map(|&member| self.server(member, name)).collect();
        let mut replies = replies.into_iter();
        let first = replies.next().unwrap_or(Reply::ending(Ending::Timeout));
        replies.fold(first, |all, reply| all.or_unknown(reply, &cause))
    }

    /// A server with records, zones and forwarders of its own.
    fn table(&mut self, server: &Server, table: &ServerTable, name: &DnsName) -> Reply {
        self.follow(name, |it, name, _| match table.own(name) {
            Own::Records(node) => {
                let told = (node.answer(it.record_type), Some(&server.item), Vec::new());
                it.found(&server.label, "its own data", name, told)
            }
            Own::Zone(zone) => {
                let (found, rules) = zone.lookup(name, it.record_type);
                // R249, R250 and R254 are about private zones; a server's own ones follow the RFCs.
                drop(rules);
                let subject = format!("its own zone {}", zone.name);
                it.found(&server.label, &subject, name, (found, Some(&zone.item), Vec::new()))
            }
            Own::Forwarder(domain, servers) => {
                let reply = it.ask_forwarder(server, table, (domain, servers), name);
                Found::End(it.resubmitted(server, table, name, reply))
            }
            Own::Otherwise => it.otherwise(server, table, name),
        })
    }

    fn ask_forwarder(
        &mut self,
        server: &Server,
        table: &ServerTable,
        (domain, servers): (&DnsName, &[IpAddr]),
        name: &DnsName,
    ) -> Reply {
        let listed: Vec<String> = servers.iter().map(ToString::to_string).collect();
        let text = format!("forwards `{domain}` to {}", listed.join(", "));
        self.step(&server.label, text, Some(&server.item), table.rules.clone());
        let targets: Vec<(IpAddr, u16)> = servers.iter().map(|&to| (to, PORT)).collect();
        self.list(&server.position, table.platform, &targets, name)
    }

    fn otherwise(&mut self, server: &Server, table: &ServerTable, name: &DnsName) -> Found {
        match &table.otherwise {
            Otherwise::Platform(view, assumption) => {
                let network = &self.names.views[*view].name;
                let text = format!("forwards to Azure's resolver of its own network {network}");
                self.step(&server.label, text, Some(&server.item), table.rules.clone());
                self.assumptions.extend(assumption.clone());
                let reply = self.platform(&server.position, *view, name);
                Found::End(self.resubmitted(server, table, name, reply))
            }
            Otherwise::Public => {
                let text = "asks the public DNS itself".to_owned();
                self.step(&server.label, text, Some(&server.item), Vec::new());
                let found = self.public(name);
                self.by_forwarder(server, table, name, found)
            }
            Otherwise::Unknown(why) => {
                self.step(&server.label, why.clone(), Some(&server.item), Vec::new());
                Found::End(Reply::unknown(why))
            }
        }
    }

    /// A server that asks the public DNS itself goes on with an alias there, or by its own forwarder for it (R281).
    fn by_forwarder(
        &mut self,
        server: &Server,
        table: &ServerTable,
        name: &DnsName,
        found: Found,
    ) -> Found {
        let Found::Alias(target, data) = found else { return found };
        let is_forwarded = matches!(table.own(&target), Own::Forwarder(..));
        if !is_forwarded || table.resubmits_aliases == Some(true) {
            return Found::Alias(target, data);
        }
        let rest = self.follow(&target, |it, name, _| it.public(name));
        let reply = rest.after(vec![(name.clone(), data)]);
        Found::End(self.resubmitted(server, table, name, reply))
    }

    /// An alias that a forwarder or the public DNS answered may be for a name that this server would send elsewhere.
    /// Whether it does so depends on the server, and is not assumed (R281).
    fn resubmitted(
        &mut self,
        server: &Server,
        table: &ServerTable,
        name: &DnsName,
        reply: Reply,
    ) -> Reply {
        let elsewhere = |(_, data): &(DnsName, RecordData)| {
            data.alias().filter(|target| !table.handles_alike(name, target)).cloned()
        };
        let at = reply.chain.iter().position(|link| elsewhere(link).is_some());
        let target = at.and_then(|at| elsewhere(reply.chain.get(at)?));
        let (Some(at), Some(target)) = (at, target) else { return reply };
        if self.record_type == RecordType::Cname || table.resubmits_aliases == Some(false) {
            return reply;
        }
        let text = format!("may look up `{target}` in its own forwarders again");
        self.step(&server.label, text, Some(&server.item), vec![Rule(281)]);
        let aliases = reply.chain.get(..=at).unwrap_or_default().to_vec();
        let again = self.table(server, table, &target).after(aliases);
        if table.resubmits_aliases == Some(true) {
            return match reply.perhaps_lost {
                Some(cause) => again.or_lost(cause),
                None => again,
            };
        }
        let cause = format!(
            "it is not known whether {} looks up `{target}` in its own forwarders again (R281)",
            server.label
        );
        reply.or_unknown(again, &cause)
    }
}
