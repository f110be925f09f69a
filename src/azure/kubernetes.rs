//! What is inside a cluster, which no export of Azure tells: `kubernetes` of scenario files.

use super::{Link, ManagedCluster, Meta, Origin};

/// What a scenario tells of the inside of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubernetesCluster {
    /// Id (`/hopwise/kubernetes/<name>`), place.
    pub meta: Meta,
    /// The cluster.
    pub cluster: Link<ManagedCluster>,
    /// Who may do what, by Kubernetes RBAC.
    pub role_bindings: Vec<RoleBinding>,
    /// Its nodes; none given: not known.
    pub nodes: Option<Vec<Node>>,
    /// What admission refuses, such as Azure Policy for Kubernetes.
    pub admission_policies: Vec<AdmissionPolicy>,
}

/// A role binding of Kubernetes RBAC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleBinding {
    /// The principal or group, by name or object id.
    pub subject: Box<str>,
    /// The cluster role: `view`, `edit`, `admin` or `cluster-admin`, or one of the cluster's own.
    pub role: Box<str>,
    /// The namespace that it holds in; none: the whole cluster.
    pub namespace: Option<Box<str>>,
    /// Where it was read.
    pub origin: Origin,
}

/// A node and what is free on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: Box<str>,
    /// Is it ready and schedulable?
    pub is_ready: bool,
    /// Processor time that no pod has requested, in thousandths of a core.
    pub free_millicores: u32,
    /// Memory that no pod has requested, in MiB.
    pub free_mebibytes: u32,
    /// Where it was read.
    pub origin: Origin,
}

/// Something that admission refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmissionPolicy {
    /// Its name.
    pub name: Box<str>,
    /// The namespaces in which it refuses pods; empty: all.
    pub namespaces: Vec<Box<str>>,
    /// Where it was read.
    pub origin: Origin,
}
