//! `new` and `schema`: what the program carries for who writes scenarios.

use super::{folder, refuses, run, run_in};
use hopwise::explain::{SHIPPED, Shipped};
use serde_json::Value;

#[test]
fn scenarios_to_start_from_are_listed_with_what_they_show() {
    let listed = run(&["new"], "");
    assert_eq!((listed.code, &*listed.err), (0, ""));
    assert_eq!(run(&["new", "--list"], "").out, listed.out);
    let json: Value = serde_json::from_str(&run(&["new", "--output", "json"], "").out).unwrap();
    let scenarios = json["answer"]["scenarios"].as_array().unwrap();
    let names: Vec<String> = SHIPPED.iter().map(Shipped::name).collect();
    assert_eq!(scenarios.iter().map(|it| it["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    for (shipped, name) in scenarios.iter().zip(&names) {
        assert!(listed.out.contains(name), "{name}");
        let about = shipped["about"].as_str().unwrap();
        assert!(about.contains(' ') && !about.ends_with('.') && !about.contains(". "), "{about}");
    }
}

/// What is printed is checked in a folder of its own, with the same result.
#[test]
fn every_scenario_to_start_from_stands_alone() {
    let folder = folder("new", &[]);
    for shipped in SHIPPED {
        let name = shipped.name();
        let printed = run(&["new", &name], "");
        assert_eq!((printed.code, &*printed.err), (0, ""), "{name}");
        std::fs::write(folder.join(format!("{name}.yaml")), printed.out).unwrap();
    }
    let checked = run_in(&folder, &["check", "."], "");
    assert_eq!((checked.code, &*checked.err), (0, ""), "{}", checked.out);
    let counted = format!("{} scenarios, ", SHIPPED.len());
    assert!(checked.out.contains(&counted), "{}", checked.out);
    assert!(checked.out.ends_with(" hold, 0 fail\n"), "{}", checked.out);
}

#[test]
fn a_part_of_a_name_is_enough_and_a_slip_is_recognised() {
    assert_eq!(
        run(&["new", "virtual-desktop"], ""),
        run(&["new", "aks-virtual-desktop-jump-host"], "")
    );
    refuses(
        &["new", "aks-jump-bx"],
        "",
        "error[usage]: there is no scenario `aks-jump-bx` to start from\n  help: did you mean \
         `aks-jump-box`?\n",
    );
    refuses(
        &["new", "aks-jump"],
        "",
        "error[usage]: `aks-jump` may be any of `aks-jump-box`, `aks-jump-box-beside-nodes`\n  \
         help: say more of it\n",
    );
    assert_eq!(run(&["new", "aks-bastion"], ""), run(&["new", "aks-bastion-jump-box"], ""));
    refuses(
        &["new", "firewall-of-china"],
        "",
        "error[usage]: there is no scenario `firewall-of-china` to start from\n  help: `hopwise new` \
         lists them\n",
    );
}

#[test]
fn the_schema_is_printed() {
    let printed = run(&["schema"], "");
    assert_eq!((printed.code, &*printed.err), (0, ""));
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scenario.schema.json");
    assert_eq!(printed.out, std::fs::read_to_string(root).unwrap());
}
