//! Text for people: answers as pages that read well with and without colour.

mod inventory;
mod item;
mod name;
mod page;
mod table;
mod trace;

pub use inventory::inventory;
pub use name::name;
pub use trace::trace;
