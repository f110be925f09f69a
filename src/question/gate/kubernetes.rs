//! The cluster lets the principal do something (R473).

use super::Scene;
use super::finding::{by, fails, holds, mended_by, nobody, unsure};
use super::permission::{Operation, Permitted, permitted};
use super::role::role_for;
use crate::answer::{GateAnswer, ItemKind, Reason, Remedy};
use crate::azure::{
    ClusterAuthorization, KubernetesCluster, Link, ManagedCluster, Principal, RoleBinding,
};
use crate::id::Id;
use crate::question::locate::{self, Refusal};

const KIND: &str = "kubernetes";
const RULES: &[u16] = &[473, 474];

/// The API groups of Kubernetes' own resources, under which the data actions of Azure name them.
const GROUPS: &[(&str, &[&str])] = &[
    ("apps", &["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"]),
    ("autoscaling", &["horizontalpodautoscalers"]),
    ("batch", &["cronjobs", "jobs"]),
    ("coordination.k8s.io", &["leases"]),
    ("discovery.k8s.io", &["endpointslices"]),
    ("networking.k8s.io", &["ingressclasses", "ingresses", "networkpolicies"]),
    ("policy", &["poddisruptionbudgets"]),
    (
        "rbac.authorization.k8s.io",
        &["clusterrolebindings", "clusterroles", "rolebindings", "roles"],
    ),
    ("storage.k8s.io", &["storageclasses", "volumeattachments"]),
];

/// Resources that belong to no namespace: of the roles that Kubernetes brings, only `cluster-admin`
/// covers them. Namespaces themselves are an exception for those who read.
const OF_CLUSTER: &[&str] = &[
    "clusterrolebindings",
    "clusterroles",
    "customresourcedefinitions",
    "ingressclasses",
    "nodes",
    "persistentvolumes",
    "storageclasses",
    "volumeattachments",
];

/// What somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    /// `get`, `list`, `watch`, `create`, `delete`, …
    pub(super) verb: &'a str,
    /// Such as `pods`.
    pub(super) resource: &'a str,
    /// The namespace; none: all of them.
    pub(super) namespace: Option<&'a str>,
}

impl Wish<'_> {
    fn words(self) -> String {
        let place = self.namespace.map(|name| format!(" in {name}")).unwrap_or_default();
        format!("{} {}{place}", self.verb, self.resource)
    }

    /// The name of the data action: resources that are not of the core group stand under their group.
    fn action(self) -> String {
        let verb = match self.verb.to_ascii_lowercase().as_str() {
            "get" | "list" | "watch" => "read",
            "delete" | "deletecollection" => "delete",
            _ => "write",
        };
        let resource = self.resource.to_ascii_lowercase();
        let found = GROUPS.iter().find(|(_, kinds)| kinds.contains(&&*resource));
        let group = found.map(|(group, _)| format!("{group}/")).unwrap_or_default();
        format!("Microsoft.ContainerService/managedClusters/{group}{resource}/{verb}")
    }

    /// Is it something that belongs to no namespace?
    fn is_of_cluster(self) -> bool {
        OF_CLUSTER.iter().any(|kind| kind.eq_ignore_ascii_case(self.resource))
    }

    fn is(self, resources: &[&str]) -> bool {
        resources.iter().any(|resource| resource.eq_ignore_ascii_case(self.resource))
    }

    fn is_reading(self) -> bool {
        ["get", "list", "watch"].iter().any(|verb| verb.eq_ignore_ascii_case(self.verb))
    }
}

pub(super) fn judge(
    scene: &Scene<'_>,
    cluster: &str,
    wish: Wish<'_>,
) -> Result<Vec<GateAnswer>, Refusal> {
    let id = locate::cluster(scene.network(), cluster)?;
    let cluster = &scene.network().managed_clusters[id];
    let Some(principal) = scene.acting() else { return Ok(vec![nobody(KIND, RULES)]) };
    let found = match cluster.authorization {
        ClusterAuthorization::LocalAccounts => {
            let name = cluster.meta.name();
            let text =
                format!("{name} asks nobody: its user credential is that of an administrator");
            holds(KIND, text, RULES)
        }
        ClusterAuthorization::AzureRbac => by_azure(scene, cluster, wish)
            .unwrap_or_else(|otherwise| by_bindings(scene, id, principal, wish, Some(*otherwise))),
        ClusterAuthorization::KubernetesRbac => by_bindings(scene, id, principal, wish, None),
    };
    Ok(vec![found])
}

/// What role assignments say: yes, or else no or unknown, which bindings may still change.
fn by_azure(
    scene: &Scene<'_>,
    cluster: &ManagedCluster,
    wish: Wish<'_>,
) -> Result<GateAnswer, Box<GateAnswer>> {
    let name = wish.action();
    let mut on = cluster.meta.id.clone();
    if let Some(namespace) = wish.namespace {
        on = on.child("namespaces", namespace);
    }
    let (who, words) = (scene.who(), wish.words());
    let operation = Operation { name: &name, is_data: true };
    let remedy = || role_for(scene, operation, &on);
    match permitted(scene, operation, &on) {
        Permitted::Yes(item, role) => {
            Ok(by(item, holds(KIND, format!("{who} has {role}: {words}"), RULES)))
        }
        Permitted::No => {
            let text = format!("403 Forbidden: no role of {who} permits {name}");
            Err(Box::new(mended_by(
                remedy(),
                fails(KIND, Reason::KubernetesRoleMissing, text, RULES),
            )))
        }
        Permitted::Unknown(why) => {
            let text = format!("whether {who} may {words} is not known: {why}");
            Err(Box::new(mended_by(remedy(), unsure(KIND, Reason::NotGiven, text, RULES))))
        }
    }
}

/// What role bindings of the cluster say; `otherwise` when none permits it.
fn by_bindings(
    scene: &Scene<'_>,
    id: Id<ManagedCluster>,
    principal: &Principal,
    wish: Wish<'_>,
    otherwise: Option<GateAnswer>,
) -> GateAnswer {
    let (who, words) = (scene.who(), wish.words());
    let inside = scene.network().kubernetes_clusters.values();
    let Some(inside) = { inside }.find(|inside| inside.cluster == Link::To(id)) else {
        let text = format!("the role bindings of the cluster are not given: may {who} {words}?");
        return otherwise.unwrap_or_else(|| unsure(KIND, Reason::NotGiven, text, RULES));
    };
    let mine = inside.role_bindings.iter().filter(|binding| is_for(binding, principal));
    let mut doubt = None;
    for binding in mine.filter(|binding| covers(binding, wish)) {
        match permits(&binding.role, wish) {
            Some(true) => return bound(scene, inside, binding, wish),
            Some(false) => {}
            None => doubt = Some(binding),
        }
    }
    if let Some(binding) = doubt {
        let text = format!("what the role {} permits is not given", binding.role);
        return unsure(KIND, Reason::NotGiven, text, RULES);
    }
    otherwise.unwrap_or_else(|| {
        let text = format!("403 Forbidden: no role binding lets {who} {words}");
        let answer = fails(KIND, Reason::KubernetesRoleMissing, text, RULES);
        let role = BROUGHT.into_iter().find(|role| permits(role, wish) == Some(true));
        let binding = role.map(|role| Remedy::RoleBinding {
            inside: inside.meta.id.clone(),
            subject: who.to_owned(),
            role,
            namespace: wish.namespace.map(str::to_owned),
        });
        GateAnswer { remedy: binding, ..answer }
    })
}

fn bound(
    scene: &Scene<'_>,
    inside: &KubernetesCluster,
    binding: &RoleBinding,
    wish: Wish<'_>,
) -> GateAnswer {
    let name = format!("{} for {}", binding.role, binding.subject);
    let item = scene.part(ItemKind::RoleAssignment, &name, &inside.meta.id, &binding.origin);
    let text = format!("{} has the role {}: {}", scene.who(), binding.role, wish.words());
    by(item, holds(KIND, text, RULES))
}

fn is_for(binding: &RoleBinding, principal: &Principal) -> bool {
    let is = |text: &str| text.eq_ignore_ascii_case(&binding.subject);
    is(principal.meta.name())
        || principal.object_id.as_deref().is_some_and(is)
        || principal.groups.iter().any(|group| is(group))
}

fn covers(binding: &RoleBinding, wish: Wish<'_>) -> bool {
    match (&binding.namespace, wish.namespace) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(bound), Some(wanted)) => bound.eq_ignore_ascii_case(wanted),
    }
}

/// The roles that Kubernetes brings, those that permit less first.
const BROUGHT: [&str; 4] = ["view", "edit", "admin", "cluster-admin"];

/// What the roles that Kubernetes brings permit; none for others.
fn permits(role: &str, wish: Wish<'_>) -> Option<bool> {
    let of_roles = wish.is(&["roles", "rolebindings"]);
    let of_quotas = wish.is(&["resourcequotas", "namespaces"]);
    let is_common = !wish.is_of_cluster() && (wish.is_reading() || !of_quotas);
    match role.to_ascii_lowercase().as_str() {
        "cluster-admin" => Some(true),
        "admin" => Some(is_common),
        "edit" => Some(is_common && !of_roles),
        "view" => Some(is_common && wish.is_reading() && !of_roles && !wish.is(&["secrets"])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish<'a>(verb: &'a str, resource: &'a str) -> Wish<'a> {
        Wish { verb, resource, namespace: None }
    }

    #[test]
    fn data_actions_name_the_group_of_a_resource() {
        let prefix = "Microsoft.ContainerService/managedClusters/";
        let check = |verb, resource, expected: &str| {
            assert_eq!(wish(verb, resource).action(), format!("{prefix}{expected}"));
        };
        check("list", "pods", "pods/read");
        check("create", "deployments", "apps/deployments/write");
        check("delete", "ingresses", "networking.k8s.io/ingresses/delete");
        check("get", "roles", "rbac.authorization.k8s.io/roles/read");
    }

    #[test]
    fn roles_of_kubernetes_stop_at_secrets_roles_and_nodes() {
        let all = |verb, resource| BROUGHT.map(|role| permits(role, wish(verb, resource)).unwrap());
        assert_eq!(all("list", "pods"), [true, true, true, true]);
        assert_eq!(all("create", "pods"), [false, true, true, true]);
        assert_eq!(all("get", "secrets"), [false, true, true, true]);
        assert_eq!(all("get", "roles"), [false, false, true, true]);
        assert_eq!(all("list", "nodes"), [false, false, false, true]);
        assert_eq!(all("list", "namespaces"), [true, true, true, true]);
        assert_eq!(all("delete", "namespaces"), [false, false, false, true]);
        assert_eq!(permits("of-our-own", wish("list", "pods")), None);
    }
}
