//! `serviceTags` of scenario files.

use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads what one tag stands for: in place of what the weekly file says of it (R207).
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let prefixes = fields.prefixes(&["addressPrefixes"]);
    draft.network.service_tags.insert(&fields.name(), prefixes);
}
