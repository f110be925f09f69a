//! Scale sets: known by their instances, else not modelled like everything that no reader knows.

use crate::resolve::draft::Draft;

/// Gives the network what is not modelled: a scale set only where none of its instances was read, as
/// what a template of instances will become is not known.
pub(super) fn set_aside(draft: &mut Draft) {
    for resource in std::mem::take(&mut draft.not_modelled) {
        if !draft.scale_sets.contains(&resource.id) {
            draft.network.not_modelled.push(resource);
        }
    }
}
