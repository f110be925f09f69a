//! Ports and ranges of ports (RFC 6335).

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// An inclusive range of ports, 0 to 65535; `first` is never above `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// Every port.
    pub const ANY: Self = Self { first: 0, last: u16::MAX };

    /// The one port `port`.
    #[must_use]
    pub const fn single(port: u16) -> Self {
        Self { first: port, last: port }
    }

    /// The ports from `first` to `last`, both included; `None` when they are the wrong way round.
    #[must_use]
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first <= last { Some(Self { first, last }) } else { None }
    }

    /// The lowest port of the range.
    #[must_use]
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The highest port of the range.
    #[must_use]
    pub const fn last(self) -> u16 {
        self.last
    }

    /// Is every port of `other` in this range?
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Is some port of `other` in this range?
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Is this every port?
    #[must_use]
    pub const fn is_any(self) -> bool {
        self.first == 0 && self.last == u16::MAX
    }
}

/// `22` or `8000-8999`; every port is `*`.
impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_any(), self.first == self.last) {
            (true, _) => f.write_str("*"),
            (_, true) => write!(f, "{}", self.first),
            (false, false) => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

/// Words for ports: IANA's service names, and some that everybody says instead.
const WORDS: &[(&str, u16)] = &[
    ("amqps", 5671),
    ("dns", 53),
    ("domain", 53),
    ("ftp", 21),
    ("http", 80),
    ("https", 443),
    ("imaps", 993),
    ("kerberos", 88),
    ("ldap", 389),
    ("ldaps", 636),
    ("mongodb", 27017),
    ("ms-sql-s", 1433),
    ("mssql", 1433),
    ("mysql", 3306),
    ("nfs", 2049),
    ("ntp", 123),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("rdp", 3389),
    ("redis", 6379),
    ("redis-tls", 6380),
    ("smb", 445),
    ("smtp", 25),
    ("snmp", 161),
    ("ssh", 22),
    ("submission", 587),
    ("syslog", 514),
    ("telnet", 23),
    ("winrm", 5985),
    ("winrms", 5986),
];

/// The port that `text` says: a number from 1 to 65535, or a word such as `ssh`.
#[must_use]
pub fn service_port(text: &str) -> Option<u16> {
    match text.parse::<u16>() {
        Ok(0) => None,
        Ok(port) => Some(port),
        Err(_) => {
            let word = text.to_ascii_lowercase();
            WORDS.iter().find(|&&(known, _)| known == word).map(|&(_, port)| port)
        }
    }
}

/// Every word that [`service_port`] knows, in alphabetical order.
pub fn port_words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|&(word, _)| word)
}

/// `443`, `ssh`, `8000-8999` or `*`, as [`service_port`] reads the ends.
impl FromStr for PortRange {
    type Err = NoPorts;

    fn from_str(text: &str) -> Result<Self, NoPorts> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::ANY);
        }
        if let Some(port) = service_port(text) {
            return Ok(Self::single(port));
        }
        let (first, last) = text.split_once('-').ok_or(NoPorts)?;
        let end = |text: &str| service_port(text.trim()).ok_or(NoPorts);
        Self::new(end(first)?, end(last)?).ok_or(NoPorts)
    }
}

/// A text says no ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPorts;

impl fmt::Display for NoPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a port from 1 to 65535, a word such as `ssh`, a range such as `8000-8999`, or `*`")
    }
}

impl std::error::Error for NoPorts {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_numbers_or_words() {
        assert_eq!(service_port("22"), Some(22));
        assert_eq!(service_port("SSH"), Some(22));
        assert_eq!(service_port("0"), None);
        assert_eq!(service_port("65536"), None);
        assert_eq!(service_port("-1"), None);
        assert_eq!(service_port("sssh"), None);
    }

    #[test]
    fn ranges_have_two_ends_in_order() {
        assert_eq!("8000-8999".parse(), Ok(PortRange { first: 8000, last: 8999 }));
        assert_eq!("ssh".parse(), Ok(PortRange::single(22)));
        assert_eq!("ms-sql-s".parse(), Ok(PortRange::single(1433)));
        assert_eq!("http-https".parse(), Ok(PortRange { first: 80, last: 443 }));
        assert_eq!("*".parse(), Ok(PortRange::ANY));
        for none in ["", "-", "9-8", "1-", "0-5", "1-65536", "ssh-"] {
            assert_eq!(none.parse::<PortRange>(), Err(NoPorts), "{none}");
        }
    }
}
