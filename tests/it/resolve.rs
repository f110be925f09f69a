//! What resources become once they are resolved: expectations by hand from the rules.

mod contradictions;
mod filtering;
mod firewalls;
mod hybrid;
mod load_balancing;
mod names;
mod networks;
mod private_link;
mod references;
mod robustness;
mod services;
mod shapes;
mod support;
mod surroundings;
