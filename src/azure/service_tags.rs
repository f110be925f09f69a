//! Contents of service tags: the weekly file `ServiceTags_Public_*.json` (R207).

use crate::net::AddressSet;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The tags of the weekly file of 2025-11-06, without their parts and regions, and those that only pages of Azure list.
static LISTED: [&str; 96] = [
    "ActionGroup",
    "ApiManagement",
    "AppConfiguration",
    "ApplicationInsightsAvailability",
    "AppService",
    "AppServiceManagement",
    "AutonomousDevelopmentPlatform",
    "AzureActiveDirectory",
    "AzureActiveDirectoryDomainServices",
    "AzureAdvancedThreatProtection",
    "AzureArcInfrastructure",
    "AzureAttestation",
    "AzureBackup",
    "AzureBotService",
    "AzureCloud",
    "AzureCognitiveSearch",
    "AzureConnectors",
    "AzureContainerAppsService",
    "AzureContainerRegistry",
    "AzureCosmosDB",
    "AzureDatabricks",
    "AzureDataExplorerManagement",
    "AzureDataLake",
    "AzureDeviceUpdate",
    "AzureDevOps",
    "AzureDevSpaces",
    "AzureDigitalTwins",
    "AzureEventGrid",
    "AzureFrontDoor",
    "AzureHealthcareAPIs",
    "AzureInformationProtection",
    "AzureIoTHub",
    "AzureKeyVault",
    "AzureLoadTestingInstanceManagement",
    "AzureMachineLearning",
    "AzureMachineLearningInference",
    "AzureManagedGrafana",
    "AzureMonitor",
    "AzureMonitorForSAP",
    "AzureOpenDatasets",
    "AzurePortal",
    "AzureResourceManager",
    "AzureSecurityCenter",
    "AzureSentinel",
    "AzureSignalR",
    "AzureSiteRecovery",
    "AzureSphere",
    "AzureSpringCloud",
    "AzureStack",
    "AzureTrafficManager",
    "AzureUpdateDelivery",
    "AzureWebPubSub",
    "BatchNodeManagement",
    "ChaosStudio",
    "CognitiveServicesFrontend",
    "CognitiveServicesManagement",
    "DataFactory",
    "DataFactoryManagement",
    "Dynamics365BusinessCentral",
    "Dynamics365ForMarketingEmail",
    "EOPExternalPublishedIPs",
    "EventHub",
    "GatewayManager",
    "Grafana",
    "GuestAndHybridManagement",
    "HDInsight",
    "KustoAnalytics",
    "LogicApps",
    "LogicAppsManagement",
    "M365ManagementActivityApi",
    "M365ManagementActivityApiWebhook",
    "Marketplace",
    "MicrosoftAzureFluidRelay",
    "MicrosoftCloudAppSecurity",
    "MicrosoftContainerRegistry",
    "MicrosoftDefenderForEndpoint",
    "MicrosoftPurviewPolicyDistribution",
    "OneDsCollector",
    "PowerBI",
    "PowerPlatformInfra",
    "PowerPlatformPlex",
    "PowerQueryOnline",
    "SCCservice",
    "Scuba",
    "SecurityCopilot",
    "SerialConsole",
    "ServiceBus",
    "ServiceFabric",
    "Sql",
    "SqlManagement",
    "Storage",
    "StorageMover",
    "StorageSyncService",
    "VideoIndexer",
    "WindowsAdminCenter",
    "WindowsVirtualDesktop",
];

/// The addresses of service tags at one date. Empty when no file was given: then tags are *maybe*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceTags {
    /// `changeNumber` of the file.
    pub change_number: Option<u64>,
    /// The name of the file, for evidence.
    pub source: Box<str>,
    tags: BTreeMap<Box<str>, Tag>,
}

/// One tag, as a set and as it was written: routes match by the length of prefixes, so that two
/// halves are not the same as the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    addresses: AddressSet,
    prefixes: Arc<[IpNet]>,
}

impl ServiceTags {
    /// Adds the prefixes of tag `name`, such as `Storage.WestEurope`.
    pub fn insert(&mut self, name: &str, prefixes: impl IntoIterator<Item = IpNet>) {
        let mut prefixes: Vec<IpNet> = prefixes.into_iter().map(|prefix| prefix.trunc()).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        let addresses = prefixes.iter().copied().collect();
        let tag = Tag { addresses, prefixes: prefixes.into() };
        self.tags.insert(name.to_ascii_lowercase().into(), tag);
    }

    /// The addresses of tag `name`, whatever its case; `None` when it is not known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&AddressSet> {
        self.tag(name).map(|tag| &tag.addresses)
    }

    /// The prefixes of tag `name` as written, ascending, whatever its case; `None` when it is not
    /// known.
    #[must_use]
    pub fn prefixes(&self, name: &str) -> Option<&Arc<[IpNet]>> {
        self.tag(name).map(|tag| &tag.prefixes)
    }

    fn tag(&self, name: &str) -> Option<&Tag> {
        self.tags.get(name.to_ascii_lowercase().as_str())
    }

    /// Is it the name of a service tag: of one whose contents are known, of one that Azure's file has, or of a part
    /// or a region of that (`Storage.WestEurope`)?
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        let whole = name.split('.').next().unwrap_or_default();
        self.get(name).is_some() || LISTED.iter().any(|listed| listed.eq_ignore_ascii_case(whole))
    }

    /// The names of the tags that Azure's file has, without parts and regions.
    pub fn listed() -> impl Iterator<Item = &'static str> {
        LISTED.iter().copied()
    }

    /// The names of the tags, in lower case, ascending.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tags.keys().map(|name| &**name)
    }

    /// The number of tags.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Was no file given?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }
}
