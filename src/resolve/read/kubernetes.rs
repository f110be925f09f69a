//! `kubernetes` of scenario files: what is inside a cluster.

use crate::azure::{AdmissionPolicy, KubernetesCluster, Node, RoleBinding};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

/// Reads the inside of a cluster; it is called like the cluster unless `cluster` names another.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> KubernetesCluster {
    let own_name = if fields.has("cluster") { "cluster" } else { "name" };
    KubernetesCluster {
        meta: fields.meta(),
        cluster: fields.required_link(own_name),
        role_bindings: parts(fields, "roleBindings").filter_map(|it| binding(&it)).collect(),
        nodes: fields.has("nodes").then(|| parts(fields, "nodes").map(|it| node(&it)).collect()),
        admission_policies: parts(fields, "admissionPolicies").map(|it| policy(&it)).collect(),
    }
}

fn parts<'a>(fields: &Fields<'a>, name: &str) -> impl Iterator<Item = Fields<'a>> + use<'a> {
    fields.list(name).into_iter().map(Spot::fields)
}

fn binding(fields: &Fields<'_>) -> Option<RoleBinding> {
    let (Some(subject), Some(role)) = (fields.boxed("subject"), fields.boxed("role")) else {
        fields.absent(if fields.has("subject") { "role" } else { "subject" });
        return None;
    };
    let (namespace, origin) = (fields.boxed("namespace"), fields.origin());
    Some(RoleBinding { subject, role, namespace, origin })
}

fn node(fields: &Fields<'_>) -> Node {
    Node {
        name: fields.name(),
        is_ready: fields.flag("isReady").unwrap_or(true),
        free_millicores: fields.number("freeMillicores").unwrap_or_default(),
        free_mebibytes: fields.number("freeMebibytes").unwrap_or_default(),
        origin: fields.origin(),
    }
}

fn policy(fields: &Fields<'_>) -> AdmissionPolicy {
    AdmissionPolicy {
        name: fields.name(),
        namespaces: fields.texts("namespaces"),
        origin: fields.origin(),
    }
}
