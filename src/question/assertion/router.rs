//! Assertions about the routes of appliances and sites.

use super::Found;
use super::name::listed;
use crate::answer::RouterRoute;
use crate::dataplane::Dataplane;
use crate::diag::Diagnostic;
use crate::question::{locate, router_routes};
use crate::scenario::ExpectedRouterRoute;
use std::net::IpAddr;

/// Compares a route that a router should know, or should not, with what it knows.
pub(super) fn compare(
    plane: &Dataplane,
    expected: &ExpectedRouterRoute,
) -> Result<Found, Vec<Diagnostic>> {
    let router = locate::router(plane.network(), &expected.router)
        .map_err(|refusal| vec![Diagnostic::from(refusal)])?;
    let answer = router_routes(plane.network(), plane.gateways(), router)
        .map_err(|unanswered| vec![Diagnostic::from(unanswered)])?;
    let mut found = Found::default();
    if let Some(why) = answer.unsure.first() {
        let wanted = if expected.is_there { "Active" } else { "absent" };
        found.cannot_be_said("state", wanted, why);
        return Ok(found);
    }
    match answer.routes.iter().find(|route| route.prefix == expected.prefix) {
        Some(route) if expected.is_there => details(expected, route, &mut found),
        Some(route) => found.differs("state", "absent", route.source),
        None if expected.is_there => found.differs("state", "Active", "absent"),
        None => {}
    }
    Ok(found)
}

fn details(expected: &ExpectedRouterRoute, route: &RouterRoute, found: &mut Found) {
    let mut hops: Vec<IpAddr> = route.ways.iter().filter_map(|way| way.next_hop).collect();
    hops.sort_unstable();
    if let Some(wanted) = expected.addresses.as_ref().filter(|&wanted| *wanted != hops) {
        found.differs("addresses", listed(wanted), listed(&hops));
    }
    if let Some(wanted) = expected.as_path.as_ref().filter(|&wanted| *wanted != route.as_path) {
        found.differs("asPath", numbers(wanted), numbers(&route.as_path));
    }
}

fn numbers(path: &[u32]) -> String {
    let texts: Vec<String> = path.iter().map(u32::to_string).collect();
    texts.join(" ")
}
