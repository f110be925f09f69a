//! How a walk ends.

/// How a packet fares, over everything that the network may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It gets there, and the reply back.
    Arrives,
    /// It does not.
    Stops,
    /// It cannot be said.
    Unsure,
}

impl Fate {
    /// The fate over two ways of which the network takes either: both must work.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Arrives, Self::Arrives) => Self::Arrives,
            (Self::Stops, _) | (_, Self::Stops) => Self::Stops,
            (Self::Unsure, _) | (_, Self::Unsure) => Self::Unsure,
        }
    }
}
