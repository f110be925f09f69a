//! Services whose public address the input does not tell: what is said of packets to them for sure is so wherever
//! they turn out to be.

use crate::ask::{name, plane, tcp};
use crate::generated::{self, Random, Scenario, asks};
use hopwise::answer::{NameOutcome, Reason, TraceAnswer, Verdict};
use hopwise::azure::ServiceTarget;
use hopwise::dataplane::Dataplane;
use hopwise::diag::Place;
use hopwise::import;
use hopwise::net::Flow;
use hopwise::question::{ReachQuestion, reachability};
use hopwise::scenario::Traffic;
use hopwise::trace::{self, Ask, Fate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

const ENDS: [&str; 3] = ["blob.core.windows.net", "vault.azure.net", "database.windows.net"];

/// The scenario without what it tells of the public addresses of services.
fn untold(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    if let Some(records) = scenario.document.pointer_mut("/internet/records") {
        let is_service = |record: &Value| {
            let name = record["name"].as_str().unwrap_or_default();
            ENDS.iter().any(|end| name.ends_with(end))
        };
        records.as_array_mut().unwrap().retain(|record| !is_service(record));
    }
    scenario
}

/// The scenario with the public address of a service told.
fn told(scenario: &Scenario, service: &str, address: &str) -> Scenario {
    let mut scenario = scenario.clone();
    let internet = scenario.document.as_object_mut().unwrap().entry("internet");
    let records = internet.or_insert_with(|| json!({}));
    let records = records.as_object_mut().unwrap().entry("records").or_insert_with(|| json!([]));
    records.as_array_mut().unwrap().push(json!({"name": service, "A": [address]}));
    scenario
}

/// A name of the service and addresses that it may have: those of accounts and servers are in their tags, where the
/// contents of these are known, and no others are.
fn possible(scenario: &Scenario, service: &ServiceTarget) -> (String, Vec<&'static str>) {
    let own = service.meta.id.name();
    let (west, others) = (vec!["20.60.0.200", "20.60.0.3"], vec!["20.60.5.200", "20.60.4.3"]);
    let region = &*service.meta.location;
    let (end, addresses) = match &*service.resource_type {
        "Microsoft.Storage/storageAccounts" => match (scenario.service_tags.is_empty(), region) {
            (true, _) => (ENDS[0], [west, others, vec!["13.70.0.99", "198.51.7.7"]].concat()),
            (false, "westeurope") => (ENDS[0], west),
            (false, "") => (ENDS[0], [west, others].concat()),
            (false, _) => (ENDS[0], others),
        },
        "Microsoft.KeyVault/vaults" => (ENDS[1], vec!["13.70.0.200", "40.1.2.3", "198.51.7.7"]),
        _ if scenario.service_tags.is_empty() => (ENDS[2], vec!["13.70.0.99", "20.9.9.9"]),
        _ => (ENDS[2], vec!["13.70.0.99", "13.70.0.5"]),
    };
    (format!("{own}.{end}"), addresses)
}

/// The first packet that fares for sure without the address and otherwise with it; how many fare for sure, by how.
fn contradiction(
    untold: &Dataplane,
    told: &Dataplane,
    (stand_in, address): (IpAddr, IpAddr),
) -> Result<[usize; 2], String> {
    let mut by_name: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (id, location) in told.locations.iter() {
        by_name.entry(&location.name).or_default().push(id);
    }
    let mut sure = [0, 0];
    for ask in asks(untold).into_iter().filter(|ask| ask.flow.source.is_ipv4()) {
        let name = &*untold.locations[ask.from].name;
        let Some(&[from]) = by_name.get(name).map(Vec::as_slice) else { continue };
        let to = |destination| Ask { target: None, flow: Flow { destination, ..ask.flow }, ..ask };
        let was = trace::verdict(untold, &to(stand_in));
        match was {
            Fate::Arrives => sure[0] += 1,
            Fate::Stops => sure[1] += 1,
            Fate::Unsure => continue,
        }
        let is = trace::verdict(told, &Ask { from, ..to(address) });
        // Of an address that is told less is known where tags are not: whether it is in them.
        if was != is && is != Fate::Unsure {
            let flow = ask.flow;
            return Err(format!("{name}, {flow} to {address}: {was:?} without it, {is:?} with it"));
        }
    }
    Ok(sure)
}

#[test]
fn no_address_contradicts_what_is_sure_without_it() {
    let sure = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let seeds = 7_000..7_000 + 150 * generated::times();
    generated::each(seeds, |scenario| {
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        let scenario = untold(scenario);
        let plane = scenario.plane();
        let services: Vec<&ServiceTarget> = plane.network().service_targets.values().collect();
        for service in random.some(&services, 2) {
            let stand_in = service.stand_in.unwrap();
            let (name, addresses) = possible(&scenario, service);
            for address in random.some(&addresses, 2) {
                let told = told(&scenario, &name, address).plane();
                let ends = (stand_in, address.parse().unwrap());
                let found = contradiction(&plane, &told, ends);
                let found = found.map_err(|it| format!("{name} is at {address}: {it}"))?;
                for (count, more) in sure.iter().zip(found) {
                    count.fetch_add(more, Ordering::Relaxed);
                }
            }
        }
        Ok(())
    });
    let sure = sure.map(AtomicUsize::into_inner);
    println!("{sure:?} packets arrive and are stopped for sure");
    assert!(sure.iter().all(|&it| it >= 1_000), "{sure:?}");
}

/// An account `data` in West Europe and a vault `keys`, and machines in subnets that each meet something else on the way.
fn estate(rules: &str, routes: &str, endpoint: &str, more: &str) -> Dataplane {
    plane(&format!(
        "network:
  virtualNetworks:
    - name: v
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {{name: work, addressPrefix: 10.0.0.0/24, networkSecurityGroup: guard, routeTable: way, natGateway: nat, serviceEndpoints: [{endpoint}]}}
  networkSecurityGroups: [{{name: guard, securityRules: [{rules}]}}]
  routeTables: [{{name: way, routes: [{routes}]}}]
  publicIPAddresses: [{{name: nat-pip, sku: Standard, location: northeurope, ipAddress: 198.51.100.7}}]
  natGateways: [{{name: nat, publicIpAddresses: [nat-pip]}}]
  virtualMachines: [{{name: machine, subnet: v/work, privateIPAddress: 10.0.0.4}}]
  storageAccounts:
    - {{name: data, location: westeurope}}
    - {{name: shut, location: westeurope, networkAcls: {{defaultAction: Deny, ipRules: [{{value: 203.0.113.7}}], virtualNetworkRules: [{{id: v/work}}]}}}}
  vaults: [{{name: keys, location: westeurope}}]
{more}
"
    ))
}

fn rule(number: u16, access: &str, destination: &str) -> String {
    format!(
        "{{name: r{number}, priority: {number}, direction: Outbound, access: {access}, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: {destination}, destinationPortRange: '*'}}"
    )
}

fn to_data(plane: &Dataplane) -> TraceAnswer {
    tcp(plane, "machine", "data.blob.core.windows.net:443")
}

fn said(answer: &TraceAnswer) -> (Verdict, Option<Reason>) {
    (answer.verdict, answer.reason)
}

const ARRIVES: (Verdict, Option<Reason>) = (Verdict::Reachable, None);
const DENIED: (Verdict, Option<Reason>) = (Verdict::Unreachable, Some(Reason::DeniedByRule));

#[test]
fn the_tag_of_a_service_holds_it_wherever_it_is() {
    // The tag of the service, everywhere or in its region, and Internet (R201).
    for (tag, expected) in [
        ("Storage", DENIED),
        ("Storage.WestEurope", DENIED),
        ("Internet", DENIED),
        ("10.0.0.0/8", ARRIVES),
        ("0.0.0.0/0", DENIED),
    ] {
        assert_eq!(said(&to_data(&estate(&rule(100, "Deny", tag), "", "", ""))), expected, "{tag}");
    }
    let both = format!("{}, {}", rule(100, "Allow", "Storage"), rule(200, "Deny", "Internet"));
    let plane = estate(&both, "", "", "");
    assert_eq!(said(&to_data(&plane)), ARRIVES);
    // R207
    let unknown = (Verdict::Unknown, Some(Reason::ServiceTagUnknown));
    assert_eq!(said(&tcp(&plane, "machine", "keys.vault.azure.net:443")), unknown);
}

#[test]
fn what_depends_on_the_address_is_not_known() {
    for (tag, reason) in [
        ("20.0.0.0/8", Reason::NotGiven),
        // R207: what a tag holds is not known without its contents, another service's included.
        ("Sql", Reason::ServiceTagUnknown),
        ("AzureCloud", Reason::ServiceTagUnknown),
        ("Storage.NorthEurope", Reason::ServiceTagUnknown),
    ] {
        let answer = to_data(&estate(&rule(100, "Deny", tag), "", "", ""));
        assert_eq!(said(&answer), (Verdict::Unknown, Some(reason)), "{tag}");
    }
    let route = "{name: r, addressPrefix: 20.0.0.0/8, nextHopType: None}";
    let answer = to_data(&estate("", route, "", ""));
    assert_eq!(said(&answer), (Verdict::Unknown, Some(Reason::NotGiven)));
    // What is told of a tag tells where its services are.
    let tags = "serviceTags:
  - {name: Storage.WestEurope, addressPrefixes: [20.60.0.0/16]}
  - {name: Sql, addressPrefixes: [20.61.0.0/16]}";
    let told = |rules: &str, routes: &str| said(&to_data(&estate(rules, routes, "", tags)));
    assert_eq!(told(&rule(100, "Deny", "20.0.0.0/8"), ""), DENIED);
    assert_eq!(told(&rule(100, "Deny", "21.0.0.0/8"), ""), ARRIVES);
    assert_eq!(told(&rule(100, "Deny", "Sql"), ""), ARRIVES);
    assert_eq!(told("", "{name: r, addressPrefix: 21.0.0.0/8, nextHopType: None}"), ARRIVES);
}

#[test]
fn a_service_endpoint_leads_to_the_services_of_its_region() {
    // R57, R91, R430: over the endpoint the packet has its private source, and the rule names the subnet.
    let regions = |regions: &str| format!("{{service: Microsoft.Storage, locations: [{regions}]}}");
    let shut = |endpoint: &str| {
        let plane = estate("", "", endpoint, "");
        said(&tcp(&plane, "machine", "shut.blob.core.windows.net:443"))
    };
    let refused = (Verdict::Unreachable, Some(Reason::RefusedByService));
    assert_eq!(shut(&regions("westeurope, northeurope")), ARRIVES);
    assert_eq!(shut(&regions("'*'")), ARRIVES);
    assert_eq!(shut("{service: Microsoft.Storage}"), ARRIVES);
    assert_eq!(shut("{service: Microsoft.Storage.Global}"), ARRIVES);
    assert_eq!(shut(&regions("eastus, westus")), refused);
    assert_eq!(shut("{service: Microsoft.Sql, locations: ['*']}"), refused);
    // R91: nothing overrides it, a default route to nowhere included.
    let nowhere = "{name: r, addressPrefix: 0.0.0.0/0, nextHopType: None}";
    assert_eq!(said(&to_data(&estate("", nowhere, &regions("'*'"), ""))), ARRIVES);
    let dropped = (Verdict::Unreachable, Some(Reason::RouteDrops));
    assert_eq!(said(&to_data(&estate("", nowhere, "", ""))), dropped);
}

#[test]
fn the_name_has_no_address_that_anybody_may_use() {
    let plane = estate("", "", "", "");
    let found = name(&plane, "machine", "data.blob.core.windows.net");
    assert!(matches!(found.outcome, NameOutcome::Unknown(_)), "{found:?}");
    let answer = to_data(&plane);
    let shown = answer.paths[0].request.last().unwrap().flow.destination;
    let warning = format!("{shown} stands for the address of data, which is not in the input");
    assert_eq!(answer.warnings, [warning]);
    // Who asks for the number means something else.
    let asked = tcp(&plane, "machine", &format!("{shown}:443"));
    assert_eq!(said(&asked), (Verdict::Unknown, Some(Reason::ValueUnknown)));
    // The copy in another region is in another tag.
    let copy = tcp(&plane, "machine", "data-secondary.blob.core.windows.net:443");
    assert_eq!(copy.verdict, Verdict::Unknown);
}

/// A cluster with a public API server that lets in the NAT gateway of `jump`, which a group guards.
fn cluster(rules: &str) -> Dataplane {
    plane(&format!(
        "network:
  virtualNetworks:
    - name: v
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, natGateway: nat, networkSecurityGroup: guard}}]
  networkSecurityGroups: [{{name: guard, securityRules: [{rules}]}}]
  publicIPAddresses: [{{name: nat-pip, sku: Standard, ipAddress: 198.51.100.7}}]
  natGateways: [{{name: nat, publicIpAddresses: [nat-pip]}}]
  virtualMachines: [{{name: jump, subnet: v/s, privateIPAddress: 10.0.0.4}}]
  managedClusters:
    - name: prod
      location: westeurope
      fqdn: prod-0.hcp.westeurope.azmk8s.io
      apiServerAccessProfile: {{authorizedIPRanges: [198.51.100.7/32]}}
internet: {{hosts: [{{name: laptop, ipAddress: 203.0.113.5}}]}}
"
    ))
}

#[test]
fn an_api_server_is_in_azure_wherever_it_is() {
    let asked = |plane: &Dataplane, from: &str| {
        said(&tcp(plane, from, "https://prod-0.hcp.westeurope.azmk8s.io"))
    };
    // R439: the ranges judge the public address that the client appears from.
    let plane = cluster("");
    assert_eq!(asked(&plane, "jump"), ARRIVES);
    let refused = (Verdict::Unreachable, Some(Reason::RefusedByService));
    assert_eq!(asked(&plane, "laptop"), refused);
    // R205: the ranges of the datacentres, everywhere and in the region.
    for tag in ["AzureCloud", "AzureCloud.westeurope", "Internet"] {
        assert_eq!(asked(&cluster(&rule(100, "Deny", tag)), "jump"), DENIED, "{tag}");
    }
    let other = asked(&cluster(&rule(100, "Deny", "AzureCloud.northeurope")), "jump");
    assert_eq!(other, (Verdict::Unknown, Some(Reason::ServiceTagUnknown)));
}

#[test]
fn what_is_exposed_says_what_addresses_stand_for() {
    let plane = plane("network: {storageAccounts: [{name: data, location: westeurope}]}\n");
    let spec = |text| import::spec(text, Place::default()).unwrap();
    let traffic = Traffic::usual();
    let asked =
        ReachQuestion { from: spec("internet"), to: spec("anywhere"), traffic, matrix: None };
    let answer = reachability(&plane, &asked).unwrap();
    let [exposed] = answer.exposed.as_deref().unwrap() else { panic!("{answer:?}") };
    let shown = exposed.openings[0].witness.flow.destination;
    let expected = format!("{shown} stands for the address of data, which is not in the input");
    assert_eq!((exposed.place.as_str(), answer.assumptions), ("data", vec![expected]));
}
