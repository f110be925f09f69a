//! Documents that are none of what is read: told apart, so that the message can say what they are.

use crate::azure::tree::Node;
use crate::diag::Diagnostic;

/// A remark on an object that is neither a resource nor a list of them, when it is known what it is.
pub(super) fn remark(object: &Node) -> Option<Diagnostic> {
    FORMS.iter().find(|form| form.fits(object)).map(Form::remark)
}

/// Something people have in JSON that holds no resources, or holds them in a form not read yet.
#[derive(Debug)]
struct Form {
    /// A member that it has.
    member: &'static str,
    /// What the member's text holds; empty when any value will do.
    holding: &'static str,
    /// What it is.
    what: &'static str,
    /// What to do instead.
    hint: &'static str,
}

const FORMS: &[Form] = &[
    Form {
        member: "@level",
        holding: "",
        what: "the log of a Terraform run",
        hint: "write the plan with `terraform plan -out=FILE` and give what `terraform show -json FILE` prints",
    },
    Form {
        member: "format_version",
        holding: "",
        what: "a Terraform state without resources",
        hint: "",
    },
    Form {
        member: "error",
        holding: "",
        what: "an error of Azure instead of what was asked for",
        hint: "its `message` says why; give what the command prints when it works",
    },
    Form {
        member: "columns",
        holding: "",
        what: "a Resource Graph answer in the form of a table",
        hint: "ask with `resultFormat: objectArray`, which is the default of `az graph query`",
    },
];

impl Form {
    fn fits(&self, object: &Node) -> bool {
        object.get(self.member).is_some_and(|node| {
            self.holding.is_empty()
                || node.as_text().is_some_and(|text| text.contains(self.holding))
        })
    }

    fn remark(&self) -> Diagnostic {
        let remark = Diagnostic::warning("not-read", format!("this is {}", self.what));
        if self.hint.is_empty() { remark } else { remark.hint(self.hint) }
    }
}
