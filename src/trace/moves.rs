//! From one place to the next: owners of addresses, public addresses, translations, balancers.

use super::choice::{Choice, Onward};
use super::delivery::Arrival;
use super::fate::Fate;
use super::recorder::{Nothing, Recorder, passed};
use super::session::Point;
use super::walker::{Go, Phase, Walker};
use crate::answer::{Assumption, Holds, Reason, Step, StepKind};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{
    Backend, Balancer, BalancerRule, Cause, Closed, Crossing, Entry, EntryTarget, Exit, ExitKind,
    Health, Location, Owner, Realm, Stray,
};
use crate::dataplane::{is_nobodys, is_private};
use crate::id::Id;
use crate::net::{Flow, PortRange, Protocol};

impl<R: Recorder> Walker<'_, R> {
    /// Brings the packet to whoever has its destination address in `realm`.
    pub(super) fn bring_to_owner(
        &mut self,
        from: Id<Location>,
        realm: Id<Realm>,
        crossing: Option<Id<Crossing>>,
        flow: Flow,
    ) -> Fate {
        let plane = self.plane;
        let here = &plane.realms[realm];
        if realm == plane.internet
            && let Some(fate) = self.translated_back(flow)
        {
            return fate;
        }
        match (here.owner(flow.destination), here.stray) {
            (Some(Owner::Location(to)), _) => self.arrive(to, flow, false),
            (Some(Owner::Balancer(to)), _) => {
                let is_global = crossing.map_or(Match::No, |id| plane.crossings[id].is_global);
                self.balance(from, to, flow, Via { is_global, closed: None })
            }
            (Some(Owner::Entry(entry)), _) => self.enter(from, entry, flow),
            (Some(Owner::Unsure(cause)), _) => self.lose_sight(flow, &plane.causes[cause]),
            (Some(Owner::Nobody(cause)), _) => self.lose(flow, &plane.causes[cause], None),
            (None, _) if realm == plane.internet && is_private(flow.destination) => {
                self.lose(flow, || is_private_cause(flow, &[4, 126]), None)
            }
            // Nobody has one of these; they stand for others elsewhere (RFC 1112, section 4).
            (None, _) if realm == plane.internet && is_nobodys(flow.destination) => {
                let why = || {
                    let text = format!("nobody on the Internet has {}", flow.destination);
                    Cause::new(Reason::AddressNotFound, text, &[])
                };
                self.lose(flow, why, None)
            }
            // One machine that stands for many may talk to another of them.
            (None, Stray::Location(to)) if to == from => self.arrive_beside(to, flow),
            (None, Stray::Location(to)) => self.arrive(to, flow, true),
            (None, Stray::Lost) => {
                if let Some(doubt) = here.doubt(flow.destination) {
                    return self.lose_sight(flow, &plane.causes[doubt]);
                }
                let why = || {
                    let to = flow.destination;
                    let text = format!("nothing in {} has the address {to}", here.name);
                    Cause::new(Reason::AddressNotFound, text, &[8, 512])
                };
                self.lose(flow, why, None)
            }
        }
    }

    /// A packet to an address that an exit lent to a request goes back to who asked.
    fn translated_back(&mut self, flow: Flow) -> Option<Fate> {
        let lent = |point| matches!(point, Point::Exit(..));
        let session = self.answering(flow, lent)?;
        let Point::Exit(_, sender) = session.at else { return None };
        let after = session.before.reversed();
        self.translated(flow, after, "the translation is undone", &[221]);
        // An edge translates for others, and passes on what comes back for them.
        let is_own = self.plane.locations[sender].addresses.contains(&after.destination);
        Some(self.arrive(sender, after, is_own))
    }

    /// A packet from outside comes to a public address of the estate.
    fn enter(&mut self, from: Id<Location>, id: Id<Entry>, flow: Flow) -> Fate {
        let plane = self.plane;
        let entry = &plane.entries[id];
        self.record.hop(id.into(), flow);
        match entry.target {
            EntryTarget::Translate(to, address) => {
                let after = Flow { destination: address, ..flow };
                self.translated(flow, after, "the edge translates to the private address", &[221]);
                self.sessions.add(Point::Entry(id, to), flow, after);
                let arrival =
                    Arrival { is_forced: true, closed: entry.closed, ..Arrival::default() };
                self.arrive_with(to, after, arrival)
            }
            EntryTarget::Balancer(to) => {
                self.balance(from, to, flow, Via { is_global: Match::No, closed: entry.closed })
            }
            EntryTarget::Location(to, seen_at) => {
                self.arrive_with(to, flow, Arrival { seen_at, ..Arrival::default() })
            }
            EntryTarget::Nothing(cause) => self.lose(flow, &plane.causes[cause], None),
        }
    }

    /// The packet leaves for the Internet (R118).
    pub(super) fn exit(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        let plane = self.plane;
        if is_private(flow.destination) {
            return self.lose(flow, || is_private_cause(flow, &[202]), None);
        }
        if let Some(after) = self.answers_from_outside(at, flow) {
            return self.bring_to_owner(at, plane.internet, None, after);
        }
        let location = &plane.locations[at];
        let mut exits = location.exits.iter().filter(|&&(address, _)| address == flow.source);
        let carries = |id: Id<Exit>| plane.exits[id].protocols.contains(flow.protocol);
        let own = exits.clone().find(|&&(_, exit)| carries(exit)).or_else(|| exits.next());
        let of_others = location.exit_of_others.filter(|&id| plane.exits[id].takes(flow.source));
        let Some(id) = own.map(|&(_, exit)| exit).or(of_others) else {
            let why = || {
                let text = format!(
                    "{} is no address of {}, and the platform translates only those",
                    flow.source, location.name
                );
                Cause::new(Reason::ForeignSource, text, &[85])
            };
            return self.lose(flow, why, None);
        };
        self.exit_by(at, id, flow)
    }

    fn exit_by(&mut self, at: Id<Location>, id: Id<Exit>, flow: Flow) -> Fate {
        let plane = self.plane;
        let exit = &plane.exits[id];
        if !exit.protocols.contains(flow.protocol) {
            let why = || {
                let text = format!("{} does not carry {}", exit.name, flow.protocol);
                let mut cause = Cause::new(Reason::ProtocolNotTranslated, text, &[526]);
                cause.rules.extend(&exit.rules);
                cause.evidence = exit.evidence;
                cause
            };
            return self.lose(flow, why, None);
        }
        if let Err(fate) = self.mail(at, flow) {
            return fate;
        }
        let pool = match &exit.kind {
            ExitKind::Refuse(cause) => return self.lose(flow, &plane.causes[*cause], None),
            ExitKind::Unsure(cause) => return self.lose_sight(flow, &plane.causes[*cause]),
            ExitKind::Plain => return self.bring_to_owner(at, plane.internet, None, flow),
            ExitKind::Translate(pool) => pool,
        };
        let choice =
            Choice { at, before: flow, after: flow, onward: Onward::Exit(id), one_of: None };
        self.choose_source(choice, pool)
    }

    /// The subscription's offer decides whether machines may send to TCP port 25 of the Internet (R216).
    fn mail(&mut self, at: Id<Location>, flow: Flow) -> Go {
        let plane = self.plane;
        let is_mail = self.phase() == Phase::Request
            && flow.protocol == Protocol::Tcp
            && flow.destination_ports == PortRange::single(25);
        if !is_mail || !plane.realms[plane.locations[at].realm].has_offer {
            return Ok(());
        }
        if plane.holds(Assumption::SendsMail) != Holds::Unknown {
            let no = || {
                let text =
                    "the subscription does not let machines send to TCP port 25 of the Internet";
                Cause::new(Reason::ProtocolNotCarried, text, &[216])
            };
            return self.assume(Assumption::SendsMail, flow, no);
        }
        let why = || {
            let text = "whether TCP port 25 of the Internet can be reached depends on the subscription's offer";
            Cause::new(Reason::AssumptionNeeded, text, &[216])
        };
        self.doubt(flow, why, None);
        Ok(())
    }

    /// Replies to what came in from the Internet go out as they came in (R412, R422).
    fn answers_from_outside(&mut self, at: Id<Location>, flow: Flow) -> Option<Flow> {
        if self.phase() == Phase::Request {
            return None;
        }
        let plane = self.plane;
        let mine = |point| match point {
            Point::Entry(_, to) => to == at,
            Point::Balancer(id, to) => to == at && plane.balancers[id].is_public,
            Point::Gates(_) | Point::Device(_) | Point::Exit(..) | Point::Link(_) => false,
        };
        let session = self.answering(flow, mine)?;
        let after = session.before.reversed();
        self.translated(flow, after, "the edge puts the public address as source", &[221, 412]);
        Some(after)
    }

    /// The packet is for a frontend: one of the backends takes it (R415).
    pub(super) fn balance(
        &mut self,
        from: Id<Location>,
        id: Id<Balancer>,
        flow: Flow,
        via: Via,
    ) -> Fate {
        let plane = self.plane;
        let balancer = &plane.balancers[id];
        self.record.hop(id.into(), flow);
        if let Err(fate) = self.over_global_peering(balancer, via.is_global, flow) {
            return fate;
        }
        let rule = balancer.rule_for(flow.protocol, flow.destination_ports);
        let Some(rule) = rule else { return self.no_rule(balancer, flow) };
        self.spread((from, flow), (id, rule), How::Balanced(via))
    }

    /// A Basic internal frontend is not reached across global peering, by its address or as a next hop (R161).
    fn over_global_peering(&mut self, balancer: &Balancer, is_global: Match, flow: Flow) -> Go {
        if !balancer.is_basic || balancer.is_public {
            return Ok(());
        }
        let why = || {
            let text = format!("{} is a Basic internal load balancer", balancer.name);
            let cause = Cause::new(Reason::BasicBalancerOverGlobalPeering, text, &[161]);
            cause.by(balancer.evidence)
        };
        match is_global {
            Match::No => {}
            Match::Maybe => self.doubt(flow, why, None),
            Match::Yes => self.block(flow, why, None)?,
        }
        Ok(())
    }

    /// One of the members takes the packet.
    fn hand_to(
        &mut self,
        (from, flow): (Id<Location>, Flow),
        (id, rule): (Id<Balancer>, &BalancerRule),
        backend: Backend,
        how: How,
    ) -> Fate {
        let plane = self.plane;
        self.record.step(|| plane.balance_step(rule, backend));
        let is_public = plane.balancers[id].is_public;
        // Whose packet it is counts, not who passed it on.
        let is_its_own = match how {
            How::Balanced(_) if !is_public => {
                plane.locations[backend.location].addresses.contains(&flow.source)
            }
            How::Balanced(_) | How::Through => backend.location == from,
        };
        // R417 is about internal frontends: of public ones, where the source is translated, nobody tells; they are closed
        // all the same (R218).
        let is_untold = is_its_own && is_public && self.phase() == Phase::Request;
        if is_its_own {
            let why = || {
                let name = &plane.locations[backend.location].name;
                let text = format!("{name} is balanced to itself");
                Cause::new(Reason::BalancedToItself, text, &[417]).by(rule.evidence)
            };
            if is_untold {
                self.doubt(flow, why, None);
            } else if let Err(fate) = self.block(flow, why, None) {
                return fate;
            } else {
                return self.end();
            }
        }
        let How::Balanced(via) = how else {
            self.sessions.add(Point::Balancer(id, backend.location), flow, flow);
            return self.arrive_handed(from, backend.location, flow);
        };
        let mut after = flow;
        if !rule.keeps_destination {
            after.destination = backend.address;
        }
        if let Some(port) = rule.backend_port {
            after.destination_ports = PortRange::single(port);
        }
        self.translated(flow, after, "the load balancer rewrites the destination", &[415]);
        self.sessions.add(Point::Balancer(id, backend.location), flow, after);
        let closed = via.closed;
        let arrival = Arrival { is_forced: true, closed, is_untold, ..Arrival::default() };
        if rule.keeps_destination {
            self.compare_floating((rule, backend), after, arrival);
        }
        self.arrive_with(backend.location, after, arrival)
    }

    /// R193: whether the rules of a backend's groups see the frontend as destination, or the backend's own
    /// address, is not documented: a doubt where the two differ.
    fn compare_floating(
        &mut self,
        (rule, backend): (&BalancerRule, Backend),
        flow: Flow,
        arrival: Arrival,
    ) {
        let plane = self.plane;
        if plane.locations[backend.location].arriving.list.is_empty() {
            return;
        }
        let own = Arrival { seen_at: Some(backend.address), ..arrival };
        let [one, other] =
            [arrival, own].map(|how| self.forked(Nothing).arrive_with(backend.location, flow, how));
        if one != other {
            self.doubt_way(flow, || plane.floating_doubt(rule, backend));
        }
    }

    fn no_rule(&mut self, balancer: &Balancer, flow: Flow) -> Fate {
        let why = || {
            let (protocol, ports) = (flow.protocol, flow.destination_ports);
            let text = format!("no rule of {} takes {protocol} port {ports}", balancer.name);
            Cause::new(Reason::NoBalancingRule, text, &[415]).by(balancer.evidence)
        };
        // A set of ports of which a rule takes some and not others.
        let splits = |rule: &BalancerRule| {
            rule.protocols.contains(flow.protocol) && rule.ports.overlaps(flow.destination_ports)
        };
        if balancer.rules.iter().any(splits) {
            return self.lose_sight(flow, why);
        }
        self.lose(flow, why, None)
    }

    /// The frontend is the next hop of a route: one of the appliances behind it takes the packet
    /// unchanged; replies through the same frontend come to the same one (R419, R420).
    pub(super) fn balance_through(
        &mut self,
        from: Id<Location>,
        (id, crossing): (Id<Balancer>, Option<Id<Crossing>>),
        flow: Flow,
    ) -> Fate {
        let plane = self.plane;
        let balancer = &plane.balancers[id];
        self.record.hop(id.into(), flow);
        let is_global = crossing.map_or(Match::No, |id| plane.crossings[id].is_global);
        if let Err(fate) = self.over_global_peering(balancer, is_global, flow) {
            return fate;
        }
        let same = |point| matches!(point, Point::Balancer(at, _) if at == id);
        if let Some(session) = self.answering(flow, same)
            && let Point::Balancer(_, chosen) = session.at
        {
            self.record.step(|| same_as_request(&plane.locations[chosen].name));
            return self.arrive_handed(from, chosen, flow);
        }
        let through = |rule: &&BalancerRule| {
            rule.ports.is_any() || rule.takes(flow.protocol, flow.destination_ports)
        };
        let Some(rule) = balancer.rules.iter().find(through) else {
            return self.no_rule(balancer, flow);
        };
        self.spread((from, flow), (id, rule), How::Through)
    }

    /// Every healthy backend may be chosen; the sender itself never answers itself (R417).
    fn spread(
        &mut self,
        (from, flow): (Id<Location>, Flow),
        (id, rule): (Id<Balancer>, &BalancerRule),
        how: How,
    ) -> Fate {
        let plane = self.plane;
        let balancer = &plane.balancers[id];
        let sick = || Cause::new(Reason::NoHealthyBackend, "the scenario says so", &[416]);
        if let Err(fate) = self.assume(Assumption::ProbesHealthy, flow, sick) {
            return fate;
        }
        self.note_denied_probes(rule);
        let may_take = |it: &&Backend| matches!(it.health, Health::Healthy | Health::Unsure);
        let members = rule.backends.iter().filter(may_take).copied();
        let ways =
            members.clone().map(Ok).chain(rule.unsure.map(|cause| Err(&plane.causes[cause])));
        if ways.clone().next().is_none() {
            return self.no_member(balancer, rule, flow);
        }
        let is_alone = members.clone().all(|it| it.health == Health::Unsure);
        // Where none may be healthy, that may stop what one of them would not.
        let stops = |it: Backend| {
            self.forked(Nothing).hand_to((from, flow), (id, rule), it, how) == Fate::Stops
        };
        let may_matter = is_alone && (rule.unsure.is_some() || !members.clone().all(stops));
        self.each(
            ways,
            |plane, backend, ways| {
                let name = backend.map_or("not known", |it| &plane.locations[it.location].name);
                format!("backend {name}, one of {ways} behind {}", balancer.name)
            },
            |walker, backend| {
                let backend = match backend {
                    Ok(backend) => backend,
                    Err(cause) => return walker.lose_sight(flow, cause),
                };
                let go = |walker: &Self| {
                    walker.forked(Nothing).hand_to((from, flow), (id, rule), backend, how)
                };
                let is_unsure = backend.health == Health::Unsure;
                if is_unsure && (may_matter || !is_alone && go(walker) != Fate::Arrives) {
                    walker.doubt_probe(flow, rule, backend);
                }
                walker.hand_to((from, flow), (id, rule), backend, how)
            },
        )
    }

    /// Whether a member is healthy is not known, and it matters.
    fn doubt_probe(&mut self, flow: Flow, rule: &BalancerRule, backend: Backend) {
        let plane = self.plane;
        // PERF: words for who reads them alone.
        let told = if R::SHADOW { plane.probe_cause(rule, backend) } else { None };
        match told {
            Some((probe, cause, _)) => self.doubt_way(probe, &cause),
            None => self.doubt_way(flow, plane.some_cause()),
        }
    }

    /// Members that take no new flows since their probes are denied (R214).
    fn note_denied_probes(&mut self, rule: &BalancerRule) {
        let plane = self.plane;
        for &backend in rule.backends.iter().filter(|it| it.health == Health::Denied) {
            self.record.step(|| {
                let (text, decided_by, rules) = match plane.probe_cause(rule, backend) {
                    Some((_, cause, item)) => (String::from(cause.text), item, cause.rules),
                    None => (String::new(), None, Vec::new()),
                };
                let text = format!("takes no new flows: {text}");
                Step { decided_by, ..passed(StepKind::Balance, text, &rules) }
            });
        }
    }

    fn no_member(&mut self, balancer: &Balancer, rule: &BalancerRule, flow: Flow) -> Fate {
        let plane = self.plane;
        let mut denied = rule.backends.iter().filter(|it| it.health == Health::Denied);
        let denied = denied.next().filter(|_| R::SHADOW);
        let denied = denied.and_then(|&backend| plane.probe_cause(rule, backend));
        let text = || format!("no member behind {} is healthy", balancer.name);
        let Some((probe, because, item)) = denied else {
            let why = || Cause::new(Reason::NoHealthyBackend, text(), &[416, 517]);
            return self.lose(flow, || why().by(rule.evidence), None);
        };
        let text = format!("{}: {}", text(), because.text).into();
        let cause = Cause { text, evidence: Some(rule.evidence), ..because };
        match self.block(probe, &cause, item) {
            Ok(()) => self.jump(flow),
            Err(fate) => fate,
        }
    }

    /// A private link carries the packet to the provider's load balancer, with another source (R306).
    pub(super) fn tunnel(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        let plane = self.plane;
        let crate::dataplane::graph::Own::Tunnel(tunnel) = &plane.locations[at].own else {
            return self.end();
        };
        let destination = plane.balancers[tunnel.to].address.unwrap_or(flow.destination);
        let after = Flow { destination, ..flow };
        let choice = Choice { at, before: flow, after, onward: Onward::Linked, one_of: None };
        self.choose_source(choice, &tunnel.sources)
    }

    /// The service has put one of its addresses as source.
    pub(super) fn linked(&mut self, at: Id<Location>, before: Flow, after: Flow) -> Fate {
        let plane = self.plane;
        let crate::dataplane::graph::Own::Tunnel(tunnel) = &plane.locations[at].own else {
            return self.end();
        };
        self.record.step(|| {
            let rules = [crate::answer::Rule(306)];
            let text =
                format!("the private link service hands it to {}", plane.balancers[tunnel.to].name);
            let step = passed(StepKind::Translate, text, &rules);
            Step { flow_after: Some(after), decided_by: Some(plane.item(tunnel.evidence)), ..step }
        });
        self.sessions.add(Point::Link(at), before, after);
        self.balance(at, tunnel.to, after, Via { is_global: Match::No, closed: None })
    }
}

fn same_as_request(member: &str) -> Step {
    let text = format!("the same one as the request: {member}");
    passed(StepKind::Balance, text, &[crate::answer::Rule(420)])
}

fn is_private_cause(flow: Flow, rules: &[u16]) -> Cause {
    let text = format!("{} is private", flow.destination);
    Cause::new(Reason::PrivateAddressOnInternet, text, rules)
}

/// What a load balancer does with a packet.
#[derive(Clone, Copy, Debug)]
enum How {
    /// A member takes it, as the rule says (R415).
    Balanced(Via),
    /// A member passes it on unchanged (R419).
    Through,
}

/// How a packet came to a frontend.
#[derive(Clone, Copy, Debug)]
pub(super) struct Via {
    /// Across global peering?
    pub(super) is_global: Match,
    /// What stops it where there is no security group.
    pub(super) closed: Option<Closed>,
}
