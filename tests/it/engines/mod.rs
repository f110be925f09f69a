//! Both engines asked the same: single packets of `trace`, and the sets of `reach`.
//!
//! Whoever is wrong by the rules is mended, and the smallest case stays among the tests of its subject.

mod agreement;
