//! What is not known leaves an answer as it would be, or makes it unknown: never anything else.
//!
//! Every value of every resource of every scenario is taken away in turn. The value that stood there
//! is one of those possible, so an answer that is still sure has to be the one that the scenario
//! expects.

use crate::scenarios::files;
use hopwise::answer::{AssertionCheck, Difference};
use hopwise::azure::tree::{Node, Tree, Value};
use hopwise::azure::{PlatformProfile, Unknown};
use hopwise::dataplane;
use hopwise::id::ResourceId;
use hopwise::import::{self, Document, Imported};
use hopwise::question;
use hopwise::resolve::resolve;
use hopwise::scenario::{Asks, Expectation};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// The way to a value: numbers of members and elements.
type Way = Vec<usize>;

/// The ways to every value below `node`, names and types excepted: readers always know these.
fn ways(node: &Node, here: &mut (Way, String), found: &mut Vec<(Way, String)>) {
    let mut below = |at: usize, name: &str, node: &Node| {
        let length = here.1.len();
        here.0.push(at);
        here.1.push_str(&format!("/{name}"));
        found.push(here.clone());
        ways(node, here, found);
        here.0.pop();
        here.1.truncate(length);
    };
    match &node.value {
        Value::Object(members) => {
            for (at, (name, node)) in members.iter().enumerate() {
                if !["name", "type"].contains(&&**name) {
                    below(at, name, node);
                }
            }
        }
        Value::List(nodes) => {
            nodes.iter().enumerate().for_each(|(at, node)| below(at, &at.to_string(), node))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

/// The value at the end of `way`.
fn at<'n>(node: &'n mut Node, way: &[usize]) -> &'n mut Node {
    let Some((&first, rest)) = way.split_first() else { return node };
    match &mut node.value {
        Value::Object(members) => at(&mut members[first].1, rest),
        Value::List(nodes) => at(&mut nodes[first], rest),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            unreachable!()
        }
    }
}

fn unknown() -> Node {
    Node::new(Value::Unknown(Unknown::on("the attribute `azurerm_x.y`")))
}

/// Is the answer still the expected one, or unknown?
fn is_sound(expected: &Expectation, found: &AssertionCheck) -> bool {
    let is_unknown = |difference: &Difference| difference.found.starts_with("unknown");
    let of = |keys: &[&str]| {
        found.differences.iter().filter(|it| keys.contains(&it.key)).all(is_unknown)
    };
    match expected.asks {
        Asks::Trace(_) | Asks::Dataflow(_) => of(&["verdict"]),
        Asks::Resolve { .. } => of(&["addresses", "answer"]),
        Asks::Reach(_) | Asks::NextHop { .. } | Asks::Route { .. } | Asks::RouterRoute(_) => {
            found.holds || found.is_unknown
        }
    }
}

/// A resource with a value taken away, and which.
struct Doubted {
    id: ResourceId,
    body: Node,
    what: String,
}

/// Every value of every resource, taken away in turn.
fn doubted(imported: &Imported) -> Vec<Doubted> {
    // A question that names a public address or name is not about one that Azure is still to choose.
    let is_chosen = |id: &ResourceId, words: &str| {
        let chosen = [("/publicIPAddresses/", "ipAddress"), ("/managedClusters/", "fqdn")];
        chosen.iter().any(|(kind, property)| {
            let whole = ["/properties".to_owned(), format!("/properties/{property}")];
            id.as_str().contains(kind) && whole.contains(&words.to_owned())
        })
    };
    let mut all = Vec::new();
    let resources = imported.snapshot.resources.iter();
    for (id, resource) in resources.filter(|(id, _)| !id.as_str().starts_with("/hopwise/")) {
        let whole = resource.body.node();
        let mut add = |body: Node, what: &str| {
            all.push(Doubted { id: id.clone(), body, what: format!("{what} of {}", id.name()) });
        };
        let mut found = Vec::new();
        ways(&whole, &mut Default::default(), &mut found);
        for (way, words) in found.into_iter().filter(|(_, words)| !is_chosen(id, words)) {
            let mut body = whole.clone();
            *at(&mut body, &way) = unknown();
            add(body, &words);
        }
        for (name, what) in [("condition", "the certainty"), ("name", "the name")] {
            let mut body = whole.clone();
            let Value::Object(members) = &mut body.value else { continue };
            members.retain(|(known, _)| **known != *name);
            members.push((name.into(), unknown()));
            add(body, what);
        }
    }
    all
}

/// Answers with a value taken away, one of `every`, that are neither the same nor unknown; the number of
/// those taken.
fn judge(path: &Path, every: usize) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let imported = import::read_all([Document { name: "it".into(), text: text.as_bytes() }]);
    let expectations = imported.scenarios[0].expectations().0;
    let dataflows = imported.scenarios[0].dataflows().0;
    let wrong_without = |doubted: &Doubted| -> Vec<String> {
        let mut snapshot = imported.snapshot.clone();
        snapshot.resources.get_mut(&doubted.id).unwrap().body = Tree::new(&doubted.body);
        let (network, _) = resolve(snapshot);
        let profile = PlatformProfile::by_name("2023").unwrap();
        let plane = dataplane::compile(Arc::new(network), profile);
        let mut wrong = Vec::new();
        for expected in &expectations {
            // What cannot be asked any more is not answered wrongly.
            let Ok(found) = question::judge(&plane, &dataflows, expected) else { continue };
            if !is_sound(expected, &found) {
                let (name, what) = (path.file_name().unwrap().display(), &doubted.what);
                let AssertionCheck { name: asked, differences, .. } = found;
                wrong.push(format!("{name} without {what}: {asked}: {differences:?}"));
            }
        }
        wrong
    };
    let all: Vec<Doubted> = doubted(&imported).into_iter().step_by(every).collect();
    (all.len(), all.par_iter().flat_map(wrong_without).collect())
}

/// There are some 20,000 values, and many assertions to judge for each; the labs alone have 7,000, and 240 assertions:
/// one of so many values is taken. `HOPWISE_GENERATED=10` takes ten times as many.
const ONE_OF_THE_LABS: usize = 121;

const ONE_OF_THE_OTHERS: usize = 3;

#[test]
fn a_value_that_is_taken_away_leaves_the_answer_or_makes_it_unknown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let times = std::env::var("HOPWISE_GENERATED").map_or(1, |times| times.parse().unwrap());
    let every = |path: &Path| match path.starts_with(root.join("labs")) {
        true => (ONE_OF_THE_LABS / times).max(1),
        false => (ONE_OF_THE_OTHERS / times).max(1),
    };
    let files = files(&root);
    let judged = files.par_iter().map(|path| judge(path, every(path)));
    let judged: Vec<(usize, Vec<String>)> = judged.collect();
    let count: usize = judged.iter().map(|(count, _)| count).sum();
    let wrong: Vec<String> = judged.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(count > 1_000, "only {count} values");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
