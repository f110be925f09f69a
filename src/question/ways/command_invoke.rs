//! By `az aks command invoke` or the portal's Run command: no network path is needed (R469).

use super::make::{control, sign_in, way};
use super::survey::Survey;
use crate::scenario::{Condition, ControlPlane, Dataflow};

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let cluster = survey.target_cluster().ok_or_else(|| "a cluster as target".to_owned())?;
    let id = cluster.meta.id.to_string();
    // R470: what Kubernetes lets the caller do is asked as well.
    let kubernetes = Condition::Kubernetes {
        cluster: id.clone(),
        verb: "list".to_owned(),
        resource: "pods".to_owned(),
        namespace: None,
    };
    let conditions =
        vec![sign_in("azure-cli"), Condition::CommandInvoke { cluster: id }, kubernetes];
    let title = "Azure Resource Manager passes the command on to a pod in the cluster";
    let leg = control(survey, ControlPlane::AzureResourceManager, title, conditions);
    let name =
        format!("az aks command invoke, or Run command in the portal, on {}", cluster.meta.name());
    Ok(vec![way(survey, name, vec![leg])])
}
