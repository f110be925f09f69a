//! A row of filters at one place, and what becomes of a packet that meets them.

use super::place::Attachment;
use super::platform_flow::PlatformFlow;
use super::rule_set::RuleSet;
use crate::azure::Direction;
use crate::dataplane::filter::{Action, Bindings, Decision, Filter, Filters, Outcomes, Packet};
use crate::id::Id;
use crate::net::{AddressSet, Protocol};
use std::sync::Arc;

/// The filters that packets of one direction meet at a place, in the order of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guards {
    /// Which way the packets go.
    pub direction: Direction,
    /// The filters.
    pub list: Arc<[Guard]>,
    /// Is there no rule of the platform for Windows activation (R215)?
    pub overrides_default_route: bool,
}

/// One filter at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Whose rules they are, and where each of them stands.
    pub rules: Id<RuleSet>,
    /// What they do.
    pub filter: Id<Filter>,
    /// What they do to packets for services of the host, where a rule names one (R212).
    pub for_platform: Option<Id<Filter>>,
    /// What their parameters are here.
    pub bindings: Arc<Bindings>,
    /// What they are attached to.
    pub attachment: Attachment,
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// It passes all filters.
    Passes,
    /// It is dropped by the filter at this position.
    Stopped(usize),
    /// It cannot be said; the filter at this position is the first that is not sure.
    Unsure(usize),
}

impl Guards {
    /// Is a network security group attached here? A Standard public address needs one (R218).
    #[must_use]
    pub fn has_security_group(&self) -> bool {
        let mut attachments = self.list.iter().map(|guard| guard.attachment);
        attachments.any(|at| matches!(at, Attachment::Subnet(_) | Attachment::Interface(_)))
    }

    /// Are they asked when a packet leaves?
    #[must_use]
    pub const fn is_outbound(&self) -> bool {
        matches!(self.direction, Direction::Outbound)
    }

    /// The headers that the platform treats as `flow` here, as destinations, protocols and ports.
    #[must_use]
    pub fn platform_headers(&self, flow: PlatformFlow) -> Vec<(AddressSet, Protocol, u16)> {
        flow.headers(self.direction)
    }

    /// What becomes of `packet`. `record` hears the decision of each filter that is asked, by its
    /// position. Does not allocate.
    pub fn decide(
        &self,
        filters: &Filters,
        packet: &Packet<'_>,
        record: impl FnMut(usize, Decision),
    ) -> Passage {
        let platform = PlatformFlow::of(packet.flow, self.direction);
        self.decide_as(platform, filters, packet, record)
    }

    /// May one of them let `packet` pass for good, whatever else is asked (R227)? Does not allocate.
    #[must_use]
    pub fn may_override(&self, filters: &Filters, packet: &Packet<'_>) -> bool {
        let platform = PlatformFlow::of(packet.flow, self.direction);
        let mut asked =
            self.list.iter().filter_map(|guard| Some((guard, guard.filter_for(platform)?)));
        asked.any(|(guard, filter)| {
            let possible = filters[filter].decide(packet, &guard.bindings).possible();
            possible.has(Some(Action::AlwaysAllow))
        })
    }

    /// What the rules alone say of `packet`, as if nothing were exempted by the platform.
    pub fn decide_by_rules(
        &self,
        filters: &Filters,
        packet: &Packet<'_>,
        record: impl FnMut(usize, Decision),
    ) -> Passage {
        self.decide_as(None, filters, packet, record)
    }

    fn decide_as(
        &self,
        platform: Option<PlatformFlow>,
        filters: &Filters,
        packet: &Packet<'_>,
        mut record: impl FnMut(usize, Decision),
    ) -> Passage {
        let mut fork = Fork::default();
        if platform == Some(PlatformFlow::Activation) && !self.overrides_default_route {
            fork.may_pass = Some(0);
        }
        for (at, guard) in self.list.iter().enumerate() {
            let Some(filter) = guard.filter_for(platform) else { continue };
            let decision = filters[filter].decide(packet, &guard.bindings);
            record(at, decision);
            // Of the platform's own flows a group need not speak, and admin rules never need to. That
            // no rule of a group matches happens to ESP and AH only (R178): no page says what then.
            let must_speak = platform != Some(PlatformFlow::Host)
                && !matches!(guard.attachment, Attachment::Network(_));
            if fork.take(at, decision.possible(), must_speak) {
                break;
            }
        }
        fork.settle()
    }
}

impl Guard {
    /// The filter that sees packets of `platform`, if any.
    #[must_use]
    pub fn filter_for(&self, platform: Option<PlatformFlow>) -> Option<Id<Filter>> {
        match platform {
            Some(PlatformFlow::Host) => self.for_platform,
            Some(PlatformFlow::Activation) | None => Some(self.filter),
        }
    }
}

/// The ways that a packet may go through a row of filters of which some are not sure.
#[derive(Default)]
struct Fork {
    /// The first filter that perhaps lets it pass for good, or that is not sure whether.
    may_pass: Option<usize>,
    /// The first filter that perhaps drops it.
    may_stop: Option<usize>,
    /// The filter that ended the row, and whether it drops.
    end: Option<(usize, bool)>,
}

impl Fork {
    /// Takes what may come out of one filter; true when none is asked behind it.
    fn take(&mut self, at: usize, possible: Outcomes, must_speak: bool) -> bool {
        let goes_on = possible.has(Some(Action::Allow)) || possible.has(None);
        let stops = possible.has(Some(Action::Deny)) || must_speak && possible.has(None);
        let passes = possible.has(Some(Action::AlwaysAllow));
        if !goes_on {
            self.end = Some((at, stops));
        }
        if stops && (goes_on || passes) {
            self.may_stop.get_or_insert(at);
        }
        if passes && (goes_on || stops) {
            self.may_pass.get_or_insert(at);
        }
        !goes_on
    }

    fn settle(self) -> Passage {
        let ends = match self.end {
            None => Passage::Passes,
            Some((_, false)) => Passage::Passes,
            Some((at, true)) => Passage::Stopped(at),
        };
        let doubt = match ends {
            Passage::Passes => self.may_stop,
            Passage::Stopped(_) | Passage::Unsure(_) => self.may_pass,
        };
        doubt.map_or(ends, Passage::Unsure)
    }
}
