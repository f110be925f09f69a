//! What an Azure Firewall does with packets: translation of destinations, network rules, application
//! rules, deny (R396), and which source they have afterwards.
//!
//! Not modelled: threat intelligence, and the infrastructure rules that let some names of Azure's own
//! through before everything else is denied.

mod application;
mod order;
mod program;
mod rules;
mod snat;

pub use application::ApplicationRule;
pub use order::{FirewallRuleRef, Ordered, RuleHolder, rules_of_firewall, rules_of_policy};
pub use program::{DecidedBy, FirewallProgram, FirewallRuling, NatRuling, Passes, Translation};
pub use rules::{entry_addresses, is_same_entry};
pub use snat::{SnatSource, SourceTranslation};
