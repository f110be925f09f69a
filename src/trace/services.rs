//! Over service endpoints, to services with firewalls of their own.

use super::fate::Fate;
use super::recorder::{Recorder, passed};
use super::walker::{Go, Phase, Walker};
use crate::answer::{Reason, Rule, Step, StepKind};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Cause, Location, Own, Owner, Retrace};
use crate::id::Id;
use crate::net::Flow;

impl<R: Recorder> Walker<'_, R> {
    /// A service endpoint carries the packet to the service, and the reply back (R430, R432).
    pub(super) fn serve(&mut self, at: Id<Location>, flow: Flow) -> Fate {
        let plane = self.plane;
        let sender = &plane.locations[at];
        if !sender.sends_as(flow.source) {
            self.doubt(flow, || whose_endpoint(sender, flow), None);
        }
        let to = match plane.realms[plane.internet].owner(flow.destination) {
            Some(Owner::Location(to)) => Some(to),
            Some(Owner::Balancer(_) | Owner::Entry(_) | Owner::Unsure(_) | Owner::Nobody(_))
            | None => None,
        };
        if let Err(fate) = self.pass_policy(sender, to, flow) {
            return fate;
        }
        if let Some(to) = to {
            self.record.hop(to.into(), flow);
            if let Err(fate) = self.admit_over_endpoint(at, to, flow) {
                return fate;
            }
        }
        self.record.step(|| {
            let text = "the service takes it over its endpoint, with the private source";
            passed(StepKind::Deliver, text, &[Rule(430), Rule(432)])
        });
        self.turn();
        self.retrace(flow.reversed(), Retrace::ServiceEndpoint)
    }

    /// What leaves by a service endpoint passes the policies of the subnet (R590).
    fn pass_policy(&mut self, sender: &Location, to: Option<Id<Location>>, flow: Flow) -> Go {
        let plane = self.plane;
        let policy = plane.endpoint_policy(sender).filter(|_| sender.sends_as(flow.source));
        let Some(policy) = policy else { return Ok(()) };
        match plane.lets(policy, to, flow.destination) {
            Match::Yes => Ok(()),
            Match::No => self.block(flow, &plane.causes[policy.refusal], None),
            Match::Maybe => {
                self.doubt(flow, &plane.causes[policy.doubt], None);
                Ok(())
            }
        }
    }

    /// The firewall of the service knows the subnet that the packet comes from, not a public address
    /// (R430, R582).
    fn admit_over_endpoint(&mut self, at: Id<Location>, to: Id<Location>, flow: Flow) -> Go {
        let plane = self.plane;
        let own = &plane.locations[to].own;
        if self.phase() == Phase::Request
            && let Own::Listens(listening) = own
        {
            self.listens(flow, listening)?;
        }
        match *own.behind_ports() {
            Own::Deliver | Own::Listens(_) | Own::Tunnel(_) => Ok(()),
            Own::Unsure(cause) => {
                self.doubt(flow, &plane.causes[cause], None);
                Ok(())
            }
            Own::Stop(cause) => self.block(flow, &plane.causes[cause], None),
            Own::Guarded(ref admission) => {
                let sender = &plane.locations[at];
                if !sender.sends_as(flow.source) {
                    return Ok(());
                }
                let refusal = &plane.causes[admission.refusal_over_endpoint];
                match admission.over_endpoint(sender) {
                    Match::Yes => {}
                    Match::No => return self.block(flow, refusal, None),
                    Match::Maybe => {
                        self.doubt(flow, &plane.causes[admission.doubt_over_endpoint], None);
                        return Ok(());
                    }
                }
                self.record.step(|| {
                    let text = "a virtual network rule names the subnet that it comes from";
                    let decided_by = refusal.evidence.map(|evidence| plane.item(evidence));
                    Step { decided_by, ..passed(StepKind::Filter, text, &refusal.rules) }
                });
                Ok(())
            }
        }
    }
}

/// R431, R433: which subnet a forwarded packet counts as coming from is not documented.
fn whose_endpoint(sender: &Location, flow: Flow) -> Cause {
    let text = format!(
        "{} passes on what {} sends, and whose subnet the service sees is not documented",
        sender.name, flow.source
    );
    Cause::new(Reason::NotModelled, text, &[431, 433])
}
