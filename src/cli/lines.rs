//! Lines for the places that an answer names.

use super::documents::Documents;
use crate::answer::Placed;
use crate::diag::Place;
use crate::import::nearest_position_of;
use std::collections::BTreeMap;
use std::sync::Arc;

/// At most so many bytes are looked through: beyond, places stay JSON pointers.
const BYTES_MAX: usize = 1 << 30;

/// Looks up the line of every place in `answer` that has none yet.
pub(super) fn fill(answer: &mut impl Placed, documents: &Documents) {
    let mut lines: BTreeMap<Arc<str>, BTreeMap<Place, Option<u32>>> = BTreeMap::new();
    answer.places(&mut |place| {
        if place.line.is_none() && (place.span.is_some() || !place.pointer.is_empty()) {
            lines.entry(Arc::clone(&place.file)).or_default().insert(place.clone(), None);
        }
    });
    let mut budget = BYTES_MAX;
    for (file, places) in &mut lines {
        let Some(text) = documents.text(file) else { continue };
        for (place, line) in places {
            if budget < text.len() {
                return;
            }
            budget -= text.len();
            *line = line_of(&text, place);
        }
    }
    answer.places(&mut |place| {
        let found = lines.get(&place.file).and_then(|places| places.get(place));
        if let Some(&Some(line)) = found {
            place.line = Some(line);
        }
    });
}

fn line_of(text: &str, place: &Place) -> Option<u32> {
    let Some((start, _)) = place.span else {
        return nearest_position_of(text, &place.pointer).map(|(line, _column)| line);
    };
    let before = text.get(..usize::try_from(start).ok()?)?;
    u32::try_from(before.matches('\n').count() + 1).ok()
}
