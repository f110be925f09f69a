//! Answers and remarks, rendered. Knows nothing but plain data: never an engine, never a file.

pub mod azure;
pub mod json;
pub mod remark;
#[cfg(feature = "cli")]
pub mod text;
