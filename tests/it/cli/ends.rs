//! WHO and WHERE: names, addresses, ids and URLs, and what is said when they are none.

use super::{TWO, refuses, run};

/// What the trace from `from` to `to` says: the exit code and the first line.
fn trace(from: &str, to: &str) -> (i32, String) {
    let run = run(&["trace", "-", "--from", from, "--to", to], TWO);
    assert_eq!(run.err, "", "{from} {to}");
    (run.code, run.out.lines().next().unwrap_or_default().to_owned())
}

fn refuses_trace(from: &str, to: &str, message: &str) {
    refuses(&["trace", "-", "--from", from, "--to", to], TWO, message);
}

#[test]
fn ends_may_be_said_in_many_ways() {
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers\
              /Microsoft.Network/networkInterfaces/client-nic";
    let shouted = id.to_uppercase();
    for from in ["client", "CLIENT", "client-nic", "client/client-nic", "10.1.0.4", id, &shouted] {
        for to in [
            "server:443",
            "server:https",
            "10.1.0.5:443",
            "https://server/",
            "api.corp.example:443",
        ] {
            let (code, line) = trace(from, to);
            assert_eq!(code, 0, "{from} {to}");
            assert!(line.starts_with("REACHABLE"), "{line}");
        }
    }
}

#[test]
fn hosts_on_premises_are_found_by_site() {
    for from in ["pc", "office/pc", "192.168.10.5", "office"] {
        assert_eq!(trace(from, "server:443").0, 1, "{from}");
    }
}

#[test]
fn a_slip_in_a_name() {
    refuses_trace(
        "clent",
        "server:22",
        "error[not-found]: nothing in the input is called `clent`\n  help: did you mean `client`?\n",
    );
}

#[test]
fn a_name_like_nothing_else() {
    refuses_trace(
        "mainframe",
        "server:22",
        "error[not-found]: nothing in the input is called `mainframe`\n  \
         help: expected the name or id of a machine, interface, endpoint, host or site, an address, \
         or `internet`\n",
    );
}

#[test]
fn a_name_of_two_things() {
    let two = TWO.replace("{name: server,", "{name: client-nic,");
    let id =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers";
    let message = format!(
        "error[ambiguous-name]: `client-nic` may be any of 2\n  \
         help: say which, by owner/name or by id:\n  \
         {id}/Microsoft.Compute/virtualMachines/client-nic (virtual machine)\n  \
         {id}/Microsoft.Network/networkInterfaces/client-nic (network interface)\n"
    );
    refuses(&["trace", "-", "--from", "client-nic", "--to", "client:22"], &two, &message);
}

#[test]
fn an_address_of_two_machines() {
    let two = format!(
        "{}    - name: other\n      addressPrefixes: [10.1.0.0/16]\n      subnets: [{{name: default, \
         addressPrefix: 10.1.0.0/24}}]\n  virtualMachines:\n    - {{name: twin, subnet: \
         other/default, privateIPAddress: 10.1.0.4}}\n{}",
        TWO.split_once("  networkSecurityGroups").unwrap().0,
        TWO.split_once("  virtualMachines:\n")
            .unwrap()
            .1
            .replace("networkSecurityGroup: guard", ""),
    );
    let two = two.replace(", networkSecurityGroup: guard", "");
    let run = run(&["trace", "-", "--from", "10.1.0.4", "--to", "server:22"], &two);
    assert_eq!((run.code, &*run.out), (2, ""), "{}", run.err);
    assert!(
        run.err.starts_with("error[ambiguous-name]: `10.1.0.4` may be any of 2\n"),
        "{}",
        run.err
    );
}

#[test]
fn a_subnet_is_no_end() {
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers\
              /Microsoft.Network/networkInterfaces";
    let message = format!(
        "error[not-an-end]: `hub/default` is a subnet, and no packet starts or ends there\n  \
         help: attached to it:\n  {id}/client-nic (network interface)\n  {id}/server-nic (network \
         interface)\n"
    );
    refuses_trace("hub/default", "server:22", &message);
}

#[test]
fn an_address_that_nobody_has() {
    refuses_trace(
        "10.1.0.9",
        "server:22",
        "error[nobody-has-address]: nothing in the input has the address `10.1.0.9`, though it is \
         from subnet hub/default\n  help: to start from there, add a machine with it to the input\n",
    );
}

#[test]
fn an_address_that_no_machine_can_have() {
    refuses_trace(
        "127.0.0.1",
        "server:22",
        "error[unreadable-end]: `127.0.0.1` is no address that a machine can have\n  \
         help: expected a unicast address, neither loopback nor link-local\n",
    );
}

#[test]
fn a_public_address_that_nothing_has() {
    let spare = TWO.replace(
        "  virtualMachines:",
        "  publicIPAddresses: [{name: spare, ipAddress: 20.1.2.3}]\n  virtualMachines:",
    );
    for from in ["spare", "20.1.2.3"] {
        let message = format!(
            "error[not-a-sender]: `{from}` is a public IP address that nothing in the input sends \
             from, and no packet starts there\n  help: it may be where a packet goes\n"
        );
        refuses(&["trace", "-", "--from", from, "--to", "server:22"], &spare, &message);
    }
}

#[test]
fn a_prefix_is_no_address() {
    refuses_trace(
        "client",
        "10.1.0.0/24:22",
        "error[unreadable-end]: `10.1.0.0/24` is a prefix and not an address\n  \
         help: give one address of it, as in `10.0.0.4:443`\n",
    );
}

#[test]
fn a_bracket_that_is_not_closed() {
    refuses_trace(
        "client",
        "[fd00::1:443",
        "error[unreadable-end]: `[fd00::1:443` lacks the `]` after the address\n  \
         help: as in `[2001:db8::1]:443`\n",
    );
}

#[test]
fn a_port_that_is_none() {
    refuses_trace(
        "client",
        "server:sssh",
        "error[bad-port]: `sssh` is no port: expected 1 to 65535, or a word such as `ssh`\n  \
         help: did you mean `ssh`?\n",
    );
    refuses_trace(
        "client",
        "server:70000",
        "error[bad-port]: `70000` is no port: expected 1 to 65535, or a word such as `ssh`\n",
    );
}

#[test]
fn a_scheme_without_a_port() {
    refuses_trace(
        "client",
        "gopher://server",
        "error[unreadable-end]: `gopher://server` has no port, and `gopher` implies none\n  \
         help: add one, as in `web:8080`\n",
    );
}

#[test]
fn no_port_at_all() {
    refuses_trace(
        "client",
        "server",
        "error[usage]: TCP needs a port, and `--to server` has none\n  \
         help: add it: `--to server:443`, or `--port 443`\n",
    );
    refuses_trace(
        "client",
        "fd00::1",
        "error[usage]: TCP needs a port, and `--to fd00::1` has none\n  \
         help: add it: `--to [fd00::1]:443`, or `--port 443`\n",
    );
}

#[test]
fn two_ports() {
    refuses(
        &["trace", "-", "--from", "client", "--to", "server:22", "--port", "23"],
        TWO,
        "error[usage]: `--to server:22` says port 22, and `--port` says 23\n  \
         help: say the port once\n",
    );
}

#[test]
fn a_port_for_icmp() {
    refuses(
        &["trace", "-", "--from", "client", "--to", "server:22", "--protocol", "ICMP"],
        TWO,
        "error[usage]: ICMP has no ports\n  \
         help: leave the port out, or choose `--protocol tcp` or `udp`\n",
    );
}

#[test]
fn an_interface_is_wanted() {
    refuses(
        &["routes", "-", "--nic", "office"],
        TWO,
        "error[not-an-interface]: `office` is a site on premises\n  \
         help: expected a network interface, or the virtual machine that it belongs to\n",
    );
    refuses(
        &["routes", "-", "--nic", "severs"],
        TWO,
        "error[not-found]: nothing in the input is called `severs`\n  help: did you mean `server`?\n",
    );
}

const JUMP_BOX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/aks/jump-box.yaml");

/// A name can be given wherever an address can: the interface asks for it.
#[test]
fn next_hop_and_ip_flow_take_names() {
    let name = "api.example.privatelink.westeurope.azmk8s.io";
    let next_hop =
        |to: &str| run(&["next-hop", JUMP_BOX, "--nic", "jumpbox-nic", "--destination", to], "");
    let [named, numbered] = [next_hop(name), next_hop("10.2.0.4")];
    assert_eq!((named.code, &named.out), (0, &numbered.out), "{}", named.err);
    let missing = next_hop("no.example.privatelink.westeurope.azmk8s.io");
    assert_eq!(missing.code, 3);
    assert!(missing.err.contains("error[name-not-found]"), "{}", missing.err);
    // No domain at the top is a number: this is an address that lacks its end.
    let short = next_hop("10.2.0");
    assert_eq!(short.code, 2);
    assert!(short.err.contains("`10.2.0` is neither an address nor a DNS name"), "{}", short.err);
    let ip_flow = |to: String| {
        let way = ["--direction", "Outbound", "--local", "10.1.2.4:50000", "--remote", &to];
        let asked = [&["ip-flow", JUMP_BOX, "--nic", "jumpbox-nic"][..], &way[..]].concat();
        run(&asked, "")
    };
    let [named, numbered] = [name, "10.2.0.4"].map(|to| ip_flow(format!("{to}:443")));
    assert_eq!((named.code, &named.out), (0, &numbered.out), "{}", named.err);
}
