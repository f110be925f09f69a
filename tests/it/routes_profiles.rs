//! The recorded expansions and None rows are those of the profile of their day.

use crate::support::corpus;
use hopwise::azure::PlatformProfile;
use hopwise::net::IpNet;
use serde_json::Value;

/// All recorded cases whose name contains `kind`.
fn recordings(kind: &str) -> Vec<Value> {
    let Some(corpus) = corpus("routes_profiles") else { return Vec::new() };
    let files = std::fs::read_dir(corpus.join("recorded")).unwrap();
    let paths = files.map(|entry| entry.unwrap().path());
    let wanted = paths.filter(|path| path.to_string_lossy().contains(kind));
    wanted.map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()).collect()
}

fn profile_of(case: &Value) -> &'static PlatformProfile {
    PlatformProfile::at(case["commit_date"].as_str().unwrap()).unwrap()
}

fn prefixes(list: &Value) -> Vec<IpNet> {
    list.as_array().unwrap().iter().map(|p| p.as_str().unwrap().parse().unwrap()).collect()
}

/// Every list under `member` of an object whose `tag_member` is `tag`, anywhere in `value`.
fn lists<'a>(value: &'a Value, tag: (&str, &str), member: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            let is_tagged = members.get(tag.0).and_then(Value::as_str) == Some(tag.1);
            found.extend(members.get(member).filter(|list| is_tagged && list.is_array()));
            members.values().for_each(|inner| lists(inner, tag, member, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| lists(inner, tag, member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// R45, R522, corpus facts 2 and 3. One expansion of 2017-05-18 has the same prefixes in another order.
#[test]
fn internet_is_what_azure_printed() {
    for case in
        recordings("effectiveNetworkSecurityGroups").iter().chain(&recordings("securityGroupView"))
    {
        let mut found = Vec::new();
        let tag = ("destinationAddressPrefix", "Internet");
        lists(&case["azure_answer"], tag, "expandedDestinationAddressPrefix", &mut found);
        let profile = profile_of(case);
        for list in found {
            let mut recorded = prefixes(list);
            if case["commit_date"].as_str().unwrap().starts_with("2017-05-18") {
                recorded.sort();
            }
            assert_eq!(recorded, profile.internet_prefixes(), "{}", case["commit_date"]);
        }
    }
}

/// R204
#[test]
fn probes_come_from_where_azure_printed() {
    for case in recordings("effectiveNetworkSecurityGroups") {
        let mut found = Vec::new();
        let tag = ("sourceAddressPrefix", "AzureLoadBalancer");
        lists(&case["azure_answer"], tag, "expandedSourceAddressPrefix", &mut found);
        let profile = profile_of(&case);
        for list in found {
            let recorded = prefixes(list);
            assert_eq!(recorded, profile.azure_load_balancer_prefixes(), "{}", case["commit_date"]);
        }
    }
}

#[test]
fn none_rows_are_those_of_the_day() {
    for case in recordings("effectiveRouteTable") {
        let (profile, rows) =
            (profile_of(&case), case["azure_answer"]["value"].as_array().unwrap());
        let none = rows.iter().filter(|row| row["nextHopType"] == "None");
        let none: Vec<IpNet> = none.flat_map(|row| prefixes(&row["addressPrefix"])).collect();
        assert_eq!(none, profile.none_prefixes(), "{}", case["commit_date"]);
        let has_ipv6 = rows.iter().any(|row| row["addressPrefix"][0] == "::/0");
        assert_eq!(has_ipv6, profile.always_has_ipv6_default_route(), "{}", case["commit_date"]);
    }
}
