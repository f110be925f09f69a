//! What is open to the Internet, and which rules make it so.

use crate::ask::plane;
use hopwise::answer::{Item, Verdict};
use hopwise::diag::Place;
use hopwise::import;
use hopwise::question::{ReachQuestion, reachability};
use hopwise::scenario::Traffic;

/// Two rules that open one port each, of a machine with a public address; and a device of a site.
const BY_TWO_RULES: &str = "\
network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}]}
  networkSecurityGroups:
    - name: g
      securityRules:
        - {name: web, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443'}
        - {name: forgotten, priority: 110, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443-3389'}
        - {name: hidden, priority: 120, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '500'}
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.1}]
  virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4, publicIPAddress: pip}]
onPremises: [{name: office, addressPrefixes: [192.168.0.0/24], publicIPAddress: 203.0.113.9}]
";

#[test]
fn an_exposure_names_every_rule_that_makes_it_so_and_guesses_nothing_of_devices() {
    let read = |text| import::spec(text, Place::default()).unwrap();
    let traffic = Traffic::usual();
    let question =
        ReachQuestion { from: read("internet"), to: read("anywhere"), traffic, matrix: None };
    let exposed = reachability(&plane(BY_TWO_RULES), &question).unwrap().exposed.unwrap();
    let [machine, device] = exposed.as_slice() else { panic!("{exposed:?}") };
    let names = |items: &[Item]| items.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(machine.place, "m");
    assert_eq!(
        machine.openings[0].opening.in_words(9),
        "TCP 443-3389 from tag Internet to 198.51.100.1"
    );
    assert_eq!(names(&machine.openings[0].witness.decided_by), ["g/web"]);
    assert_eq!(names(&machine.openings[0].also_by), ["g/forgotten"]);
    // What the device takes is a matter of its owner.
    assert_eq!((&*device.place, device.openings[0].verdict), ("office edge", Verdict::Unknown));
}
