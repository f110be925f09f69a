//! Numbers that look random and follow from a seed (`SplitMix64`).

/// A source of numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `limit` - 1; 0 for a limit of 0.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.next() % u64::from(limit.max(1))).unwrap_or_default()
    }

    /// One of `choices`; the default for none.
    pub(super) fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let limit = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.get(self.below(limit) as usize).copied().unwrap_or_default()
    }
}
