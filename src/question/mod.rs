//! To come.

mod endpoint;
pub mod locate;

pub use endpoint::{Endpoint, Target};
