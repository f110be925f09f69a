//! The program as people run it: arguments, both streams, exit codes, messages.

mod answers;
mod beside;
mod blast;
mod causes;
mod check;
mod compare;
mod coverage;
mod diff;
mod documents;
mod ends;
mod exposure;
mod golden;
mod in_passing;
mod inventory;
mod inverse;
mod junit;
mod lint;
mod lint_firewalls;
mod made_plans;
mod mistakes;
mod moved_ends;
mod new;
mod not_told;
mod partial_plans;
mod places;
mod planned;
mod planned_services;
mod redeployed;
mod refusals;
mod resources;
mod sarif;
mod shapes;
mod templates;
mod unplaced;
mod usage;
mod variant;
mod ways;
mod what_if;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Two machines in one subnet whose group denies SSH, a zone, and a site.
pub(super) const TWO: &str = "\
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: default, addressPrefix: 10.1.0.0/24, networkSecurityGroup: guard}
  networkSecurityGroups:
    - name: guard
      securityRules:
        - {name: no-ssh, priority: 100, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}
  virtualMachines:
    - {name: client, subnet: hub/default, privateIPAddress: 10.1.0.4}
    - {name: server, subnet: hub/default, privateIPAddress: 10.1.0.5}
  privateDnsZones:
    - name: corp.example
      virtualNetworkLinks: [{virtualNetwork: hub}]
      records: [{name: api, A: [10.1.0.5]}, {name: www, CNAME: api.corp.example}]
onPremises:
  - {name: office, addressPrefixes: [192.168.10.0/24], hosts: [{name: pc, ipAddress: 192.168.10.5}]}
";

/// [`TWO`] after `edits`.
fn scenario_of_two(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(TWO.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

/// What a run left behind.
#[derive(Debug, PartialEq)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs hopwise with `arguments`, in `folder`, with `input` as standard input.
fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hopwise"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A run that does not want its input closes it early.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs hopwise with `arguments` and `input` as standard input.
fn run(arguments: &[&str], input: &str) -> Run {
    run_in(Path::new(env!("CARGO_TARGET_TMPDIR")), arguments, input)
}

/// The run fails with code 2, says exactly `message` and prints nothing.
fn refuses(arguments: &[&str], input: &str, message: &str) {
    let run = run(arguments, input);
    assert_eq!(run.err, message, "{arguments:?}");
    assert_eq!((run.code, &*run.out), (2, ""), "{arguments:?}");
}

/// An empty folder for one test, with `files` in it.
fn folder(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(test);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// As [`folder`], of texts that were made.
fn folder_of(test: &str, files: &[(&str, String)]) -> PathBuf {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
    folder(test, &files)
}
