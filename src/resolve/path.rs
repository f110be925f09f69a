//! The ways from resources to their parts, as JSON pointers (RFC 6901).

use indexmap::IndexSet;
use std::fmt::Write;
use std::sync::Arc;

/// The number of a way that is written out; by default that of the resource itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::resolve) struct PathId(usize);

/// Every way that was needed, written out once: all resources of a type share theirs.
#[derive(Debug)]
pub(in crate::resolve) struct Paths {
    known: IndexSet<Arc<str>>,
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
        Self { known: IndexSet::from(["".into()]), pointer: String::new() }
    }
}

impl Paths {
    /// The number of `path`, written out.
    pub(in crate::resolve) fn number(&mut self, path: &Path<'_>) -> PathId {
        if path.steps[0].is_none() {
            return path.base;
        }
        self.pointer.clear();
        let base = self.known.get_index(path.base.0);
        self.pointer.push_str(base.map_or("", |base| base));
        path.steps.iter().flatten().for_each(|step| step.write(&mut self.pointer));
        let known = self.known.get_index_of(&*self.pointer);
        PathId(known.unwrap_or_else(|| self.known.insert_full((&*self.pointer).into()).0))
    }

    /// `path` as a JSON pointer.
    pub(in crate::resolve) fn pointer(&mut self, path: &Path<'_>) -> Arc<str> {
        let PathId(number) = self.number(path);
        self.known.get_index(number).cloned().unwrap_or_default()
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
        assert_eq!(&*paths.pointer(&path), "");
        let mut expected = String::new();
        for at in 0..10 {
            path = path.step(Step::Member("a/b~c"), |path| paths.number(path));
            path = path.step(Step::Element(at), |path| paths.number(path));
            expected = format!("{expected}/a~1b~0c/{at}");
            assert_eq!(*paths.pointer(&path), *expected);
        }
        let known = Path::from(paths.number(&path));
        assert!(Arc::ptr_eq(&paths.pointer(&known), &paths.pointer(&path)));
    }
}
