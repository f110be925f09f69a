//! ARM templates on the command line: their parameters, and where they are deployed to.

use super::{folder, run_in};

/// Two machines in one subnet whose group is told by a parameter.
const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "access": {"type": "string"},
    "port": {"type": "string", "defaultValue": "443"}
  },
  "variables": {"names": ["a", "b"]},
  "resources": [
    {"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-05-01", "name": "guard",
     "location": "[resourceGroup().location]",
     "properties": {"securityRules": [{"name": "told", "properties": {
        "priority": 100, "direction": "Inbound", "access": "[parameters('access')]", "protocol": "Tcp",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
        "destinationPortRange": "[parameters('port')]"}}]}},
    {"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "hub",
     "location": "[resourceGroup().location]",
     "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "subnets": [{"name": "default",
       "properties": {"addressPrefix": "10.1.0.0/24",
         "networkSecurityGroup": {"id": "[resourceId('Microsoft.Network/networkSecurityGroups', 'guard')]"}}}]}},
    {"type": "Microsoft.Network/networkInterfaces", "apiVersion": "2024-05-01",
     "name": "[variables('names')[copyIndex()]]", "location": "[resourceGroup().location]",
     "copy": {"name": "each", "count": "[length(variables('names'))]"},
     "properties": {"ipConfigurations": [{"name": "own", "properties": {
        "privateIPAllocationMethod": "Static", "privateIPAddress": "[format('10.1.0.{0}', add(4, copyIndex()))]",
        "subnet": {"id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'default')]"}}}]}},
    {"type": "Microsoft.Compute/virtualMachines", "apiVersion": "2024-03-01",
     "name": "[variables('names')[copyIndex()]]", "location": "[resourceGroup().location]",
     "copy": {"name": "each", "count": "[length(variables('names'))]"},
     "properties": {"networkProfile": {"networkInterfaces": [{"id":
        "[resourceId('Microsoft.Network/networkInterfaces', variables('names')[copyIndex()])]"}]}}}
  ]
}"#;

fn parameters(access: &str) -> String {
    let schema =
        "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#";
    format!(r#"{{"$schema": "{schema}", "parameters": {{"access": {{"value": "{access}"}}}}}}"#)
}

const ASK: [&str; 6] = ["trace", "main.json", "--from", "a", "--to", "b:443"];

#[test]
fn parameters_stand_beside_the_template_or_are_given() {
    let (allow, deny) = (parameters("Allow"), parameters("Deny"));
    let files = [("main.json", TEMPLATE), ("main.parameters.json", &*allow), ("deny.json", &*deny)];
    let folder = folder("templates_parameters", &files);
    let beside = run_in(&folder, &ASK, "");
    assert_eq!((beside.code, &*beside.err), (0, ""), "{}", beside.out);
    let given = run_in(&folder, &[&ASK[..], &["--parameters", "deny.json"]].concat(), "");
    assert_eq!((given.code, &*given.err), (1, ""), "{}", given.out);
    assert!(given.out.contains("guard/told"), "{}", given.out);
}

#[test]
fn a_parameter_without_a_value_is_named_by_the_answer_that_needs_it() {
    let folder = folder("templates_missing", &[("main.json", TEMPLATE)]);
    let needs = run_in(&folder, &ASK, "");
    assert_eq!(needs.code, 3, "{}", needs.out);
    assert!(needs.out.contains("parameter `access`, which has no value"), "{}", needs.out);
    assert!(needs.err.contains("main.json:5:"), "{}", needs.err);
    // The rule is for another port.
    let other = ["trace", "main.json", "--from", "a", "--to", "b:80", "--quiet"];
    let other = run_in(&folder, &other, "");
    assert_eq!((other.code, &*other.err), (0, ""), "{}", other.out);
}

#[test]
fn a_template_goes_where_it_is_said_to_go() {
    let allow = parameters("Allow");
    let files = [("main.json", TEMPLATE), ("main.parameters.json", &*allow)];
    let folder = folder("templates_scope", &files);
    let group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/prod";
    let where_to = ["--output", "json", "--scope", group, "--location", "westeurope"];
    let run = run_in(&folder, &[&ASK[..], &where_to].concat(), "");
    let id = format!("{group}/providers/Microsoft.Network/networkInterfaces/a");
    assert!(run.out.contains(&id), "{}", run.out);
    let wrong = run_in(&folder, &["inventory", "main.json", "--scope", "prod"], "");
    assert_eq!(
        (wrong.code, &*wrong.err),
        (
            2,
            "error[usage]: `prod` is not the id of a resource group\n  help: expected \
             `/subscriptions/ID/resourceGroups/NAME`\n"
        )
    );
}

#[test]
fn parameters_that_are_wrong_are_said() {
    let files = [
        ("main.json", TEMPLATE),
        ("broken.json", "{\n  \"parameters\": {\n"),
        ("other.json", r#"{"parameters": {"access": {"value": "Allow"}, "acess": {"value": 1}}}"#),
    ];
    let folder = folder("templates_wrong", &files);
    let broken = run_in(&folder, &[&ASK[..], &["--parameters", "broken.json"]].concat(), "");
    assert!(broken.err.contains("error[broken-json]"), "{}", broken.err);
    assert!(broken.err.contains("broken.json:"), "{}", broken.err);
    let other = run_in(&folder, &[&ASK[..], &["--parameters", "other.json"]].concat(), "");
    assert_eq!(other.code, 0, "{}", other.err);
    assert!(other.err.contains("the template main.json has no parameter `acess`"), "{}", other.err);
    let missing = run_in(&folder, &[&ASK[..], &["--parameters", "none.json"]].concat(), "");
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("there is no file `none.json`"), "{}", missing.err);
}

/// "`null` … equivalent to no value having been supplied", says Bicep (Azure/bicep 11532): the default counts.
#[test]
fn null_is_no_value_for_a_parameter_with_a_default() {
    let given = r#"{"access": {"value": "Deny"}, "port": {"value": null}}"#;
    let files = [("main.json", TEMPLATE), ("given.json", given)];
    let folder = folder("templates_null", &files);
    let run = run_in(&folder, &[&ASK[..], &["--parameters", "given.json"]].concat(), "");
    assert_eq!((run.code, &*run.err), (1, ""), "{}", run.out);
}

/// The template with another rule of the group, of this name, that denies everything first.
fn with_rule(name: &str) -> String {
    let start = "\"resources\": [";
    let rule = format!(
        r#"{{"type": "Microsoft.Network/networkSecurityGroups/securityRules", "apiVersion": "2024-05-01",
        "name": "{name}", "properties": {{"priority": 90, "direction": "Inbound", "access": "Deny", "protocol": "*",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"}}}},"#
    );
    TEMPLATE.replacen(start, &format!("{start}{rule}"), 1)
}

/// A rule is there whatever it is called, where it is known of which group it is; else it may be of any.
#[test]
fn a_part_of_which_the_name_is_not_known_is_there() {
    let last = "last(split(parameters('port'), '/'))";
    for (name, code) in [
        (format!("[format('guard/deny-{{0}}', {last})]"), 1),
        (format!("[concat('guard/', take({last}, 10))]"), 1),
        ("[concat('guard/', newGuid())]".to_owned(), 1),
        ("[concat(newGuid(), '/deny')]".to_owned(), 3),
        ("[replace(parameters('port'), 'a', 'b')]".to_owned(), 3),
    ] {
        let template = with_rule(&name).replace(r#", "defaultValue": "443""#, "");
        let allow = parameters("Allow");
        let files = [("main.json", &*template), ("main.parameters.json", &*allow)];
        let folder = folder("templates_names", &files);
        let run = run_in(&folder, &ASK, "");
        assert_eq!(run.code, code, "{name}: {} {}", run.out, run.err);
    }
}

/// Bicep puts the functions of users into the namespace `__bicep`.
#[test]
fn functions_of_bicep_are_called() {
    let functions = r#""functions": [{"namespace": "__bicep", "members": {"deny": {
        "parameters": [], "output": {"type": "string", "value": "Deny"}}}}], "resources": ["#;
    let template = TEMPLATE.replacen("\"resources\": [", functions, 1);
    let template = template.replace("[parameters('access')]", "[__bicep.deny()]");
    let given = parameters("Allow");
    let files = [("main.json", &*template), ("main.parameters.json", &*given)];
    let folder = folder("templates_bicep", &files);
    let run = run_in(&folder, &ASK, "");
    assert_eq!((run.code, &*run.err), (1, ""), "{}", run.out);
}
