//! The addresses of a name that hang on no server and no ruleset: what a firewall binds names in its rules to.

use super::{ALIASES_MAX, Forwarded, Match, Names, PublicMatch, View};
use crate::id::Id;
use crate::net::{AddressSet, DnsName, RecordType};
use ipnet::IpNet;

impl Names {
    /// The addresses of IPv4 that Azure's resolver has for `name` as seen from a network (R251, R261, R509), aliases
    /// included; `None` where it is not known, or where there are none.
    pub(in crate::dataplane) fn known_in(
        &self,
        view: Id<View>,
        name: &DnsName,
    ) -> Option<AddressSet> {
        let view = &self.views[view];
        self.known(name, |name| self.in_view(view, name))
    }

    /// The same of the public DNS alone.
    pub(in crate::dataplane) fn known_publicly(&self, name: &DnsName) -> Option<AddressSet> {
        self.known(name, |name| Some(self.in_public(name).found))
    }

    /// The same of servers that are not known to tell otherwise: what the public DNS has for a name that no private
    /// zone holds.
    pub(in crate::dataplane) fn known_anywhere(&self, name: &DnsName) -> Option<AddressSet> {
        let lookup = |name: &DnsName| {
            self.private_zones_of(name).is_empty().then(|| self.in_public(name).found)
        };
        self.known(name, lookup)
    }

    fn known<'a>(
        &self,
        name: &DnsName,
        lookup: impl Fn(&DnsName) -> Option<Match<'a>>,
    ) -> Option<AddressSet> {
        let mut current = name.clone();
        for _ in 0..=ALIASES_MAX {
            match lookup(&current)? {
                Match::Records(records) => {
                    let addresses = records.data.addresses()?;
                    return Some(addresses.into_iter().map(IpNet::from).collect());
                }
                Match::Alias(_, target) => current = target.clone(),
                Match::Nodata | Match::Nxdomain | Match::Unknown(_) => return None,
            }
        }
        None
    }

    fn in_public(&self, name: &DnsName) -> PublicMatch<'_> {
        self.public.lookup(&self.zones, name, RecordType::A)
    }

    fn in_view(&self, view: &View, name: &DnsName) -> Option<Match<'_>> {
        if view.hidden_zone.is_some() {
            return None;
        }
        match view.zone(name) {
            Some(([link], _)) if link.doubt.is_none() => {
                let zone = &self.zones[link.zone];
                let found = zone.lookup(name, RecordType::A).0;
                // R262: what the zone does not have is public.
                let is_redirected = link.redirects_nxdomain && zone.is_private_link();
                let is_public = found == Match::Nxdomain && is_redirected;
                Some(if is_public { self.in_public(name).found } else { found })
            }
            Some(_) => None,
            None => match self.forwarded(view, name) {
                Forwarded::By(..) | Forwarded::Contradiction(..) => None,
                Forwarded::Reserved(..) | Forwarded::No => {
                    let is_provided = view.provided(name, RecordType::A).is_some();
                    (!is_provided).then(|| self.in_public(name).found)
                }
            },
        }
    }
}
