//! Azure's own roles, as far as they decide about ways to reach something: data.

/// A role that Azure brings.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltInRole {
    /// Its name, as the portal shows it.
    pub name: &'static str,
    /// The last part of the id of its definition.
    pub guid: &'static str,
    /// `actions`.
    pub actions: &'static [&'static str],
    /// `notActions`.
    pub not_actions: &'static [&'static str],
    /// `dataActions`.
    pub data_actions: &'static [&'static str],
    /// `notDataActions`.
    pub not_data_actions: &'static [&'static str],
}

impl BuiltInRole {
    /// The role called `text`, or whose definition has the GUID `text`, whatever the case.
    #[must_use]
    pub fn find(text: &str) -> Option<&'static Self> {
        let is_it = |role: &&Self| {
            role.name.eq_ignore_ascii_case(text) || role.guid.eq_ignore_ascii_case(text)
        };
        ROLES.iter().find(is_it)
    }

    /// Does it permit `operation`, such as `Microsoft.Network/bastionHosts/read`?
    #[must_use]
    pub fn permits(&self, operation: &str, is_data: bool) -> bool {
        let (yes, no) = match is_data {
            true => (self.data_actions, self.not_data_actions),
            false => (self.actions, self.not_actions),
        };
        let any = |patterns: &[&str]| patterns.iter().any(|pattern| fits(pattern, operation));
        any(yes) && !any(no)
    }

    /// How much it permits, to compare roles: reading little, writing more, everything of one resource type more
    /// than everything of one of its parts, everything most. What is excepted makes it less.
    #[must_use]
    pub fn breadth(&self) -> u32 {
        let all: u32 = self.actions.iter().chain(self.data_actions).map(|it| weight(it)).sum();
        let excepted = self.not_actions.len() + self.not_data_actions.len();
        all.saturating_sub(u32::try_from(excepted).unwrap_or(u32::MAX))
    }

    /// Is `operation` one of the data plane, as some role lists it among its `dataActions`?
    #[must_use]
    pub fn is_of_data_plane(operation: &str) -> bool {
        let mut listed = ROLES.iter().flat_map(|role| role.data_actions);
        listed.any(|action| action.eq_ignore_ascii_case(operation))
    }

    /// Every role, in the order of the table.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ROLES
    }
}

/// How much one pattern permits.
fn weight(pattern: &str) -> u32 {
    match (pattern, pattern.split('/').count()) {
        ("*", _) => 1_000_000,
        ("*/read", _) => 5,
        (_, 2) if pattern.ends_with("/*") => 100_000,
        (_, 3) if pattern.ends_with("/*") => 10_000,
        _ if pattern.ends_with("/*") => 50,
        _ if !pattern.ends_with("/read") => 20,
        _ if pattern.contains('*') => 3,
        _ => 1,
    }
}

const fn role(
    name: &'static str,
    guid: &'static str,
    actions: &'static [&'static str],
    data_actions: &'static [&'static str],
) -> BuiltInRole {
    BuiltInRole { name, guid, actions, not_actions: &[], data_actions, not_data_actions: &[] }
}

/// Operations of Kubernetes that the built-in reader may do; secrets and roles are not among them.
#[rustfmt::skip]
const KUBERNETES_READ: &[&str] = &[
    "Microsoft.ContainerService/managedClusters/apps/controllerrevisions/read",
    "Microsoft.ContainerService/managedClusters/apps/daemonsets/read",
    "Microsoft.ContainerService/managedClusters/apps/deployments/read",
    "Microsoft.ContainerService/managedClusters/apps/replicasets/read",
    "Microsoft.ContainerService/managedClusters/apps/statefulsets/read",
    "Microsoft.ContainerService/managedClusters/autoscaling/horizontalpodautoscalers/read",
    "Microsoft.ContainerService/managedClusters/batch/cronjobs/read",
    "Microsoft.ContainerService/managedClusters/batch/jobs/read",
    "Microsoft.ContainerService/managedClusters/configmaps/read",
    "Microsoft.ContainerService/managedClusters/discovery.k8s.io/endpointslices/read",
    "Microsoft.ContainerService/managedClusters/endpoints/read",
    "Microsoft.ContainerService/managedClusters/events.k8s.io/events/read",
    "Microsoft.ContainerService/managedClusters/events/read",
    "Microsoft.ContainerService/managedClusters/extensions/daemonsets/read",
    "Microsoft.ContainerService/managedClusters/extensions/deployments/read",
    "Microsoft.ContainerService/managedClusters/extensions/ingresses/read",
    "Microsoft.ContainerService/managedClusters/extensions/networkpolicies/read",
    "Microsoft.ContainerService/managedClusters/extensions/replicasets/read",
    "Microsoft.ContainerService/managedClusters/limitranges/read",
    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/nodes/read",
    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/pods/read",
    "Microsoft.ContainerService/managedClusters/namespaces/read",
    "Microsoft.ContainerService/managedClusters/networking.k8s.io/ingresses/read",
    "Microsoft.ContainerService/managedClusters/networking.k8s.io/networkpolicies/read",
    "Microsoft.ContainerService/managedClusters/persistentvolumeclaims/read",
    "Microsoft.ContainerService/managedClusters/pods/read",
    "Microsoft.ContainerService/managedClusters/policy/poddisruptionbudgets/read",
    "Microsoft.ContainerService/managedClusters/replicationcontrollers/read",
    "Microsoft.ContainerService/managedClusters/resourcequotas/read",
    "Microsoft.ContainerService/managedClusters/serviceaccounts/read",
    "Microsoft.ContainerService/managedClusters/services/read",
];

/// Operations of Kubernetes that the built-in writer may do; roles are not among them.
#[rustfmt::skip]
const KUBERNETES_WRITE: &[&str] = &[
    "Microsoft.ContainerService/managedClusters/apps/controllerrevisions/read",
    "Microsoft.ContainerService/managedClusters/apps/daemonsets/*",
    "Microsoft.ContainerService/managedClusters/apps/deployments/*",
    "Microsoft.ContainerService/managedClusters/apps/replicasets/*",
    "Microsoft.ContainerService/managedClusters/apps/statefulsets/*",
    "Microsoft.ContainerService/managedClusters/autoscaling/horizontalpodautoscalers/*",
    "Microsoft.ContainerService/managedClusters/batch/cronjobs/*",
    "Microsoft.ContainerService/managedClusters/batch/jobs/*",
    "Microsoft.ContainerService/managedClusters/configmaps/*",
    "Microsoft.ContainerService/managedClusters/coordination.k8s.io/leases/delete",
    "Microsoft.ContainerService/managedClusters/coordination.k8s.io/leases/read",
    "Microsoft.ContainerService/managedClusters/coordination.k8s.io/leases/write",
    "Microsoft.ContainerService/managedClusters/discovery.k8s.io/endpointslices/read",
    "Microsoft.ContainerService/managedClusters/endpoints/*",
    "Microsoft.ContainerService/managedClusters/events.k8s.io/events/read",
    "Microsoft.ContainerService/managedClusters/events/*",
    "Microsoft.ContainerService/managedClusters/extensions/daemonsets/*",
    "Microsoft.ContainerService/managedClusters/extensions/deployments/*",
    "Microsoft.ContainerService/managedClusters/extensions/ingresses/*",
    "Microsoft.ContainerService/managedClusters/extensions/networkpolicies/*",
    "Microsoft.ContainerService/managedClusters/extensions/replicasets/*",
    "Microsoft.ContainerService/managedClusters/limitranges/read",
    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/nodes/read",
    "Microsoft.ContainerService/managedClusters/metrics.k8s.io/pods/read",
    "Microsoft.ContainerService/managedClusters/namespaces/read",
    "Microsoft.ContainerService/managedClusters/networking.k8s.io/ingresses/*",
    "Microsoft.ContainerService/managedClusters/networking.k8s.io/networkpolicies/*",
    "Microsoft.ContainerService/managedClusters/persistentvolumeclaims/*",
    "Microsoft.ContainerService/managedClusters/pods/*",
    "Microsoft.ContainerService/managedClusters/policy/poddisruptionbudgets/*",
    "Microsoft.ContainerService/managedClusters/replicationcontrollers/*",
    "Microsoft.ContainerService/managedClusters/resourcequotas/read",
    "Microsoft.ContainerService/managedClusters/secrets/*",
    "Microsoft.ContainerService/managedClusters/serviceaccounts/*",
    "Microsoft.ContainerService/managedClusters/services/*",
];

/// Operations of the control plane that come with the roles for all of a cluster's resources.
const KUBERNETES_ADMIN_CONTROL: &[&str] = &[
    "Microsoft.Authorization/*/read",
    "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
];

/// Source: the vendor's list of built-in roles. Operations that no gate asks for are left out.
#[rustfmt::skip]
const ROLES: &[BuiltInRole] = &[
    role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", &["*"], &[]),
    BuiltInRole {
        not_actions: &["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action", "Microsoft.Blueprint/blueprintAssignments/write", "Microsoft.Blueprint/blueprintAssignments/delete", "Microsoft.Compute/galleries/share/action"],
        ..role("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", &["*"], &[])
    },
    role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", &["*/read"], &[]),
    role("User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", &["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"], &[]),
    role("Network Contributor", "4d97b98b-1d4f-4787-a291-c67834d212e7", &["Microsoft.Network/*", "Microsoft.Authorization/*/read", "Microsoft.Resources/subscriptions/resourceGroups/read"], &[]),
    role("Private DNS Zone Contributor", "b12aa53e-6015-4669-85d0-8515ebb3ae7f", &["Microsoft.Network/privateDnsZones/*", "Microsoft.Network/virtualNetworks/read", "Microsoft.Network/virtualNetworks/join/action", "Microsoft.Authorization/*/read", "Microsoft.Resources/subscriptions/resourceGroups/read"], &[]),
    role("Virtual Machine Contributor", "9980e02c-c2be-4d73-94e8-173b1dc7cf3c", &["Microsoft.Authorization/*/read", "Microsoft.Compute/virtualMachines/*", "Microsoft.Compute/virtualMachineScaleSets/*", "Microsoft.Network/loadBalancers/read", "Microsoft.Network/networkInterfaces/*", "Microsoft.Network/networkSecurityGroups/join/action", "Microsoft.Network/networkSecurityGroups/read", "Microsoft.Network/publicIPAddresses/join/action", "Microsoft.Network/publicIPAddresses/read", "Microsoft.Network/virtualNetworks/read", "Microsoft.Network/virtualNetworks/subnets/join/action"], &[]),
    role("Virtual Machine Administrator Login", "1c0163c0-47e6-4577-8991-ea5c82e286e4", &["Microsoft.Network/publicIPAddresses/read", "Microsoft.Network/virtualNetworks/read", "Microsoft.Network/loadBalancers/read", "Microsoft.Network/networkInterfaces/read", "Microsoft.Compute/virtualMachines/*/read"], &["Microsoft.Compute/virtualMachines/login/action", "Microsoft.Compute/virtualMachines/loginAsAdmin/action"]),
    role("Virtual Machine User Login", "fb879df8-f326-4884-b1cf-06f3ad86be52", &["Microsoft.Network/publicIPAddresses/read", "Microsoft.Network/virtualNetworks/read", "Microsoft.Network/loadBalancers/read", "Microsoft.Network/networkInterfaces/read", "Microsoft.Compute/virtualMachines/*/read"], &["Microsoft.Compute/virtualMachines/login/action"]),
    role("Azure Kubernetes Service Cluster User Role", "4abbcc35-e782-43d8-92c5-2d3f1bd2253f", &["Microsoft.ContainerService/managedClusters/listClusterUserCredential/action", "Microsoft.ContainerService/managedClusters/read"], &[]),
    role("Azure Kubernetes Service Cluster Admin Role", "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8", &["Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action", "Microsoft.ContainerService/managedClusters/accessProfiles/listCredential/action", "Microsoft.ContainerService/managedClusters/read", "Microsoft.ContainerService/managedClusters/runcommand/action"], &[]),
    role("Azure Kubernetes Service Contributor Role", "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8", &["Microsoft.Authorization/*/read", "Microsoft.ContainerService/locations/*", "Microsoft.ContainerService/managedClusters/*", "Microsoft.Resources/deployments/*", "Microsoft.Resources/subscriptions/resourceGroups/read"], &[]),
    role("Azure Kubernetes Service Cluster Monitoring User", "1afdec4b-e479-420e-99e7-f82237c7c5e6", &["Microsoft.ContainerService/managedClusters/listClusterMonitoringUserCredential/action", "Microsoft.ContainerService/managedClusters/read"], &[]),
    role("Azure Kubernetes Service RBAC Reader", "7f6c6a51-bcf8-42ba-9220-52d62157d7db", &["Microsoft.Authorization/*/read", "Microsoft.Resources/subscriptions/read", "Microsoft.Resources/subscriptions/resourceGroups/read"], KUBERNETES_READ),
    role("Azure Kubernetes Service RBAC Writer", "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb", &["Microsoft.Authorization/*/read", "Microsoft.Resources/subscriptions/read", "Microsoft.Resources/subscriptions/resourceGroups/read"], KUBERNETES_WRITE),
    BuiltInRole {
        not_data_actions: &["Microsoft.ContainerService/managedClusters/resourcequotas/write", "Microsoft.ContainerService/managedClusters/resourcequotas/delete", "Microsoft.ContainerService/managedClusters/namespaces/write", "Microsoft.ContainerService/managedClusters/namespaces/delete"],
        ..role("Azure Kubernetes Service RBAC Admin", "3498e952-d568-435e-9b2c-8d77e338d7f7", KUBERNETES_ADMIN_CONTROL, &["Microsoft.ContainerService/managedClusters/*"])
    },
    role("Azure Kubernetes Service RBAC Cluster Admin", "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b", KUBERNETES_ADMIN_CONTROL, &["Microsoft.ContainerService/managedClusters/*"]),
    role("Security Admin", "fb1c8493-542b-48eb-b624-b4c8fea62acd", &["Microsoft.Security/*", "Microsoft.Authorization/*/read", "Microsoft.Resources/deployments/*", "Microsoft.Resources/subscriptions/resourceGroups/read"], &[]),
    role("Security Reader", "39bc4728-0917-49c7-9d2c-d95423bc2eb4", &["Microsoft.Security/*/read", "Microsoft.Authorization/*/read", "Microsoft.Resources/subscriptions/resourceGroups/read"], &[]),
    role("Desktop Virtualization User", "1d18fff3-a72a-46b5-b4a9-0b38a3cd7e63", &[], &["Microsoft.DesktopVirtualization/applicationGroups/useApplications/action"]),
];

/// Does `operation` fit `pattern`, in which `*` stands for any text, whatever the case?
#[must_use]
pub fn fits(pattern: &str, operation: &str) -> bool {
    let (pattern, operation) = (pattern.to_ascii_lowercase(), operation.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = operation.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_found_by_name_and_guid() {
        let reader = BuiltInRole::find("reader").unwrap();
        assert_eq!(BuiltInRole::find("ACDD72A7-3385-48ef-bd42-f606fba81ae7"), Some(reader));
        assert_eq!(BuiltInRole::find("Reader of books"), None);
    }

    #[test]
    fn operations_of_the_data_plane_are_known() {
        assert!(BuiltInRole::is_of_data_plane("microsoft.compute/virtualMachines/login/action"));
        assert!(!BuiltInRole::is_of_data_plane("Microsoft.Network/bastionHosts/read"));
    }

    /// The narrowest of the roles that permit an operation is what a fix gives (least privilege).
    #[test]
    fn broader_roles_have_more_breadth() {
        let of = |name: &str| BuiltInRole::find(name).unwrap().breadth();
        let narrow_first = [
            ["Azure Kubernetes Service RBAC Reader", "Azure Kubernetes Service RBAC Writer"],
            ["Azure Kubernetes Service RBAC Writer", "Azure Kubernetes Service RBAC Admin"],
            ["Azure Kubernetes Service RBAC Admin", "Azure Kubernetes Service RBAC Cluster Admin"],
            [
                "Azure Kubernetes Service Cluster Admin Role",
                "Azure Kubernetes Service Contributor Role",
            ],
            ["Security Reader", "Security Admin"],
            ["Reader", "Contributor"],
            ["Network Contributor", "Contributor"],
            ["Contributor", "Owner"],
        ];
        for [less, more] in narrow_first {
            assert!(of(less) < of(more), "{less} {}, {more} {}", of(less), of(more));
        }
    }

    #[test]
    fn no_two_roles_share_a_name_or_guid() {
        for role in BuiltInRole::all() {
            assert_eq!(BuiltInRole::find(role.name), Some(role));
            assert_eq!(BuiltInRole::find(role.guid), Some(role));
        }
    }

    #[test]
    fn a_star_stands_for_any_text() {
        let yes = [
            ("*", "Microsoft.Network/bastionHosts/read"),
            ("*/read", "Microsoft.Network/bastionHosts/read"),
            ("microsoft.network/*", "Microsoft.Network/bastionHosts/read"),
            ("Microsoft.Network/*/read", "Microsoft.Network/a/b/read"),
            ("Microsoft.Network/bastionHosts/read", "Microsoft.Network/bastionHosts/read"),
        ];
        for (pattern, operation) in yes {
            assert!(fits(pattern, operation), "{pattern} {operation}");
        }
        let no = [
            ("*/read", "Microsoft.Network/bastionHosts/write"),
            ("Microsoft.Network/bastionHosts", "Microsoft.Network/bastionHosts/read"),
            ("Microsoft.Compute/*", "Microsoft.Network/bastionHosts/read"),
            ("*/read/*/x", "Microsoft.Network/read/x"),
        ];
        for (pattern, operation) in no {
            assert!(!fits(pattern, operation), "{pattern} {operation}");
        }
    }
}
