//! What is asked of a network: `dataflows` with their gates, `expect` and `variants`.

use super::{Key, Kind, Level, Needs, level, may, must, words};
use crate::answer::Verdict;
use crate::net::Protocol;
use crate::scenario::BastionClient;

/// The words for verdicts.
pub(in crate::import::scenario) const VERDICTS: [(&str, Verdict); 3] = [
    ("reachable", Verdict::Reachable),
    ("unreachable", Verdict::Unreachable),
    ("unknown", Verdict::Unknown),
];

/// The words for clients of Bastion.
pub(in crate::import::scenario) const CLIENTS: [(&str, BastionClient); 2] =
    [("browser", BastionClient::Browser), ("native", BastionClient::Native)];

/// The word for a protocol.
pub(in crate::import::scenario) const fn protocol_word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Icmp => "icmp",
        Protocol::Esp => "esp",
        Protocol::Ah => "ah",
    }
}

/// The word for every protocol.
pub(in crate::import::scenario) const ANY: &str = "any";

const PORT_MAX: u32 = u16::MAX as u32;
const ENDS: &str = "A machine, an address, `name:port`, `address:port` or a URL.";
const FROM: &str = "Who sends: a machine, a host of a site or of the Internet, or an address.";
const PROTOCOL: Key = may("protocol", Kind::OneOf(words::protocols), "TCP where it is left out.");
const SOURCE_PORT: Key =
    may("sourcePort", Kind::Number(PORT_MAX), "The port that it is sent from, when it matters.");
const GATES: Key = may("gates", Kind::List(&GATE), "Conditions that are no matter of packets.");

pub(in crate::import::scenario) static DATAFLOW: Level = level(
    "a dataflow",
    &[
        must("name", Kind::Text, "What it is called; unique in the file."),
        may("about", Kind::Word, "What it shows; left out: what the scenario does."),
        may("documentation", Kind::Word, "The page that it teaches."),
        may("principal", Kind::Word, "Who acts, where a leg does not say it."),
        must("legs", Kind::List(&LEG), "Its connections, each from where the one before ended."),
    ],
);

pub(in crate::import::scenario) static LEG: Level = Level {
    what: "a leg",
    keys: &[
        may("title", Kind::Text, "What happens, in a sentence."),
        may("principal", Kind::Word, "Who acts, where it is another one than the dataflow's."),
        may("from", Kind::Text, FROM),
        may("to", Kind::Text, ENDS),
        may(
            "service",
            Kind::OneOf(words::services),
            "One of Azure's own services, in place of `to`.",
        ),
        PROTOCOL,
        SOURCE_PORT,
        may("establishedAt", Kind::Time, "When the session was opened that goes on (R187)."),
        GATES,
        may("steps", Kind::List(&STEP), "What readers see of it, in place of one `title`."),
        may("ends", Kind::Word, "As of a step."),
    ],
    needs: Needs::Any(&[&["title"], &["steps"]]),
};

pub(in crate::import::scenario) static STEP: Level = level(
    "a step",
    &[
        must("title", Kind::Text, "What happens, in a sentence."),
        may(
            "ends",
            Kind::Word,
            "Where it ends: `crossing`, the kind of a hop such as `gateway`, or the name of a hop.",
        ),
        GATES,
    ],
);

/// Each gate is an object with one key, its kind.
pub(in crate::import::scenario) static GATE: Level = Level {
    what: "a gate",
    keys: &[
        may(
            "bastionSession",
            Kind::Object(&BASTION_SESSION),
            "Bastion opens a session to a machine (R384-R394).",
        ),
        may(
            "bastionTunnel",
            Kind::Object(&BASTION_TUNNEL),
            "Bastion opens a tunnel to a private cluster (R395).",
        ),
        may(
            "cloudShell",
            Kind::Object(&CLOUD_SHELL),
            "Cloud Shell can be deployed into a subnet (R488, R491).",
        ),
        may(
            "clusterCredential",
            Kind::Object(&CLUSTER_CREDENTIAL),
            "The credential of a cluster may be listed (R472).",
        ),
        may(
            "commandInvoke",
            Kind::Object(&COMMAND_INVOKE),
            "The cluster runs a command that came by Azure Resource Manager (R469-R471).",
        ),
        may(
            "justInTime",
            Kind::Object(&JUST_IN_TIME),
            "A just-in-time request is open (R436, R437).",
        ),
        may(
            "kubernetes",
            Kind::Object(&KUBERNETES),
            "Azure RBAC or role bindings let the principal do it (R473).",
        ),
        may("role", Kind::Object(&ROLE), "A role permits an operation on a resource."),
        may(
            "signIn",
            Kind::Object(&SIGN_IN),
            "The principal can sign in, with the device that Conditional Access wants.",
        ),
        may(
            "sshKey",
            Kind::Object(&SSH_KEY),
            "A key of the principal is accepted, and its private half is on the client.",
        ),
    ],
    needs: Needs::One,
};

const BASTION: Key = must("bastion", Kind::Text, "The Bastion host.");
const CLUSTER: Key = must("cluster", Kind::Text, "The AKS cluster.");
const MACHINE: Key = must("machine", Kind::Text, "The virtual machine.");
const PORT: Key = may("port", Kind::Number(PORT_MAX), "The port; left out: 22.");

static BASTION_SESSION: Level = level(
    "a gate `bastionSession`",
    &[
        BASTION,
        MACHINE,
        may("client", Kind::OneOf(words::clients), "How Bastion is used; left out: `browser`."),
        PORT,
    ],
);

static BASTION_TUNNEL: Level = level("a gate `bastionTunnel`", &[BASTION, CLUSTER]);

static CLOUD_SHELL: Level = level(
    "a gate `cloudShell`",
    &[
        must("subnet", Kind::Text, "The subnet that Cloud Shell is deployed into."),
        may("cluster", Kind::Word, "The AKS cluster that it is for."),
    ],
);

static CLUSTER_CREDENTIAL: Level = level(
    "a gate `clusterCredential`",
    &[CLUSTER, may("admin", Kind::Flag, "The credential of the local administrator?")],
);

static COMMAND_INVOKE: Level = level("a gate `commandInvoke`", &[CLUSTER]);

static JUST_IN_TIME: Level = level("a gate `justInTime`", &[MACHINE, PORT]);

static KUBERNETES: Level = level(
    "a gate `kubernetes`",
    &[
        CLUSTER,
        may("verb", Kind::Word, "Such as `get`; left out: `list`."),
        may("resource", Kind::Word, "The plural, without its API group; left out: `pods`."),
        may("namespace", Kind::Word, "The namespace; left out: all."),
    ],
);

static ROLE: Level = level(
    "a gate `role`",
    &[
        must(
            "action",
            Kind::Text,
            "The operation, such as `Microsoft.Compute/virtualMachines/read`.",
        ),
        must("on", Kind::Text, "The resource."),
    ],
);

static SIGN_IN: Level = level(
    "a gate `signIn`",
    &[must("application", Kind::Text, "What is signed in to, such as `Azure portal`.")],
);

static SSH_KEY: Level = level("a gate `sshKey`", &[MACHINE]);

pub(in crate::import::scenario) static ASSERTION: Level = Level {
    what: "an assertion",
    keys: &[
        may("name", Kind::Word, "What it is called; left out: the question in words."),
        may("cites", Kind::Rules, "The rules of docs/semantics that it follows from."),
        may("from", Kind::Text, FROM),
        may("to", Kind::Text, ENDS),
        PROTOCOL,
        SOURCE_PORT,
        may(
            "verdict",
            Kind::OneOf(words::verdicts),
            "Of a packet with its reply, or of a dataflow.",
        ),
        may(
            "reason",
            Kind::OneOf(words::reasons),
            "Why not, or why unknown: of the first obstacle.",
        ),
        may(
            "decidedBy",
            Kind::Word,
            "The name of what the first obstacle rests on, or a part of it.",
        ),
        may(
            "passes",
            Kind::Texts,
            "Names that occur among the hops of the request, in this order.",
        ),
        may("avoids", Kind::Texts, "Names that do not occur among the hops of the request."),
        may(
            "arrivesFrom",
            Kind::Address,
            "The source that the destination sees, after every translation.",
        ),
        may("nextHop", Kind::Object(&NEXT_HOP), "Which next hop is taken; with `type`."),
        may("type", Kind::Text, "The type of the next hop, in Network Watcher's words."),
        may("address", Kind::Address, "The address of the next hop."),
        may("route", Kind::Object(&ROUTE), "What is in the effective routes; with `state`."),
        may("nextHopType", Kind::Word, "The type of the route's next hop."),
        may("state", Kind::Text, "`Active`, `Invalid` or `absent`."),
        may(
            "resolve",
            Kind::Object(&RESOLVE),
            "What a name resolves to; with `addresses` or `answer`.",
        ),
        may(
            "addresses",
            Kind::Texts,
            "The addresses that a name resolves to, or the next hops of a router's route.",
        ),
        may("asPath", Kind::Numbers, "The autonomous systems on the way of a router's route."),
        may("answer", Kind::Text, "`nxdomain`, `nodata`, `timeout`, `records` or `unknown`."),
        may("dataflow", Kind::Text, "The dataflow that it is about; with `verdict`."),
        may(
            "step",
            Kind::Number(u32::MAX),
            "The number of the step with the first obstacle, from 1.",
        ),
        may("obstacles", Kind::SomeOf(words::reasons), "Reasons that occur among all obstacles."),
        may("symptom", Kind::OneOf(words::symptoms), "What the user sees."),
        may("cautions", Kind::SomeOf(words::cautions), "Everything that is to be known besides."),
        may("never", Kind::Object(&CLAIM), "No packet gets there and back."),
        may("always", Kind::Object(&CLAIM), "From each place, packets get to each place and back."),
        may("only", Kind::Object(&CLAIM), "As `always`, and from nowhere else."),
        may("reachable", Kind::Object(&CLAIM), "Some packet gets there and back."),
        may("unreachable", Kind::Object(&CLAIM), "Another word for `never`."),
    ],
    needs: Needs::Any(&[
        &["never"],
        &["always"],
        &["only"],
        &["reachable"],
        &["unreachable"],
        &["from", "to", "verdict"],
        &["dataflow", "verdict"],
        &["nextHop", "type"],
        &["route", "state"],
        &["resolve", "addresses"],
        &["resolve", "answer"],
    ]),
};

pub(in crate::import::scenario) static CLAIM: Level = level(
    "a claim about sets",
    &[
        must("from", Kind::Text, "Where packets start: a location specifier."),
        must("to", Kind::Text, "Where they go: a location specifier."),
        may(
            "ports",
            Kind::Words,
            "Destination ports, such as `443`, `ssh` or `8000-8999`; any where they are left out.",
        ),
        may(
            "protocol",
            Kind::SomeOf(words::protocols_or_any),
            "The protocols; left out: TCP where there are ports, else TCP, UDP and ICMP.",
        ),
    ],
);

pub(in crate::import::scenario) static NEXT_HOP: Level = level(
    "a question for a next hop",
    &[
        must("from", Kind::Text, "A machine or a network interface."),
        must("to", Kind::Address, "The destination."),
    ],
);

pub(in crate::import::scenario) static ROUTE: Level = Level {
    what: "a question for a route",
    keys: &[
        may("networkInterface", Kind::Text, "The network interface."),
        may("router", Kind::Text, "The appliance or site, in place of a network interface."),
        must("prefix", Kind::Prefix, "The prefix of the route."),
    ],
    needs: Needs::Any(&[&["networkInterface"], &["router"]]),
};

pub(in crate::import::scenario) static RESOLVE: Level = level(
    "a question for a name",
    &[
        must("from", Kind::Text, "Who asks."),
        must("name", Kind::Text, "The name that is asked for."),
        may("type", Kind::Word, "The type of the records; left out: `A`."),
    ],
);

pub(in crate::import::scenario) static VARIANT: Level = level(
    "a variant",
    &[
        must("name", Kind::Text, "What it is called."),
        may("about", Kind::Text, "What it shows."),
        may(
            "patch",
            Kind::Anything,
            "The change, by list and name as in `network`; `null` deletes.",
        ),
        may("expect", Kind::List(&ASSERTION), "What is expected then."),
    ],
);
