//! The commands that `fix` and `ways` print: that there is such a command of the Azure CLI, with such parameters, and that
//! a POSIX shell takes it apart as it was meant.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A parameter with its other names; `!` before the first: it is needed.
type Parameter = &'static str;

/// A command, its parameters, and the page of the reference below `https://learn.microsoft.com/cli/azure/`.
///
/// Only parameters that are printed, and all that are needed. Read from the Azure CLI 2.91.0 and the reference of its
/// extensions. A command that takes `--ids` needs the rest of what names the resource only without it.
#[rustfmt::skip]
const COMMANDS: &[(&str, &[Parameter], &str)] = &[
    ("acr network-rule add", &["!--name|-n", "--resource-group|-g", "--ip-address"], "acr/network-rule"),
    ("aks update", &["!--resource-group|-g", "!--name|-n", "--api-server-authorized-ip-ranges", "--enable-public-fqdn", "--enable-run-command", "--enable-local-accounts"], "aks"),
    ("container start", &["!--resource-group|-g", "!--name|-n"], "container"),
    ("cosmosdb network-rule add", &["!--resource-group|-g", "!--name|-n", "!--subnet"], "cosmosdb/network-rule"),
    ("cosmosdb update", &["!--resource-group|-g", "!--name|-n", "--enable-virtual-network", "--ip-range-filter"], "cosmosdb"),
    ("keyvault network-rule add", &["!--name|-n", "--resource-group|-g", "--ip-address", "--subnet"], "keyvault/network-rule"),
    ("network bastion update", &["!--resource-group|-g", "!--name|-n", "--sku", "--enable-ip-connect", "--enable-tunneling"], "network/bastion"),
    ("network firewall network-rule create", &["!--resource-group|-g", "!--firewall-name|-f", "!--collection-name|-c", "!--name|-n", "!--protocols", "!--destination-ports", "--priority", "--action", "--source-addresses", "--destination-addresses|--dest-addr"], "network/firewall/network-rule"),
    ("network firewall policy rule-collection-group collection add-filter-collection", &["!--resource-group|-g", "!--policy-name", "!--rcg-name|--rule-collection-group-name", "!--name|-n", "!--collection-priority", "--action", "--rule-type", "--rule-name", "--ip-protocols", "--source-addresses", "--destination-addresses|--dest-addr", "--destination-ports"], "network/firewall/policy/rule-collection-group/collection"),
    ("network lb rule create", &["!--resource-group|-g", "!--lb-name", "!--name|-n", "!--protocol", "!--frontend-port", "!--backend-port", "--frontend-ip|--frontend-ip-name", "--backend-pool-name|--backend-pools-name"], "network/lb/rule"),
    ("network local-gateway update", &["!--ids", "--local-address-prefixes|--address-prefixes"], "network/local-gateway"),
    ("network manager security-admin-config rule-collection rule create", &["!--resource-group|-g", "!--network-manager-name|--name|-n", "!--configuration-name", "!--rule-collection-name", "!--rule-name", "!--kind", "!--access", "!--priority", "!--direction", "!--protocol", "--sources", "--destinations", "--dest-port-ranges"], "network/manager/security-admin-config/rule-collection/rule"),
    ("network nic update", &["!--ids", "--ip-forwarding", "--network-security-group", "--dns-servers"], "network/nic"),
    ("network nsg create", &["!--resource-group|-g", "!--name|-n"], "network/nsg"),
    ("network nsg rule create", &["!--resource-group|-g", "!--nsg-name", "!--name|-n", "!--priority", "--direction", "--access", "--protocol", "--source-address-prefixes", "--destination-address-prefixes", "--destination-port-ranges"], "network/nsg/rule"),
    ("network nsg rule update", &["!--resource-group|-g", "!--nsg-name", "!--name|-n", "--priority"], "network/nsg/rule"),
    ("network private-dns link vnet create", &["!--resource-group|-g", "!--zone-name|-z", "!--name|-n", "!--virtual-network|-v", "!--registration-enabled|-e"], "network/private-dns/link/vnet"),
    ("network private-dns link vnet update", &["!--resource-group|-g", "!--zone-name|-z", "!--name|-n", "--resolution-policy"], "network/private-dns/link/vnet"),
    ("network private-dns record-set a add-record", &["!--resource-group|-g", "!--zone-name|-z", "!--record-set-name|-n", "!--ipv4-address|-a"], "network/private-dns/record-set/a"),
    ("network private-dns record-set a remove-record", &["!--resource-group|-g", "!--zone-name|-z", "!--record-set-name|-n", "!--ipv4-address|-a"], "network/private-dns/record-set/a"),
    ("network private-dns record-set aaaa add-record", &["!--resource-group|-g", "!--zone-name|-z", "!--record-set-name|-n", "!--ipv6-address|-a"], "network/private-dns/record-set/aaaa"),
    ("network private-dns record-set aaaa remove-record", &["!--resource-group|-g", "!--zone-name|-z", "!--record-set-name|-n", "!--ipv6-address|-a"], "network/private-dns/record-set/aaaa"),
    ("network private-endpoint delete", &["!--ids"], "network/private-endpoint"),
    ("network private-endpoint-connection approve", &["!--id"], "network/private-endpoint-connection"),
    ("network route-table route create", &["!--resource-group|-g", "!--route-table-name", "!--name|-n", "!--address-prefix", "!--next-hop-type", "--next-hop-ip-address"], "network/route-table/route"),
    ("network route-table route delete", &["!--resource-group|-g", "!--route-table-name", "!--name|-n"], "network/route-table/route"),
    ("network route-table update", &["!--ids", "--disable-bgp-route-propagation"], "network/route-table"),
    ("network vnet peering create", &["!--resource-group|-g", "!--vnet-name", "!--name|-n", "!--remote-vnet", "--allow-vnet-access"], "network/vnet/peering"),
    ("network vnet peering delete", &["!--ids"], "network/vnet/peering"),
    ("network vnet peering sync", &["!--ids"], "network/vnet/peering"),
    ("network vnet peering update", &["!--ids", "--set", "--local-subnet-names", "--remote-subnet-names"], "network/vnet/peering"),
    ("network vnet subnet update", &["!--ids", "--delegations", "--nat-gateway", "--default-outbound|--default-outbound-access", "--route-table", "--service-endpoints"], "network/vnet/subnet"),
    ("network vnet update", &["!--ids", "--address-prefixes", "--dns-servers"], "network/vnet"),
    ("network vnet-gateway update", &["!--ids", "--custom-routes"], "network/vnet-gateway"),
    ("network vpn-connection show", &["!--ids"], "network/vpn-connection"),
    ("network vpn-connection update", &["!--ids", "--add"], "network/vpn-connection"),
    ("resource update", &["!--ids", "--set", "--add", "--remove"], "resource"),
    ("rest", &["!--url|--uri|-u", "--method|-m", "--body|-b"], "reference-index"),
    ("role assignment create", &["!--role", "!--scope", "--assignee"], "role/assignment"),
    ("sql server firewall-rule create", &["!--resource-group|-g", "!--server|-s", "!--name|-n", "!--start-ip-address", "!--end-ip-address"], "sql/server/firewall-rule"),
    ("sql server vnet-rule create", &["!--resource-group|-g", "!--server|-s", "!--name|-n", "!--subnet"], "sql/server/vnet-rule"),
    ("storage account network-rule add", &["!--account-name|-n", "--resource-group|-g", "--ip-address", "--subnet"], "storage/account/network-rule"),
    ("vm start", &["!--ids"], "vm"),
    ("vm user update", &["!--resource-group|-g", "!--name|-n|--vm-name", "!--username|-u", "--ssh-key-value"], "vm/user"),
];

/// Commands of `kubectl` with their options, from <https://kubernetes.io/docs/reference/kubectl/generated/>.
const KUBECTL: &[(&str, &[Parameter])] = &[
    ("create clusterrolebinding", &["!--clusterrole", "--user"]),
    ("create rolebinding", &["!--clusterrole", "--user", "-n"]),
];

/// How a shell takes commands apart: one list of words each.
pub(super) fn taken_apart(commands: &[String]) -> Vec<Vec<String>> {
    let show =
        |name: &str| format!("{name}() {{ printf '%s\\037' {name} \"$@\"; printf '\\036'; }}\n");
    let script = format!("{}{}{}", show("az"), show("kubectl"), commands.join("\n"));
    let folder = std::env::temp_dir().join(format!("hopwise-commands-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let run = Command::new("sh").arg("-euc").arg(&script).current_dir(&folder).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).unwrap();
    let found: Vec<Vec<String>> = text
        .split_terminator('\u{1e}')
        .map(|line| line.split_terminator('\u{1f}').map(str::to_owned).collect())
        .collect();
    assert_eq!(found.len(), commands.len(), "a command for each line");
    found
}

/// What is wrong with the words of a command.
fn fault(words: &[String]) -> Option<String> {
    let text = words.get(1..).unwrap_or_default().join(" ");
    let known = match words.first().map(String::as_str) {
        Some("az") => COMMANDS.iter().map(|(name, parameters, _)| (*name, *parameters)).collect(),
        Some("kubectl") => KUBECTL.to_vec(),
        _ => return Some("neither az nor kubectl".to_owned()),
    };
    let fits = |name: &&(&str, &[Parameter])| {
        text.strip_prefix(name.0).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let Some((name, parameters)) = known.iter().filter(fits).max_by_key(|it| it.0.len()) else {
        return Some("no such command in the table".to_owned());
    };
    let rest = &words[1 + name.split(' ').count()..];
    let given: Vec<&str> =
        rest.iter().filter(|word| is_option(word)).map(|it| option(it)).collect();
    let names = |parameter: &'static str| parameter.trim_start_matches('!').split('|');
    let strange = given
        .iter()
        .find(|word| !parameters.iter().any(|parameter| names(parameter).any(|it| it == **word)));
    if let Some(word) = strange {
        return Some(format!("`{name}` has no {word}"));
    }
    let needed = parameters.iter().filter(|parameter| parameter.starts_with('!'));
    let missing = { needed }.find(|parameter| !names(parameter).any(|it| given.contains(&it)));
    missing.map(|parameter| format!("`{name}` needs {parameter}"))
}

/// `--name` or `-n`, and no number.
fn is_option(word: &str) -> bool {
    let rest = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()))
}

/// Without what stands behind an equals sign.
fn option(word: &str) -> &str {
    word.split_once('=').map_or(word, |(name, _)| name)
}

/// Fails when a command is not as the reference has it. Returns how often each command occurs.
pub(crate) fn check(commands: &[String]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let taken = taken_apart(commands);
    let faults = commands.iter().zip(&taken).filter_map(|(command, words)| {
        let name = words.iter().take_while(|word| !is_option(word) && !word.starts_with('/'));
        let name: Vec<&str> = name.map(String::as_str).collect();
        *counts.entry(name.join(" ")).or_default() += 1;
        Some(format!("{}: {command}", fault(words)?))
    });
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    counts
}

/// Commands that no shipped scenario leads to stand in the table, too.
#[test]
fn every_command_of_the_code_is_in_the_table() {
    let code = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/question/repair");
    let entries = [code.clone(), code.join("packets")]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let mut found = 0;
    for path in entries.filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(&path).unwrap();
        for rest in text.split("Command::az(").skip(1) {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("&format!(").unwrap_or(rest).strip_prefix('"');
            let name = rest.unwrap_or_else(|| panic!("{path:?}: a name that is not a text"));
            let name = name.split('"').next().unwrap().replace("{verb}", "aaaa");
            assert!(COMMANDS.iter().any(|(known, ..)| *known == name), "{path:?}: {name}");
            found += 1;
        }
    }
    assert!(found > 20, "{found} commands found");
}

#[test]
fn the_table_finds_what_is_wrong() {
    let of = |line: &str| fault(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(of("az vm start --ids /x"), None);
    assert_eq!(of("az vm start -g g").unwrap(), "`vm start` has no -g");
    assert_eq!(of("az vm start").unwrap(), "`vm start` needs !--ids");
    assert_eq!(of("az vm stop --ids /x").unwrap(), "no such command in the table");
    assert_eq!(of("kubectl create rolebinding x --clusterrole=view --user=me -n a"), None);
    assert!(COMMANDS.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order, each once");
}
