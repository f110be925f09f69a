//! One coordinate of the header, cut where the rules change.

use std::collections::BTreeMap;

/// A whole number that a coordinate is made of.
pub(super) trait Coordinate: Ord + Copy {
    const FIRST: Self;
    fn next(self) -> Option<Self>;
}

macro_rules! coordinate {
    ($($integer:ty),+) => {$(
        impl Coordinate for $integer {
            const FIRST: Self = 0;
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
        }
    )+};
}
coordinate!(u16, u32, u128);

/// Segments of one coordinate, each with the set of rules that hold in it, one bit per rule.
#[derive(Debug)]
pub(super) struct Axis<K> {
    /// Where the segments begin, ascending; the first one at the lowest value.
    starts: Box<[K]>,
    /// The number of the row of each segment.
    rows: Box<[u32]>,
    /// The different rows, one after the other, `width` words each.
    words: Box<[u64]>,
    /// The rules that hold everywhere, and those that hold somewhere.
    everywhere: Box<[u64]>,
    somewhere: Box<[u64]>,
    width: usize,
}

/// An inclusive range of segments of an axis.
pub(super) type Segments = (usize, usize);

impl<K: Coordinate> Axis<K> {
    /// The axis on which rule `rule` holds from `first` to `last` for each of `intervals`.
    ///
    /// INVARIANT: intervals of one rule are disjoint. O(n log n) in their number, times the number
    /// of rules over 64.
    pub(super) fn new(width: usize, intervals: impl Iterator<Item = (usize, (K, K))>) -> Self {
        let mut edges: Vec<(K, usize)> = Vec::new();
        for (rule, (first, last)) in intervals {
            edges.push((first, rule));
            edges.extend(last.next().map(|after| (after, rule)));
        }
        edges.sort_unstable();
        let mut sweep = Sweep::new(width);
        let mut edges = edges.into_iter().peekable();
        let mut at = Some(K::FIRST);
        while let Some(start) = at {
            while let Some((_, rule)) = edges.next_if(|&(edge, _)| edge == start) {
                sweep.toggle(rule);
            }
            sweep.emit(start);
            at = edges.peek().map(|&(edge, _)| edge);
        }
        sweep.axis()
    }

    /// The segment that `value` is in.
    #[inline]
    pub(super) fn segment(&self, value: K) -> usize {
        self.starts.partition_point(|&start| start <= value).saturating_sub(1)
    }

    /// The rules that hold for every value, and those that hold for some.
    pub(super) fn whole(&self) -> (&[u64], &[u64]) {
        (&self.everywhere, &self.somewhere)
    }

    /// The segments that the values from `first` to `last` are in.
    pub(super) fn segments(&self, (first, last): (K, K)) -> Segments {
        (self.segment(first), self.segment(last))
    }
}

impl<K> Axis<K> {
    /// The rules that hold in `segment`.
    #[inline]
    pub(super) fn row(&self, segment: usize) -> &[u64] {
        let from = self.rows.get(segment).map_or(0, |&row| row as usize * self.width);
        self.words.get(from..from + self.width).unwrap_or_default()
    }

    /// Word `word` of the rules that hold in all of `segments`.
    pub(super) fn all(&self, segments: Segments, word: usize) -> u64 {
        self.each(segments, word).fold(u64::MAX, |all, one| all & one)
    }

    /// Word `word` of the rules that hold in some of `segments`.
    pub(super) fn some(&self, segments: Segments, word: usize) -> u64 {
        self.each(segments, word).fold(0, |some, one| some | one)
    }

    fn each(&self, (first, last): Segments, word: usize) -> impl Iterator<Item = u64> {
        (first..=last).map(move |at| self.row(at).get(word).copied().unwrap_or_default())
    }
}

/// The rules that hold where the sweep stands, and what it has seen.
struct Sweep<K> {
    row: Vec<u64>,
    starts: Vec<K>,
    rows: Vec<u32>,
    known: BTreeMap<Box<[u64]>, u32>,
    words: Vec<u64>,
}

impl<K: Coordinate> Sweep<K> {
    fn new(width: usize) -> Self {
        let row = vec![0; width];
        Self { row, starts: vec![], rows: vec![], known: BTreeMap::new(), words: vec![] }
    }

    fn toggle(&mut self, rule: usize) {
        if let Some(word) = self.row.get_mut(rule / 64) {
            *word ^= 1 << (rule % 64);
        }
    }

    /// Ends a segment and begins one at `start`, unless the rules are the same.
    #[expect(clippy::cast_possible_truncation, reason = "fewer rows than rule end points")]
    fn emit(&mut self, start: K) {
        let fresh = self.known.len() as u32;
        let row = match self.known.get(&*self.row) {
            Some(&row) => row,
            None => {
                self.known.insert(self.row.clone().into(), fresh);
                self.words.extend(&self.row);
                fresh
            }
        };
        if self.rows.last() != Some(&row) {
            self.starts.push(start);
            self.rows.push(row);
        }
    }

    fn axis(self) -> Axis<K> {
        let width = self.row.len();
        let (mut everywhere, mut somewhere) = (vec![u64::MAX; width], vec![0; width]);
        for row in self.words.chunks_exact(width.max(1)) {
            everywhere.iter_mut().zip(row).for_each(|(all, word)| *all &= word);
            somewhere.iter_mut().zip(row).for_each(|(some, word)| *some |= word);
        }
        Axis {
            width,
            starts: self.starts.into(),
            rows: self.rows.into(),
            words: self.words.into(),
            everywhere: everywhere.into(),
            somewhere: somewhere.into(),
        }
    }
}
