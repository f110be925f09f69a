//! The principal can sign in to an application, with the device that it works at.

use super::Scene;
use super::finding::{by, fails, holds, nobody, unsure};
use crate::answer::{Assumption, GateAnswer, Holds, ItemKind, Reason};
use crate::azure::{AccessPolicy, DeviceRequirement, Principal};

const KIND: &str = "signIn";
const RULES: &[u16] = &[473];

pub(super) fn judge(scene: &Scene<'_>, application: &str) -> Vec<GateAnswer> {
    let Some(principal) = scene.acting() else { return vec![nobody(KIND, RULES)] };
    let mut found = vec![account(scene, principal, application)];
    let policies = scene.network().access_policies.values();
    let applied = policies.filter(|policy| applies(policy, principal, application));
    found.extend(applied.map(|policy| device(scene, principal, policy)));
    found
}

fn account(scene: &Scene<'_>, principal: &Principal, application: &str) -> GateAnswer {
    let who = scene.who();
    let can = match (principal.can_sign_in, scene.plane.holds(Assumption::SignsIn)) {
        (Some(can), _) => Some(can),
        (None, Holds::Assumed | Holds::Yes) => Some(true),
        (None, Holds::No) => Some(false),
        (None, Holds::Unknown) => None,
    };
    let item = scene.item(ItemKind::Principal, &principal.meta);
    match can {
        Some(true) => holds(KIND, format!("{who} signs in to {application}"), RULES),
        Some(false) => {
            let text = format!("{who} cannot sign in to {application}");
            by(item, fails(KIND, Reason::SignInRefused, text, RULES))
        }
        None => {
            let text = format!("whether {who} can sign in is not given");
            by(item, unsure(KIND, Reason::AssumptionNeeded, text, RULES))
        }
    }
}

fn applies(policy: &AccessPolicy, principal: &Principal, application: &str) -> bool {
    let is = |text: &str, other: &str| text.eq_ignore_ascii_case(other);
    let for_application = policy.applications.is_empty()
        || policy.applications.iter().any(|name| is(name, application));
    let names = |name: &str| {
        is(name, principal.meta.name())
            || principal.object_id.as_deref().is_some_and(|own| is(name, own))
            || principal.groups.iter().any(|group| is(name, group))
    };
    for_application
        && (policy.principals.is_empty() || policy.principals.iter().any(|name| names(name)))
}

fn device(scene: &Scene<'_>, principal: &Principal, policy: &AccessPolicy) -> GateAnswer {
    let item = scene.item(ItemKind::Policy, &policy.meta);
    let (name, device) = (policy.meta.name(), &principal.device);
    let (wanted, has_it) = match policy.requires {
        Some(DeviceRequirement::Compliant) => ("a compliant device", device.is_compliant),
        Some(DeviceRequirement::PrivilegedAccessWorkstation) => {
            ("a privileged access workstation", device.is_privileged_access_workstation)
        }
        None => {
            let text = format!("what {name} requires is not given");
            return by(item, unsure(KIND, Reason::NotGiven, text, RULES));
        }
    };
    let who = scene.who();
    by(
        item,
        match has_it {
            Some(true) => {
                holds(KIND, format!("{who} works at {wanted}, as {name} requires"), RULES)
            }
            Some(false) => {
                let text = format!("{name} requires {wanted}, and {who} does not work at one");
                fails(KIND, Reason::SignInRefused, text, RULES)
            }
            None => {
                let text = format!("{name} requires {wanted}; what {who} works at is not given");
                unsure(KIND, Reason::NotGiven, text, RULES)
            }
        },
    )
}
