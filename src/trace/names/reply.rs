//! What a resolver answers.

use crate::net::{DnsName, RecordData};

/// An answer: records in the order of the chain of aliases, and how it ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    /// Aliases, then, if it ends in records, those.
    pub chain: Vec<(DnsName, RecordData)>,
    /// How it ends.
    pub ending: Ending,
    /// Why it may be that no answer comes; `None` when one does, or surely does not.
    pub perhaps_lost: Option<String>,
}

/// How an answer ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// In the records at the end of the chain.
    Records,
    /// The last name does not exist.
    Nxdomain,
    /// The last name has no records of the type.
    Nodata,
    /// Nobody answers.
    Timeout,
    /// It cannot be said, and why.
    Unknown(String),
}

impl Reply {
    pub(super) fn records(name: &DnsName, data: &RecordData) -> Self {
        let chain = vec![(name.clone(), data.clone())];
        Self { chain, ending: Ending::Records, perhaps_lost: None }
    }

    pub(super) const fn ending(ending: Ending) -> Self {
        Self { chain: Vec::new(), ending, perhaps_lost: None }
    }

    pub(super) fn unknown(why: impl Into<String>) -> Self {
        Self::ending(Ending::Unknown(why.into()))
    }

    /// The same answer after these aliases.
    pub(super) fn after(self, mut aliases: Vec<(DnsName, RecordData)>) -> Self {
        aliases.extend(self.chain);
        Self { chain: aliases, ..self }
    }

    /// This answer, or none, for this cause.
    pub(super) fn or_lost(self, cause: String) -> Self {
        match self.ending {
            Ending::Timeout => self,
            Ending::Records | Ending::Nxdomain | Ending::Nodata | Ending::Unknown(_) => {
                Self { perhaps_lost: Some(self.perhaps_lost.unwrap_or(cause)), ..self }
            }
        }
    }

    /// This answer where both agree, or where the other is none; else it is not known which of them
    /// comes, for this cause.
    pub(super) fn or_unknown(self, other: Self, cause: &str) -> Self {
        let lost = self.perhaps_lost.clone().or_else(|| other.perhaps_lost.clone());
        match (&self.ending, &other.ending) {
            (_, Ending::Timeout) => self.or_lost(cause.to_owned()),
            (Ending::Timeout, _) => other.or_lost(cause.to_owned()),
            _ if self.agrees(&other) => Self { perhaps_lost: lost, ..self },
            _ => Self { perhaps_lost: lost, ..Self::unknown(cause) },
        }
    }

    fn agrees(&self, other: &Self) -> bool {
        match (&self.ending, &other.ending) {
            (Ending::Records, Ending::Records) => self.data() == other.data(),
            (Ending::Unknown(_), Ending::Unknown(_)) => false,
            (one, other) => one == other,
        }
    }

    /// The data that it ends in, in a comparable order.
    fn data(&self) -> Option<Vec<String>> {
        let (_, data) = self.chain.last()?;
        let mut texts = data.texts();
        texts.sort();
        Some(texts)
    }
}

/// What one look-up comes to.
pub(super) enum Found {
    /// The name is an alias for this one: the look-up starts again with it.
    Alias(DnsName, RecordData),
    /// The end.
    End(Reply),
}

impl Found {
    pub(super) const fn end(ending: Ending) -> Self {
        Self::End(Reply::ending(ending))
    }

    /// As an answer on its own, for comparing.
    pub(super) fn into_reply(self, name: &DnsName) -> Reply {
        match self {
            Self::Alias(_, data) => Reply::records(name, &data),
            Self::End(reply) => reply,
        }
    }

    /// This where both agree; else it is not known which of them comes, for this cause.
    pub(super) fn or_unknown(self, other: Self, name: &DnsName, cause: &str) -> Self {
        let other = other.into_reply(name);
        match self {
            Self::Alias(to, data)
                if Reply::records(name, &data).agrees(&other) && other.perhaps_lost.is_none() =>
            {
                Self::Alias(to, data)
            }
            Self::Alias(..) => Self::End(Reply::unknown(cause)),
            Self::End(reply) => Self::End(reply.or_unknown(other, cause)),
        }
    }
}
