//! Ports and ranges of ports (RFC 6335).

use serde::Serialize;
use std::fmt;

/// An inclusive range of ports, 0 to 65535; `first` is never above `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// Every port.
    pub const ANY: Self = Self { first: 0, last: u16::MAX };

    /// The one port `port`.
    #[must_use]
    pub const fn single(port: u16) -> Self {
        Self { first: port, last: port }
    }

    /// The ports from `first` to `last`, both included; `None` when they are the wrong way round.
    #[must_use]
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first <= last { Some(Self { first, last }) } else { None }
    }

    /// The lowest port of the range.
    #[must_use]
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The highest port of the range.
    #[must_use]
    pub const fn last(self) -> u16 {
        self.last
    }

    /// Is every port of `other` in this range?
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Is some port of `other` in this range?
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Is this every port?
    #[must_use]
    pub const fn is_any(self) -> bool {
        self.first == 0 && self.last == u16::MAX
    }
}

/// `22` or `8000-8999`; every port is `*`.
impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_any(), self.first == self.last) {
            (true, _) => f.write_str("*"),
            (_, true) => write!(f, "{}", self.first),
            (false, false) => write!(f, "{}-{}", self.first, self.last),
        }
    }
}
