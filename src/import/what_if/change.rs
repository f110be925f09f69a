//! One resource of a what-if result.

use super::no_effect::put_back;
use super::settle::{keep_given, settle};
use super::text;
use super::undeclared::{NETWORK, keep_undeclared};
use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::import::arm;
use crate::import::beside::Beside;
use crate::import::changes::{Found, Side};

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Create,
    Delete,
    /// It is deployed again; what comes of it is not told.
    Deploy,
    /// It is there, and the template does not have it.
    Ignore,
    Modify,
    NoChange,
    /// The service cannot tell.
    Unsupported,
}

/// A resource with what it is before and after.
#[derive(Debug)]
pub(super) struct Change<'n> {
    id: ResourceId,
    kind: Kind,
    /// Will it happen? Else it may.
    is_sure: bool,
    before: Option<&'n Node>,
    after: Option<&'n Node>,
    /// What the service says of single properties.
    delta: &'n [Node],
    reason: Option<&'n str>,
    /// Does the result tell its id?
    is_named: bool,
}

/// A resource as one side has it.
#[derive(Debug)]
struct Body {
    node: Node,
    /// Does the result tell what it is?
    is_told: bool,
}

/// Does it tell nothing but an id?
pub(super) fn is_bare(node: &Node) -> bool {
    whole(node, "before").is_none() && whole(node, "after").is_none()
}

fn whole<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.get(name).filter(|node| matches!(node.value, Value::Object(_)))
}

impl<'n> Change<'n> {
    /// Reads it; in the error, why it cannot be told which resource is meant.
    pub(super) fn of(node: &'n Node, is_sure: bool) -> Result<Self, Box<Diagnostic>> {
        let reason = text(node, "unsupportedReason").filter(|reason| !reason.is_empty());
        let id = id(node);
        if !arm::is_id(id) {
            let message = match (reason, text(node, "symbolicName")) {
                (Some(reason), _) => {
                    format!("what-if cannot tell which resource this is: {reason}")
                }
                (None, Some(symbol)) if id.is_empty() => {
                    format!("`{symbol}` of the template is no resource of Azure, and is left out")
                }
                (None, _) if id.is_empty() => {
                    "expected the id of a resource as `resourceId`, found none".to_owned()
                }
                (None, _) => format!("`{id}` is not the id of a resource"),
            };
            // Extensions of Bicep make things that are no resources of Azure.
            let is_of_azure = reason.is_some() || text(node, "symbolicName").is_none();
            let code = if is_of_azure { "unknown-resource" } else { "not-of-azure" };
            return Err(Box::new(Diagnostic::warning(code, message)));
        }
        Ok(Self {
            id: ResourceId::new(id),
            kind: kind(text(node, "changeType").unwrap_or_default()),
            is_sure,
            before: whole(node, "before"),
            after: whole(node, "after"),
            delta: node.get("delta").and_then(Node::as_list).unwrap_or_default(),
            reason,
            is_named: true,
        })
    }

    /// The same of something whose id only the deployment tells, so that it may be any of its type: `number` in
    /// its list, somewhere in `scope`. None where its type is not told either.
    pub(super) fn unnamed(node: &'n Node, number: usize, scope: &str) -> Option<Self> {
        let whole = |side| whole(node, side);
        let (before, after) = (whole("before"), whole("after"));
        let told = after.or(before).and_then(|body| text(body, "type"));
        let arm_type = told.or_else(|| type_in(id(node)))?;
        let (provider, types) = arm_type.split_once('/')?;
        let last = arm_type.rsplit('/').next().unwrap_or_default();
        let steps = types.split('/').map(|step| format!("/{step}/{last} of change {number}"));
        Some(Self {
            id: ResourceId::new(&format!(
                "{scope}/providers/{provider}{}",
                steps.collect::<String>()
            )),
            kind: Kind::Unsupported,
            is_sure: false,
            before: None,
            after: after.or(before),
            delta: &[],
            reason: text(node, "unsupportedReason").filter(|reason| !reason.is_empty()),
            is_named: false,
        })
    }

    /// The resource as `side` has it, if it does.
    pub(super) fn found(&self, side: Side, pointer: &str) -> Option<Found> {
        let (member, body) = match side {
            Side::Before => ("before", self.is_before()?),
            Side::After => ("after", self.is_after()?),
        };
        let Body { mut node, is_told } = body;
        if !self.is_named {
            self.forget_name(&mut node);
        }
        self.name(&mut node);
        arm::nest(&mut node);
        let arm_type = self.id.resource_type().unwrap_or_default();
        if arm::is_bringing(&arm_type) && !self.is_left_alone() {
            node = arm::bringing(self.id.as_str(), &arm_type, Some(node));
        }
        let pointer = format!("{pointer}/{member}");
        Some(Found {
            id: self.id.clone(),
            body: node,
            pointer,
            is_data: !is_told,
            beside: Beside::Nothing,
        })
    }

    /// Does the template not have it?
    pub(super) const fn is_ignored(&self) -> bool {
        matches!(self.kind, Kind::Ignore)
    }

    /// Does the deployment leave it alone?
    pub(super) fn is_left_alone(&self) -> bool {
        matches!(self.kind, Kind::Ignore | Kind::NoChange)
    }

    /// Which resource it is.
    pub(super) const fn id(&self) -> &ResourceId {
        &self.id
    }

    fn is_before(&self) -> Option<Body> {
        match self.kind {
            Kind::Create => None,
            Kind::Unsupported if self.before.is_none() => {
                Some(Body { node: self.doubtful(self.after), is_told: false })
            }
            Kind::Delete | Kind::Deploy | Kind::Modify | Kind::Unsupported => {
                Some(self.as_told(self.before))
            }
            Kind::Ignore | Kind::NoChange => Some(self.unchanged()),
        }
    }

    fn is_after(&self) -> Option<Body> {
        let node = match self.kind {
            Kind::Ignore | Kind::NoChange => return Some(self.unchanged()),
            Kind::Delete if self.is_sure => return None,
            Kind::Delete => self.doubtful(Some(&self.as_told(self.before).node)),
            Kind::Create if self.is_sure => self.planned(),
            Kind::Create => self.doubtful(self.after),
            Kind::Modify if self.is_sure => self.planned(),
            Kind::Unsupported if self.before.is_none() => self.doubtful(self.after),
            Kind::Modify | Kind::Deploy | Kind::Unsupported => self.open("what becomes of it"),
        };
        Some(Body { node, is_told: true })
    }

    fn unchanged(&self) -> Body {
        self.as_told(self.before.or(self.after))
    }

    /// What there is. The service lists what a deployment leaves alone by its envelope, without `properties`: nothing
    /// is told of it then, and other documents may tell it.
    fn as_told(&self, found: Option<&Node>) -> Body {
        match found.filter(|node| node.get("properties").is_some()) {
            Some(node) => {
                let mut node = node.clone();
                settle(&mut node);
                Body { node, is_told: true }
            }
            None => Body { node: self.open("what it is"), is_told: false },
        }
    }

    /// What the service predicts.
    fn planned(&self) -> Node {
        let Some(after) = self.after else { return self.open("what becomes of it") };
        let mut after = after.clone();
        settle(&mut after);
        if let Some(before) = self.before {
            put_back(&mut after, before, self.delta);
            keep_given(&mut after, before);
            if self.id.resource_type().is_some_and(|it| it.eq_ignore_ascii_case(NETWORK)) {
                keep_undeclared(&mut after, before);
            }
        }
        after
    }

    /// The resource with properties that are not known: the result does not tell `what`.
    fn open(&self, what: &str) -> Node {
        let kept = ["kind", "location", "sku"].into_iter().filter_map(|name| {
            let node = self.before.or(self.after)?.get(name)?;
            Some((name.into(), node.clone()))
        });
        let unknown = Node::new(Value::Unknown(self.unknown(what)));
        Node::new(Value::Object(kept.chain([("properties".into(), unknown)]).collect()))
    }

    /// The resource as `body`, if it is there at all.
    fn doubtful(&self, body: Option<&Node>) -> Node {
        let mut body = body.map_or_else(|| self.open("what it is"), Node::clone);
        settle(&mut body);
        if let Value::Object(members) = &mut body.value {
            let unknown = self.unknown("whether it is there");
            members.push(("condition".into(), Node::new(Value::Unknown(unknown))));
        }
        body
    }

    fn unknown(&self, what: &str) -> Unknown {
        let reason = self.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        Unknown::on(format!("the deployment: what-if does not tell {what}{reason}"))
    }

    /// Takes the id that is an expression, and lets the name be unknown.
    fn forget_name(&self, body: &mut Node) {
        let Value::Object(members) = &mut body.value else { return };
        members.retain(|(name, _)| !["id", "name"].iter().any(|it| it.eq_ignore_ascii_case(name)));
        let unknown = Value::Unknown(self.unknown("what it is called"));
        members.push(("name".into(), Node::new(unknown)));
    }

    /// Gives the body the id, and the type and the name that follow from it.
    fn name(&self, body: &mut Node) {
        let Value::Object(members) = &mut body.value else { return };
        let text = |text: &str| Node::new(Value::Text(text.into()));
        let own = [
            Some(("id", text(self.id.as_str()))),
            self.id.resource_type().map(|it| ("type", text(&it))),
            Some(("name", text(self.id.name()))),
        ];
        for (name, node) in own.into_iter().flatten() {
            if !members.iter().any(|(known, _): &Member| known.eq_ignore_ascii_case(name)) {
                members.push((name.into(), node));
            }
        }
    }
}

/// The id as the service writes it, or as PowerShell does.
pub(super) fn id(node: &Node) -> &str {
    let found = text(node, "resourceId").or_else(|| text(node, "fullyQualifiedResourceId"));
    found.unwrap_or_default()
}

/// The type that stands in an expression such as `[resourceId('Microsoft.Network/routeTables', …)]`.
fn type_in(expression: &str) -> Option<&str> {
    let mut literals = expression.split('\'').skip(1).step_by(2);
    literals.find(|text| {
        let mut steps = text.split('/');
        steps.next().is_some_and(|provider| provider.contains('.'))
            && steps.clone().next().is_some()
            && steps.all(|step| !step.is_empty() && step.chars().all(char::is_alphanumeric))
    })
}

fn kind(text: &str) -> Kind {
    let known = [
        ("Create", Kind::Create),
        ("Delete", Kind::Delete),
        ("Deploy", Kind::Deploy),
        ("Ignore", Kind::Ignore),
        ("Modify", Kind::Modify),
        ("NoChange", Kind::NoChange),
    ];
    let found = known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map_or(Kind::Unsupported, |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::json;

    /// Extensions of Bicep make things that are no resources of Azure; results name them by their symbols.
    #[test]
    fn what_is_no_resource_is_named_as_well_as_it_can_be() {
        for (text, expected) in [
            (r#"{"resourceId": "x", "changeType": "Create"}"#, "`x` is not the id of a resource"),
            (
                r#"{"changeType": "Create"}"#,
                "expected the id of a resource as `resourceId`, found none",
            ),
            (
                r#"{"symbolicName": "job", "identifiers": {"name": "j"}, "changeType": "Create"}"#,
                "`job` of the template is no resource of Azure, and is left out",
            ),
            (
                r#"{"resourceId": "[r]", "changeType": "Unsupported", "unsupportedReason": "too deep"}"#,
                "what-if cannot tell which resource this is: too deep",
            ),
        ] {
            let node = json::tree(text).unwrap();
            assert_eq!(&*Change::of(&node, true).unwrap_err().message, expected);
        }
    }
}
