//! The way back: retraced replies, the end, and who saw only half.

use super::fate::Fate;
use super::recorder::{Recorder, passed};
use super::walker::{Go, Phase, Walker};
use crate::answer::{HopKind, Reason, StepKind};
use crate::dataplane::graph::{Cause, Location, Realm, Retrace};
use crate::id::Id;
use crate::net::{Flow, Protocol};

impl<R: Recorder> Walker<'_, R> {
    /// The reply goes back over the places that passed the request on, without looking anything up (R515), up to
    /// one that translated, which sends on what is its own again (R103); over a private link an appliance in the
    /// client's own network that did not translate drops it (R116).
    pub(super) fn retrace(&mut self, reply: Flow, how: Retrace) -> Fate {
        debug_assert_eq!(self.phase(), Phase::Reply);
        let plane = self.plane;
        let client = self.client_realm();
        for at in (0..self.passed.len()).rev() {
            let Some(&passed_by) = self.passed.get(at) else { break };
            if passed_by.translated {
                self.record.hop(passed_by.at.into(), reply);
                if let Some(fate) = self.device_answers(passed_by.at, reply) {
                    return fate;
                }
            }
            let location = &plane.locations[passed_by.at];
            self.devices_back.push(plane.device(passed_by.at));
            self.record.hop(passed_by.at.into(), reply);
            self.record.step(|| {
                let text = "the reply retraces the request";
                passed(StepKind::Session, text, how.rules())
            });
            let is_appliance =
                matches!(location.kind, HopKind::NetworkInterface | HopKind::Firewall);
            let is_link = how == Retrace::PrivateLink;
            if is_link && is_appliance && Some(passed_by.realm) == client {
                let why = || {
                    let text = format!(
                        "{} does not translate the source and stands in the client's own network",
                        location.name
                    );
                    Cause::new(Reason::PrivateEndpointBehindAppliance, text, &[116, 515])
                };
                if let Err(fate) = self.block(reply, why, None) {
                    return fate;
                }
            }
        }
        let (at, flow) = (self.ask.from, self.ask.flow.reversed());
        self.record.hop(at.into(), flow);
        self.finish(at, flow)
    }

    /// The network that the client is in for R116: none for those that come by a gateway.
    fn client_realm(&self) -> Option<Id<Realm>> {
        let plane = self.plane;
        let is_gateway =
            |at| matches!(plane.locations[at].kind, HopKind::Gateway | HopKind::Circuit);
        let is_outside = self.passed.iter().any(|it| is_gateway(it.at));
        (!is_outside).then_some(plane.locations[self.ask.from].realm)
    }

    /// The reply is where it ends: is it the one that was asked for, and did all see it?
    pub(super) fn finish(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        let checked = self.right_end(at, flow).and_then(|()| self.all_saw_it(flow));
        match checked {
            Ok(()) => {
                self.record.step(|| passed(StepKind::Deliver, "the reply is back", &[]));
                self.end()
            }
            Err(fate) => fate,
        }
    }

    /// The client takes a reply only from the address that it asked (R103).
    fn right_end(&mut self, at: Id<Location>, flow: Flow) -> Go {
        let plane = self.plane;
        let asked = self.ask.flow.reversed();
        if self.plane.device(at) != self.plane.device(self.ask.from) {
            let (end, client) = (&plane.locations[at].name, &plane.locations[self.ask.from].name);
            let why = || {
                let text = format!("the reply ends at {end}, not at {client}");
                Cause::new(Reason::ReplyFromAnotherAddress, text, &[106])
            };
            return self.block(flow, why, None);
        }
        if flow.source == asked.source {
            return Ok(());
        }
        let why = || {
            let text = format!("the reply comes from {}, {} was asked", flow.source, asked.source);
            Cause::new(Reason::ReplyFromAnotherAddress, text, &[103])
        };
        self.block(flow, why, None)
    }

    /// A stateful device that saw the request must see the reply (R334, R577).
    fn all_saw_it(&mut self, flow: Flow) -> Go {
        if self.has_jumped_back() {
            return Ok(());
        }
        for at in 0..self.sessions.len() {
            let Some(device) = self.sessions.device(at) else { continue };
            if self.devices_back.contains(&device) {
                continue;
            }
            let name = &self.plane.locations[device].name;
            let text = || format!("{name} does not see the reply");
            if flow.protocol == Protocol::Tcp {
                let why = || Cause::new(Reason::Asymmetric, text(), &[334, 577]);
                self.block(flow, why, None)?;
            } else {
                self.record.warn(|| format!("asymmetric: {}", text()));
            }
        }
        Ok(())
    }
}
