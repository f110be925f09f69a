//! Records of the domain name system (RFC 1035, RFC 2782, RFC 3596).

use super::DnsName;
use serde::{Serialize, Serializer};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The type of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the RFCs")]
pub enum RecordType {
    A,
    Aaaa,
    Cname,
    Ptr,
    Txt,
    Srv,
    Mx,
    Ns,
    Soa,
}

impl RecordType {
    /// Every type.
    pub const ALL: [Self; 9] = [
        Self::A,
        Self::Aaaa,
        Self::Cname,
        Self::Ptr,
        Self::Txt,
        Self::Srv,
        Self::Mx,
        Self::Ns,
        Self::Soa,
    ];

    /// The type's name, such as `AAAA`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Ptr => "PTR",
            Self::Txt => "TXT",
            Self::Srv => "SRV",
            Self::Mx => "MX",
            Self::Ns => "NS",
            Self::Soa => "SOA",
        }
    }

    /// The type of that name, whatever its case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(text))
    }
}

/// The type's name.
impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for RecordType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The data of the records of one name and one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordData {
    /// IPv4 addresses.
    A(Vec<Ipv4Addr>),
    /// IPv6 addresses.
    Aaaa(Vec<Ipv6Addr>),
    /// Another name.
    Cname(DnsName),
    /// Names of a reverse lookup.
    Ptr(Vec<DnsName>),
    /// Texts.
    Txt(Vec<String>),
    /// Priority, weight, port, target.
    Srv(Vec<(u16, u16, u16, DnsName)>),
    /// Preference and exchange.
    Mx(Vec<(u16, DnsName)>),
    /// Name servers.
    Ns(Vec<DnsName>),
    /// Start of authority.
    Soa,
}

impl RecordData {
    /// The type.
    #[must_use]
    pub const fn record_type(&self) -> RecordType {
        match self {
            Self::A(_) => RecordType::A,
            Self::Aaaa(_) => RecordType::Aaaa,
            Self::Cname(_) => RecordType::Cname,
            Self::Ptr(_) => RecordType::Ptr,
            Self::Txt(_) => RecordType::Txt,
            Self::Srv(_) => RecordType::Srv,
            Self::Mx(_) => RecordType::Mx,
            Self::Ns(_) => RecordType::Ns,
            Self::Soa => RecordType::Soa,
        }
    }

    /// The type's name, such as `A`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        self.record_type().name()
    }

    /// The name that a CNAME is an alias for.
    #[must_use]
    pub const fn alias(&self) -> Option<&DnsName> {
        match self {
            Self::Cname(name) => Some(name),
            Self::A(_) | Self::Aaaa(_) | Self::Ptr(_) | Self::Txt(_) | Self::Srv(_) => None,
            Self::Mx(_) | Self::Ns(_) | Self::Soa => None,
        }
    }

    /// The addresses, ascending; `None` for records of other types.
    #[must_use]
    pub fn addresses(&self) -> Option<Vec<IpAddr>> {
        let mut addresses: Vec<IpAddr> = match self {
            Self::A(them) => them.iter().copied().map(IpAddr::from).collect(),
            Self::Aaaa(them) => them.iter().copied().map(IpAddr::from).collect(),
            Self::Cname(_) | Self::Ptr(_) | Self::Txt(_) | Self::Srv(_) => return None,
            Self::Mx(_) | Self::Ns(_) | Self::Soa => return None,
        };
        addresses.sort_unstable();
        addresses.dedup();
        Some(addresses)
    }

    /// One text per record, as zone files write the data; names end in a dot.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::A(them) => them.iter().map(ToString::to_string).collect(),
            Self::Aaaa(them) => them.iter().map(ToString::to_string).collect(),
            Self::Cname(name) => vec![dotted(name)],
            Self::Ptr(names) | Self::Ns(names) => names.iter().map(dotted).collect(),
            Self::Txt(texts) => texts.iter().map(|text| format!("{text:?}")).collect(),
            Self::Srv(them) => them
                .iter()
                .map(|(p, w, port, to)| format!("{p} {w} {port} {}", dotted(to)))
                .collect(),
            Self::Mx(them) => them.iter().map(|(p, to)| format!("{p} {}", dotted(to))).collect(),
            Self::Soa => Vec::new(),
        }
    }
}

fn dotted(name: &DnsName) -> String {
    format!("{}.", name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_they_are_written() {
        for known in RecordType::ALL {
            assert_eq!(RecordType::parse(&known.name().to_lowercase()), Some(known));
        }
        assert_eq!(RecordType::parse("ANY"), None);
    }

    #[test]
    fn addresses_ascend_and_data_reads_like_a_zone_file() {
        let a = RecordData::A(vec!["10.0.0.9".parse().unwrap(), "10.0.0.4".parse().unwrap()]);
        let expected: Vec<IpAddr> = vec!["10.0.0.4".parse().unwrap(), "10.0.0.9".parse().unwrap()];
        assert_eq!(a.addresses(), Some(expected));
        let mx = RecordData::Mx(vec![(10, DnsName::parse("mail.example.com").unwrap())]);
        assert_eq!(mx.texts(), ["10 mail.example.com."]);
        assert_eq!(mx.addresses(), None);
    }
}
