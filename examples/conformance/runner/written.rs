//! How the estate of a case is put into documents. Whatever is chosen here, the answers are the same.

use hopwise::import::Document;
use serde_json::{Map, Value};

/// A way to put an estate into documents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// Among how many documents the resources are dealt out at most, at least one.
    pub(crate) files: usize,
    /// Are members of `properties` beside the others, as the Azure CLI prints them?
    pub(crate) is_flat: bool,
    /// Do the members of objects stand in the reverse order?
    pub(crate) is_reversed: bool,
}

impl Default for Written {
    /// As ARM writes it, in one document.
    fn default() -> Self {
        Self { files: 1, is_flat: false, is_reversed: false }
    }
}

impl Written {
    /// The texts of the documents that hold `resources`.
    pub(crate) fn texts(self, resources: Vec<Value>) -> Vec<String> {
        let resources: Vec<Value> = match self.is_flat {
            true => resources.into_iter().map(flat).collect(),
            false => resources,
        };
        let per_file = resources.len().div_ceil(self.files).max(1);
        resources.chunks(per_file).map(|file| self.text(&file.into())).collect()
    }

    fn text(self, value: &Value) -> String {
        let mut parts: Vec<String> = match value {
            Value::Array(values) => values.iter().map(|it| self.text(it)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), self.text(value)))
                .collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return value.to_string();
            }
        };
        if value.is_object() && self.is_reversed {
            parts.reverse();
        }
        let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
        format!("{open}{}{close}", parts.join(","))
    }
}

/// The documents of `texts`, called after a case.
pub(crate) fn documents<'t>(name: &str, texts: &'t [String]) -> Vec<Document<&'t [u8]>> {
    let document = |(at, text): (usize, &'t String)| Document {
        name: format!("{name}-{at}").into(),
        text: text.as_bytes(),
    };
    texts.iter().enumerate().map(document).collect()
}

/// A value whose objects hold the members of their `properties` themselves, where none is in the way.
fn flat(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(flat).collect(),
        Value::Object(members) => {
            let mut members: Map<String, Value> =
                members.into_iter().map(|(name, value)| (name, flat(value))).collect();
            let inner = members.get("properties").and_then(Value::as_object).cloned();
            if let Some(inner) = inner.filter(|it| it.keys().all(|key| !members.contains_key(key)))
            {
                members.remove("properties");
                members.extend(inner);
            }
            members.into()
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}
