//! The way to Azure Bastion itself.

use super::make::connect;
use super::survey::Survey;
use crate::azure::{BastionHost, Link};
use crate::scenario::Leg;

/// By TLS to its public address (R384), or to its private one when it has no other (R393). None to the shared ones
/// of the Developer SKU, which have neither in the estate (R392).
pub(super) fn reach(survey: &Survey<'_>, bastion: &BastionHost, who: &str) -> Vec<Leg> {
    let host = survey.called(&bastion.meta);
    let pip = bastion.public_ip_address.and_then(Link::known);
    let public = pip.map(|pip| {
        let to = survey.called(&survey.network().public_ip_addresses[pip].meta);
        (to, format!("the {who} reaches {host} by TLS"))
    });
    let title = format!("the {who} reaches {host} at its private address by TLS");
    let private = bastion.is_private_only.then_some((host, title));
    let ends = public.into_iter().chain(private);
    let legs =
        ends.map(|(to, title)| connect(&survey.client, &format!("{to}:443"), title, Vec::new()));
    legs.collect()
}
