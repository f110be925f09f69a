//! Answers as they are printed, and the exit codes that go with them.

use super::{TWO, run};
use serde_json::Value;

#[test]
fn a_denied_packet_as_text() {
    let run = run(&["trace", "-", "--from", "client", "--to", "server:22"], TWO);
    assert_eq!((run.code, &*run.err), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    UNREACHABLE (denied-by-rule) client -> server:22; confidence: documented
    A rule of a network security group denies it.

    Request
      1. client (network interface) TCP 10.1.0.4 -> 10.1.0.5:22
         filter    allowed by guard/AllowVnetOutBound (outbound, subnet default) [R175 R183]
                   decided by default security rule guard/AllowVnetOutBound (-:8)
                   runner-up  default security rule guard/DenyAllOutBound (-:8) lost: its priority comes
                              later; it would deny
         route     10.1.0.0/16 -> VnetLocal [R38]
                   decided by system route 10.1.0.0/16 -> VnetLocal (-:3)
                   runner-up  system route 10.0.0.0/8 -> None lost: shorter prefix
      2. server (network interface) TCP 10.1.0.4 -> 10.1.0.5:22
         filter    STOPPED: denied by guard/no-ssh (inbound, subnet default) [R175 R183]
                   decided by security rule guard/no-ssh (-:10)
                   runner-up  default security rule guard/AllowVnetInBound (-:8) lost: its priority
                              comes later; it would allow
         What follows would happen if this did not stop the packet.
         deliver   delivered to server

    Reply
      1. server (network interface) TCP 10.1.0.5:22 -> 10.1.0.4
         session   security groups let the reply of an allowed flow pass [R186]
         route     10.1.0.0/16 -> VnetLocal [R38]
                   decided by system route 10.1.0.0/16 -> VnetLocal (-:3)
                   runner-up  system route 10.0.0.0/8 -> None lost: shorter prefix
      2. client (network interface) TCP 10.1.0.5:22 -> 10.1.0.4
         session   security groups let the reply of an allowed flow pass [R186]
         deliver   the reply is back

    Obstacles
      1. denied-by-rule at server (request): guard/no-ssh (subnet default) denies it [R175 R183]
         packet     TCP 10.1.0.4 -> 10.1.0.5:22
         decided by security rule guard/no-ssh (-:10)

    Assumptions used
      - the machine runs and listens on the port

    Rules: R38 R175 R183 R186
    "#);
}

#[test]
fn a_name_as_text() {
    let run = run(&["dns", "-", "--from", "client", "--name", "www.corp.example"], TWO);
    assert_eq!((run.code, &*run.err), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    www.corp.example A: 10.1.0.5

    Resolution
      1. client: asks Azure's resolver, 168.63.129.16: no custom DNS server is set [R235 R236]
      2. Azure DNS as seen from hub: zone corp.example, linked to hub, says that `www.corp.example` is
         an alias for `api.corp.example` [R247 R248]
         decided by record set www.corp.example CNAME (-:18)
      3. Azure DNS as seen from hub: zone corp.example, linked to hub, has A 10.1.0.5 [R247 R248]
         decided by record set api.corp.example A (-:18)
      record www.corp.example CNAME api.corp.example.
      record api.corp.example A 10.1.0.5

    Rules: R235 R236 R247 R248 R509
    "#);
}

#[test]
fn routes_as_text() {
    // R44, R45: the None rows of 2016, in the order in which Azure lists them.
    let run = run(&["routes", "-", "--nic", "client", "--profile", "2016"], TWO);
    assert_eq!((run.code, &*run.err), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    Effective routes of client-nic (hub/default)

    Source   State   Prefix          Next hop   Address  Name
    Default  Active  10.1.0.0/16     VnetLocal
    Default  Active  0.0.0.0/0       Internet
    Default  Active  10.0.0.0/8      None
    Default  Active  25.0.0.0/8      None
    Default  Active  100.64.0.0/10   None
    Default  Active  172.16.0.0/12   None
    Default  Active  192.168.0.0/16  None
    "#);
}

#[test]
fn next_hops_as_text_and_in_azures_words() {
    let arguments = ["next-hop", "-", "--nic", "client", "--destination", "8.8.8.8"];
    let text = run(&arguments, TWO);
    assert_eq!((text.code, &*text.err), (0, ""));
    assert_eq!(
        text.out,
        "client-nic -> 8.8.8.8: Internet\n  by system route 0.0.0.0/0 -> Internet [R38]\n"
    );
    let azure = run(&[&arguments[..], &["--output", "azure"]].concat(), TWO);
    // R495: the type, and `System Route` for what no user made.
    let expected = "{\n  \"nextHopType\": \"Internet\",\n  \"routeTableId\": \"System Route\"\n}\n";
    assert_eq!((azure.code, &*azure.out), (0, expected));
}

#[test]
fn rules_as_text() {
    // R177: the default rules of every group.
    let run = run(&["rules", "-", "--nic", "client"], TWO);
    assert_eq!((run.code, &*run.err), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    Effective security rules of client-nic

    Inbound: guard on subnet hub/default
    Priority  Access  Protocol  Source             Destination     Ports  Name
    100       Deny    Tcp       *                  *               22     no-ssh
    65000     Allow   All       VirtualNetwork     VirtualNetwork  *      AllowVnetInBound
    65001     Allow   All       AzureLoadBalancer  *               *      AllowAzureLoadBalancerInBound
    65500     Deny    All       *                  *               *      DenyAllInBound

    Outbound: guard on subnet hub/default
    Priority  Access  Protocol  Source          Destination     Ports  Name
    65000     Allow   All       VirtualNetwork  VirtualNetwork  *      AllowVnetOutBound
    65001     Allow   All       *               Internet        *      AllowInternetOutBound
    65500     Deny    All       *               *               *      DenyAllOutBound
    "#);
}

#[test]
fn ip_flows_as_text_and_in_azures_words() {
    let arguments = [
        "ip-flow",
        "-",
        "--nic",
        "server",
        "--direction",
        "Inbound",
        "--protocol",
        "TCP",
        "--local",
        "10.1.0.5:22",
        "--remote",
        "100.1.2.3:4000",
    ];
    let text = run(&arguments, TWO);
    let expected = "\
DENIED TCP 100.1.2.3:4000 -> 10.1.0.5:22 inbound at server-nic
  decided by security rule guard/no-ssh (-:10)

Asked, in this order
  1. guard on subnet hub/default: denied
     no-ssh: matches

Rules: R175 R183
";
    assert_eq!((text.code, &*text.err, &*text.out), (1, "", expected));
    let azure = run(&[&arguments[..], &["--output", "azure"]].concat(), TWO);
    let answer: Value = serde_json::from_str(&azure.out).unwrap();
    assert_eq!((azure.code, &answer["access"]), (1, &Value::from("Deny")));
    assert_eq!(answer["ruleName"], "securityRules/no-ssh");
}

#[test]
fn ends_of_flows_that_are_none() {
    let ask = |local: &str, remote: &str| {
        run(
            &[
                "ip-flow",
                "-",
                "--nic",
                "server",
                "--direction",
                "in",
                "--local",
                local,
                "--remote",
                remote,
            ],
            TWO,
        )
    };
    let message = |local: &str, remote: &str| {
        let run = ask(local, remote);
        assert_eq!((run.code, &*run.out), (2, ""));
        run.err
    };
    assert_eq!(
        message("10.1.0.5", "100.1.2.3:4000"),
        "error[usage]: TCP needs a port, and `--local 10.1.0.5` has none\n  \
         help: add it, `*` for any: `10.1.0.5:*`\n"
    );
    assert_eq!(
        message("client:22", "100.1.2.3:4000"),
        "error[usage]: `--local client:22` is no address and port\n  \
         help: as in `10.0.0.9:22`, `[2001:db8::1]:22`, or with `*` for any port\n"
    );
    assert_eq!(
        message("10.1.0.5:22", "client:4000"),
        "error[usage]: `client` is neither an address nor a DNS name\n  \
         help: as in `10.0.0.9`, `2001:db8::1` or `api.example.com`\n"
    );
    assert_eq!(
        message("10.1.0.5:22", "[2001:db8::1]:4000"),
        "error[usage]: `10.1.0.5:22` and `[2001:db8::1]:4000` are of different families\n  \
         help: give two IPv4 or two IPv6 addresses\n"
    );
    assert_eq!(ask("10.1.0.5:https", "10.1.0.4:*").code, 0);
}

#[test]
fn json_is_the_answer_in_an_envelope() {
    let arguments = ["trace", "-", "--from", "client", "--to", "server:22", "--output", "json"];
    let run = run(&arguments, TWO);
    assert_eq!((run.code, &*run.err), (1, ""));
    let value: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value["schemaVersion"], 1);
    assert_eq!(value["question"], "trace");
    let answer = &value["answer"];
    assert_eq!(answer["verdict"], "unreachable");
    assert_eq!(answer["reason"], "denied-by-rule");
    let decided = &answer["obstacles"][0]["decidedBy"];
    assert_eq!(decided["name"], "guard/no-ssh");
    assert_eq!(decided["place"]["line"], 10);
}

#[test]
fn exit_codes_say_yes_no_and_unknown() {
    let dns = |name: &str| run(&["dns", "-", "--from", "client", "--name", name], TWO).code;
    assert_eq!(dns("api.corp.example"), 0);
    assert_eq!(dns("nothing.corp.example"), 1);
    assert_eq!(dns("www.example.com"), 3);
    let trace = |to: &str| run(&["trace", "-", "--from", "client", "--to", to], TWO).code;
    assert_eq!(trace("server:443"), 0);
    assert_eq!(trace("server:22"), 1);
    assert_eq!(trace("https://www.example.com"), 3);
}

#[test]
fn strict_answers_assume_nothing() {
    let arguments = ["trace", "-", "--from", "client", "--to", "server:443"];
    assert_eq!(run(&arguments, TWO).code, 0);
    let strict = run(&[&arguments[..], &["--strict"]].concat(), TWO);
    assert_eq!(strict.code, 3, "{}", strict.out);
    assert!(strict.out.starts_with("UNKNOWN (assumption-needed) "), "{}", strict.out);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let arguments = ["trace", "-", "--from", "client", "--to", "server:22", "--output", "json"];
    assert_eq!(run(&arguments, TWO).out, run(&arguments, TWO).out);
    let made = run(&["generate", "--networks", "2", "--interfaces", "2"], "").out;
    assert_eq!(run(&["generate", "--networks", "2", "--interfaces", "2"], "").out, made);
    let traced = run(
        &[
            "trace",
            "-",
            "--from",
            "spoke00000-vm0",
            "--to",
            "spoke00001-vm0:443",
            "--output",
            "json",
        ],
        &made,
    );
    assert!([0, 1, 3].contains(&traced.code), "{}", traced.err);
}

#[test]
fn many_paths_are_shown_by_example() {
    let mut members = Vec::new();
    let mut machines = String::new();
    for number in 1..=6 {
        members.push(format!("web-{number}-nic/ipconfig1"));
        machines += &format!(
            "    - {{name: web-{number}, subnet: a/s, privateIPAddress: 10.1.0.2{number}}}\n"
        );
    }
    let members = members.join(", ");
    let network = format!(
        "network:
  virtualNetworks: [{{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]}}]
  virtualMachines:
    - {{name: client, subnet: a/s, privateIPAddress: 10.1.0.4}}
{machines}  loadBalancers:
    - name: lb
      sku: {{name: Standard}}
      frontendIPConfigurations: [{{name: fe, subnet: a/s, privateIPAddress: 10.1.0.10}}]
      backendAddressPools: [{{name: pool, backendIPConfigurations: [{members}]}}]
      loadBalancingRules: [{{name: web, frontendIPConfiguration: lb/fe, backendAddressPool: lb/pool, protocol: Tcp,
        frontendPort: 443, backendPort: 8443}}]
"
    );
    let run = run(&["trace", "-", "--from", "client", "--to", "lb:443"], &network);
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.out);
    assert_eq!(run.out.matches("\nPath ").count(), 6);
    assert!(run.out.contains("\nPath 1 of 6, reachable: backend web-1, one of 6 behind lb/fe\n"));
    assert_eq!(run.out.matches("hops as JSON only").count(), 2);
}

#[test]
fn the_routes_of_a_router_as_text_and_json() {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/rules/guest-tunnels.yaml");
    let text = run(&["router", scenario, "--name", "branch-nva"], "");
    assert_eq!((text.code, &*text.err), (0, ""));
    // R319, and RFC 4271 for the path: the gateway, then both appliances, one with its number overridden.
    let far = text.out.lines().find(|line| line.contains("10.4.0.0/16")).unwrap();
    let words: Vec<&str> = far.split_whitespace().collect();
    assert_eq!(words, ["BGP", "10.4.0.0/16", "vti0", "65515", "65000", "65000", "[R319]"]);
    let json = run(&["router", scenario, "--name", "router", "--output", "json"], "");
    let answer: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(answer["question"], "router");
    assert_eq!(answer["answer"]["router"], "branch-nva");
    let other = run(&["router", scenario, "--name", "pc"], "");
    assert_eq!(other.code, 2);
    assert!(
        other.err.contains("error[not-a-router]: `pc` is a machine whose guest"),
        "{}",
        other.err
    );
    let azure = run(&["router", scenario, "--name", "branch-nva", "--output", "azure"], "");
    assert_eq!(azure.code, 2);
}

#[test]
fn a_dataflow_says_where_it_stops_what_the_user_sees_and_what_to_know() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("scenarios/aks/ssh-to-a-public-address.yaml");
    let file = file.to_str().unwrap();
    let variant = ["--variant", "the client has another public address today", "--brief"];
    let run = run(&[&["run", file, "Visual Studio Code"], &variant[..]].concat(), "");
    assert_eq!((run.code, &*run.err), (1, ""));
    let lines = [
        "FAILS (denied-by-default-rule) Visual Studio Code by SSH, the client has another public address",
        "The user sees `i/o timeout`, `Connection timed out`: packets are lost without an answer; look at",
        "1. ok: Visual Studio Code connects by SSH to the public address of the jump box",
        "2. FAILS: The security group lets the client's own public address in, and the key fits",
        "3. would work: From a terminal on the jump box, kubectl applies manifests",
        "  - public-address-on-machine in step 1, jumpbox is managed by way of its public address jump-pip:",
    ];
    for line in lines {
        assert!(run.out.lines().any(|it| it == line), "{line}\nin\n{}", run.out);
    }
}
