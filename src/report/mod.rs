//! Answers and remarks, rendered. Knows nothing but plain data: never an engine, never a file.

pub mod azure;
mod failure;
pub mod json;
#[cfg(feature = "cli")]
pub mod junit;
pub mod markdown;
pub mod remark;
pub mod sarif;
#[cfg(feature = "cli")]
pub mod text;
