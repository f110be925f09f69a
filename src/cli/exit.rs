//! Exit codes.

use crate::answer::Verdict;
use std::process::ExitCode;

/// How the program ends. The numbers are a promise: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// 0: yes, or the answer was printed, or all assertions hold.
    Yes = 0,
    /// 1: no, or some assertions do not hold.
    No = 1,
    /// 2: the input or the command line is wrong.
    BadInput = 2,
    /// 3: it cannot be said; the answer names what is missing.
    Unknown = 3,
    /// 70: a bug of hopwise itself.
    OurBug = 70,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Reachable => Self::Yes,
            Verdict::Unreachable => Self::No,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_documentation() {
        let all = [Exit::Yes, Exit::No, Exit::BadInput, Exit::Unknown, Exit::OurBug];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3, 70]);
    }
}
