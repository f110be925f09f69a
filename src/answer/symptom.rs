//! What a user sees when something does not work: names, packets and permissions told apart (R474).

use super::{Hindrance, Outcome, Reason, Rule};
use serde::Serialize;
use std::fmt;

/// What a user sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symptom {
    /// The name does not exist, or has no address.
    NoSuchHost,
    /// Packets are lost without an answer.
    Timeout,
    /// Something answers that nothing is there.
    ConnectionRefused,
    /// The network is fine, and what answers says no.
    Forbidden,
    /// The machine answers, and takes no key.
    KeyRefused,
}

impl Symptom {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::NoSuchHost,
        Self::Timeout,
        Self::ConnectionRefused,
        Self::Forbidden,
        Self::KeyRefused,
    ];

    /// The stable code, in kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSuchHost => "no-such-host",
            Self::Timeout => "timeout",
            Self::ConnectionRefused => "connection-refused",
            Self::Forbidden => "forbidden",
            Self::KeyRefused => "key-refused",
        }
    }

    /// In the words of the programs that people use, and where to look.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoSuchHost => "`no such host`: look at DNS, not at routes and rules",
            Self::Timeout => {
                "`i/o timeout`, `Connection timed out`: packets are lost without an answer; look at \
                 routes, rules and address ranges"
            }
            Self::ConnectionRefused => "`connection refused`: the network is fine, nothing listens",
            Self::Forbidden => "`403 Forbidden`: the network is fine; look at roles and settings",
            Self::KeyRefused => {
                "`Permission denied (publickey)`: the network is fine; look at keys"
            }
        }
    }

    /// What `hindrance` looks like, taken by itself; none where that depends on what is not known, or
    /// where the portal says it in words of its own.
    ///
    /// Source: R474; R439 for authorised ranges, R435 for the firewalls of other services, R586 for ports that services do not take.
    #[must_use]
    pub fn of(hindrance: &Hindrance) -> Option<Self> {
        if hindrance.outcome != Outcome::Stopped {
            return None;
        }
        let by = |rule: u16| hindrance.rules.contains(&Rule(rule));
        let reason = hindrance.reason;
        let forbids = matches!(reason, Reason::RoleMissing | Reason::KubernetesRoleMissing);
        if matches!(reason, Reason::NameNotFound | Reason::NameHasNoAddress) {
            Some(Self::NoSuchHost)
        } else if reason == Reason::NothingListens {
            (!by(586) && !by(587)).then_some(Self::ConnectionRefused)
        } else if reason == Reason::KeyMissing {
            Some(Self::KeyRefused)
        } else if forbids || (reason == Reason::RefusedByService && !by(439)) {
            Some(Self::Forbidden)
        } else {
            (!reason.is_about_conditions()).then_some(Self::Timeout)
        }
    }
}

impl fmt::Display for Symptom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Symptom {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
