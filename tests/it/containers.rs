//! Container groups in subnets: where they stand, whom they ask, how they get out.

use super::ask::{name, plane, tcp, way};
use hopwise::answer::{HopKind, NameOutcome, Reason, Verdict};
use hopwise::azure::PlatformProfile;
use hopwise::dataplane;
use hopwise::import::{self, Document};
use hopwise::resolve::resolve;
use std::sync::Arc;

/// Two subnets with `group` in the one for containers.
fn network(group: &str) -> String {
    format!(
        "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {{name: work, addressPrefix: 10.0.0.0/24}}
        - {{name: containers, addressPrefix: 10.0.1.0/24, networkSecurityGroup: guard, delegations: [{{name: d, serviceName: Microsoft.ContainerInstance/containerGroups}}]}}
  networkSecurityGroups:
    - name: guard
      securityRules:
        - {{name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: 10.0.1.4, destinationPortRange: '22'}}
        - {{name: no-more, priority: 200, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}}
  virtualMachines: [{{name: machine, subnet: v/work, privateIPAddress: 10.0.0.4}}]
  containerGroups: [{group}]
internet: {{hosts: [{{name: server, ipAddress: 198.51.100.80}}]}}
"
    )
}

const GROUP: &str = "{name: jump, subnetIds: [{id: v/containers}], ipAddress: {type: Private, ip: 10.0.1.4, ports: [{port: 80, protocol: TCP}]}}";

#[test]
fn a_group_meets_the_rules_of_its_subnet() {
    // R183, R488
    let plane = plane(&network(GROUP));
    let ssh = tcp(&plane, "machine", "jump:22");
    assert_eq!((ssh.verdict, way(&ssh)), (Verdict::Reachable, vec!["machine", "jump"]));
    let hop = ssh.paths[0].request.last().unwrap();
    assert_eq!(hop.kind, HopKind::ContainerGroup);
    assert!(hop.resource.as_ref().unwrap().as_str().ends_with("/containerGroups/jump"));
    // The ports that it lists do not narrow what its subnet lets in.
    let web = tcp(&plane, "machine", "10.0.1.4:80");
    assert_eq!(web.reason, Some(Reason::DeniedByRule));
    assert_eq!(tcp(&plane, "jump", "machine:443").verdict, Verdict::Reachable);
    assert_eq!(way(&tcp(&plane, "10.0.1.4", "machine:443"))[0], "jump");
}

#[test]
fn the_short_form_means_the_same() {
    let short = "{name: jump, subnet: v/containers, privateIPAddress: 10.0.1.4}";
    let (long, short) = (plane(&network(GROUP)), plane(&network(short)));
    let ask = |plane| tcp(plane, "machine", "jump:22").paths[0].request[1].flow;
    assert_eq!(ask(&long), ask(&short));
}

/// Groups that are older than `subnetIds` have a network profile, and that has the subnet.
#[test]
fn a_network_profile_tells_the_subnet() {
    let start = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network";
    let group = format!(
        "{{name: jump, networkProfile: {{id: {start}/networkProfiles/np}}, ipAddress: {{type: Private, ip: 10.0.1.4}}}}"
    );
    let profile = |subnets: &[&str]| {
        let configurations = subnets.iter().map(|subnet| {
            format!(
                "{{name: {subnet}, subnet: {{id: {start}/virtualNetworks/v/subnets/{subnet}}}}}"
            )
        });
        let all = configurations.collect::<Vec<_>>().join(", ");
        format!(
            "  resources: [{{type: Microsoft.Network/networkProfiles, name: np, containerNetworkInterfaceConfigurations: [{{name: c, ipConfigurations: [{all}]}}]}}]\ninternet:"
        )
    };
    let text = |profile: &str| network(&group).replace("internet:", profile);
    let told = tcp(&plane(&text(&profile(&["containers"]))), "machine", "jump:22");
    assert_eq!(told.verdict, Verdict::Reachable);
    let ask = |profile: &str| {
        let text = text(profile);
        let document = Document { name: "test.yaml".into(), text: text.as_bytes() };
        let network = Arc::new(resolve(import::read([document])).0);
        let plane = dataplane::compile(network, PlatformProfile::by_name("2023").unwrap());
        let ssh = tcp(&plane, "machine", "10.0.1.4:22");
        (ssh.verdict, ssh.reason)
    };
    // Which of two it is, and what a profile says that is not in the input, nobody knows.
    let unknown = (Verdict::Unknown, Some(Reason::MissingResource));
    assert_eq!(ask(&profile(&["containers", "work"])), unknown);
    assert_eq!(ask("internet:"), unknown);
}

#[test]
fn a_group_without_an_address_gets_the_lowest_that_is_free() {
    // R7: the first four are the platform's. A machine has the next.
    let groups = "{name: one, subnet: v/containers}, {name: two, subnet: v/containers}";
    let text = network(groups).replace("  containerGroups", "  networkInterfaces: [{name: nic, ipConfigurations: [{name: c, subnet: v/containers, privateIPAddress: 10.0.1.4}]}]\n  containerGroups");
    let plane = plane(&text);
    let source = |from: &str| tcp(&plane, from, "machine:443").paths[0].request[0].flow.source;
    assert_eq!(source("one").to_string(), "10.0.1.5");
    assert_eq!(source("two").to_string(), "10.0.1.6");
}

#[test]
fn a_group_goes_out_by_a_nat_gateway_and_by_nothing_else_that_is_known() {
    // R411
    let none = tcp(&plane(&network(GROUP)), "jump", "server:443");
    assert_eq!((none.verdict, none.reason), (Verdict::Unknown, Some(Reason::NotModelled)));
    let text = network(GROUP)
        .replace("networkSecurityGroup: guard,", "networkSecurityGroup: guard, natGateway: nat,")
        .replace("  virtualMachines", "  publicIPAddresses: [{name: nat-pip, sku: Standard, ipAddress: 198.51.100.30}]\n  natGateways: [{name: nat, publicIpAddresses: [nat-pip]}]\n  virtualMachines");
    let out = tcp(&plane(&text), "jump", "server:443");
    assert_eq!(out.verdict, Verdict::Reachable);
    assert_eq!(out.paths[0].request.last().unwrap().flow.source.to_string(), "198.51.100.30");
}

#[test]
fn a_group_asks_its_own_servers_or_those_of_its_network() {
    // R235
    let zone = "  privateDnsZones: [{name: corp.example, virtualNetworkLinks: [{virtualNetwork: v}], records: [{name: db, A: [10.0.0.9]}]}]\n";
    let with_zone = |group: &str| {
        network(group).replace("  virtualMachines", &format!("{zone}  virtualMachines"))
    };
    let linked = name(&plane(&with_zone(GROUP)), "jump", "db.corp.example");
    assert_eq!(linked.outcome, NameOutcome::Addresses(vec!["10.0.0.9".parse().unwrap()]));
    let own = "{name: jump, subnet: v/containers, privateIPAddress: 10.0.1.4, dnsConfig: {nameServers: [10.0.9.9]}}";
    let lost = name(&plane(&with_zone(own)), "jump", "db.corp.example");
    assert_eq!(lost.outcome, NameOutcome::Timeout);
}

#[test]
fn a_group_that_has_stopped_answers_nobody() {
    let stopped = GROUP.replace("{name: jump,", "{name: jump, instanceView: {state: Stopped},");
    let answer = tcp(&plane(&network(&stopped)), "machine", "jump:22");
    assert_eq!(answer.reason, Some(Reason::MachineStopped));
}
