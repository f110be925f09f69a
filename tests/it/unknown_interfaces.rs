//! A value of an interface or a machine that is not known puts in doubt what it may change, and nothing else.

use crate::ask::tcp;
use crate::generated::{self, Random, profile};
use crate::monotony::contradiction;
use hopwise::answer::{Reason, TraceAnswer, Verdict};
use hopwise::azure::tree::{Node, Tree, Value};
use hopwise::azure::{PlatformProfile, Snapshot, Unknown};
use hopwise::dataplane::{Dataplane, compile};
use hopwise::id::ResourceId;
use hopwise::import::{self, Document};
use hopwise::resolve::resolve;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a value depends on.
const ON: &str = "`azurerm_x.y`, known after apply";

fn unknown() -> Node {
    Node::new(Value::Unknown(Unknown::on(ON)))
}

/// Puts `value` to the end of `way` in `node`, where it may have been absent.
fn put(node: &mut Node, way: &[&str], value: Node) {
    let Some((first, rest)) = way.split_first() else { return *node = value };
    match &mut node.value {
        Value::List(nodes) => put(&mut nodes[first.parse::<usize>().unwrap()], rest, value),
        Value::Object(members) => {
            let at = members.iter().position(|(name, _)| **name == **first).unwrap_or_else(|| {
                members.push(((*first).into(), Node::new(Value::Null)));
                members.len() - 1
            });
            put(&mut members[at].1, rest, value);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            unreachable!("{way:?}")
        }
    }
}

/// `snapshot` with `value` at `way` in the resource `id`.
fn with(snapshot: &Snapshot, id: &ResourceId, way: &[&str], value: Node) -> Snapshot {
    let mut snapshot = snapshot.clone();
    let resource = snapshot.resources.get_mut(id).unwrap();
    let mut body = resource.body.node();
    put(&mut body, way, value);
    resource.body = Tree::new(&body);
    snapshot
}

fn plane(snapshot: Snapshot) -> Dataplane {
    let network = resolve(snapshot).0;
    let profile = profile(&network);
    compile(Arc::new(network), profile)
}

const GROUPS: [&str; 5] =
    ["properties", "ipConfigurations", "0", "properties", "applicationSecurityGroups"];
const POOLS: [&str; 5] =
    ["properties", "ipConfigurations", "0", "properties", "loadBalancerBackendAddressPools"];
const NAT_RULES: [&str; 5] =
    ["properties", "ipConfigurations", "0", "properties", "loadBalancerInboundNatRules"];
const FORWARDING: [&str; 2] = ["properties", "enableIPForwarding"];
const INTERFACES: [&str; 2] = ["properties", "networkProfile"];
const CONDITION: [&str; 1] = ["condition"];

/// A network with an appliance, a group, a balancer, and a peered one.
const ESTATE: &str = "
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: s, addressPrefix: 10.1.0.0/24}
        - {name: db, addressPrefix: 10.1.1.0/24, networkSecurityGroup: g}
      virtualNetworkPeerings: [{name: to-spoke, remoteVirtualNetwork: spoke, allowForwardedTraffic: true}]
    - name: spoke
      addressPrefixes: [10.2.0.0/16]
      subnets: [{name: s, addressPrefix: 10.2.0.0/24, routeTable: rt}]
      virtualNetworkPeerings: [{name: to-hub, remoteVirtualNetwork: hub, allowForwardedTraffic: true}]
  routeTables:
    - {name: rt, routes: [{name: db, addressPrefix: 10.1.1.0/24, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}]}
  applicationSecurityGroups: [{name: web}, {name: other}]
  networkSecurityGroups:
    - name: g
      securityRules:
        - {name: web, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourcePortRange: '*', destinationPortRange: '443',
           sourceApplicationSecurityGroups: [web], destinationAddressPrefix: '*'}
        - {name: ssh, priority: 110, direction: Inbound, access: Allow, protocol: Tcp, sourcePortRange: '*', destinationPortRange: '22',
           sourceAddressPrefix: '*', destinationApplicationSecurityGroups: [web]}
        - {name: none, priority: 200, direction: Inbound, access: Deny, protocol: '*', sourcePortRange: '*', destinationPortRange: '*',
           sourceAddressPrefix: '*', destinationAddressPrefix: '*'}
  virtualMachines:
    - {name: web, subnet: hub/s, privateIPAddress: 10.1.0.4, applicationSecurityGroups: [web]}
    - {name: one, subnet: hub/s, privateIPAddress: 10.1.0.5, applicationSecurityGroups: [other]}
    - {name: two, subnet: hub/s, privateIPAddress: 10.1.0.6, applicationSecurityGroups: [other]}
    - {name: nva, subnet: hub/s, privateIPAddress: 10.1.0.9, enableIPForwarding: true}
    - {name: db, subnet: hub/db, privateIPAddress: 10.1.1.4}
    - {name: db2, subnet: hub/db, privateIPAddress: 10.1.1.5}
    - {name: far, subnet: spoke/s, privateIPAddress: 10.2.0.4}
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: front, subnet: hub/s, privateIPAddress: 10.1.0.100}]
      backendAddressPools: [{name: pool, backendIPConfigurations: [two-nic/ipconfig1]}]
      loadBalancingRules: [{name: web, protocol: Tcp, frontendPort: 443, backendPort: 443, frontendIPConfiguration: lb/front, backendAddressPool: lb/pool}]
      inboundNatRules: [{name: ssh, protocol: Tcp, frontendPort: 2222, backendPort: 22, frontendIPConfiguration: lb/front}]
";

/// The estate with the value at `way` in the resource called `name` not known.
fn without(name: &str, way: &[&str]) -> Dataplane {
    let read = import::read([Document { name: "it".into(), text: ESTATE.as_bytes() }]);
    let id = read.resources.keys().find(|id| id.name() == name).unwrap().clone();
    let profile = PlatformProfile::by_name("2023").unwrap();
    let (network, _) = resolve(with(&read, &id, way, unknown()));
    compile(Arc::new(network), profile)
}

/// Is the answer unknown, because of the value?
fn is_doubted(answer: &TraceAnswer) -> bool {
    let named = |it: &hopwise::answer::Obstacle| {
        it.reason == Reason::ValueUnknown && it.text.contains("azurerm_x.y")
    };
    answer.verdict == Verdict::Unknown && answer.obstacles.iter().any(named)
}

/// Each question is sure, with the verdict, or in doubt by the value.
fn check(plane: &Dataplane, sure: &[(&str, &str, Verdict)], doubted: &[(&str, &str)]) {
    for &(from, to, verdict) in sure {
        let answer = tcp(plane, from, to);
        assert_eq!(answer.verdict, verdict, "{from} -> {to}: {:?}", answer.obstacles);
    }
    for &(from, to) in doubted {
        let answer = tcp(plane, from, to);
        assert!(is_doubted(&answer), "{from} -> {to}: {:?}", answer.obstacles);
    }
}

use Verdict::{Reachable, Unreachable};

#[test]
fn groups_that_are_not_known_matter_where_rules_name_groups() {
    // R208: `one` may be in `web`, by which the rule of `db` lets it in; nobody else changes.
    let plane = without("one-nic", &GROUPS);
    let sure = [
        ("web", "10.1.1.4:443", Reachable),
        ("two", "10.1.1.4:443", Unreachable),
        ("web", "10.1.1.4:22", Unreachable),
        ("one", "10.1.0.6:443", Reachable),
        ("db", "10.1.0.5:443", Reachable),
        ("far", "10.1.0.4:443", Reachable),
    ];
    check(&plane, &sure, &[("one", "10.1.1.4:443")]);
    // As the destination: whether `db` is in `web`; that says nothing of `db2`, whose rules name the same group.
    let plane = without("db-nic", &GROUPS);
    let sure = [
        ("two", "10.1.1.5:22", Unreachable),
        ("two", "10.1.1.4:443", Unreachable),
        ("web", "10.1.1.4:443", Reachable),
        ("one", "10.1.0.6:443", Reachable),
    ];
    check(&plane, &sure, &[("two", "10.1.1.4:22")]);
}

#[test]
fn forwarding_that_is_not_known_matters_to_what_passes() {
    // R83: the route of `far` leads to `nva`.
    let plane = without("nva-nic", &FORWARDING);
    let sure = [
        ("far", "10.1.0.4:443", Reachable),
        ("far", "10.1.0.9:443", Reachable),
        ("web", "10.1.1.4:443", Reachable),
        ("nva", "10.2.0.4:443", Reachable),
    ];
    check(&plane, &sure, &[("far", "10.1.1.4:443")]);
}

#[test]
fn pools_that_are_not_known_matter_behind_balancers_and_on_the_way_out() {
    // R415, R418
    let plane = without("one-nic", &POOLS);
    let sure = [
        ("one", "10.1.0.6:443", Reachable),
        ("far", "10.1.0.5:443", Reachable),
        ("web", "10.1.1.4:443", Reachable),
        ("web", "203.0.113.1:443", Reachable),
    ];
    check(&plane, &sure, &[("web", "10.1.0.100:443"), ("one", "203.0.113.1:443")]);
    let plane = without("one-nic", &NAT_RULES);
    let sure = [
        ("web", "10.1.0.100:443", Reachable),
        ("one", "203.0.113.1:443", Reachable),
        ("far", "10.1.0.5:443", Reachable),
    ];
    check(&plane, &sure, &[("web", "10.1.0.100:2222")]);
}

#[test]
fn what_may_not_be_there_matters_to_packets_to_and_through_it() {
    for (name, way) in [
        ("nva", &CONDITION[..]),
        ("nva-nic", &CONDITION[..]),
        ("nva", &["properties", "powerState"][..]),
        ("nva", &INTERFACES[..]),
        ("nva-nic", &["properties", "virtualMachine"][..]),
    ] {
        let plane = without(name, way);
        let sure = [
            ("far", "10.1.0.4:443", Reachable),
            ("web", "10.1.1.4:443", Reachable),
            ("one", "10.1.1.4:443", Unreachable),
            ("two", "10.1.0.5:443", Reachable),
            ("far", "10.1.0.100:443", Reachable),
        ];
        check(&plane, &sure, &[("web", "10.1.0.9:443"), ("far", "10.1.1.4:443")]);
    }
}

/// A value of an interface or a machine, and what it may turn out to be.
type Doubt = (Snapshot, Vec<Snapshot>);

/// The ids of the resources of this type.
fn of_type<'s>(snapshot: &'s Snapshot, arm_type: &'s str) -> impl Iterator<Item = &'s ResourceId> {
    snapshot.resources.keys().filter(move |id| {
        id.resource_type().is_some_and(|found| found.eq_ignore_ascii_case(arm_type))
    })
}

fn references<'i>(ids: impl IntoIterator<Item = &'i ResourceId>) -> Node {
    let reference = |id: &ResourceId| {
        let id = Node::new(Value::Text(id.to_string().into()));
        Node::new(Value::Object(vec![("id".into(), id)]))
    };
    Node::new(Value::List(ids.into_iter().map(reference).collect()))
}

/// None of `all`, and each alone.
fn choices(all: &[ResourceId]) -> Vec<Node> {
    let each = all.iter().map(|one| references([one]));
    [references([])].into_iter().chain(each).collect()
}

/// What may not be known of the interface `id`.
fn doubts_of_interface(snapshot: &Snapshot, id: &ResourceId) -> Vec<Doubt> {
    let flags = [true, false].map(|flag| Node::new(Value::Bool(flag)));
    let groups = of_type(snapshot, "Microsoft.Network/applicationSecurityGroups");
    let groups: Vec<ResourceId> = groups.cloned().collect();
    let balancers = of_type(snapshot, "Microsoft.Network/loadBalancers");
    let pools: Vec<ResourceId> =
        balancers.map(|id| id.child("backendAddressPools", "pool")).collect();
    let values: [(&[&str], Vec<Node>); 3] =
        [(&FORWARDING, flags.to_vec()), (&GROUPS, choices(&groups)), (&POOLS, choices(&pools))];
    let doubt = |(way, values): (&[&str], Vec<Node>)| {
        let filled = values.into_iter().map(|value| with(snapshot, id, way, value)).collect();
        (with(snapshot, id, way, unknown()), filled)
    };
    values.into_iter().map(doubt).collect()
}

/// Whether the machine `id` is there, or runs.
fn doubts_of_machine(snapshot: &Snapshot, id: &ResourceId) -> Vec<Doubt> {
    let mut gone = snapshot.clone();
    gone.resources.remove(id);
    let there = snapshot.clone();
    let state = |word: &str| {
        let word = Node::new(Value::Text(word.into()));
        with(snapshot, id, &["properties", "powerState"], word)
    };
    vec![
        (with(snapshot, id, &CONDITION, unknown()), vec![gone, there]),
        (
            with(snapshot, id, &["properties", "powerState"], unknown()),
            vec![state("VM running"), state("VM deallocated")],
        ),
    ]
}

#[test]
fn what_is_sure_without_a_value_of_an_interface_is_so_with_each() {
    let [filled, sure] = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let seeds = 9_000..9_000 + 60 * generated::times();
    generated::each(seeds, |scenario| {
        let snapshot = scenario.snapshot();
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        let interfaces = of_type(&snapshot, "Microsoft.Network/networkInterfaces");
        let of_interfaces = interfaces.flat_map(|id| doubts_of_interface(&snapshot, id));
        let machines = of_type(&snapshot, "Microsoft.Compute/virtualMachines");
        let of_machines = machines.flat_map(|id| doubts_of_machine(&snapshot, id));
        let all: Vec<Doubt> = of_interfaces.chain(of_machines).collect();
        for (doubted, values) in random.some(&all, 6) {
            let doubted = plane(doubted);
            for value in random.some(&values, 3) {
                sure.fetch_add(contradiction(&doubted, &plane(value))?, Ordering::Relaxed);
                filled.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    });
    let (filled, sure) = (filled.into_inner(), sure.into_inner());
    println!("{filled} values, {sure} sure packets");
    assert!(filled >= 400 && sure >= 40_000, "{filled} values, {sure} sure packets");
}
