//! The cluster lets the principal do something (R473).

use super::Scene;
use super::finding::{by, fails, holds, mended_by, nobody, unsure};
use super::permission::{Operation, Permitted, permitted};
use super::role::role_for;
use crate::answer::{GateAnswer, ItemKind, Reason};
use crate::azure::{
    ClusterAuthorization, KubernetesCluster, Link, ManagedCluster, Principal, RoleBinding,
};
use crate::id::Id;
use crate::question::locate::{self, Refusal};

const KIND: &str = "kubernetes";
const RULES: &[u16] = &[473, 474];

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
    let verb = match wish.verb {
        _ if wish.is_reading() => "read",
        "delete" | "deletecollection" => "delete",
        _ => "write",
    };
    let name = format!("Microsoft.ContainerService/managedClusters/{}/{verb}", wish.resource);
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
        fails(KIND, Reason::KubernetesRoleMissing, text, RULES)
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

/// What the roles that Kubernetes brings permit; none for others.
fn permits(role: &str, wish: Wish<'_>) -> Option<bool> {
    match role.to_ascii_lowercase().as_str() {
        "cluster-admin" | "admin" | "edit" => Some(true),
        "view" => Some(wish.is_reading() && wish.resource != "secrets"),
        _ => None,
    }
}
