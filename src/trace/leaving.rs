//! How a packet leaves a location: gates, table, and what the row says.

use super::fate::Fate;
use super::moves::Via;
use super::recorder::{Recorder, passed};
use super::session::Point;
use super::walker::{Go, Phase, Walker};
use crate::answer::{Assumption, Item, Outcome, Reason, Rule, Step, StepKind};
use crate::dataplane::filter::{Action, Match, Packet};
use crate::dataplane::graph::{
    Cause, Crossing, Encapsulation, Forward, Location, Reply, Retrace, Stop, StopAt, Table,
};
use crate::dataplane::security::{Guards, Passage};
use crate::dataplane::{is_platform, is_public_stand_in, is_stand_in, not_carried};
use crate::id::Id;
use crate::net::{AddressSet, Flow};
use std::net::IpAddr;

impl<'plane, R: Recorder> Walker<'plane, R> {
    /// The packet leaves `at`: gates, the platform's own addresses whatever the routes say (R213),
    /// what the fabric does not carry, then the table.
    pub(super) fn leave(&mut self, at: Id<Location>, flow: Flow, from_tunnel: bool) -> Fate {
        let plane = self.plane;
        let location = &plane.locations[at];
        if let Err(fate) = self.pass(at, &location.leaving, (flow, flow)) {
            return fate;
        }
        if is_platform(flow.destination)
            && let Some(platform) = plane.realms[location.realm].platform
        {
            return match from_tunnel {
                true => self.lose(flow, || platform_cause(flow), None),
                false => self.arrive(platform, flow, true),
            };
        }
        if let Some((sureness, cause)) = not_carried(&flow)
            && plane.realms[location.realm].platform.is_some()
        {
            if sureness == Match::Yes {
                return self.lose(flow, &cause, None);
            }
            self.doubt(flow, &cause, None);
        }
        let flow = match self.answer_of_balancer(at, flow) {
            Ok(flow) => flow,
            Err(fate) => return fate,
        };
        self.route(at, flow, from_tunnel)
    }

    /// A reply of a backend appears to come from the frontend (R422); a reply into a private link
    /// goes back through it.
    fn answer_of_balancer(&mut self, at: Id<Location>, flow: Flow) -> Result<Flow, Fate> {
        if self.phase() == Phase::Request {
            return Ok(flow);
        }
        let plane = self.plane;
        let mut flow = flow;
        let mine = |point| matches!(point, Point::Balancer(id, backend) if backend == at && !plane.balancers[id].is_public);
        if let Some(session) = self.answering(flow, mine) {
            let after = session.before.reversed();
            self.translated(flow, after, "the load balancer puts its frontend as source", &[422]);
            flow = after;
        }
        let linked = |point| matches!(point, Point::Link(_));
        match self.answering(flow, linked) {
            Some(session) => {
                let after = session.before.reversed();
                self.translated(flow, after, "the private link carries it back", &[306]);
                Err(self.retrace(after, Retrace::PrivateLink))
            }
            None => Ok(flow),
        }
    }

    pub(super) fn translated(&mut self, before: Flow, after: Flow, text: &str, rules: &[u16]) {
        if before != after {
            self.record.step(|| {
                let rules: Vec<Rule> = rules.iter().copied().map(Rule).collect();
                let step = passed(StepKind::Translate, text, &rules);
                Step { flow_after: Some(after), ..step }
            });
        }
    }

    /// The gates of one direction, in order, by the header that they see; a flow record lets replies pass all of
    /// them (R186).
    pub(super) fn pass(
        &mut self,
        at: Id<Location>,
        guards: &Guards,
        (flow, seen): (Flow, Flow),
    ) -> Go {
        if guards.list.is_empty() {
            return Ok(());
        }
        let here = |point| point == Point::Gates(at);
        if self.answering(flow, here).is_some() {
            self.record.step(|| {
                let text = "security groups let the reply of an allowed flow pass";
                passed(StepKind::Session, text, &[Rule(186)])
            });
            return Ok(());
        }
        if R::SHADOW {
            self.judge_all(guards, seen)?
        } else {
            self.judge(guards, seen)?
        }
        self.sessions.add(Point::Gates(at), flow, flow);
        Ok(())
    }

    /// The verdict alone.
    fn judge(&mut self, guards: &Guards, flow: Flow) -> Go {
        let plane = self.plane;
        let packet = self.packet(&flow);
        match guards.decide(&plane.filters, &packet, |_, _| {}) {
            Passage::Passes => Ok(()),
            Passage::Stopped(_) => self.block(flow, plane.some_cause(), None),
            Passage::Unsure(_) => {
                self.doubt(flow, plane.some_cause(), None);
                Ok(())
            }
        }
    }

    /// Every gate, with evidence; those behind one that denies are asked in the shadow. What a gate perhaps lets
    /// pass for good (R227) is surely stopped by none behind it.
    fn judge_all(&mut self, guards: &Guards, flow: Flow) -> Go {
        let plane = self.plane;
        let packet = self.packet(&flow);
        let mut rest = guards.clone();
        let mut may_be_through = false;
        loop {
            let mut asked = Vec::new();
            let passage =
                rest.decide(&plane.filters, &packet, |at, decision| asked.push((at, decision)));
            let (outcome, end) = ended(passage, may_be_through);
            // Those behind are asked again.
            asked.retain(|&(at, _)| end.is_none_or(|end| at <= end));
            for (at, decision) in asked {
                let Some(guard) = rest.list.get(at) else { continue };
                let outcome = if end == Some(at) { outcome } else { Outcome::Passed };
                may_be_through |= outcome == Outcome::Unsure
                    && decision.possible().has(Some(Action::AlwaysAllow));
                self.record.step(|| plane.filter_step(guard, decision, outcome, &packet));
            }
            let Some(at) = end else { return Ok(()) };
            let Some(guard) = rest.list.get(at) else { return Ok(()) };
            let stops = matches!(passage, Passage::Stopped(_));
            let (cause, item) = plane.gate_cause(guard, &packet, stops);
            match outcome {
                Outcome::Stopped => self.block(flow, &cause, item)?,
                Outcome::Unsure | Outcome::Passed => self.doubt(flow, &cause, item),
            }
            rest.list = rest.list.iter().skip(at + 1).cloned().collect();
        }
    }

    /// What filters see: the header, and a set of addresses where an end is not known.
    pub(super) fn packet<'flow>(&self, flow: &'flow Flow) -> Packet<'flow>
    where
        'plane: 'flow,
    {
        let packet = match self.vague_source() {
            Some(which) => Packet::from_one_of(flow, self.plane.one_of(which)),
            None => Packet::from(flow),
        };
        match self.is_vague(flow.destination) {
            true => packet.to_one_of(self.plane.public_space()),
            false => packet,
        }
    }

    /// Does the address stand for one that is not known?
    fn is_vague(&self, address: IpAddr) -> bool {
        let plane = self.plane;
        is_stand_in(address)
            && (!is_public_stand_in(address)
                || plane.realms[plane.internet].owner(address).is_some())
    }

    /// Looks the destination up: the location's own tunnels first, then its table.
    fn route(&mut self, at: Id<Location>, flow: Flow, from_tunnel: bool) -> Fate {
        let plane = self.plane;
        let location = &plane.locations[at];
        let tunnels = location.tunnels.filter(|_| !from_tunnel);
        if let Some(tunnels) = tunnels {
            self.doubt_rows(tunnels, flow);
            if let Some(row) = plane.tables[tunnels].lookup(flow.destination) {
                return self.follow(at, flow, tunnels, row);
            }
        }
        self.doubt_rows(location.table, flow);
        let table = &plane.tables[location.table];
        if self.is_vague(flow.destination) && table.tells_public_apart {
            let text = "routes tell public addresses apart, and which one it is is not known";
            self.doubt_way(flow, || Cause::new(Reason::NotGiven, text, &[87]));
        }
        match self.ahead.row(plane, location.table, flow.destination) {
            Some(row) => self.follow(at, flow, location.table, row),
            None => {
                let why = || {
                    let to = flow.destination;
                    let text = format!("no route of {} matches {to}", location.name);
                    Cause::new(Reason::NoRoute, text, &[87])
                };
                self.lose(flow, why, None)
            }
        }
    }

    fn doubt_rows(&mut self, table: Id<Table>, flow: Flow) {
        let plane = self.plane;
        for unsure in &plane.tables[table].unsure {
            if unsure.destinations.contains(flow.destination) {
                self.doubt_way(flow, &plane.causes[unsure.cause]);
            }
        }
    }

    fn follow(&mut self, at: Id<Location>, flow: Flow, table: Id<Table>, row: u32) -> Fate {
        let plane = self.plane;
        let Some(found) = plane.tables[table].rows.get(row as usize) else { return self.end() };
        let outcome = match found.forward {
            Forward::Drop(_) => Outcome::Stopped,
            Forward::Unsure(_) => Outcome::Unsure,
            Forward::Deliver { .. } | Forward::Hand(_) | Forward::Exit | Forward::Service => {
                Outcome::Passed
            }
        };
        self.record.step(|| plane.route_step(table, row, outcome, flow.destination));
        let item = || -> Option<Item> { R::SHADOW.then(|| plane.route_item(table, row)).flatten() };
        // PERF: an effective route is far away in memory, and few rest on assumptions.
        let assumed = if found.assumes { plane.row_assumptions(table, row) } else { &[] };
        for &assumption in assumed {
            let unlearned = || {
                let text = "the scenario says that gateways do not know what is declared";
                Cause::new(Reason::ConnectionDown, text, &[53])
            };
            if let Err(fate) = self.assume(assumption, flow, unlearned) {
                return fate;
            }
        }
        match &found.forward {
            Forward::Deliver { realm, crossing } => match self.cross(at, *crossing, flow) {
                Ok(()) => self.bring_to_owner(at, *realm, *crossing, flow),
                Err(fate) => fate,
            },
            Forward::Hand(stops) => self.each(
                stops.iter().copied(),
                |plane, stop, ways| plane.stop_words(stop, ways),
                |walker, stop| walker.hand((at, table, row), stop, flow),
            ),
            Forward::Exit => self.exit(at, flow),
            Forward::Service => self.serve(at, flow),
            Forward::Drop(cause) => {
                self.lose(flow, || plane.drop_cause(*cause, table, row), item())
            }
            Forward::Unsure(cause) => self.lose_sight(flow, &plane.causes[*cause]),
        }
    }

    /// What lies between two networks: states and flags of the peering.
    pub(super) fn cross(
        &mut self,
        at: Id<Location>,
        crossing: Option<Id<Crossing>>,
        flow: Flow,
    ) -> Go {
        let Some(crossing) = crossing else { return Ok(()) };
        let plane = self.plane;
        if !R::SHADOW && plane.is_open(crossing) {
            return Ok(());
        }
        let crossing = &plane.crossings[crossing];
        let sender = &plane.locations[at];
        let blocked = crossing.blocked;
        let unlisted = crossing.unlisted.as_ref();
        // R36, R166: where it sends from counts, also for what it passes on.
        let sends_from = |set: &AddressSet| {
            !sender.is_gateway() && sender.addresses.iter().any(|&own| set.contains(own))
        };
        let unlisted = unlisted.filter(|(set, _)| set.contains(flow.source) || sends_from(set));
        // R148: not asked of packets that a gateway passes on.
        let forwarded = crossing.sources.as_ref().filter(|_| !sender.is_gateway());
        let forwarded = forwarded.filter(|(set, _)| !set.contains(flow.source));
        // A retraced reply never comes here; others are judged like requests (R145).
        let causes = blocked.into_iter();
        let causes = causes.chain(unlisted.map(|&(_, cause)| cause));
        let causes = causes.chain(forwarded.map(|&(_, cause)| cause));
        let (refused, unsure) = selected(crossing, flow);
        let causes = causes.chain(refused);
        let doubts = crossing.doubt.into_iter().chain(unsure);
        let mut passes = true;
        for cause in causes {
            passes = false;
            self.block(flow, &plane.causes[cause], None)?;
        }
        let mut is_sure = true;
        for doubt in doubts {
            is_sure = false;
            self.doubt(flow, &plane.causes[doubt], None);
        }
        let outcome = match (passes, is_sure) {
            (true, true) => Outcome::Passed,
            (true, false) => Outcome::Unsure,
            (false, _) => Outcome::Stopped,
        };
        self.record.step(|| Step { outcome, ..plane.crossing_step(crossing) });
        Ok(())
    }

    /// Hands the packet to a next stop that is not its destination.
    fn hand(
        &mut self,
        (at, table, row): (Id<Location>, Id<Table>, u32),
        stop: Stop,
        flow: Flow,
    ) -> Fate {
        let plane = self.plane;
        if let Err(fate) = self.cross(at, stop.crossing, flow) {
            return fate;
        }
        if let Some(tunnel) = stop.encapsulation {
            self.wrap(&plane.encapsulations[tunnel]);
        }
        match stop.at {
            StopAt::Location(next) => self.arrive_handed(at, next, flow),
            // What is for the frontend itself is not for somebody behind it (R415).
            StopAt::Balancer(to) if plane.balancers[to].address == Some(flow.destination) => {
                let is_global = stop.crossing.map_or(Match::No, |id| plane.crossings[id].is_global);
                self.balance(at, to, flow, Via { is_global, closed: None })
            }
            StopAt::Balancer(to) => self.balance_through(at, (to, stop.crossing), flow),
            // The route decided, where the cause names nothing else.
            StopAt::Nobody(cause) => {
                let cause = &plane.causes[cause];
                let is_named = cause.evidence.is_some() || !R::SHADOW;
                let route = if is_named { None } else { plane.route_item(table, row) };
                self.lose(flow, cause, route)
            }
        }
    }

    /// The packet goes through a tunnel, unchanged inside.
    fn wrap(&mut self, tunnel: &Encapsulation) {
        let plane = self.plane;
        self.record.step(|| plane.encapsulation_step(tunnel));
        if let Some(warning) = &tunnel.warning {
            self.record.warn(|| warning.to_string());
        }
    }

    /// Replies of a location that retraces do not look anything up.
    pub(super) fn reply_from(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        let plane = self.plane;
        let reply = flow.reversed();
        self.turn();
        match &plane.locations[at].reply {
            Reply::Retraced(how) => self.retrace(reply, *how),
            Reply::Routed => {
                self.record.hop(at.into(), reply);
                let _ = self.visit(at, reply);
                if let Err(fate) = self.answers_there(at, reply) {
                    return fate;
                }
                self.leave_by_guest(at, reply, false)
            }
        }
    }

    /// R86: by its routes a guest may answer by another interface, where the address is a foreign one.
    fn answers_there(&mut self, at: Id<Location>, reply: Flow) -> Go {
        let plane = self.plane;
        let table = plane.locations[at].answers.as_ref();
        let by = table.and_then(|table| table.lookup(reply.destination));
        let Some(by) = by.filter(|&by| by != at) else { return Ok(()) };
        let foreign = || {
            let [here, other] = [at, by].map(|at| &plane.locations[at].name);
            let text =
                format!("{other} sends the reply of {here}, with an address that is not its own");
            Cause::new(Reason::ForeignSource, text, &[86])
        };
        self.assume(Assumption::AnswersByInterface, reply, foreign)
    }
}

/// The platform answers at its own addresses in virtual networks only: not what comes from elsewhere (R240).
fn platform_cause(flow: Flow) -> Cause {
    let text = format!("{} answers what is in virtual networks alone", flow.destination);
    Cause::new(Reason::AddressNotFound, text, &[240])
}

/// Why the tunnel of a crossing does not take a packet, and why it is not known whether it does.
fn selected(crossing: &Crossing, flow: Flow) -> (Option<Id<Cause>>, Option<Id<Cause>>) {
    let Some(selectors) = &crossing.selectors else { return (None, None) };
    match selectors.take(flow.source, flow.destination) {
        Match::Yes => (None, None),
        Match::Maybe => (None, Some(selectors.doubt)),
        Match::No => (Some(selectors.refusal), None),
    }
}

/// How a row of gates ends, and at which; `may_be_through`: it is perhaps not asked at all.
const fn ended(passage: Passage, may_be_through: bool) -> (Outcome, Option<usize>) {
    match passage {
        Passage::Passes => (Outcome::Passed, None),
        Passage::Stopped(at) if may_be_through => (Outcome::Unsure, Some(at)),
        Passage::Stopped(at) => (Outcome::Stopped, Some(at)),
        Passage::Unsure(at) => (Outcome::Unsure, Some(at)),
    }
}
