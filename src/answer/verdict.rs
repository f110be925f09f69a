//! What is answered, and how sure it is.

use serde::Serialize;
use std::fmt;

/// The answer to "does it get there and back?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The request and the reply arrive, on every path that the network may take.
    Reachable,
    /// Something stops them.
    Unreachable,
    /// Something that decides is missing or not modelled; the answer names it.
    Unknown,
}

/// The verdict in lower case.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reachable => "reachable",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        })
    }
}

/// How far the rules that decided are known to be true, the best first (R516).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Real Azure was seen doing it, in a recording or a lab of the corpus.
    Observed,
    /// A page of the vendor says so.
    Documented,
    /// Somebody else reports it.
    ThirdParty,
    /// We infer it.
    Inferred,
}

/// The confidence in lower case.
impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Observed => "observed",
            Self::Documented => "documented",
            Self::ThirdParty => "third party",
            Self::Inferred => "inferred",
        })
    }
}
