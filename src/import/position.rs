//! Where a JSON pointer leads in the text of a document, for reports.

use super::scan::Scan;

/// The line and the column, both counted from 1, of the value to which `pointer` (RFC 6901) leads in the
/// JSON `text`; columns count characters.
///
/// As resources are brought into one shape while they are read, a step into `properties` that is not
/// there is skipped, names are compared without regard to case, and several values one after another
/// are as good as a list of them. `None` when the pointer leads nowhere or the text is broken before
/// it. Takes time linear in the length of `text`.
#[must_use]
pub fn position_of(text: &str, pointer: &str) -> Option<(u32, u32)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let steps: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
    let mut scan = Scan::new(text.as_bytes());
    scan.space();
    let offset = match scan.find(&steps) {
        Some(offset) => offset,
        None => Scan::new(text.as_bytes()).find_in_row(&steps)?,
    };
    line_and_column(text, offset)
}

/// The same, or the line and the column of the nearest thing that the value is in: what is made from a
/// document, by a template, has parts that the document does not.
#[must_use]
pub fn nearest_position_of(text: &str, pointer: &str) -> Option<(u32, u32)> {
    let mut pointers = std::iter::successors(Some(pointer), |pointer| {
        pointer.rsplit_once('/').map(|(above, _)| above)
    });
    pointers.find_map(|pointer| position_of(text, pointer))
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn line_and_column(text: &str, offset: usize) -> Option<(u32, u32)> {
    let before = text.get(..offset)?;
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?))
}

impl Scan<'_> {
    /// The offset of the value to which `steps` lead from the value that starts here.
    fn find(&mut self, steps: &[String]) -> Option<usize> {
        for step in steps {
            let here = self.clone();
            if self.enter(step).is_none() {
                if step != "properties" {
                    return None;
                }
                *self = here;
            }
        }
        self.peek().map(|_| self.at)
    }

    /// As [`Self::find`], in values one after another: the first step is their number.
    fn find_in_row(&mut self, steps: &[String]) -> Option<usize> {
        let (first, rest) = steps.split_first()?;
        let number: usize = first.parse().ok()?;
        self.space();
        for _ in 0..number {
            self.skip()?;
            self.space();
        }
        self.find(rest)
    }

    /// Goes to the start of the part `step` of the value that starts here.
    fn enter(&mut self, step: &str) -> Option<()> {
        match self.peek()? {
            b'{' => self.enter_object(step),
            b'[' => self.enter_list(step.parse().ok()?),
            _ => None,
        }
    }

    fn enter_object(&mut self, step: &str) -> Option<()> {
        self.pass(b'{')?;
        while self.peek()? == b'"' {
            let start = self.at;
            self.skip()?;
            let name: String = serde_json::from_slice(self.bytes.get(start..self.at)?).ok()?;
            self.space();
            self.pass(b':')?;
            if name.eq_ignore_ascii_case(step) {
                return Some(());
            }
            self.skip()?;
            self.space();
            self.pass(b',')?;
        }
        None
    }

    fn enter_list(&mut self, number: usize) -> Option<()> {
        self.pass(b'[')?;
        for _ in 0..number {
            self.skip()?;
            self.space();
            self.pass(b',')?;
        }
        (self.peek()? != b']').then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "value": [
    {"id": "a", "location": "x\"}]"},
    {"id": "ü", "addressSpace": {"a/b": [1, true, [2, 3]]}}
  ]
}"#;

    #[test]
    fn pointers_lead_to_lines_and_columns() {
        for (pointer, expected) in [
            ("", Some((1, 1))),
            ("/value", Some((2, 12))),
            ("/value/0", Some((3, 5))),
            ("/value/1", Some((4, 5))),
            ("/Value/1/ID", Some((4, 12))),
            ("/value/1/properties/addressSpace/a~1b/2/1", Some((4, 55))),
            ("/value/1/properties/addressSpace/a~1b/1", Some((4, 45))),
            ("/value/2", None),
            ("/value/1/nothing", None),
            ("/value/x", None),
        ] {
            assert_eq!(position_of(TEXT, pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn a_row_of_values_counts_as_a_list() {
        assert_eq!(position_of("{\"a\": 1}\n {\"a\": 2}", "/1/a"), Some((2, 8)));
        assert_eq!(position_of("\u{feff}1 2", "/0"), Some((1, 1)));
        assert_eq!(position_of("1 2", "/1"), Some((1, 3)));
        assert_eq!(position_of("1 2", "/2"), None);
    }

    #[test]
    fn broken_text_leads_nowhere() {
        for text in ["", "{", "[1, ", "{\"a\" 1}", "{\"a\\", "[\"a", "}"] {
            assert_eq!(position_of(text, "/3/a"), None, "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(position_of(&deep, "/1"), None);
    }
}
