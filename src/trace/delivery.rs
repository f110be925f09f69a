//! How a packet arrives at a location, is delivered there, or passed on.

use super::fate::Fate;
use super::recorder::{Recorder, passed};
use super::session::Point;
use super::walker::{Go, Passed, Phase, Walker};
use crate::answer::{Assumption, HopKind, Reason, Step, StepKind};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{
    Admission, Cause, Closed, DestinationRewrite, Foreign, ForwardingKind, GuestRoutes, Listening,
    Location, Own, Owner, RewrittenSource,
};
use crate::dataplane::security::Guards;
use crate::id::Id;
use crate::net::{Flow, PortRange, Protocol};
use std::net::IpAddr;

/// How a packet comes to a location.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrival {
    /// Is it for the location whatever address it carries?
    pub(super) is_forced: bool,
    /// What becomes of it when the location has no security group (R218).
    pub(super) closed: Option<Closed>,
    /// The place that handed it over, when it is not for the location itself.
    pub(super) from: Option<Id<Location>>,
    /// The destination that its rules see, when it is another than the packet has (R193).
    pub(super) seen_at: Option<IpAddr>,
    /// Does nobody tell what becomes of it behind the rules of the location (R417)?
    pub(super) is_untold: bool,
}

impl<R: Recorder> Walker<'_, R> {
    /// The packet arrives; `is_forced` when it is for the location whatever address it carries.
    pub(super) fn arrive(&mut self, at: Id<Location>, flow: Flow, is_forced: bool) -> Fate {
        self.arrive_with(at, flow, Arrival { is_forced, ..Arrival::default() })
    }

    /// The packet is handed over, as a next hop.
    pub(super) fn arrive_handed(
        &mut self,
        from: Id<Location>,
        at: Id<Location>,
        flow: Flow,
    ) -> Fate {
        self.arrive_with(at, flow, Arrival { from: Some(from), ..Arrival::default() })
    }

    /// The shadow puts the packet where it should have gone.
    pub(super) fn arrive_anyway(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        self.arrive(at, flow, true)
    }

    /// The packet arrives at another of the machines that its sender stands for.
    pub(super) fn arrive_beside(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        self.record.hop(at.into(), flow);
        match self.elsewhere(at, flow) {
            Some(fate) => fate,
            None => self.own(at, flow),
        }
    }

    pub(super) fn arrive_with(&mut self, at: Id<Location>, flow: Flow, how: Arrival) -> Fate {
        let plane = self.plane;
        self.record.hop(at.into(), flow);
        if let Err(astray) = self.visit(at, flow) {
            return self.lose(flow, astray, None);
        }
        self.assume_address(at, flow);
        let location = &plane.locations[at];
        let is_for_it = how.is_forced || location.takes_all;
        let is_for_it = is_for_it || location.addresses.contains(&flow.destination);
        // R83, R84: where the fabric brings it, the guest takes what is for another of its interfaces.
        let is_for_it = is_for_it
            || location.foreign == Foreign::Passes && self.is_of_guest(at, flow.destination);
        if is_for_it && let Some(fate) = self.elsewhere(at, flow) {
            return fate;
        }
        let seen = Flow { destination: how.seen_at.unwrap_or(flow.destination), ..flow };
        if let Err(fate) = self.pass(at, &location.arriving, (flow, seen)) {
            return fate;
        }
        if let Some(closed) = how.closed.filter(|_| !location.arriving.has_security_group())
            && let Err(fate) = self.closed(&location.arriving, seen, closed)
        {
            return fate;
        }
        if how.is_untold {
            return self.end();
        }
        if is_for_it { self.own(at, flow) } else { self.pass_on(at, flow, how.from) }
    }

    /// A public address is closed without a security group (R218), but perhaps not for what an admin rule
    /// always allows (R228).
    fn closed(&mut self, guards: &Guards, flow: Flow, closed: Closed) -> Go {
        let plane = self.plane;
        if !guards.may_override(&plane.filters, &self.packet(&flow)) {
            return self.block(flow, &plane.causes[closed.refusal], None);
        }
        self.doubt(flow, &plane.causes[closed.doubt], None);
        Ok(())
    }

    /// The request comes to a place that has the address as well as the one that is meant, and is not it
    /// nor what is behind it; the shadow puts it where it was meant to go.
    pub(super) fn elsewhere(&mut self, at: Id<Location>, flow: Flow) -> Option<Fate> {
        let plane = self.plane;
        let only = self.ask.only.filter(|_| self.phase() == Phase::Request)?;
        if plane.device(at) == plane.device(only) || self.has_come_by(only) {
            return None;
        }
        let why = || {
            let (here, meant) = (&plane.locations[at], &plane.locations[only].name);
            let text = format!("{} has {} here, and not {meant}", here.name, flow.destination);
            let rules: &[u16] = if here.kind == HopKind::Internet { &[4, 126] } else { &[38] };
            Cause::new(Reason::ArrivesElsewhere, text, rules)
        };
        Some(self.lose(flow, why, None))
    }

    /// The packet is for the location itself: perhaps a reply to what it translated, perhaps a port
    /// forward, else it has arrived.
    fn own(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        let plane = self.plane;
        let location = &plane.locations[at];
        if self.phase() == Phase::Reply
            && let Some(fate) = self.device_answers(at, flow)
        {
            return fate;
        }
        if self.phase() == Phase::Request
            && let Some(fate) = self.rewritten(at, flow)
        {
            return fate;
        }
        if self.phase() == Phase::Request
            && let Own::Listens(listening) = &location.own
            && let Err(fate) = self.listens(flow, listening)
        {
            return fate;
        }
        match *location.own.behind_ports() {
            Own::Deliver | Own::Listens(_) => self.delivered(at, flow),
            // Whether it runs was asked when it sent.
            Own::Unsure(_) | Own::Stop(_) if self.is_back_at_machine(at) => {
                self.delivered(at, flow)
            }
            // What is not modelled is what it does with requests.
            Own::Unsure(cause)
                if self.phase() == Phase::Reply
                    && plane.causes[cause].reason == Reason::NotModelled =>
            {
                self.delivered(at, flow)
            }
            Own::Unsure(cause) => {
                self.doubt(flow, &plane.causes[cause], None);
                self.delivered(at, flow)
            }
            Own::Stop(cause) => match self.block(flow, &plane.causes[cause], None) {
                Ok(()) => self.delivered(at, flow),
                Err(fate) => fate,
            },
            Own::Guarded(ref admission) if self.phase() == Phase::Request => {
                match self.admit(flow, admission) {
                    Ok(()) => self.delivered(at, flow),
                    Err(fate) => fate,
                }
            }
            Own::Guarded(_) => self.delivered(at, flow),
            Own::Tunnel(_) if self.phase() == Phase::Request => self.tunnel(at, flow),
            Own::Tunnel(_) => self.delivered(at, flow),
        }
    }

    fn is_back_at_machine(&self, at: Id<Location>) -> bool {
        let kind = self.plane.locations[at].kind;
        at == self.ask.from && self.phase() == Phase::Reply && kind == HopKind::NetworkInterface
    }

    /// A machine that is not there or does not run sends nothing (R517).
    pub(super) fn is_there(&mut self, at: Id<Location>, flow: Flow) -> Go {
        let plane = self.plane;
        let location = &plane.locations[at];
        if location.kind != HopKind::NetworkInterface {
            return Ok(());
        }
        match *location.own.behind_ports() {
            Own::Stop(cause) => self.block(flow, &plane.causes[cause], None)?,
            Own::Unsure(cause) if plane.causes[cause].reason != Reason::NotModelled => {
                self.doubt(flow, &plane.causes[cause], None);
            }
            Own::Unsure(_) | Own::Deliver | Own::Listens(_) | Own::Guarded(_) | Own::Tunnel(_) => {}
        }
        Ok(())
    }

    /// Something of the platform takes packets for some ports only.
    pub(super) fn listens(&mut self, flow: Flow, listening: &Listening) -> Go {
        let causes = &self.plane.causes;
        match listening.takes(&flow) {
            Match::Yes => Ok(()),
            Match::Maybe => {
                self.doubt(flow, &causes[listening.doubt], None);
                Ok(())
            }
            Match::No => self.block(flow, &causes[listening.refusal], None),
        }
    }

    /// A service takes packets from some sources only (R430, R439).
    fn admit(&mut self, flow: Flow, admission: &Admission) -> Go {
        let plane = self.plane;
        let Admission { sources, perhaps, .. } = admission;
        let refusal = &plane.causes[admission.refusal];
        if let Some(which) = self.vague_source() {
            match admission.from_one_of(which, plane.one_of(which), Some(flow.source)) {
                Match::Yes => return Ok(()),
                Match::No => return self.block(flow, refusal, None),
                Match::Maybe => {}
            }
            let whose = || {
                let text = "which public address the client appears from is not known, and the firewall of the service \
                            tells them apart";
                let rules = refusal.rules.clone();
                let evidence = refusal.evidence;
                Cause { rules, evidence, ..Cause::new(Reason::NotGiven, text, &[]) }
            };
            self.doubt(flow, whose, None);
            return Ok(());
        }
        if !sources.contains(flow.source) {
            if !perhaps.contains(flow.source) {
                return self.block(flow, refusal, None);
            }
            self.doubt(flow, &plane.causes[admission.doubt], None);
            return Ok(());
        }
        self.record.step(|| {
            let text = format!("{} is among the addresses that it takes packets from", flow.source);
            let decided_by = refusal.evidence.map(|evidence| plane.item(evidence));
            Step { decided_by, ..passed(StepKind::Filter, text, &refusal.rules) }
        });
        Ok(())
    }

    /// A stateful device knows the flow: it undoes its translation and passes the packet on.
    pub(super) fn device_answers(&mut self, at: Id<Location>, flow: Flow) -> Option<Fate> {
        let device = self.plane.device(at);
        let here = |point| point == Point::Device(device);
        let session = self.answering(flow, here)?;
        let after = session.before.reversed();
        self.devices_back.push(device);
        self.record.step(|| {
            let text = "the device knows the flow and passes the reply on";
            let step = passed(StepKind::Session, text, &[]);
            Step { flow_after: (after != flow).then_some(after), ..step }
        });
        Some(self.leave_by_guest(at, after, false))
    }

    /// A port forward sends the packet on with another destination (R399).
    fn rewritten(&mut self, at: Id<Location>, flow: Flow) -> Option<Fate> {
        let plane = self.plane;
        let forwarding = &plane.locations[at].forwarding;
        if let ForwardingKind::Firewall(firewall) = &forwarding.kind {
            return self.firewall_translates(at, firewall, flow);
        }
        let rewrite = forwarding.rewrites.iter().find(|rewrite| rewrite.takes(&flow))?;
        let mut after = rewrite.apply(flow);
        match rewrite.source {
            RewrittenSource::Kept => {}
            RewrittenSource::Own => {
                let out = self.leaves_by(at, after);
                let own = plane.locations[out].address_like(after.destination);
                after.source = own.unwrap_or(after.source);
            }
            RewrittenSource::Refused(cause) => {
                if let Err(fate) = self.block(flow, &plane.causes[cause], None) {
                    return Some(fate);
                }
            }
            RewrittenSource::Unsure(cause) => self.doubt(flow, &plane.causes[cause], None),
        }
        self.translated(flow, after, "a port forward rewrites the destination", &[]);
        self.sessions.add(Point::Device(plane.device(at)), flow, after);
        self.note_passed(at, flow.source != after.source);
        Some(self.leave_by_guest(at, after, false))
    }

    /// The packet has arrived.
    fn delivered(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        if self.phase() == Phase::Reply {
            return self.finish(at, flow);
        }
        let plane = self.plane;
        let location = &plane.locations[at];
        self.record
            .step(|| passed(StepKind::Deliver, format!("delivered to {}", location.name), &[]));
        if matches!(location.kind, HopKind::NetworkInterface | HopKind::ContainerGroup)
            && let Err(fate) = self.heard_at(at, flow)
        {
            return fate;
        }
        self.reply_from(at, flow)
    }

    /// Is the packet for the machine that sends it?
    pub(super) fn is_to_itself(&self, at: Id<Location>, flow: Flow) -> bool {
        let plane = self.plane;
        let is_machine = |kind| matches!(kind, HopKind::NetworkInterface | HopKind::ContainerGroup);
        let location = &plane.locations[at];
        if !is_machine(location.kind) {
            return false;
        }
        location.addresses.contains(&flow.destination) || self.is_of_guest(at, flow.destination)
    }

    /// Has another interface of the guest the address?
    fn is_of_guest(&self, at: Id<Location>, address: IpAddr) -> bool {
        let plane = self.plane;
        let location = &plane.locations[at];
        let same =
            |owner| matches!(owner, Owner::Location(to) if plane.device(to) == plane.device(at));
        // PERF: a guest with one interface has the addresses of that and no others.
        location.shares_guest && plane.realms[location.realm].owner(address).is_some_and(same)
    }

    /// What a machine sends to itself its guest delivers: no route and no security group is asked
    /// (RFC 1122, section 3.3.1.1).
    pub(super) fn stays_inside(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        if let Some(fate) = self.elsewhere(at, flow) {
            return fate;
        }
        let name = &self.plane.locations[at].name;
        self.record.step(|| {
            passed(
                StepKind::Deliver,
                format!("{name} has the address itself: nothing leaves it"),
                &[],
            )
        });
        if let Err(fate) = self.heard_at(at, flow) {
            return fate;
        }
        self.turn();
        let reply = flow.reversed();
        self.record.hop(at.into(), reply);
        self.finish(at, reply)
    }

    /// Does something listen there?
    fn heard_at(&mut self, at: Id<Location>, flow: Flow) -> Go {
        let location = &self.plane.locations[at];
        let silent = || {
            let text = format!("nothing listens at {}", location.name);
            Cause::new(Reason::NothingListens, text, &[])
        };
        self.assume(Assumption::Listens, flow, silent)
    }

    /// The packet is for somebody else.
    fn pass_on(&mut self, at: Id<Location>, flow: Flow, from: Option<Id<Location>>) -> Fate {
        let plane = self.plane;
        let forwarding = &plane.locations[at].forwarding;
        if let Some(assumption) = forwarding.assumption {
            let still = || {
                let text = format!("{} does not forward", plane.locations[at].name);
                Cause::new(Reason::ApplianceDoesNotForward, text, &[84])
            };
            if let Err(fate) = self.assume(assumption, flow, still) {
                return fate;
            }
        }
        match &forwarding.kind {
            ForwardingKind::Refuse(cause) => self.lose(flow, &plane.causes[*cause], None),
            ForwardingKind::Unsure(cause) => self.lose_sight(flow, &plane.causes[*cause]),
            ForwardingKind::Router => {
                let from_tunnel = from.is_some_and(|from| plane.locations[from].is_outside());
                self.forwarded(at, flow, flow, from_tunnel)
            }
            ForwardingKind::Stateful => self.through_device(at, flow, |_, flow| flow),
            ForwardingKind::Translate { exempt } => {
                if exempt.contains(flow.destination) {
                    return self.through_device(at, flow, |_, flow| flow);
                }
                self.through_device(at, flow, |walker, flow| {
                    let out = walker.leaves_by(at, flow);
                    let own = walker.plane.locations[out].address_like(flow.destination);
                    Flow { source: own.unwrap_or(flow.source), ..flow }
                })
            }
            ForwardingKind::Firewall(firewall) => self.through_firewall(at, firewall, flow),
        }
    }

    /// A device that remembers flows: replies pass by the record; half a flow is another matter
    /// (R577).
    pub(super) fn through_device(
        &mut self,
        at: Id<Location>,
        flow: Flow,
        change: impl FnOnce(&Self, Flow) -> Flow,
    ) -> Fate {
        if let Some(fate) = self.device_answers(at, flow) {
            return fate;
        }
        if let Err(fate) = self.half_seen(at, flow) {
            return fate;
        }
        let after = change(self, flow);
        let device = self.plane.device(at);
        self.sessions.add(Point::Device(device), flow, after);
        self.forwarded(at, flow, after, false)
    }

    /// A reply at a device that did not see the request: TCP fails, others count as a new flow.
    pub(super) fn half_seen(&mut self, at: Id<Location>, flow: Flow) -> Go {
        if self.phase() == Phase::Request || self.has_jumped_back() {
            return Ok(());
        }
        let name = &self.plane.locations[at].name;
        let text = || format!("{name} did not see the request");
        if flow.protocol != Protocol::Tcp {
            self.record
                .warn(|| format!("asymmetric: {}; it judges the reply as a new flow", text()));
            return Ok(());
        }
        self.block(flow, || Cause::new(Reason::Asymmetric, text(), &[334, 577]), None)
    }

    pub(super) fn forwarded(
        &mut self,
        at: Id<Location>,
        before: Flow,
        after: Flow,
        from_tunnel: bool,
    ) -> Fate {
        let translated = before.source != after.source;
        self.note_passed(at, translated);
        self.record.step(|| {
            let text =
                if translated { "passes it on with its own address" } else { "passes it on" };
            let step = passed(StepKind::Forward, text, &[]);
            Step { flow_after: (before != after).then_some(after), ..step }
        });
        self.leave_by_guest(at, after, from_tunnel)
    }

    /// A place passes the request on, with the packet's own source or another: replies that retrace it come by here.
    pub(super) fn note_passed(&mut self, at: Id<Location>, translated: bool) {
        if self.phase() == Phase::Request {
            let realm = self.plane.locations[at].realm;
            self.passed.push(Passed { at, realm, translated });
        }
    }

    /// The interface by which a guest sends.
    pub(super) fn leaves_by(&self, at: Id<Location>, flow: Flow) -> Id<Location> {
        match &self.plane.locations[at].forwarding.egress {
            GuestRoutes::Same => at,
            GuestRoutes::Table(table) => table.lookup(flow.destination).unwrap_or(at),
        }
    }

    pub(super) fn leave_by_guest(
        &mut self,
        at: Id<Location>,
        flow: Flow,
        from_tunnel: bool,
    ) -> Fate {
        let plane = self.plane;
        if let Some(doubt) = plane.locations[at].forwarding.egress_doubt {
            self.doubt_way(flow, &plane.causes[doubt]);
        }
        let out = self.leaves_by(at, flow);
        if out != at {
            self.record.hop(out.into(), flow);
            if let Err(fate) = self.sends_for(out, flow) {
                return fate;
            }
        }
        self.leave(out, flow, from_tunnel)
    }

    /// An interface sends for another one of its guest, or for others, only what has its own address as source, unless
    /// it passes foreign packets (R83). Which of its addresses a guest puts on its own requests is its own choice.
    fn sends_for(&mut self, out: Id<Location>, flow: Flow) -> Go {
        let plane = self.plane;
        let location = &plane.locations[out];
        if location.addresses.contains(&flow.source) {
            return Ok(());
        }
        let is_chosen = self.phase() == Phase::Request && self.is_of_guest(out, flow.source);
        match location.foreign {
            Foreign::Passes => Ok(()),
            Foreign::Stopped(cause) if !is_chosen => self.block(flow, &plane.causes[cause], None),
            Foreign::Stopped(cause) | Foreign::Unsure(cause) => {
                self.doubt(flow, &plane.causes[cause], None);
                Ok(())
            }
        }
    }
}

impl DestinationRewrite {
    fn takes(&self, flow: &Flow) -> bool {
        self.protocols.contains(flow.protocol)
            && self.destinations.contains(flow.destination)
            && self.ports.contains(flow.destination_ports)
    }

    fn apply(&self, flow: Flow) -> Flow {
        let ports = self.port.map_or(flow.destination_ports, PortRange::single);
        Flow { destination: self.address, destination_ports: ports, ..flow }
    }
}
