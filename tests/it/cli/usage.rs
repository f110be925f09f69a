//! The command line itself: help, usage errors, streams, colours.

use super::{TWO, refuses, run};
use std::io::Read;
use std::process::{Command, Stdio};

#[test]
fn help_has_examples_and_goes_to_standard_output() {
    let commands = [
        "trace",
        "run",
        "check",
        "dns",
        "routes",
        "next-hop",
        "inventory",
        "lint",
        "explain",
        "generate",
        "man",
        "completions",
    ];
    for command in commands {
        let help = run(&[command, "--help"], "");
        assert_eq!((help.code, &*help.err), (0, ""), "{command}");
        assert!(help.out.contains("Examples:\n  hopwise "), "{command}: {}", help.out);
    }
    let help = run(&["--help"], "");
    assert!(help.out.contains("70  a bug of hopwise itself"), "{}", help.out);
}

#[test]
fn no_command_is_a_usage_error() {
    let nothing = run(&[], "");
    assert_eq!((nothing.code, &*nothing.out), (2, ""));
    assert!(nothing.err.contains("Usage: hopwise"));
}

#[test]
fn what_clap_refuses_is_exit_code_two() {
    let broken: [&[&str]; 6] = [
        &["trac"],
        &["trace", "-", "--from", "client"],
        &["inventory"],
        &["inventory", "-", "--output", "xml"],
        &["inventory", "-", "--quiet", "--verbose"],
        &["trace", "-", "--from", "a", "--to", "b:1", "--protocol", "gre"],
    ];
    let prefix = run(&["next-hop", "-", "--nic", "client", "--destination", "10.0.0.0/8"], TWO);
    assert_eq!((prefix.code, &*prefix.out), (2, ""));
    assert!(prefix.err.contains("neither an address nor a DNS name"), "{}", prefix.err);
    for arguments in broken {
        let refused = run(arguments, TWO);
        assert_eq!((refused.code, &*refused.out), (2, ""), "{arguments:?}");
        assert!(refused.err.starts_with("error: "), "{arguments:?}: {}", refused.err);
    }
    assert!(run(&["trac"], "").err.contains("'trace'"));
}

#[test]
fn azure_has_no_traces() {
    refuses(
        &["trace", "-", "--from", "client", "--to", "server:22", "--output", "azure"],
        TWO,
        "error[usage]: Azure has no answer of its own to `trace`\n  \
         help: `--output azure` is for routes, rules, ip-flow and next-hop; expected `text` or \
         `json`\n",
    );
}

#[test]
fn an_unknown_profile() {
    let run = run(&["inventory", "-", "--profile", "1999"], TWO);
    assert_eq!((run.code, &*run.out), (2, ""));
    let start = "error[usage]: there is no platform profile `1999`\n  help: there are 2016, ";
    assert!(run.err.starts_with(start), "{}", run.err);
}

#[test]
fn an_unknown_type_of_record() {
    refuses(
        &["dns", "-", "--from", "client", "--name", "api.corp.example", "--type", "AAA"],
        TWO,
        "error[usage]: `AAA` is no type of record that hopwise knows\n  \
         help: did you mean `AAAA`? there are A, AAAA, CNAME, PTR, TXT, SRV, MX, NS, SOA\n",
    );
}

#[test]
fn a_name_that_is_none() {
    refuses(
        &["dns", "-", "--from", "client", "--name", "a b"],
        TWO,
        "error[usage]: `a b` is no DNS name\n  \
         help: expected labels of letters, digits, `-` and `_` with dots between them\n",
    );
}

#[test]
fn an_unknown_code() {
    refuses(
        &["explain", "denied-by-rul"],
        "",
        "error[usage]: there is no reason, finding or rule `denied-by-rul`\n  \
         help: did you mean `denied-by-rule`?\n",
    );
    refuses(
        &["man", "trce"],
        "",
        "error[usage]: there is no command `trce`\n  help: did you mean `trace`?\n",
    );
}

#[test]
fn codes_and_rules_are_explained() {
    let reason = run(&["explain", "denied-by-rule"], "");
    assert_eq!((reason.code, &*reason.err), (0, ""));
    assert!(
        reason.out.starts_with("denied-by-rule\n\nA rule of a network security group denies it.")
    );
    assert!(run(&["explain", "half-peering"], "").out.starts_with("half-peering\n"));
    assert!(run(&["explain", "r89"], "").out.starts_with("- **R89** "));
    assert!(run(&["explain"], "").out.lines().any(|line| line == "denied-by-rule"));
}

#[test]
fn the_manual_and_completions_come_from_the_definition() {
    assert!(run(&["man"], "").out.contains(".TH hopwise 1"));
    assert!(run(&["man", "trace"], "").out.contains(".TH hopwise-trace 1"));
    assert!(run(&["completions", "bash"], "").out.contains("next-hop"));
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let arguments = ["trace", "-", "--from", "client", "--to", "server:22"];
    assert!(!run(&arguments, TWO).out.contains('\u{1b}'));
    let forced = [&arguments[..], &["--color", "always"]].concat();
    assert!(run(&forced, TWO).out.contains("\u{1b}["));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hopwise"))
        .args(["generate", "--networks", "20"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut some = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
