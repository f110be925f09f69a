//! Answers as they are printed, and the exit codes that go with them.

use super::{TWO, run};
use serde_json::Value;

#[test]
fn a_denied_packet_as_text() {
    let run = run(&["trace", "-", "--from", "client", "--to", "server:22"], TWO);
    assert_eq!((run.code, &*run.err), (1, ""));
    insta::assert_snapshot!(run.out, @"");
}

#[test]
fn a_name_as_text() {
    let run = run(&["dns", "-", "--from", "client", "--name", "www.corp.example"], TWO);
    assert_eq!((run.code, &*run.err), (0, ""));
    insta::assert_snapshot!(run.out, @"");
}

#[test]
fn routes_as_text() {
    let run = run(&["routes", "-", "--nic", "client", "--profile", "2021"], TWO);
    assert_eq!((run.code, &*run.err), (0, ""));
    insta::assert_snapshot!(run.out, @"");
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
