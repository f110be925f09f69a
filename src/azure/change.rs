//! Changes of rules and routes, which leave all resources and what they are attached to as they are.

use super::{Network, NetworkSecurityGroup, Route, RouteTable, SecurityRule};
use crate::id::Id;

/// A change that leaves all resources and what they are attached to as they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The custom rules of a security group are these.
    Rules(Id<NetworkSecurityGroup>, Vec<SecurityRule>),
    /// The routes of a route table are these.
    Routes(Id<RouteTable>, Vec<Route>),
}

impl Change {
    /// Changes `network`; rules and routes get the order in which a network has them.
    pub fn apply(self, network: &mut Network) {
        match self {
            Self::Rules(group, mut rules) => {
                rules.sort_by(|a, b| {
                    (a.direction, a.priority, &a.name).cmp(&(b.direction, b.priority, &b.name))
                });
                network.network_security_groups[group].rules = rules;
            }
            Self::Routes(table, mut routes) => {
                routes.sort_by_cached_key(|route| route.name.to_ascii_lowercase());
                network.route_tables[table].routes = routes;
            }
        }
    }

    /// The change that gives `network` what it has now where this one changes it.
    #[must_use]
    pub fn undone(&self, network: &Network) -> Self {
        match *self {
            Self::Rules(group, _) => {
                Self::Rules(group, network.network_security_groups[group].rules.clone())
            }
            Self::Routes(table, _) => {
                Self::Routes(table, network.route_tables[table].routes.clone())
            }
        }
    }
}
