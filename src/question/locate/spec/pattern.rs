//! Names with `*` for any text.

use crate::question::locate::catalogue;
use crate::question::locate::entry::Entry;

/// Is `entry` called `text`: a name, `owner/name` or an ARM id, with `*` for any text?
pub(super) fn is_called(entry: &Entry<'_>, text: &str) -> bool {
    if !text.contains('*') {
        return catalogue::is_called(entry, text);
    }
    if text.starts_with('/') {
        return matches(text.trim_end_matches('/'), &entry.id);
    }
    match text.rsplit_once('/') {
        None => matches(text, &entry.name),
        Some((owner, name)) => {
            matches(name, &entry.name) && entry.owners.iter().any(|other| matches(owner, other))
        }
    }
}

/// Does `text` fit `pattern`, whatever the case? O(n m).
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        // The earliest fit leaves the most for the others.
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_text() {
        assert!(matches("spoke-*", "Spoke-1"));
        assert!(matches("*", ""));
        assert!(matches("*-nodes-*", "aks-nodes-nsg"));
        assert!(matches("a*b*c", "abcbc"));
        assert!(matches("a*a", "aa"));
        assert!(!matches("a*a", "a"));
        assert!(!matches("spoke-*", "hub"));
        assert!(!matches("hub", "hub2"));
        assert!(matches("hub", "HUB"));
    }
}
