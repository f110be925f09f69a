//! Sources that the platform chooses out of several (R118, R401).

use super::fate::Fate;
use super::recorder::{Nothing, Recorder};
use super::session::Point;
use super::walker::Walker;
use crate::answer::Reason;
use crate::dataplane::graph::{Cause, Exit, Location, OneOf};
use crate::dataplane::{is_private, is_stand_in, stand_in};
use crate::id::Id;
use crate::net::Flow;
use std::net::IpAddr;

/// A packet whose source the platform chooses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) at: Id<Location>,
    /// The header as it came in.
    pub(super) before: Flow,
    /// The header as it goes on, but for the source.
    pub(super) after: Flow,
    pub(super) onward: Onward,
    /// What a known source stands for.
    pub(super) one_of: Option<OneOf>,
}

/// What becomes of it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Onward {
    /// It goes to the Internet by an exit.
    Exit(Id<Exit>),
    /// The device passes it on.
    Forwarded,
    /// The device sends it on, with another destination than it came with.
    Redirected,
    /// A private link service hands it to its load balancer.
    Linked,
}

impl<R: Recorder> Walker<'_, R> {
    /// Any of `pool` may be the source: the packet goes on with the lowest one, and where it fares otherwise
    /// with another, that cannot be said. None: one that is not known.
    pub(super) fn choose_source(&mut self, choice: Choice, pool: &[IpAddr]) -> Fate {
        let like = choice.after.destination;
        let mut sources = pool.iter().copied().filter(|it| it.is_ipv4() == like.is_ipv4());
        let lowest = sources.next().unwrap_or_else(|| stand_in(like));
        if let Some(first) = sources.next() {
            let others = std::iter::once(first).chain(sources);
            self.compare_sources(choice, lowest, others);
        }
        self.go_on(choice, lowest)
    }

    /// A doubt where another source than `lowest` fares otherwise.
    fn compare_sources(
        &mut self,
        choice: Choice,
        lowest: IpAddr,
        mut others: impl Iterator<Item = IpAddr>,
    ) {
        self.record.beside();
        let fate = self.silent().go_on(choice, lowest);
        // Where the lowest is in doubt all are.
        let differs = |fates: Fate| fate != Fate::Unsure && fate.agreed(fates) != fate;
        let other = others.find(|&it| differs(self.silent().go_on(choice, it)));
        let Some(other) = other else { return };
        let plane = self.plane;
        let name_of = |at: Id<Location>| &plane.locations[at].name;
        let (name, evidence, rules): (_, _, &[u16]) = match choice.onward {
            Onward::Exit(id) => (&plane.exits[id].name, plane.exits[id].evidence, &[118]),
            Onward::Forwarded | Onward::Redirected => (name_of(choice.at), None, &[401]),
            Onward::Linked => (name_of(choice.at), None, &[305, 306]),
        };
        let word = match fate {
            Fate::Arrives => "only some of them get through",
            Fate::Stops | Fate::Unsure => "some of them may get through",
        };
        let after = Flow { source: lowest, ..choice.after };
        self.doubt_way(after, || {
            // A stand-in is no address that anybody has.
            let other = match is_stand_in(other) {
                true => "some that are not known".to_owned(),
                false => other.to_string(),
            };
            let text = format!(
                "{name} has several addresses, {lowest} and {other} among them, and {word}"
            );
            let mut cause = Cause::new(Reason::NotGiven, text, rules);
            cause.evidence = evidence;
            cause
        });
    }

    /// The same walk from here on, as if nothing had been in doubt before, without a record.
    fn silent(&self) -> Walker<'_, Nothing> {
        self.forked(Nothing)
    }

    fn go_on(&mut self, choice: Choice, source: IpAddr) -> Fate {
        let is_stranger = is_stand_in(source) && !is_private(choice.after.destination);
        let one_of = choice.one_of.filter(|_| !is_stand_in(source));
        let realm = self.plane.locations[choice.at].realm;
        let unknown = match choice.onward {
            Onward::Exit(id) => self.plane.exits[id].unknown_addresses(realm),
            Onward::Forwarded | Onward::Redirected | Onward::Linked => OneOf::Azure(realm),
        };
        self.set_vague_source(if is_stranger { Some(unknown) } else { one_of });
        self.go_on_as(choice, source)
    }

    /// The packet goes on with the source that it has.
    pub(super) fn go_on_unchanged(&mut self, choice: Choice) -> Fate {
        self.go_on_as(choice, choice.before.source)
    }

    fn go_on_as(&mut self, choice: Choice, source: IpAddr) -> Fate {
        let plane = self.plane;
        let Choice { at, before, after, onward, .. } = choice;
        let after = Flow { source, ..after };
        match onward {
            Onward::Exit(id) => {
                self.record.step(|| plane.exit_step(&plane.exits[id], after));
                self.sessions.add(Point::Exit(id, at), before, after);
                self.bring_to_owner(at, plane.internet, None, after)
            }
            Onward::Forwarded => {
                self.sessions.add(Point::Device(plane.device(at)), before, after);
                self.forwarded(at, before, after, false)
            }
            Onward::Redirected => {
                let text = "the firewall puts an address of its own as source";
                self.translated(Flow { source: before.source, ..after }, after, text, &[399]);
                self.sessions.add(Point::Device(plane.device(at)), before, after);
                self.note_passed(at, before.source != after.source);
                self.leave_by_guest(at, after, false)
            }
            Onward::Linked => self.linked(at, before, after),
        }
    }
}
