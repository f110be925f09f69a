//! The ways that `ways` finds in shipped scenarios (R461).

use crate::scenarios::{compile_with, read, try_resolve};
use hopwise::answer::{Reason, Verdict, WaysAnswer};
use hopwise::azure::Snapshot;
use hopwise::question::repair::{Limits, WhatIf};
use hopwise::question::ways::{WaysQuestion, ways};
use hopwise::scenario::Asks;
use std::collections::BTreeSet;
use std::path::Path;

/// The ways to `to` in a scenario, with `variant` applied if one is named.
fn ask(file: &str, variant: Option<&str>, who: (&str, &str, Option<&str>)) -> WaysAnswer {
    ask_within(file, variant, who, Limits { edits_max: 2, tries_max: 60, fixes_max: 1 })
}

fn ask_within(
    file: &str,
    variant: Option<&str>,
    (to, client, principal): (&str, &str, Option<&str>),
    limits: Limits,
) -> WaysAnswer {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let imported = read(&root.join(file));
    let mut snapshot = imported.snapshot.clone();
    if let Some(name) = variant {
        let scenario = &imported.scenarios[0];
        let variants = scenario.variant_list().0;
        let variant = variants.iter().find(|variant| variant.name == name).unwrap();
        assert_eq!(scenario.apply(variant, &mut snapshot), []);
    }
    let resolved = try_resolve(snapshot.clone()).unwrap();
    let plane = resolved.compile();
    let estate = WhatIf::new(&snapshot, (resolved, &plane), &try_resolve);
    let question = WaysQuestion {
        to: to.to_owned(),
        client: client.to_owned(),
        principal: principal.map(str::to_owned),
        limits,
    };
    ways(&plane, &question, Some(&estate)).unwrap()
}

/// Sort of way, verdict, number of edits.
fn summary(answer: &WaysAnswer) -> Vec<(&str, Verdict, Option<usize>)> {
    answer.ways.iter().map(|way| (way.way, way.dataflow.verdict, way.edits)).collect()
}

#[test]
fn bastion_reaches_a_private_cluster_and_a_managed_cloud_shell_does_not() {
    // R384, R395, R469, R487.
    let who = ("aks", "laptop", Some("operator"));
    let answer = ask("aks/bastion-jump-box.yaml", None, who);
    let found = summary(&answer);
    assert_eq!(found[0], ("bastion-jump-box", Verdict::Reachable, Some(0)));
    assert!(found.contains(&("cloud-shell", Verdict::Unreachable, None)));
    // The tunnel wants Reader on the network as well, which the operator does not have.
    assert!(found.contains(&("bastion-tunnel", Verdict::Unreachable, Some(1))));
    let absent: Vec<&str> = answer.absent.iter().map(|absent| absent.way).collect();
    for way in ["internet", "vpn", "express-route", "cloud-shell-in-subnet"] {
        assert!(absent.contains(&way), "{way} in {absent:?}");
    }
}

#[test]
fn without_the_peering_every_way_through_the_hub_is_one_edit_away() {
    // R51, R127.
    let who = ("aks", "laptop", None);
    let answer = ask("aks/bastion-jump-box.yaml", Some("no peering"), who);
    for way in answer.ways.iter().filter(|way| way.way.starts_with("bastion")) {
        assert_eq!(way.edits, Some(1), "{}", way.way);
        assert_eq!(way.fix.as_ref().unwrap().edits[0].kind, "peering");
    }
}

#[test]
fn who_acts_may_be_left_out_of_account() {
    let answer = ask("aks/bastion-jump-box.yaml", None, ("aks", "internet", None));
    let works = answer.ways.iter().filter(|way| way.edits == Some(0)).map(|way| way.way);
    // Bastion opens sessions to the appliance as well as to the jump box (R389).
    let expected = ["bastion-jump-box", "bastion-jump-box", "bastion-tunnel"];
    assert_eq!(works.collect::<Vec<_>>(), expected);
}

#[test]
fn authorised_ranges_judge_who_comes_over_the_internet() {
    // R439, R447.
    let answer = ask("golden/g31.yaml", None, ("aks", "laptop", None));
    assert_eq!(summary(&answer)[0], ("internet", Verdict::Reachable, Some(0)));
}

/// A scenario, the target, where people are, who acts; then the ways that take so many edits, in this order; and those
/// that no edit mends, by name. Every other sort is absent.
type Offered = (
    &'static str,
    (&'static str, &'static str, Option<&'static str>),
    &'static [(&'static str, &'static str, usize)],
    &'static [(&'static str, &'static str)],
);

const SHELL: (&str, &str) = ("cloud-shell", "managed Cloud Shell");
const INVOKE: (&str, &str) =
    ("command-invoke", "az aks command invoke, or Run command in the portal, on aks");
/// R487: a managed Cloud Shell has no way into a network. R471: what is free on the nodes is not given.
const NEITHER: &[(&str, &str)] = &[SHELL, INVOKE];
const OPERATOR: Option<&str> = Some("operator");

/// What the estate of each shipped scenario offers, by hand.
#[rustfmt::skip]
const OFFERED: &[Offered] = &[
    // R384, R389; R395: the tunnel wants Reader on the Bastion's network. The appliance takes no key that is known.
    ("bastion-jump-box", ("aks", "laptop", OPERATOR),
     &[("bastion-jump-box", "bastion to the jump box jumpbox by SSH", 0), ("bastion-tunnel", "a tunnel of bastion", 1)],
     &[("bastion-jump-box", "bastion to the jump box appliance by SSH"), SHELL, INVOKE]),
    // R393: at its private address, so from the office; Windows by RDP. R395: native clients are off, Reader on the network
    // lacks, and the group lets sessions out only. The office has no way to resolve the name.
    ("bastion-private-only", ("aks", "workstation", OPERATOR),
     &[("bastion-jump-box", "bastion to the jump box jumpbox by SSH", 0), ("bastion-jump-box", "bastion to the jump box windows-box by RDP", 0),
       ("vpn", "workstation to the jump box jumpbox by SSH", 1), ("vpn", "workstation to the jump box windows-box by RDP", 1),
       ("bastion-tunnel", "a tunnel of bastion", 3)],
     &[SHELL, INVOKE, ("vpn", "workstation to the target itself")]),
    // R395: Bastion goes to the private endpoint, whatever names its network knows.
    ("bastion-tunnel", ("aks", "laptop", OPERATOR), &[("bastion-tunnel", "a tunnel of bastion", 0)], NEITHER),
    // R488.
    ("cloud-shell-subnet", ("aks", "workstation", OPERATOR), &[("cloud-shell-in-subnet", "Cloud Shell in containers", 0)], NEITHER),
    // R469.
    ("command-invoke", ("aks", "laptop", OPERATOR), &[(INVOKE.0, INVOKE.1, 0)], &[SHELL]),
    // The containers' subnet has no relay, which Cloud Shell needs (R488); the office cannot resolve the name.
    ("container-jump-host", ("aks", "workstation", OPERATOR), &[("container-jump-host", "workstation to the container group ssh-jump", 0)],
     &[SHELL, ("cloud-shell-in-subnet", "Cloud Shell in containers"), INVOKE, ("vpn", "workstation to the target itself")]),
    // R109: the tunnel beside the circuit is no way of its own.
    ("expressroute", ("aks", "workstation", OPERATOR),
     &[("express-route", "workstation to the target itself", 0), ("express-route", "workstation to the jump box jumpbox by SSH", 0)], NEITHER),
    // R389: peers, too. R392: native clients are off.
    ("jump-box", ("example", "laptop", None),
     &[("bastion-jump-box", "bastion to the jump box jumpbox by SSH", 0), ("bastion-jump-box", "bastion to the jump box node by SSH", 0),
       ("bastion-tunnel", "a tunnel of bastion", 1)],
     &[SHELL, ("command-invoke", "az aks command invoke, or Run command in the portal, on example")]),
    // R389: the Bastion in the hub lacks half a peering, and a role; R392: neither SKU has tunnels.
    ("jump-box-beside-nodes", ("aks", "laptop", OPERATOR),
     &[("bastion-jump-box", "bastion to the jump box jumpbox by SSH", 0), ("bastion-jump-box", "hub-bastion to the jump box jumpbox by SSH", 2),
       ("bastion-tunnel", "a tunnel of bastion", 3)],
     &[("bastion-tunnel", "a tunnel of hub-bastion"), SHELL, INVOKE]),
    // R436.
    ("just-in-time-access", ("aks", "workstation", OPERATOR), &[("jump-box-with-public-address", "SSH to jumpbox at its public address", 0)], NEITHER),
    // R399, R436.
    ("just-in-time-behind-a-firewall", ("aks", "workstation", OPERATOR), &[("jump-box-behind-firewall", "SSH to jumpbox by a DNAT rule of firewall", 0)], NEITHER),
    // R438, R487.
    ("managed-cloud-shell", ("open", "laptop", OPERATOR), &[("internet", "laptop over the Internet", 0), (SHELL.0, SHELL.1, 0)],
     &[("command-invoke", "az aks command invoke, or Run command in the portal, on open")]),
    ("managed-cloud-shell", ("closed", "laptop", OPERATOR), &[], &[SHELL, ("command-invoke", "az aks command invoke, or Run command in the portal, on closed")]),
    ("private-cluster-names", ("by-system", "laptop", None), &[], &[SHELL, ("command-invoke", "az aks command invoke, or Run command in the portal, on by-system")]),
    // R439, R447: with a split tunnel people come from their own address, and Cloud Shell from any. Which keys the builders
    // take is not given.
    ("public-cluster", ("aks", "laptop", OPERATOR),
     &[("internet", "laptop over the Internet", 0), ("point-to-site", "home/homeworker to the target itself", 0)],
     &[SHELL, INVOKE, ("point-to-site", "home/homeworker to the jump box builder by SSH"), ("point-to-site", "home/homeworker to the jump box guarded-builder by SSH")]),
    // The article: no node is a jump box.
    ("ssh-to-a-public-address", ("aks", "laptop", Some("developer")), &[("jump-box-with-public-address", "SSH to jumpbox at its public address", 0)], NEITHER),
    ("virtual-desktop-jump-host", ("aks", "laptop", OPERATOR), &[("virtual-desktop", "a desktop of desktop-pool on session-host", 0)], NEITHER),
    // R468, R439.
    ("vnet-integration", ("aks", "jumpbox", OPERATOR), &[("inside", "jumpbox to the target itself", 0)], NEITHER),
    ("vnet-integration", ("aks-open", "laptop", None), &[("internet", "laptop over the Internet", 0)],
     &[SHELL, ("command-invoke", "az aks command invoke, or Run command in the portal, on aks-open")]),
    // R337, R338.
    ("vpn-point-to-site", ("aks", "laptop", OPERATOR),
     &[("point-to-site", "laptop to the target itself", 0), ("point-to-site", "laptop to the jump box jumpbox by SSH", 0)], NEITHER),
    // R353.
    ("vpn-site-to-site", ("aks", "workstation", OPERATOR),
     &[("vpn", "workstation to the target itself", 0), ("vpn", "workstation to the jump box jumpbox by SSH", 0)], NEITHER),
];

/// Every sort of way.
const SORTS: [&str; 14] = [
    "bastion-jump-box",
    "bastion-tunnel",
    "cloud-shell",
    "cloud-shell-in-subnet",
    "command-invoke",
    "container-jump-host",
    "express-route",
    "inside",
    "internet",
    "jump-box-behind-firewall",
    "jump-box-with-public-address",
    "point-to-site",
    "virtual-desktop",
    "vpn",
];

#[test]
fn every_way_that_an_estate_offers_is_there_in_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/aks");
    for path in crate::scenarios::files(&root) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(OFFERED.iter().any(|(file, ..)| *file == name), "{name} has no row");
    }
    let limits = Limits { edits_max: 3, tries_max: 200, fixes_max: 1 };
    let mut commands = Vec::new();
    for (file, who, expected, unmended) in OFFERED {
        let answer = ask_within(&format!("aks/{file}.yaml"), None, *who, limits);
        let found = answer.ways.iter();
        let found = found.map(|way| (way.way, way.dataflow.dataflow.as_str(), way.edits));
        let (some, none): (Vec<_>, Vec<_>) = found.partition(|it| it.2.is_some());
        let expected: Vec<_> = expected.iter().map(|it| (it.0, it.1, Some(it.2))).collect();
        assert_eq!(some, expected, "{file}, {who:?}");
        let mut none: Vec<_> = none.iter().map(|it| (it.0, it.1)).collect();
        none.sort_unstable();
        let mut unmended = unmended.to_vec();
        unmended.sort_unstable();
        assert_eq!(none, unmended, "{file}, {who:?}: by no edit");
        // What is not offered says what it would need.
        let offered = answer.ways.iter().map(|way| way.way);
        let absent = answer.absent.iter().map(|absent| absent.way);
        let all: BTreeSet<&str> = offered.chain(absent).collect();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), SORTS, "{file}, {who:?}");
        for way in &answer.ways {
            let is_open = way.dataflow.verdict != Verdict::Reachable;
            assert_eq!(is_open, !way.dataflow.hindrances.is_empty(), "{file}: {}", way.way);
            let edits = way.fix.iter().flat_map(|fix| &fix.edits);
            commands.extend(edits.flat_map(|edit| edit.commands.clone()));
        }
    }
    crate::repair::commands::check(&commands);
}

/// The file, the dataflow, the sort of way with a part of its name, and from where to where.
type Taught =
    (&'static str, &'static str, (&'static str, &'static str), (&'static str, &'static str));

/// A shipped scenario, its dataflow, and the way that it teaches: the sort, and how it is called.
const TAUGHT: [Taught; 17] = [
    (
        "bastion-jump-box",
        "Bastion and a jump box",
        ("bastion-jump-box", "jump box jumpbox"),
        ("aks", "laptop"),
    ),
    (
        "jump-box-beside-nodes",
        "a jump box beside the nodes",
        ("bastion-jump-box", "bastion to"),
        ("aks", "laptop"),
    ),
    (
        "expressroute",
        "ExpressRoute and a jump box",
        ("express-route", "jump box jumpbox"),
        ("aks", "workstation"),
    ),
    (
        "expressroute",
        "ExpressRoute without a jump box",
        ("express-route", "itself"),
        ("aks", "workstation"),
    ),
    (
        "just-in-time-access",
        "just-in-time access to a jump box",
        ("jump-box-with-public-address", "jumpbox"),
        ("aks", "workstation"),
    ),
    ("public-cluster", "from a laptop", ("internet", ""), ("aks", "laptop")),
    (
        "ssh-to-a-public-address",
        "Visual Studio Code by SSH",
        ("jump-box-with-public-address", "to jumpbox"),
        ("aks", "laptop"),
    ),
    (
        "vpn-point-to-site",
        "VPN client and a jump box",
        ("point-to-site", "jump box jumpbox"),
        ("aks", "laptop"),
    ),
    (
        "vpn-point-to-site",
        "VPN client without a jump box",
        ("point-to-site", "itself"),
        ("aks", "laptop"),
    ),
    (
        "container-jump-host",
        "A container group as jump host",
        ("container-jump-host", "ssh-jump"),
        ("aks", "workstation"),
    ),
    (
        "virtual-desktop-jump-host",
        "A virtual desktop as jump host",
        ("virtual-desktop", "session-host"),
        ("aks", "laptop"),
    ),
    (
        "bastion-private-only",
        "A private Bastion and SSH",
        ("bastion-jump-box", "jumpbox"),
        ("aks", "workstation"),
    ),
    (
        "bastion-private-only",
        "A private Bastion and RDP",
        ("bastion-jump-box", "windows-box by RDP"),
        ("aks", "workstation"),
    ),
    (
        "just-in-time-behind-a-firewall",
        "Just-in-time access through a firewall",
        ("jump-box-behind-firewall", "jumpbox"),
        ("aks", "workstation"),
    ),
    ("bastion-tunnel", "a tunnel of Bastion", ("bastion-tunnel", "bastion"), ("aks", "laptop")),
    ("vpn-site-to-site", "VPN and a jump box", ("vpn", "jump box jumpbox"), ("aks", "workstation")),
    ("vpn-site-to-site", "VPN without a jump box", ("vpn", "itself"), ("aks", "workstation")),
];

/// Variants about a device or a role before the packets, which ways do not ask for.
const NOT_ASKED: [&str; 4] = [
    "a device that is not compliant",
    "an ordinary laptop",
    "a device that nothing is known of",
    "a role that only reads",
];

/// Does the way work, with everything that it takes? One that is not offered does not.
fn works(
    snapshot: &Snapshot,
    (sort, name): (&str, &str),
    (to, client): (&str, &str),
    who: &str,
) -> Option<Verdict> {
    let plane = compile_with(snapshot.clone()).unwrap();
    let question = WaysQuestion {
        to: to.to_owned(),
        client: client.to_owned(),
        principal: Some(who.to_owned()),
        limits: Limits { edits_max: 0, tries_max: 0, fixes_max: 0 },
    };
    let answer = ways(&plane, &question, None).unwrap();
    let mut found =
        answer.ways.iter().filter(|way| way.way == sort && way.dataflow.dataflow.contains(name));
    found.next().map(|way| way.dataflow.verdict)
}

#[test]
fn the_way_that_a_scenario_teaches_is_offered_and_breaks_when_it_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/aks");
    let mut differing = Vec::new();
    let mut judged = 0;
    for (file, flow, way, ends) in TAUGHT {
        let imported = read(&root.join(format!("{file}.yaml")));
        let scenario = &imported.scenarios[0];
        let flows = scenario.dataflows().0;
        let who = flows.iter().find(|it| it.name == flow).unwrap().principal.clone().unwrap();
        let base = (None, scenario.expectations().0);
        let variants = scenario.variant_list().0.into_iter();
        for (variant, expectations) in
            std::iter::once(base).chain(variants.map(|it| (Some(it.clone()), it.expect)))
        {
            let expected = expectations.iter().find_map(|it| match &it.asks {
                Asks::Dataflow(asked) if asked.dataflow == flow => Some(asked),
                Asks::Dataflow(_)
                | Asks::Trace(_)
                | Asks::Reach(_)
                | Asks::NextHop { .. }
                | Asks::Route { .. }
                | Asks::RouterRoute(_)
                | Asks::Resolve { .. } => None,
            });
            let is_asked = variant.as_ref().is_none_or(|it| !NOT_ASKED.contains(&&*it.name));
            let Some(expected) = expected.filter(|_| is_asked) else { continue };
            let mut snapshot = imported.snapshot.clone();
            let name = variant.as_ref().map_or("as it is", |it| it.name.as_str());
            if let Some(variant) = &variant {
                assert_eq!(scenario.apply(variant, &mut snapshot), []);
            }
            judged += 1;
            // Where the VPN takes over, that is the way that is offered (R351).
            let takes_over = || works(&snapshot, ("vpn", way.1), ends, &who);
            let found = works(&snapshot, way, ends, &who);
            let found = found.or_else(|| takes_over().filter(|_| way.0 == "express-route"));
            if found.unwrap_or(Verdict::Unreachable) != expected.verdict {
                differing.push(format!(
                    "{file}, {name}: {flow} is {}, the way {found:?}",
                    expected.verdict
                ));
            }
        }
    }
    println!("{judged} variants");
    assert_eq!(differing.join("\n"), "");
}

/// The hindrances of a sort of way, and its smallest fix.
fn reasons(answer: &WaysAnswer, way: &str) -> Vec<Reason> {
    let found = answer.ways.iter().find(|it| it.way == way).unwrap();
    found.dataflow.hindrances.iter().map(|it| it.reason).collect()
}

#[test]
fn a_container_group_is_a_jump_host_for_people_at_a_site() {
    // R488, R183.
    let who = ("aks", "workstation", Some("operator"));
    let file = "aks/container-jump-host.yaml";
    let found = ask(file, None, who);
    assert!(summary(&found).contains(&("container-jump-host", Verdict::Reachable, Some(0))));
    let closed = ask(file, Some("no rule lets the office in"), who);
    assert!(summary(&closed).contains(&("container-jump-host", Verdict::Unreachable, Some(1))));
    assert_eq!(reasons(&closed, "container-jump-host"), [Reason::DeniedByRule]);
    let none = ask("aks/bastion-jump-box.yaml", None, ("aks", "laptop", None));
    assert!(none.absent.iter().any(|absent| absent.way == "container-jump-host"));
}

#[test]
fn a_session_host_of_a_host_pool_is_a_virtual_desktop() {
    // R118, R121, R473.
    let who = ("aks", "laptop", Some("operator"));
    let file = "aks/virtual-desktop-jump-host.yaml";
    let found = ask(file, None, who);
    assert!(summary(&found).contains(&("virtual-desktop", Verdict::Reachable, Some(0))));
    let shut = ask(file, Some("the subnet is private and has no way out"), who);
    assert_eq!(reasons(&shut, "virtual-desktop"), [Reason::NoOutboundMethod]);
    let strange = ask(file, Some("the user works at another device"), who);
    assert_eq!(reasons(&strange, "virtual-desktop"), [Reason::SignInRefused]);
}

#[test]
fn vpn_clients_and_sites_are_told_apart() {
    // R337, R338: the clients of a gateway are no site with a device.
    let found = ask("aks/vpn-point-to-site.yaml", None, ("aks", "laptop", Some("operator")));
    let clients = summary(&found).into_iter().filter(|it| it.0 == "point-to-site");
    let works = ("point-to-site", Verdict::Reachable, Some(0));
    assert_eq!(clients.collect::<Vec<_>>(), [works, works]);
    assert!(found.absent.iter().any(|absent| absent.way == "vpn"));
}

#[test]
fn an_api_server_in_a_subnet_is_reached_from_inside_or_over_the_internet() {
    // R465, R468: a private one by routing; R438, R439: a public one by the authorised ranges.
    let file = "aks/vnet-integration.yaml";
    let inside = ask(file, None, ("aks", "jumpbox", None));
    assert!(summary(&inside).contains(&("inside", Verdict::Reachable, Some(0))));
    let laptop = ask(file, None, ("aks-open", "laptop", None));
    assert!(summary(&laptop).contains(&("internet", Verdict::Reachable, Some(0))));
    let stranger = ask(file, None, ("aks-open", "stranger", None));
    assert!(summary(&stranger).contains(&("internet", Verdict::Unreachable, Some(1))));
    assert_eq!(reasons(&stranger, "internet"), [Reason::RefusedByService]);
}

/// For the same prefixes ExpressRoute is preferred (R109), and when its session is down the VPN takes over (R351):
/// each is a way only where packets go by it.
#[test]
fn packets_that_go_by_expressroute_make_no_way_by_vpn() {
    let who = ("aks", "workstation", None);
    let sorts = |answer: &WaysAnswer| -> Vec<String> {
        let works = answer.ways.iter().filter(|way| way.edits == Some(0));
        let mut sorts: Vec<String> = works.map(|way| way.way.to_owned()).collect();
        sorts.sort();
        sorts.dedup();
        sorts
    };
    let needs = |answer: &WaysAnswer, way: &str| -> String {
        let found = answer.absent.iter().find(|absent| absent.way == way);
        found.map(|absent| absent.needs.clone()).unwrap_or_default()
    };
    let answer = ask("aks/expressroute.yaml", None, who);
    assert_eq!(sorts(&answer), ["express-route"]);
    assert!(needs(&answer, "vpn").contains("go by ExpressRoute instead"));
    let variant = "the circuit's session is down, and the VPN takes over";
    let answer = ask("aks/expressroute.yaml", Some(variant), who);
    assert_eq!(sorts(&answer), ["vpn"]);
    assert!(needs(&answer, "express-route").contains("go by the VPN instead"));
}
