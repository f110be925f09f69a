//! Values that the input does not tell yet: known after a deployment, or by who deploys.

use super::Origin;
use crate::id::ResourceId;
use std::fmt;
use std::sync::Arc;

/// What a value depends on that is not known, such as
/// `` `azurerm_public_ip.web.ip_address`, known after apply ``.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown(Arc<str>);

impl Unknown {
    /// Depends on `on`: the attribute, expression or parameter, and why that is not known.
    #[must_use]
    pub fn on(on: impl Into<Arc<str>>) -> Self {
        Self(on.into())
    }

    /// What it depends on.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As part of a sentence: `depends on …`.
impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "depends on {}", self.0)
    }
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unread {
    /// What was written makes no sense; empty when that cannot be told in a word.
    Written(Box<str>),
    /// Nothing was written, where something has to be.
    Absent,
    /// It is not known yet.
    Unknown(Unknown),
}

impl Unread {
    /// What was written, or what it depends on.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Written(text) => text,
            Self::Absent => "",
            Self::Unknown(unknown) => unknown.as_str(),
        }
    }
}

/// What was written.
impl From<&str> for Unread {
    fn from(written: &str) -> Self {
        Self::Written(written.into())
    }
}

/// As part of a sentence: `` could not be read: `x` ``, `is not given`, `depends on …`.
impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(text) if text.is_empty() => f.write_str("could not be read"),
            Self::Written(text) => write!(f, "could not be read: `{text}`"),
            Self::Absent => f.write_str("is not given"),
            Self::Unknown(unknown) => unknown.fmt(f),
        }
    }
}

/// A property whose value is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    /// The resource or part that has the property.
    pub of: ResourceId,
    /// The property, such as `allowForwardedTraffic`; `condition` when it is not known whether the
    /// resource is there at all.
    pub property: Box<str>,
    /// Why it is not.
    pub why: Unread,
    /// Where it was read.
    pub origin: Origin,
    /// Does the model say itself that it is not known, by a rule that matches maybe, a missing
    /// resource, an address that is none? If not, whatever the property may influence is unknown.
    pub is_in_model: bool,
}

/// As a sentence: `` `allowForwardedTraffic` of hub-to-spoke depends on … ``.
impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, why) = (self.of.name(), &self.why);
        match &*self.property {
            "condition" => write!(f, "whether {name} is there {why}"),
            "" => write!(f, "what {name} is {why}"),
            property => write!(f, "`{property}` of {name} {why}"),
        }
    }
}
