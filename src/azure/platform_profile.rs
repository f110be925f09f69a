//! What belongs to Azure of the day and not to the customer's configuration: which private and
//! reserved prefixes are dropped, what the tag `Internet` expands to. How Azure spelt its answers is
//! in `report::azure`.
//!
//! Data with a date, taken from recordings; nothing here is chosen by looking at a network. Which
//! recording each one rests on is in `docs/semantics/profiles.md`.

mod internet;
mod none_routes;

use crate::net::AddressSet;
use ipnet::IpNet;
use std::sync::LazyLock;

/// The platform as it was observed from one date on (R45, R522).
#[derive(Clone, Debug)]
pub struct PlatformProfile {
    name: &'static str,
    since: &'static str,
    none_prefixes: Vec<IpNet>,
    internet: AddressSet,
    internet_prefixes: Vec<IpNet>,
    azure_load_balancer_prefixes: Vec<IpNet>,
    always_has_ipv6_default_route: bool,
}

static PROFILES: LazyLock<Vec<PlatformProfile>> = LazyLock::new(profiles);

impl PlatformProfile {
    /// The name of the profile that is used when none is asked for.
    pub const DEFAULT: &str = "2023";

    /// Every profile, the oldest first.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &PROFILES
    }

    /// The profile called `name`, such as `2023`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|profile| profile.name == name)
    }

    /// The profile of the last observation not after `date` (`2021-05-27`); the oldest one for
    /// dates before all of them.
    #[must_use]
    pub fn at(date: &str) -> Option<&'static Self> {
        Self::all().iter().rev().find(|profile| profile.since <= date).or(Self::all().first())
    }

    /// Its name: a year, or a year and a month where the platform changed within the year.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The date of the first observation, such as `2021-05-27`.
    #[must_use]
    pub const fn since(&self) -> &'static str {
        self.since
    }

    /// The prefixes with a system route to None, in the order Azure lists them, IPv4 first (R38, R45).
    #[must_use]
    pub fn none_prefixes(&self) -> &[IpNet] {
        &self.none_prefixes
    }

    /// What the tag `Internet` stands for.
    #[must_use]
    pub const fn internet(&self) -> &AddressSet {
        &self.internet
    }

    /// The expansion of `Internet` as Azure prints it: the fewest prefixes, ascending.
    #[must_use]
    pub fn internet_prefixes(&self) -> &[IpNet] {
        &self.internet_prefixes
    }

    /// The expansion of `AzureLoadBalancer`: where probes come from (R203).
    #[must_use]
    pub fn azure_load_balancer_prefixes(&self) -> &[IpNet] {
        &self.azure_load_balancer_prefixes
    }

    /// Has a network without IPv6 ranges the rows of IPv6 all the same (R25)?
    #[must_use]
    pub const fn always_has_ipv6_default_route(&self) -> bool {
        self.always_has_ipv6_default_route
    }
}

/// What changed when, oldest first: each entry is the one before with some facts replaced.
fn profiles() -> Vec<PlatformProfile> {
    use none_routes as none;
    let first = Facts {
        none: none::OF_2016,
        none_ipv6: "",
        excluded: internet::EXCLUDED_2016,
        probes: "168.63.129.16/32",
        always_has_ipv6: false,
    };
    let of_2017 = Facts { none: none::OF_2017, excluded: internet::EXCLUDED_2017, ..first };
    let march_2018 = Facts { always_has_ipv6: true, ..of_2017 };
    let of_2018 = Facts { none_ipv6: none::IPV6_OF_2018, ..march_2018 };
    let february_2019 = Facts { excluded: internet::EXCLUDED_EARLY_2019, ..of_2017 };
    let of_2019 = Facts { none: none::OF_2019, excluded: internet::EXCLUDED_2019, ..february_2019 };
    let february_2020 = Facts { probes: "168.63.129.16/32 fe80::1234:5678:9abc/128", ..of_2019 };
    let of_2020 = Facts { none: none::OF_2020, excluded: internet::EXCLUDED_2020, ..february_2020 };
    let of_2021 = Facts { none: none::OF_2021, excluded: internet::EXCLUDED_2021, ..of_2020 };
    let of_2022 = Facts { none: none::OF_2022, excluded: internet::EXCLUDED_2022, ..of_2021 };
    let of_2023 = Facts { none: none::OF_2023, ..of_2022 };
    let of_2025 = Facts { none: none::OF_2025, ..of_2022 };
    vec![
        first.profile("2016", "2016-01-01"),
        of_2017.profile("2017", "2017-09-19"),
        march_2018.profile("2018-03", "2018-03-08"),
        of_2018.profile("2018", "2018-06-25"),
        february_2019.profile("2019-02", "2019-02-20"),
        of_2019.profile("2019", "2019-04-17"),
        february_2020.profile("2020-02", "2020-02-11"),
        of_2020.profile("2020", "2020-07-28"),
        of_2021.profile("2021", "2021-05-27"),
        of_2022.profile("2022", "2022-02-11"),
        of_2023.profile("2023", "2023-07-04"),
        of_2025.profile("2025", "2025-01-01"),
    ]
}

/// The facts of one date, lists as text.
#[derive(Clone, Copy)]
struct Facts {
    none: &'static str,
    none_ipv6: &'static str,
    excluded: &'static str,
    probes: &'static str,
    always_has_ipv6: bool,
}

impl Facts {
    fn profile(self, name: &'static str, since: &'static str) -> PlatformProfile {
        let excluded = prefixes(internet::EXCLUDED_ALWAYS).chain(prefixes(self.excluded));
        let internet = AddressSet::everything_v4().difference(&excluded.collect());
        PlatformProfile {
            name,
            since,
            none_prefixes: prefixes(self.none).chain(prefixes(self.none_ipv6)).collect(),
            internet_prefixes: internet.prefixes(),
            internet,
            azure_load_balancer_prefixes: prefixes(self.probes).collect(),
            always_has_ipv6_default_route: self.always_has_ipv6,
        }
    }
}

/// The prefixes of a list of this module. A test holds that every word is one.
fn prefixes(list: &'static str) -> impl Iterator<Item = IpNet> {
    list.split_whitespace().filter_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> &'static PlatformProfile {
        PlatformProfile::by_name(name).unwrap()
    }

    #[test]
    fn every_word_of_the_lists_is_a_prefix() {
        let none = [
            none_routes::OF_2016,
            none_routes::OF_2017,
            none_routes::OF_2019,
            none_routes::OF_2020,
            none_routes::OF_2021,
            none_routes::OF_2022,
            none_routes::OF_2023,
            none_routes::OF_2025,
            none_routes::IPV6_OF_2018,
        ];
        let excluded = [
            internet::EXCLUDED_ALWAYS,
            internet::EXCLUDED_2016,
            internet::EXCLUDED_2017,
            internet::EXCLUDED_EARLY_2019,
            internet::EXCLUDED_2019,
            internet::EXCLUDED_2020,
            internet::EXCLUDED_2021,
            internet::EXCLUDED_2022,
        ];
        for list in none.into_iter().chain(excluded) {
            assert_eq!(prefixes(list).count(), list.split_whitespace().count(), "{list}");
            assert!(prefixes(list).all(|prefix| prefix == prefix.trunc()), "{list}");
        }
    }

    #[test]
    fn profiles_stand_in_the_order_of_their_dates() {
        assert!(PlatformProfile::all().is_sorted_by_key(|profile| profile.since));
        assert_eq!(PlatformProfile::at("2020-07-09").unwrap().name(), "2020-02");
        assert_eq!(PlatformProfile::at("1999-01-01").unwrap().name(), "2016");
        assert_eq!(PlatformProfile::at("2023-07-03").unwrap().name(), "2022");
        assert_eq!(PlatformProfile::at("2023-07-04").unwrap().name(), "2023");
        assert_eq!(profile(PlatformProfile::DEFAULT).name(), "2023");
    }

    /// Corpus fact 3: how many rows each year had.
    #[test]
    fn the_number_of_none_rows_is_that_of_the_recordings() {
        let rows = |name: &str| {
            let v4 = profile(name).none_prefixes().iter().filter(|p| p.addr().is_ipv4());
            (v4.count(), profile(name).none_prefixes().len())
        };
        assert_eq!(rows("2016"), (5, 5));
        assert_eq!(rows("2018"), (4, 17));
        assert_eq!(rows("2019"), (3, 3));
        assert_eq!(rows("2020"), (5, 5));
        assert_eq!(rows("2021"), (15, 15));
        assert_eq!(rows("2022"), (15, 15));
        assert_eq!(rows("2023"), (17, 17));
        assert_eq!(rows("2025"), (21, 21));
    }

    /// Seen in tables of 2022-02-11 and 2022-05-12, and from 2023 on.
    #[test]
    fn two_none_rows_have_changed_places_in_2022() {
        let moved: Vec<IpNet> = prefixes("104.146.0.0/17 40.108.0.0/17").collect();
        for (name, stands_first) in [("2021", 1), ("2022", 0), ("2023", 0)] {
            let rows = profile(name).none_prefixes().iter();
            let found: Vec<&IpNet> = rows.filter(|row| moved.contains(row)).collect();
            assert_eq!(found, [&moved[stands_first], &moved[1 - stands_first]], "{name}");
        }
    }

    /// The expansions of 2021-05-27 and 2022-05-12 compared; no later one is known.
    #[test]
    fn two_ranges_leave_the_internet_in_2022_and_stay_out() {
        let gone: AddressSet = prefixes("4.128.0.0/12 68.18.0.0/15").collect();
        let before = profile("2021").internet();
        assert!(before.covers(&gone));
        for name in ["2022", "2023", "2025"] {
            assert_eq!(*profile(name).internet(), before.difference(&gone), "{name}");
        }
    }

    #[test]
    fn private_addresses_are_never_the_internet() {
        for profile in PlatformProfile::all() {
            for address in
                ["10.0.0.4", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254"]
            {
                assert!(!profile.internet().contains(address.parse().unwrap()), "{address}");
            }
            for address in ["8.8.8.8", "168.63.129.16", "13.107.6.10"] {
                assert!(profile.internet().contains(address.parse().unwrap()), "{address}");
            }
        }
    }

    /// Since the rows exist, no address that has a None row is in `Internet`.
    #[test]
    fn none_prefixes_are_not_the_internet() {
        for profile in PlatformProfile::all() {
            let none: AddressSet = profile.none_prefixes().iter().copied().collect();
            assert!(!none.overlaps(profile.internet()), "{}", profile.name());
        }
    }
}
