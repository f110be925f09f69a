//! The public DNS.

use super::reply::Found;
use super::resolution::Resolution;
use crate::net::DnsName;

impl Resolution<'_> {
    /// One look-up in the public DNS.
    pub(super) fn public(&mut self, name: &DnsName) -> Found {
        let names = self.names;
        let found = names.public.lookup(&names.zones, name, self.record_type);
        let told = (found.found, found.item, found.rules);
        self.found("public DNS", "the public DNS", name, told)
    }
}
