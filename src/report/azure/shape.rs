//! How Azure wrote its answers at one date, to clients of one version of the API.

/// How Azure wrote its answers at one date, to clients of one version of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    date: Box<str>,
    api_version: Box<str>,
}

/// What changed, and when it was seen first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// For everybody, from this date on.
    Date(&'static str),
    /// For clients of this version of the API or a later one.
    Version(&'static str),
    /// From this date on, for clients of this version or a later one.
    Both(&'static str, &'static str),
    /// From the first date on, until the second.
    Between(&'static str, &'static str),
}

impl Shape {
    /// How Azure writes today, as far as recordings reach.
    #[must_use]
    pub fn newest() -> Self {
        Self::at("9999-12-31", "9999-12-31")
    }

    /// How Azure wrote at `date` (`2019-11-12`) to clients of `api_version` (`2019-09-01`); when the
    /// version is empty, to those of the newest one of that date.
    #[must_use]
    pub fn at(date: &str, api_version: &str) -> Self {
        let api_version = if api_version.is_empty() { date } else { api_version };
        Self { date: date.into(), api_version: api_version.into() }
    }

    /// Did the change reach this client?
    pub(super) fn has(&self, change: Since) -> bool {
        match change {
            Since::Date(date) => *self.date >= *date,
            Since::Version(version) => *self.api_version >= *version,
            Since::Between(first, end) => *self.date >= *first && *self.date < *end,
            Since::Both(date, version) => *self.date >= *date && *self.api_version >= *version,
        }
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self::newest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_reach_clients_by_date_or_version() {
        let old_client = Shape::at("2020-12-20", "2017-10-01");
        assert!(old_client.has(Since::Date("2019-11-12")));
        assert!(!old_client.has(Since::Version("2017-11-01")));
        assert!(!old_client.has(Since::Both("2019-11-12", "2017-11-01")));
        assert!(Shape::at("2020-12-20", "").has(Since::Version("2020-12-01")));
        assert!(Shape::default().has(Since::Both("2024-01-01", "2024-05-01")));
    }
}
