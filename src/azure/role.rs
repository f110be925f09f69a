//! `Microsoft.Authorization/roleAssignments` and `roleDefinitions`: who may do what, where.

use super::{BuiltInRole, Link, Meta, Principal};
use crate::id::{Id, ResourceId};

/// A role that somebody has within a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAssignment {
    /// Its id, and place. Those of a scenario's principals have the principal's.
    pub meta: Meta,
    /// Who has the role.
    pub assignee: Assignee,
    /// The role.
    pub role: Role,
    /// Where: a management group, subscription, resource group or resource; what lies within it too.
    pub scope: ResourceId,
    /// Does a `condition` narrow it? What it says is not modelled.
    pub has_condition: bool,
}

/// Who has a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// A principal of the scenario.
    Principal(Id<Principal>),
    /// The object id of a principal or a group.
    ObjectId(Box<str>),
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// One of Azure's own.
    BuiltIn(&'static BuiltInRole),
    /// A definition of the input.
    Defined(Link<RoleDefinition>),
    /// One that is neither known nor in the input, as written: what it permits is not known.
    Unknown(Box<str>),
}

/// A role that somebody has defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    /// Id, place.
    pub meta: Meta,
    /// `roleName`.
    pub name: Box<str>,
    /// What it permits: the sum of these.
    pub permissions: Vec<Permission>,
}

/// What a role permits: operations such as `Microsoft.Network/*/read`, `*` for any text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// `actions`.
    pub actions: Vec<Box<str>>,
    /// `notActions`: taken off `actions`.
    pub not_actions: Vec<Box<str>>,
    /// `dataActions`.
    pub data_actions: Vec<Box<str>>,
    /// `notDataActions`: taken off `data_actions`.
    pub not_data_actions: Vec<Box<str>>,
}
