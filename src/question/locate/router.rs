//! The routers that are no resources of Azure.

use super::Refusal;
use super::catalogue;
use super::entry::End;
use crate::azure::{Appliance, Network};
use crate::diag::similar;
use crate::id::Id;
use crate::question::{Endpoint, Router};

/// The router that `text` means: a site or an appliance by its name, or a machine or network
/// interface that an appliance of the scenario describes.
///
/// # Errors
/// When nothing or several things are meant, or something whose guest the scenario does not describe.
pub fn router(network: &Network, text: &str) -> Result<Router, Refusal> {
    let text = text.trim();
    let is_called = |name: &str| name.eq_ignore_ascii_case(text);
    let appliances = network.appliances.iter().filter(|(_, it)| is_called(it.meta.name()));
    let sites = network.sites.iter().filter(|(_, site)| is_called(site.meta.name()));
    let appliances = appliances.map(|(id, it)| (Router::Appliance(id), &it.meta));
    let named: Vec<_> =
        appliances.chain(sites.map(|(id, site)| (Router::Site(id), &site.meta))).collect();
    match named.as_slice() {
        [(router, _)] => return Ok(*router),
        [] => {}
        several => {
            let candidates = several.iter().map(|(_, meta)| meta.id.to_string());
            return Err(Refusal::ambiguous(text, candidates));
        }
    }
    let end = catalogue::find_interface(network, text).map_err(|refusal| near(network, refusal))?;
    let End::Endpoint(Endpoint::Interface(nic), _) = end else {
        return Err(Refusal::NoRouter { text: text.to_owned(), what: end.word() });
    };
    let has = |appliance: &Appliance| appliance.interfaces.iter().any(|it| it.known() == Some(nic));
    let found: Option<Id<Appliance>> =
        network.appliances.iter().find(|(_, appliance)| has(appliance)).map(|(id, _)| id);
    let what = "a machine whose guest no appliance of the input describes";
    found.map(Router::Appliance).ok_or_else(|| Refusal::NoRouter { text: text.to_owned(), what })
}

/// Names of routers are nearer to what was meant than names of other things.
fn near(network: &Network, refusal: Refusal) -> Refusal {
    let Refusal::NotFound { text, similar: others } = refusal else { return refusal };
    let sites = network.sites.values().map(|site| site.meta.name());
    let names = network.appliances.values().map(|it| it.meta.name()).chain(sites);
    let mut close: Vec<String> = similar(&text, names).into_iter().map(str::to_owned).collect();
    if close.is_empty() {
        close = others;
    }
    Refusal::NotFound { text, similar: close }
}
