//! Which ways does the estate offer to a target, and what do they lack?
//!
//! A way is a dataflow that is made from the parts of the estate: one file per sort of way. It is run
//! like any other dataflow, so that nothing is said of it that was not simulated.

mod bastion;
mod bastion_jump_box;
mod bastion_tunnel;
mod behind_firewall;
mod cloud_shell;
mod command_invoke;
mod container_jump_host;
mod inside;
mod internet;
mod jump_box;
mod make;
mod session;
mod site;
mod survey;
mod virtual_desktop;

use super::repair::{Goal, Limits, WhatIf, repair};
use super::{Disagreement, dataflow, locate};
use crate::answer::{AbsentWay, Verdict, WayAnswer, WaysAnswer};
use crate::dataplane::Dataplane;
use crate::scenario::Dataflow;
use locate::Refusal;
use survey::Survey;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaysQuestion {
    /// The target: a cluster, or anything that `trace` goes to, with a port.
    pub to: String,
    /// Where people are: `internet`, a host, a site.
    pub client: String,
    /// Who acts, by name.
    pub principal: Option<String>,
    /// How far the search for what is lacking goes.
    pub limits: Limits,
}

/// A sort of way: its name, and the dataflows that the estate has the parts for, or what it would need.
struct Sort {
    name: &'static str,
    offer: fn(&Survey<'_>) -> Result<Vec<Dataflow>, String>,
}

/// Every sort, in the order of the article that the project starts from.
const SORTS: [Sort; 14] = [
    Sort { name: "internet", offer: internet::offer },
    Sort { name: "inside", offer: inside::offer },
    Sort { name: "cloud-shell", offer: cloud_shell::managed },
    Sort { name: "bastion-jump-box", offer: bastion_jump_box::offer },
    Sort { name: "bastion-tunnel", offer: bastion_tunnel::offer },
    Sort { name: "vpn", offer: site::vpn },
    Sort { name: "point-to-site", offer: site::point_to_site },
    Sort { name: "express-route", offer: site::express_route },
    Sort { name: "command-invoke", offer: command_invoke::offer },
    Sort { name: "cloud-shell-in-subnet", offer: cloud_shell::in_subnet },
    Sort { name: "jump-box-with-public-address", offer: jump_box::offer },
    Sort { name: "jump-box-behind-firewall", offer: behind_firewall::offer },
    Sort { name: "container-jump-host", offer: container_jump_host::offer },
    Sort { name: "virtual-desktop", offer: virtual_desktop::offer },
];

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWays {
    /// The target, the client or the principal is not in the input.
    Refused(Refusal),
    /// The engines disagree: a bug of ours.
    Bug(Box<Disagreement>),
}

impl From<Refusal> for NoWays {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Finds and runs every way to the target. For each that does not work the smallest change is looked for,
/// where `estate` can be changed.
///
/// # Errors
/// When the target, the client or the principal is not in the input, or the engines disagree about a packet
/// that a change opens or closes.
pub fn ways(
    plane: &Dataplane,
    question: &WaysQuestion,
    estate: Option<&WhatIf<'_>>,
) -> Result<WaysAnswer, NoWays> {
    let survey = Survey::new(plane, question)?;
    let mut ways = Vec::new();
    let mut absent = Vec::new();
    for sort in &SORTS {
        match (sort.offer)(&survey) {
            Ok(flows) => {
                for flow in &flows {
                    let estate = estate.map(|estate| (estate, question.limits));
                    let Some(way) = judge(plane, sort.name, flow, estate)? else { continue };
                    if way.dataflow.verdict != Verdict::Reachable {
                        ways.extend(by_public_name(&survey, sort.name, flow));
                    }
                    match site::instead(&way) {
                        Some(needs) => absent.push(AbsentWay { way: sort.name, needs }),
                        None => ways.push(way),
                    }
                }
            }
            Err(needs) => absent.push(AbsentWay { way: sort.name, needs }),
        }
    }
    ways.sort_by_key(|way| (way.edits.is_none(), way.edits, way.dataflow.hindrances.len()));
    Ok(WaysAnswer {
        target: question.to.clone(),
        client: question.client.clone(),
        principal: question.principal.clone(),
        ways,
        absent,
        not_modelled: plane.network().bringing_anything(),
    })
}

/// The same way to a private cluster by its public name, where it works: that is a matter of the credential alone,
/// and of nothing in the estate (R451, R459).
fn by_public_name(survey: &Survey<'_>, way: &'static str, flow: &Dataflow) -> Option<WayAnswer> {
    let public = survey.by_public_name()?;
    let flow = make::to_another(flow, &survey.target, &public);
    let name = format!("{}, with `az aks get-credentials --public-fqdn`", flow.name);
    let dataflow = dataflow(survey.plane, &Dataflow { name, ..flow }).ok()?;
    let works = dataflow.verdict == Verdict::Reachable;
    works.then_some(WayAnswer { way, dataflow, fix: None, edits: Some(0) })
}

fn judge(
    plane: &Dataplane,
    way: &'static str,
    flow: &Dataflow,
    estate: Option<(&WhatIf<'_>, Limits)>,
) -> Result<Option<WayAnswer>, NoWays> {
    let Ok(answer) = dataflow(plane, flow) else { return Ok(None) };
    if answer.verdict == Verdict::Reachable {
        return Ok(Some(WayAnswer { way, dataflow: answer, fix: None, edits: Some(0) }));
    }
    let found = estate.map(|(estate, limits)| repair(estate, &Goal::Dataflow(flow), limits));
    let found = found.transpose().map_err(|bug| NoWays::Bug(Box::new(bug)))?;
    let fix = found.flatten().and_then(|found| found.fixes.into_iter().next());
    let edits = fix.as_ref().map(|fix| fix.edits.len());
    Ok(Some(WayAnswer { way, dataflow: answer, fix, edits }))
}
