//! Evidence spelled out, only when somebody asks for it.

mod ahead;
mod filters;
mod floating;
mod items;
mod routes;
mod steps;
