//! What `fix` offers beyond `scenarios/aks`, command by command: written by hand from the rules and from the reference of
//! the Azure CLI.

use super::{ask, failing};
use hopwise::answer::RepairAnswer;
use std::path::Path;

/// A scenario, its variant (none: as it is), what should work, and the commands of a fix in order.
type Offered = (&'static str, &'static str, &'static str, &'static [&'static str]);

const DATA: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/virtualNetworks/A/subnets/data";
const APP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/virtualNetworks/A/subnets/app";

/// R582: a rule for the address that the NAT gateway translates to, or one for the subnet with its endpoint (R430).
/// A registry takes rules for addresses alone; the CLI replaces all ranges of an account of Cosmos DB at once, whose
/// rules for subnets hold where its filter is on. R391: IP-based connection is for SKUs from Standard on. R242: a rule
/// that lets questions to Azure's resolver pass names its tag, and comes before the one that denies it (R175).
#[rustfmt::skip]
const OFFERED: &[Offered] = &[
    ("rules/service-firewalls", "", "app -> images.azurecr.io:443 (TCP)", &[
        "az acr network-rule add -g scenario -n images --ip-address 198.51.100.7"]),
    ("rules/service-firewalls", "", "app -> documents.documents.azure.com:443 (TCP)", &[
        "az cosmosdb update -g scenario -n documents --ip-range-filter '203.0.113.10,198.51.100.7'"]),
    ("rules/service-firewalls", "", "app -> documents.documents.azure.com:443 (TCP)", &[
        "az network vnet subnet update --ids APP --service-endpoints Microsoft.AzureCosmosDB",
        "az cosmosdb network-rule add -g scenario -n documents --subnet APP"]),
    ("rules/service-firewalls", "", "data -> older.documents.azure.com:443 (TCP)", &[
        "az cosmosdb update -g scenario -n older --enable-virtual-network true",
        "az cosmosdb network-rule add -g scenario -n older --subnet DATA"]),
    ("rules/service-firewalls", "", "stranger -> store.blob.core.windows.net:443 (TCP)", &[
        "az storage account network-rule add -g scenario --account-name store --ip-address 203.0.113.99"]),
    ("rules/service-firewalls", "", "app -> sql.database.windows.net:1433 (TCP)", &[
        "az sql server firewall-rule create -g scenario --server sql -n allow-198-51-100-7 --start-ip-address 198.51.100.7 --end-ip-address 198.51.100.7"]),
    ("rules/bastion-by-address", "switched off", "By address", &[
        "az network bastion update -g scenario -n bastion --enable-ip-connect true"]),
    ("rules/bastion-by-address", "the Basic SKU", "By address", &[
        "az network bastion update -g scenario -n bastion --sku Standard"]),
    ("rules/bastion-by-address", "the Basic SKU, where it cannot be switched on", "By address", &[
        "az network bastion update -g scenario -n bastion --sku Standard",
        "az network bastion update -g scenario -n bastion --enable-ip-connect true"]),
    ("golden/as-written", "a rule denies the platform's resolver by its tag", "a -> far.contoso.com:443 (TCP)", &[
        "az network nsg rule update -g scenario --nsg-name out -n none --priority 110",
        "az network nsg rule create -g scenario --nsg-name out -n allow-outbound-100 --priority 100 --direction Outbound --access Allow --protocol '*' --source-address-prefixes 10.0.0.4/32 --destination-address-prefixes AzurePlatformDNS --destination-port-ranges '*'"]),
];

/// What is offered for `wish` in a variant of a scenario.
fn answer((scenario, variant, wish): (&str, &str, &str)) -> RepairAnswer {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let all = failing(&root.join(format!("{scenario}.yaml"))).into_iter();
    let of_variant = all.filter(|(_, of, ..)| of == variant);
    let answers = of_variant.filter_map(|(_, _, snapshot, flows, it)| ask(&snapshot, &flows, &it));
    { answers }.find(|answer| answer.wish == wish).unwrap_or_else(|| panic!("{scenario}: {wish}"))
}

#[test]
fn fixes_are_offered_as_the_rules_and_the_cli_have_it() {
    for &(scenario, variant, wish, commands) in OFFERED {
        let answer = answer((scenario, variant, wish));
        let expected: Vec<String> =
            commands.iter().map(|it| it.replace("DATA", DATA).replace("APP", APP)).collect();
        let offered: Vec<Vec<String>> = { answer.fixes.iter() }
            .map(|fix| fix.edits.iter().flat_map(|edit| edit.commands.clone()).collect())
            .collect();
        assert!(offered.contains(&expected), "{scenario}, {variant}, {wish}: {offered:#?}");
    }
}
