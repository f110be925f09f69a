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

    /// The fate over two choices of which nobody knows the one that is made: it can be said where they agree.
    #[must_use]
    pub const fn agreed(self, other: Self) -> Self {
        match (self, other) {
            (Self::Arrives, Self::Arrives) => Self::Arrives,
            (Self::Stops, Self::Stops) => Self::Stops,
            (Self::Arrives | Self::Stops | Self::Unsure, _) => Self::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fate;

    const ALL: [Fate; 3] = [Fate::Arrives, Fate::Stops, Fate::Unsure];

    /// Nothing is said for sure but what is sure of both; order and repetition make no difference.
    #[test]
    fn choices_agree_or_are_unsure() {
        for a in ALL {
            assert_eq!(a.agreed(a), a);
            for b in ALL {
                assert_eq!(a.agreed(b), b.agreed(a));
                assert!(a == b || a.agreed(b) == Fate::Unsure, "{a:?} {b:?}");
                for c in ALL {
                    assert_eq!(a.agreed(b).agreed(c), a.agreed(b.agreed(c)));
                }
            }
        }
    }
}
