//! Evidence spelled out, only when somebody asks for it.

mod filters;
mod items;
mod routes;
mod steps;
