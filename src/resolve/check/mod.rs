//! What contradicts itself, or what Azure refuses: remarks with the rule that says so, never an
//! abort. What was written is what is modelled.

mod addresses;
mod clusters;
mod peerings;
mod priorities;
mod routes;
mod service_tags;
mod spaces;
mod subnets;
mod zones;

use crate::azure::{Network, Origin};
use crate::diag::Diagnostic;

/// Notes every contradiction.
pub(super) fn all(network: &Network, diagnostics: &mut Vec<Diagnostic>) {
    let mut remarks = Remarks { network, diagnostics };
    spaces::check(&mut remarks);
    subnets::check(&mut remarks);
    peerings::check(&mut remarks);
    addresses::check(&mut remarks);
    priorities::check(&mut remarks);
    routes::check(&mut remarks);
    service_tags::check(&mut remarks);
    zones::check(&mut remarks);
    clusters::check(&mut remarks);
}

/// The network and what is said about it.
#[derive(Debug)]
struct Remarks<'a> {
    network: &'a Network,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Remarks<'_> {
    fn warn(&mut self, code: &'static str, text: String, origin: &Origin) {
        self.note(Diagnostic::warning(code, text), origin);
    }

    fn note(&mut self, remark: Diagnostic, origin: &Origin) {
        let place = self.network.place(origin);
        self.diagnostics.push(remark.at(place));
    }
}
