//! Answers and remarks, rendered. Knows nothing but plain data: never an engine, never a file.

pub mod azure;
mod failure;
pub mod json;
#[cfg(feature = "cli")]
pub mod junit;
pub mod markdown;
/// A dataflow as a Mermaid sequence diagram.
pub mod mermaid;
pub mod remark;
pub mod sarif;
#[cfg(feature = "cli")]
pub mod text;
