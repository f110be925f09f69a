//! Points in time (RFC 3339) and spans of it (ISO 8601). Nothing here asks what time it is.

use serde::{Serialize, Serializer};
use std::fmt;

/// A point in time, to the second, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// Reads an RFC 3339 time with its offset, such as `2026-11-25T10:00:00Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self)
    }

    /// The time `seconds` later; none beyond the year 9999.
    #[must_use]
    pub fn after(self, seconds: u32) -> Option<Self> {
        self.0.checked_add(jiff::SignedDuration::from_secs(seconds.into())).ok().map(Self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The seconds of an ISO 8601 span without calendar units, such as `PT3H`; none for anything else,
/// spans that are negative, and those over 136 years.
#[must_use]
pub fn seconds_of(span: &str) -> Option<u32> {
    let span: jiff::SignedDuration = span.trim().parse().ok()?;
    u32::try_from(span.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_whatever_their_offset() {
        let at = |text| Timestamp::parse(text).unwrap();
        assert_eq!(at("2026-11-25T10:00:00Z"), at("2026-11-25T11:00:00+01:00"));
        assert!(at("2026-11-25T10:00:00Z") < at("2026-11-25T10:00:01Z"));
        assert_eq!(at("2026-11-25T11:00:00+01:00").to_string(), "2026-11-25T10:00:00Z");
        assert_eq!(Timestamp::parse("tomorrow"), None);
        assert_eq!(Timestamp::parse("2026-13-25T10:00:00Z"), None);
    }

    #[test]
    fn spans_are_seconds() {
        assert_eq!(seconds_of("PT3H"), Some(10_800));
        assert_eq!(seconds_of("PT1H30M"), Some(5_400));
        assert_eq!(seconds_of("-PT1H"), None);
        assert_eq!(seconds_of("three hours"), None);
        let noon = Timestamp::parse("2026-11-25T12:00:00Z").unwrap();
        assert_eq!(noon.after(3_600), Timestamp::parse("2026-11-25T13:00:00Z"));
    }
}
