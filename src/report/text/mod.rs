//! Text for people: answers as pages that read well with and without colour.

mod item;
mod name;
mod page;
mod trace;

pub use name::name;
pub use trace::trace;
