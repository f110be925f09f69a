//! Which private zone belongs to which service: data, from the vendor's page on zone values (R279).

use crate::answer::Rule;
use crate::net::DnsName;

/// A kind of private endpoint: the names of its service, and the zone that overrides them.
struct Service {
    /// The ARM type of the service; empty where its resource name is not a part of its public name.
    resource_type: &'static str,
    /// The sub-resource (R294).
    group: &'static str,
    /// The end of the public names.
    suffix: &'static str,
    /// The private zone.
    zone: &'static str,
}

impl Service {
    /// Is it what `group` is an endpoint for, at the primary place or as its copy?
    fn is_group(&self, group: &str, is_copy: bool) -> bool {
        let (primary, of_copy) = sub_resource(group);
        primary.eq_ignore_ascii_case(self.group) && of_copy == is_copy
    }
}

const fn service(
    resource_type: &'static str,
    group: &'static str,
    suffix: &'static str,
    zone: &'static str,
) -> Service {
    Service { resource_type, group, suffix, zone }
}

/// Services of the public cloud. The API servers of AKS are not among them: their public name is no
/// alias (R451).
#[rustfmt::skip]
const SERVICES: &[Service] = &[
    service("Microsoft.Storage/storageAccounts", "blob", "blob.core.windows.net", "privatelink.blob.core.windows.net"),
    service("Microsoft.Storage/storageAccounts", "table", "table.core.windows.net", "privatelink.table.core.windows.net"),
    service("Microsoft.Storage/storageAccounts", "queue", "queue.core.windows.net", "privatelink.queue.core.windows.net"),
    service("Microsoft.Storage/storageAccounts", "file", "file.core.windows.net", "privatelink.file.core.windows.net"),
    service("Microsoft.Storage/storageAccounts", "web", "web.core.windows.net", "privatelink.web.core.windows.net"),
    service("Microsoft.Storage/storageAccounts", "dfs", "dfs.core.windows.net", "privatelink.dfs.core.windows.net"),
    service("Microsoft.Sql/servers", "sqlServer", "database.windows.net", "privatelink.database.windows.net"),
    service("Microsoft.Synapse/workspaces", "Sql", "sql.azuresynapse.net", "privatelink.sql.azuresynapse.net"),
    service("Microsoft.Synapse/workspaces", "Dev", "dev.azuresynapse.net", "privatelink.dev.azuresynapse.net"),
    service("Microsoft.DocumentDB/databaseAccounts", "Sql", "documents.azure.com", "privatelink.documents.azure.com"),
    service("Microsoft.DocumentDB/databaseAccounts", "MongoDB", "mongo.cosmos.azure.com", "privatelink.mongo.cosmos.azure.com"),
    service("Microsoft.DocumentDB/databaseAccounts", "Cassandra", "cassandra.cosmos.azure.com", "privatelink.cassandra.cosmos.azure.com"),
    service("Microsoft.DocumentDB/databaseAccounts", "Gremlin", "gremlin.cosmos.azure.com", "privatelink.gremlin.cosmos.azure.com"),
    service("Microsoft.DocumentDB/databaseAccounts", "Table", "table.cosmos.azure.com", "privatelink.table.cosmos.azure.com"),
    service("Microsoft.DBforPostgreSQL/servers", "postgresqlServer", "postgres.database.azure.com", "privatelink.postgres.database.azure.com"),
    service("Microsoft.DBforPostgreSQL/flexibleServers", "postgresqlServer", "postgres.database.azure.com", "privatelink.postgres.database.azure.com"),
    service("Microsoft.DBforMySQL/servers", "mysqlServer", "mysql.database.azure.com", "privatelink.mysql.database.azure.com"),
    service("Microsoft.DBforMySQL/flexibleServers", "mysqlServer", "mysql.database.azure.com", "privatelink.mysql.database.azure.com"),
    service("Microsoft.DBforMariaDB/servers", "mariadbServer", "mariadb.database.azure.com", "privatelink.mariadb.database.azure.com"),
    service("Microsoft.KeyVault/vaults", "vault", "vault.azure.net", "privatelink.vaultcore.azure.net"),
    service("Microsoft.KeyVault/vaults", "vault", "vaultcore.azure.net", "privatelink.vaultcore.azure.net"),
    service("Microsoft.Search/searchServices", "searchService", "search.windows.net", "privatelink.search.windows.net"),
    service("Microsoft.ContainerRegistry/registries", "registry", "azurecr.io", "privatelink.azurecr.io"),
    service("Microsoft.AppConfiguration/configurationStores", "configurationStores", "azconfig.io", "privatelink.azconfig.io"),
    service("Microsoft.EventHub/namespaces", "namespace", "servicebus.windows.net", "privatelink.servicebus.windows.net"),
    service("Microsoft.ServiceBus/namespaces", "namespace", "servicebus.windows.net", "privatelink.servicebus.windows.net"),
    service("Microsoft.Relay/namespaces", "namespace", "servicebus.windows.net", "privatelink.servicebus.windows.net"),
    service("Microsoft.Devices/IotHubs", "iotHub", "azure-devices.net", "privatelink.azure-devices.net"),
    service("", "topic", "eventgrid.azure.net", "privatelink.eventgrid.azure.net"),
    service("Microsoft.Web/sites", "sites", "azurewebsites.net", "privatelink.azurewebsites.net"),
    service("Microsoft.Web/sites", "sites", "scm.azurewebsites.net", "scm.privatelink.azurewebsites.net"),
    service("", "amlworkspace", "api.azureml.ms", "privatelink.api.azureml.ms"),
    service("", "amlworkspace", "notebooks.azure.net", "privatelink.notebooks.azure.net"),
    service("Microsoft.SignalRService/SignalR", "signalr", "service.signalr.net", "privatelink.service.signalr.net"),
    service("", "azuremonitor", "monitor.azure.com", "privatelink.monitor.azure.com"),
    service("", "azuremonitor", "oms.opinsights.azure.com", "privatelink.oms.opinsights.azure.com"),
    service("", "azuremonitor", "ods.opinsights.azure.com", "privatelink.ods.opinsights.azure.com"),
    service("", "azuremonitor", "agentsvc.azure-automation.net", "privatelink.agentsvc.azure-automation.net"),
    service("", "account", "cognitiveservices.azure.com", "privatelink.cognitiveservices.azure.com"),
    service("", "account", "openai.azure.com", "privatelink.openai.azure.com"),
    service("", "afs", "afs.azure.net", "privatelink.afs.azure.net"),
    service("", "dataFactory", "datafactory.azure.net", "privatelink.datafactory.azure.net"),
    service("", "portal", "adf.azure.com", "privatelink.adf.azure.com"),
    service("Microsoft.Cache/Redis", "redisCache", "redis.cache.windows.net", "privatelink.redis.cache.windows.net"),
    service("", "DSCAndHybridWorker", "azure-automation.net", "privatelink.azure-automation.net"),
    service("", "account", "purview.azure.com", "privatelink.purview.azure.com"),
    service("", "API", "digitaltwins.azure.net", "privatelink.digitaltwins.azure.net"),
];

/// Names of two labels that the page lists besides the ends of those above (R269).
const ALSO_RESERVED: &[&str] = &[
    "azmk8s.io",
    "windowsazure.com",
    "windowsazure.us",
    "azure-automation.net",
    "azuresynapse.net",
];

/// The name in a private zone that `name` becomes an alias for once its service has a private
/// endpoint (R277, R278).
#[must_use]
pub fn private_name(name: &DnsName) -> Option<DnsName> {
    if name.as_str().split('.').any(|label| label == "privatelink") {
        return None;
    }
    let matching = SERVICES.iter().filter_map(|service| {
        let front = name.relative_to(&DnsName::parse(service.suffix)?)?;
        (!front.is_empty()).then_some((service, front))
    });
    let (service, front) = matching.max_by_key(|(service, _)| service.suffix.len())?;
    DnsName::parse(service.zone)?.child(front)
}

/// The public names of the resource called `name` that an endpoint for `groups` stands for (R294).
pub(super) fn public_names(resource_type: &str, groups: &[Box<str>], name: &str) -> Vec<DnsName> {
    let of_type =
        SERVICES.iter().filter(|service| service.resource_type.eq_ignore_ascii_case(resource_type));
    let of_group = |service: &'static Service| {
        groups.iter().filter_map(move |group| {
            let (primary, is_copy) = sub_resource(group);
            let label = if is_copy { format!("{name}{COPY}") } else { name.to_owned() };
            let is_meant = primary.eq_ignore_ascii_case(service.group);
            is_meant.then(|| DnsName::parse(service.suffix)?.child(&label))?
        })
    };
    of_type.flat_map(of_group).collect()
}

/// The public name of a part in a region that has the record `private` in the zone of the service: of a registry's data,
/// of an account of Cosmos DB, of a topic (R277, R279).
pub(super) fn regional_name(
    resource_type: &str,
    groups: &[Box<str>],
    name: &str,
    private: &DnsName,
) -> Option<DnsName> {
    let is_meant = |service: &&Service| {
        let is_type = service.resource_type.is_empty()
            || service.resource_type.eq_ignore_ascii_case(resource_type);
        is_type && groups.iter().any(|group| group.eq_ignore_ascii_case(service.group))
    };
    let mut of_type = SERVICES.iter().filter(is_meant);
    of_type.find_map(|service| {
        let front = private.relative_to(&DnsName::parse(service.zone)?)?;
        let (first, rest) = front.split_once('.').unwrap_or((front, ""));
        let is_part = first.eq_ignore_ascii_case(name) && !rest.is_empty();
        // The regions of an account of Cosmos DB are in the first label.
        let is_account =
            resource_type.eq_ignore_ascii_case("Microsoft.DocumentDB/databaseAccounts");
        let region = first.to_ascii_lowercase();
        let region = region.strip_prefix(&name.to_ascii_lowercase());
        let is_region = is_account && region.is_some_and(|it| it.starts_with('-'));
        (is_part || is_region).then(|| DnsName::parse(service.suffix)?.child(front))?
    })
}

/// How the first label of a name ends that leads to the copy of storage in the paired region.
const COPY: &str = "-secondary";

/// Have resources of this type a copy in the paired region with names of its own?
fn has_copies(resource_type: &str) -> bool {
    resource_type.eq_ignore_ascii_case("Microsoft.Storage/storageAccounts")
}

/// Does the name lead to the copy of storage in the paired region, which is a sub-resource by itself (R294)?
fn is_of_copy(name: &DnsName) -> bool {
    name.as_str().split('.').next().is_some_and(|label| label.ends_with(COPY))
}

/// A sub-resource as it is called at the primary place, and whether it is that of the copy, such as `blob_secondary`.
pub(in crate::dataplane) fn sub_resource(group: &str) -> (&str, bool) {
    const END: &str = "_secondary";
    let primary = group.len().checked_sub(END.len()).and_then(|at| group.split_at_checked(at));
    match primary {
        Some((primary, end)) if end.eq_ignore_ascii_case(END) => (primary, true),
        Some(_) | None => (group, false),
    }
}

/// Every public name that the resource called `name` has by its type (R294).
#[must_use]
pub fn well_known_names(resource_type: &str, name: &str) -> Vec<DnsName> {
    let of_type =
        SERVICES.iter().filter(|service| service.resource_type.eq_ignore_ascii_case(resource_type));
    of_type.filter_map(|service| DnsName::parse(service.suffix)?.child(name)).collect()
}

/// The sub-resource that `name` is of, for a resource of this type (R294).
pub(in crate::dataplane) fn group_of(resource_type: &str, name: &DnsName) -> Option<&'static str> {
    let of_type =
        SERVICES.iter().filter(|service| service.resource_type.eq_ignore_ascii_case(resource_type));
    let named = of_type.filter(|service| {
        DnsName::parse(service.suffix).is_some_and(|suffix| name.is_within(&suffix))
    });
    named.max_by_key(|service| service.suffix.len()).map(|service| service.group)
}

/// Does an endpoint for `groups` of a resource of this type stand for `name`?
pub(super) fn covers(resource_type: &str, groups: &[Box<str>], name: &DnsName) -> bool {
    let of_type = |service: &&Service| service.resource_type.eq_ignore_ascii_case(resource_type);
    let mut of_type = SERVICES.iter().filter(of_type).peekable();
    let is_copy = has_copies(resource_type) && is_of_copy(name);
    of_type.peek().is_none()
        || of_type.any(|service| {
            groups.iter().any(|group| service.is_group(group, is_copy))
                && DnsName::parse(service.suffix).is_some_and(|suffix| name.is_within(&suffix))
        })
}

/// Does an endpoint for `groups` of a resource of this type stand for `name`, in the public DNS or in its private zone?
/// `None` where the page does not tell. Source: R279, R294.
#[must_use]
pub fn stands_for(resource_type: &str, groups: &[Box<str>], name: &DnsName) -> Option<bool> {
    let of_type = |it: &&Service| it.resource_type.eq_ignore_ascii_case(resource_type);
    let of_type = || SERVICES.iter().filter(of_type);
    let is_known = |group: &str| of_type().any(|it| it.group.eq_ignore_ascii_case(group));
    if groups.is_empty() || !groups.iter().all(|group| is_known(sub_resource(group).0)) {
        return None;
    }
    let is_within =
        |domain: &str| DnsName::parse(domain).is_some_and(|domain| name.is_within(&domain));
    let is_copy = has_copies(resource_type) && is_of_copy(name);
    let having = of_type().filter(|it| is_within(it.suffix) || is_within(it.zone));
    let mut meant = having.map(|it| groups.iter().any(|group| it.is_group(group, is_copy)));
    meant.next().map(|first| first || meant.any(|it| it))
}

/// Domains of Microsoft's own that wildcard rules were seen to leave to Azure (R581).
const MICROSOFTS: &[&str] = &["microsoft.com", "microsoftonline.com"];

/// The rule by which `name` is within a domain of two labels that wildcard rules leave to Azure, if
/// it is. Source: R269, R581.
pub(super) fn reserved(name: &DnsName) -> Option<Rule> {
    let listed = SERVICES.iter().map(|service| service.suffix).chain(ALSO_RESERVED.iter().copied());
    let ends = listed.map(|end| (end, Rule(269)));
    let ends = ends.chain(MICROSOFTS.iter().map(|&end| (end, Rule(581))));
    let last_two = |name: &str| {
        let mut labels = name.rsplit('.');
        Some((labels.next()?.to_owned(), labels.next()?.to_owned()))
    };
    let end = last_two(name.as_str())?;
    ends.into_iter()
        .find(|&(other, _)| last_two(other).as_ref() == Some(&end))
        .map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DnsName {
        DnsName::parse(text).unwrap()
    }

    #[test]
    fn services_become_aliases_for_names_in_their_private_zone() {
        // R278, R279.
        let check = |public: &str, private: Option<&str>| {
            assert_eq!(private_name(&name(public)), private.map(name), "{public}");
        };
        check("srv.database.windows.net", Some("srv.privatelink.database.windows.net"));
        check("kv.vault.azure.net", Some("kv.privatelink.vaultcore.azure.net"));
        check("app.scm.azurewebsites.net", Some("app.scm.privatelink.azurewebsites.net"));
        check("r.westeurope.data.azurecr.io", Some("r.westeurope.data.privatelink.azurecr.io"));
        check("srv.privatelink.database.windows.net", None);
        check("www.example.com", None);
    }

    #[test]
    fn an_endpoint_stands_for_one_sub_resource() {
        // R294.
        let names = public_names("microsoft.storage/storageaccounts", &["blob".into()], "acct");
        assert_eq!(names, [name("acct.blob.core.windows.net")]);
        let storage = "Microsoft.Storage/storageAccounts";
        assert!(covers(storage, &["blob".into()], &name("acct.blob.core.windows.net")));
        assert!(!covers(storage, &["blob".into()], &name("acct.file.core.windows.net")));
        // The copy in the paired region is one by itself.
        let copy = name("acct-secondary.blob.core.windows.net");
        let of_copy: [Box<str>; 1] = ["Blob_Secondary".into()];
        assert_eq!(public_names(storage, &of_copy, "acct"), std::slice::from_ref(&copy));
        assert!(covers(storage, &of_copy, &copy));
        assert!(!covers(storage, &["blob".into()], &copy));
        assert!(!covers(storage, &of_copy, &name("acct.blob.core.windows.net")));
    }

    #[test]
    fn parts_in_a_region_have_names_of_their_own() {
        // R277, R279.
        let check = |of: (&str, &str, &str), private: &str, public: Option<&str>| {
            let found = regional_name(of.0, &[of.1.into()], of.2, &name(private));
            assert_eq!(found, public.map(name), "{private}");
        };
        let registry = ("Microsoft.ContainerRegistry/registries", "registry", "cr");
        let data = "cr.westeurope.data.privatelink.azurecr.io";
        check(registry, data, Some("cr.westeurope.data.azurecr.io"));
        check(registry, "cr.privatelink.azurecr.io", None);
        check(registry, "crx.westeurope.data.privatelink.azurecr.io", None);
        let account = ("Microsoft.DocumentDB/databaseAccounts", "Sql", "db");
        let region = "db-westeurope.privatelink.documents.azure.com";
        check(account, region, Some("db-westeurope.documents.azure.com"));
        check(account, "dbx.privatelink.documents.azure.com", None);
    }

    #[test]
    fn wildcard_rules_leave_some_domains_to_azure() {
        // R269, R581.
        assert_eq!(reserved(&name("acct.blob.core.windows.net")), Some(Rule(269)));
        assert_eq!(reserved(&name("login.microsoftonline.com")), Some(Rule(581)));
        assert_eq!(reserved(&name("app.corp.example.com")), None);
        assert_eq!(reserved(&name("notmicrosoft.com")), None);
        assert_eq!(reserved(&name("net")), None);
    }
}
