//! Where two JSON values differ.

use serde_json::Value;
use std::fmt;

/// One place where Azure's answer and ours differ.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    /// The JSON pointer.
    pub(crate) pointer: String,
    /// What Azure has there; none when it has nothing.
    pub(crate) azure: Option<Value>,
    /// What we have there.
    pub(crate) ours: Option<Value>,
}

/// Longer values are cut when printed.
const COLUMNS_MAX: usize = 120;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        writeln!(f, "{pointer}")?;
        writeln!(f, "  - azure: {}", short(self.azure.as_ref()))?;
        write!(f, "  + ours:  {}", short(self.ours.as_ref()))
    }
}

fn short(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "(nothing)".to_owned(), Value::to_string);
    if text.chars().count() <= COLUMNS_MAX {
        return text;
    }
    text.chars().take(COLUMNS_MAX).chain("…".chars()).collect()
}

/// Every place where `azure` and `ours` differ; empty when they are equal.
pub(crate) fn differences(azure: &Value, ours: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(azure), Some(ours), &mut found);
    found
}

fn compare(
    pointer: String,
    azure: Option<&Value>,
    ours: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (azure, ours) {
        (Some(Value::Object(azure)), Some(Value::Object(ours))) => {
            let mut keys: Vec<&String> = azure.keys().chain(ours.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let inner = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                compare(inner, azure.get(key), ours.get(key), found);
            }
        }
        (Some(Value::Array(azure)), Some(Value::Array(ours))) => {
            for at in 0..azure.len().max(ours.len()) {
                compare(format!("{pointer}/{at}"), azure.get(at), ours.get(at), found);
            }
        }
        (azure, ours) if azure != ours => {
            found.push(Difference { pointer, azure: azure.cloned(), ours: ours.cloned() });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_place_is_named() {
        let azure = json!({"a": 1, "b": [1, 2], "c/d": "x"});
        let ours = json!({"a": 1, "b": [1, 3, 4], "e": null});
        let places: Vec<String> =
            differences(&azure, &ours).into_iter().map(|difference| difference.pointer).collect();
        assert_eq!(places, ["/b/1", "/b/2", "/c~1d", "/e"]);
        assert_eq!(differences(&azure, &azure), []);
    }
}
