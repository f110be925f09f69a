//! Resources that an export names and tells nothing of, as `az resource list` does: `"properties": null`.

use crate::azure::tree::{Node, Tree, Value};
use crate::azure::{Resource, Unknown};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use std::collections::BTreeMap;

const WHY: &str = "its properties, which are `null`";

/// Makes unknown what is not told of `resources`, and says how many there are. O(n).
pub(super) fn doubt(resources: &mut BTreeMap<ResourceId, Resource>) -> Option<Diagnostic> {
    let is_bare = |it: &Resource| it.body.view().get("properties").is_some_and(|it| it.is_null());
    let mut bare = resources.iter_mut().filter(|(_, resource)| is_bare(resource));
    let (first, resource) = bare.next()?;
    let (name, place) = (first.name().to_owned(), resource.place.clone());
    doubt_one(resource);
    let more = bare.map(|(_, resource)| doubt_one(resource)).count();
    let others = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!("of `{name}`{others} nothing is told: `properties` is null");
    let hint = "`az resource list` leaves them out; README.md says how to export an estate";
    Some(Diagnostic::warning("no-properties", message).hint(hint).at(place))
}

fn doubt_one(resource: &mut Resource) {
    let mut body = resource.body.node();
    if let Value::Object(members) = &mut body.value {
        let all = members.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("properties"));
        all.for_each(|(_, node)| *node = Node::new(Value::Unknown(Unknown::on(WHY))));
    }
    resource.body = Tree::new(&body);
}
