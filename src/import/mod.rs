//! To come.

pub mod template;
