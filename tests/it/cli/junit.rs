//! Results as JUnit XML, held against the schema that the xUnit plugin of Jenkins validates by (`junit-10.xsd`), and
//! against what it says of itself.

use super::{folder, folder_of, run_in};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::path::Path;

/// An element: what may stand in it, the attributes that it must have, and those that it may have.
type Element =
    (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// As `junit-10.xsd` has it. Text may stand in the last five only.
/// Source: <https://github.com/jenkinsci/xunit-plugin>, `types/model/xsd/junit-10.xsd`.
#[rustfmt::skip]
const SCHEMA: [Element; 8] = [
    ("testsuites", &["testsuite"], &[], &["name", "time", "tests", "failures", "errors"]),
    ("testsuite", &["testsuite", "properties", "testcase", "system-out", "system-err"], &["name", "tests", "failures", "errors"],
     &["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"]),
    ("testcase", &["skipped", "error", "failure", "rerunFailure", "rerunError", "flakyFailure", "flakyError", "system-out", "system-err"],
     &["name"], &["time", "classname", "group"]),
    ("failure", &[], &[], &["type", "message"]),
    ("error", &[], &[], &["type", "message"]),
    ("skipped", &[], &[], &["type", "message"]),
    ("system-out", &[], &[], &[]),
    ("system-err", &[], &[], &[]),
];
const WITH_TEXT: [&str; 5] = ["failure", "error", "skipped", "system-out", "system-err"];

/// An element with its attributes and what stands in it.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
    text: String,
}

fn opened(start: &BytesStart<'_>) -> Node {
    let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let name = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
        (name, String::from_utf8(attribute.value.to_vec()).unwrap())
    });
    Node { name, attributes: attributes.collect(), ..Node::default() }
}

/// The root element of well-formed XML.
fn parsed(text: &str) -> Node {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(opened(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(opened(&start)),
            Event::End(_) => {
                let node = open.pop().unwrap();
                open.last_mut().unwrap().children.push(node);
            }
            Event::Text(text) => {
                let text = String::from_utf8(text.to_vec()).unwrap();
                open.last_mut().unwrap().text.push_str(text.trim());
            }
            Event::Eof => break,
            Event::Decl(_) | Event::GeneralRef(_) => {}
            other @ (Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => {
                panic!("no place for {other:?}")
            }
        }
    }
    assert_eq!(open.len(), 1, "every element is closed");
    let mut roots = open.remove(0).children;
    assert_eq!(roots.len(), 1);
    roots.remove(0)
}

/// Every rule of the schema that `node` breaks.
fn mistakes(node: &Node) -> Vec<String> {
    let name = node.name.as_str();
    let Some((_, children, required, optional)) = SCHEMA.iter().find(|it| it.0 == name) else {
        return vec![format!("{name} is no element")];
    };
    let missing = required.iter().filter(|it| !node.attributes.contains_key(**it));
    let missing = missing.map(|it| format!("{name} lacks {it}"));
    let strange = node.attributes.keys();
    let strange = strange.filter(|it| !required.contains(&&***it) && !optional.contains(&&***it));
    let strange = strange.map(|it| format!("{name} has {it}"));
    let misplaced = node.children.iter().filter(|it| !children.contains(&it.name.as_str()));
    let misplaced = misplaced.map(|it| format!("{} stands in {name}", it.name));
    let text = !node.text.is_empty() && !WITH_TEXT.contains(&name);
    let text = text.then(|| format!("{name} has text"));
    let below = node.children.iter().flat_map(mistakes);
    missing.chain(strange).chain(misplaced).chain(text).chain(below).collect()
}

/// How many tests stand below, and how many of them have an element of that name.
fn count(node: &Node, with: Option<&str>) -> usize {
    let has = |test: &Node| with.is_none_or(|it| test.children.iter().any(|own| own.name == it));
    let own = usize::from(node.name == "testcase" && has(node));
    own + node.children.iter().map(|it| count(it, with)).sum::<usize>()
}

/// The numbers of a suite, or of all, are those of its tests.
fn adds_up(node: &Node) {
    for (attribute, with) in
        [("tests", None), ("failures", Some("failure")), ("errors", Some("error"))]
    {
        let told: usize = node.attributes[attribute].parse().unwrap();
        assert_eq!(told, count(node, with), "{attribute} of {:?}", node.attributes);
    }
    node.children.iter().filter(|it| it.name == "testsuite").for_each(adds_up);
}

/// What `check` writes, after it was held against the schema.
fn written(folder: &Path, path: &str, code: i32) -> Node {
    let run = run_in(folder, &["check", path, "--junit", "j.xml"], "");
    assert_eq!(run.code, code, "{}", run.err);
    let root = parsed(&std::fs::read_to_string(folder.join("j.xml")).unwrap());
    assert_eq!(mistakes(&root), [] as [String; 0]);
    adds_up(&root);
    root
}

#[test]
fn shipped_scenarios_give_valid_results() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/aks");
    let root = written(&folder("junit-aks", &[]), scenarios.to_str().unwrap(), 0);
    assert_eq!(root.children.len(), 19);
    assert!(count(&root, None) > 300);
}

/// What fails, what is unknown, what is wrong, and names that XML has other plans for.
#[test]
fn failures_and_mistakes_give_valid_results() {
    let network = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines: [{name: a, subnet: v/s, privateIPAddress: 10.0.0.4}, {name: b, subnet: v/s, privateIPAddress: 10.0.0.5}]
expect:
";
    let with = |line: &str| format!("{network}  - {line}\n");
    let files = [
        (
            "fails.yaml",
            with("{name: 'a < b & \"c\" ]]> é', from: a, to: 'b:22', verdict: unreachable}"),
        ),
        ("unknown.yaml", with("{from: a, to: '203.0.113.9:443', verdict: unreachable}")),
        ("wrong.yaml", with("{from: a, to: 'c:22', verdict: reachable}")),
        ("holds.yaml", with("{from: a, to: 'b:22', verdict: reachable}")),
    ];
    let root = written(&folder_of("junit-fails", &files), ".", 2);
    assert_eq!((count(&root, None), count(&root, Some("error"))), (4, 1));
    assert!(count(&root, Some("failure")) >= 1);
}

#[test]
fn the_schema_is_no_rubber_stamp() {
    let of = |text: &str| mistakes(&parsed(text));
    assert_eq!(of("<testsuites skipped='0'/>"), ["testsuites has skipped"]);
    assert_eq!(
        of("<testsuites><testcase/></testsuites>"),
        ["testcase stands in testsuites", "testcase lacks name"]
    );
    let suite = "<testsuite name='a' tests='1' failures='0' errors='0'>";
    assert_eq!(of(&format!("{suite}text</testsuite>")), ["testsuite has text"]);
    assert_eq!(
        of(&format!("{suite}<testcase name='b'><passed/></testcase></testsuite>")),
        ["passed stands in testcase", "passed is no element"]
    );
}
