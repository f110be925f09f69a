//! `topology`.

use super::shape::{Shape, Since};
use crate::answer::{Topology, TopologyResource};
use crate::id::ResourceId;
use serde::Serialize;
use std::collections::BTreeMap;

/// An empty `properties` with every resource: on 2018-02-05 not yet, on 2018-10-02, and on 2025-04-02 no
/// more; between 2021-05-27 and that nobody knows.
const PROPERTIES: Since = Since::Between("2018-10-02", "2025-04-02");

/// The answer of `topology`, without the id and the times that the platform draws.
#[must_use]
pub fn topology<'a>(answer: &'a Topology, shape: &Shape) -> impl Serialize + use<'a> {
    let resources = answer.resources.iter().map(|resource| Resource::of(resource, shape));
    Resources { resources: resources.collect() }
}

#[derive(Debug, Serialize)]
struct Resources<'a> {
    resources: Vec<Resource<'a>>,
}

#[derive(Debug, Serialize)]
struct Resource<'a> {
    name: &'a str,
    id: &'a ResourceId,
    location: &'a str,
    associations: Vec<Association<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<BTreeMap<&'static str, bool>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Association<'a> {
    name: &'a str,
    resource_id: &'a ResourceId,
    association_type: &'static str,
}

impl<'a> Resource<'a> {
    fn of(resource: &'a TopologyResource, shape: &Shape) -> Self {
        let associations = resource.associations.iter().map(|association| Association {
            name: association.id.name(),
            resource_id: &association.id,
            association_type: association.kind.as_str(),
        });
        Self {
            name: resource.id.name(),
            id: &resource.id,
            location: &resource.location,
            associations: associations.collect(),
            properties: shape.has(PROPERTIES).then(BTreeMap::new),
        }
    }
}
