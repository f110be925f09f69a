//! The ways from resources to their parts, as JSON pointers (RFC 6901).

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use std::fmt::Write;
use std::sync::Arc;

/// The number of a way that is written out; by default that of the resource itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::resolve) struct PathId(usize);

/// Ways that were needed, each written out once: all resources of a type share theirs.
#[derive(Debug)]
pub(in crate::resolve) struct Paths {
    known: IndexSet<Arc<str>, RandomState>,
    /// So many others have numbers already.
    first: usize,
    /// Kept for its memory.
    pointer: String,
}

/// One step down.
#[derive(Clone, Copy, Debug)]
pub(in crate::resolve) enum Step<'a> {
    /// Into an object, to the member of this name.
    Member(&'a str),
    /// Into a list, to the element at this position.
    Element(usize),
}

/// So many steps are remembered before they are written out.
const STEPS_MAX: usize = 2;

/// The way to a value: a known one, and steps from there. PERF: few ways are ever asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::resolve) struct Path<'a> {
    base: PathId,
    steps: [Option<Step<'a>>; STEPS_MAX],
}

impl Default for Paths {
    fn default() -> Self {
        // Number 0 is the way to the resource itself.
        let known = std::iter::once("".into()).collect();
        Self { known, first: 0, pointer: String::new() }
    }
}

impl Paths {
    /// None yet; the numbers go on after those of `before`.
    pub(in crate::resolve) fn after(before: &Self) -> Self {
        let first = before.first + before.known.len();
        Self { known: IndexSet::default(), first, pointer: String::new() }
    }

    fn text(&self, PathId(number): PathId) -> Option<&Arc<str>> {
        number.checked_sub(self.first).and_then(|own| self.known.get_index(own))
    }

    fn number_of(&self, pointer: &str) -> Option<PathId> {
        self.known.get_index_of(pointer).map(|own| PathId(self.first + own))
    }

    /// The number of `path`, written out; `before` are those [after](Self::after) which these are.
    pub(in crate::resolve) fn number(&mut self, path: &Path<'_>, before: Option<&Self>) -> PathId {
        if path.steps[0].is_none() {
            return path.base;
        }
        let mut pointer = std::mem::take(&mut self.pointer);
        pointer.clear();
        let base = self.text(path.base).or_else(|| before?.text(path.base));
        pointer.push_str(base.map_or("", |base| base));
        path.steps.iter().flatten().for_each(|step| step.write(&mut pointer));
        let known = self.number_of(&pointer).or_else(|| before?.number_of(&pointer));
        let fresh = || PathId(self.first + self.known.insert_full((&*pointer).into()).0);
        let number = known.unwrap_or_else(fresh);
        self.pointer = pointer;
        number
    }

    /// `path` as a JSON pointer.
    pub(in crate::resolve) fn pointer(
        &mut self,
        path: &Path<'_>,
        before: Option<&Self>,
    ) -> Arc<str> {
        let number = self.number(path, before);
        self.text(number).or_else(|| before?.text(number)).cloned().unwrap_or_default()
    }
}

impl Step<'_> {
    fn write(&self, pointer: &mut String) {
        pointer.push('/');
        match self {
            Step::Member(name) if name.contains(['~', '/']) => {
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Step::Member(name) => pointer.push_str(name),
            Step::Element(at) => {
                // Writing to a text does not fail.
                let _ = write!(pointer, "{at}");
            }
        }
    }
}

impl From<PathId> for Path<'_> {
    fn from(base: PathId) -> Self {
        Self { base, ..Self::default() }
    }
}

impl<'a> Path<'a> {
    /// One step further; the way is written out when it has become long.
    pub(in crate::resolve) fn step(
        mut self,
        step: Step<'a>,
        number: impl FnOnce(&Self) -> PathId,
    ) -> Self {
        // Nothing stands further down in something unknown.
        if matches!(step, Step::Member("")) {
            return self;
        }
        if let Some(free) = self.steps.iter_mut().find(|step| step.is_none()) {
            *free = Some(step);
            return self;
        }
        let mut longer = Self::from(number(&self));
        longer.steps[0] = Some(step);
        longer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_a_pointer_however_long_it_is() {
        let mut paths = Paths::default();
        let mut path = Path::default();
        assert_eq!(&*paths.pointer(&path, None), "");
        let mut expected = String::new();
        for at in 0..10 {
            path = path.step(Step::Member("a/b~c"), |path| paths.number(path, None));
            path = path.step(Step::Element(at), |path| paths.number(path, None));
            expected = format!("{expected}/a~1b~0c/{at}");
            assert_eq!(*paths.pointer(&path, None), *expected);
        }
        let known = Path::from(paths.number(&path, None));
        assert!(Arc::ptr_eq(&paths.pointer(&known, None), &paths.pointer(&path, None)));
    }

    #[test]
    fn later_ways_go_on_from_earlier_ones() {
        let mut before = Paths::default();
        let there = Path::default().step(Step::Member("there"), |_| PathId::default());
        let known = Path::from(before.number(&there, None));
        let mut own = Paths::after(&before);
        assert_eq!(own.number(&there, Some(&before)), known.base);
        let further = known.step(Step::Element(7), |_| PathId::default());
        assert_eq!(&*own.pointer(&further, Some(&before)), "/there/7");
        let number = own.number(&further, Some(&before));
        assert_eq!(&*own.pointer(&number.into(), Some(&before)), "/there/7");
    }
}
