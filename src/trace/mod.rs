//! One packet at a time, with full evidence.

pub mod names;
