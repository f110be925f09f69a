//! Answers as plain data, with names and positions already in them. Text, JSON and pictures are
//! views of these.

mod assumption;
mod caution;
mod check;
mod citation;
mod compare;
mod connectivity;
mod coverage;
mod dataflow;
mod difference;
mod effective_routes;
mod effective_rules;
mod estate;
mod evidence;
mod gateway_routes;
mod inventory;
mod lint;
mod members;
mod name;
mod openings;
mod path;
mod placed;
mod places;
mod ranges;
mod reachability;
mod reason;
mod repair;
mod router_routes;
mod rule_check;
mod shipped;
mod symptom;
mod verdict;
mod ways;

pub use assumption::{Assumption, Holds};
pub use caution::{Caution, CautionKind};
pub use check::{AssertionCheck, CheckAnswer, Difference, ScenarioCheck};
pub use citation::{Rule, Rules, weakest};
pub use compare::{AzureQuestion, CompareAnswer, ComparedAnswer, Disagreement};
pub use connectivity::{
    ConnectivityAnswer, ConnectivityHop, ConnectivityHopKind, ConnectivityIssue, IssueKind,
    IssueOrigin,
};
pub use coverage::{Change, Coverage, KindCoverage, Mutant, Mutation};
pub use dataflow::{DataflowAnswer, GateAnswer, Hindrance, LegAnswer, StepAnswer};
pub use difference::{
    ChangeSeverity, ChangeWitness, ConfigurationChange, ConfigurationChangeKind, DifferenceAnswer,
    FlowChange, FlowChangeKind, FlowExtent, FlowPairs, SentBy, UnknownPackets, WitnessFate,
};
pub use effective_routes::{EffectiveRoutesAnswer, NextHopAnswer, NextHopType, RouteRow};
pub use effective_rules::{
    EffectiveRule, EffectiveRuleGroup, EffectiveRulesAnswer, RuleAssociation, RuleEnd, RuleMaker,
    TagExpansion,
};
pub use estate::{
    AddressAvailability, Association, AssociationKind, PeeredSubnets, PeeringStateAnswer, Topology,
    TopologyResource,
};
pub use evidence::{Item, ItemKind, RunnerUp};
pub use gateway_routes::{BgpEntry, GatewayNextHop, GatewayRouteRow, GatewayRoutesAnswer};
pub use inventory::{DocumentCount, Finding, InventoryAnswer, NotModelledType, TypeCount};
pub use lint::LintAnswer;
pub use members::Members;
pub use name::{NameAnswer, NameOutcome, NameStep, RecordAnswer};
pub use path::{Hop, HopKind, Obstacle, Outcome, Path, Step, StepKind, TraceAnswer};
pub use placed::Placed;
pub use places::{MeantPlaces, PlaceRow, PlacesAnswer};
pub(crate) use ranges::Ranges;
pub use reachability::{
    AddressFamily, Addresses, AlikeNames, ExposedOpening, ExposedPlace, MatrixCell, Opening,
    ReachAnswer, ReachGroup, ReachMatrix, Witness,
};
pub use reason::Reason;
pub use repair::{Blast, EditAnswer, Fix, PropertyValue, Remedy, RepairAnswer};
pub use router_routes::{RouterRoute, RouterRouteSource, RouterRoutesAnswer, RouterWay};
pub use rule_check::{EvaluatedGroup, EvaluatedRule, FlowAccess, MatchedRule, RuleCheckAnswer};
pub use shipped::{ShippedAnswer, ShippedScenario};
pub use symptom::Symptom;
pub use verdict::{Confidence, Verdict};
pub use ways::{AbsentWay, WayAnswer, WaysAnswer};
