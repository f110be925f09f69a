//! From security groups, service tags, admin rules and firewalls to filters.
//!
//! [`Security`] compiles the rule sets of a network, each once, and tells which of them packets meet at
//! a [`Place`]. What differs from place to place is bound there: above all the tag
//! `VirtualNetwork`, which follows from the subnet's effective routes.

mod compile;
mod convert;
mod default_rules;
mod effective;
mod entries;
mod evidence;
pub mod firewall;
mod group_members;
mod guards;
mod just_in_time;
mod place;
mod platform_flow;
mod required_rules;
mod rule_set;
mod rulebook;
mod tag;
mod verify;
mod virtual_network_tag;

pub use compile::Security;
pub use convert::Slot;
pub use convert::names_platform;
pub use default_rules::{DefaultRule, default_rules};
pub use entries::{entry_addresses, entry_bound, is_same_entry};
pub use evidence::{Doubt, Witness};
pub use guards::{Guard, Guards, Passage};
pub(super) use just_in_time::with_rules;
pub use place::{
    Attachment, Holder, Place, has_intent_policy, ignores_admin_rules, ignores_groups,
};
pub use platform_flow::PlatformFlow;
pub use required_rules::{
    APPLICATION_GATEWAY_RULES, BASTION_RULES, MissingRule, RequiredRule, groups_of_bastions,
    is_required_rule, missing_bastion_rules, missing_rules,
};
pub use rule_set::{RuleOwner, RuleRef, RuleSet, RuleText, Subset};
pub(super) use rulebook::{Rulebook, internet_tag};
pub(super) use tag::platform_addresses;
pub use tag::{PlatformService, Tag};
pub use virtual_network_tag::{TagPart, VirtualNetworkTag};
