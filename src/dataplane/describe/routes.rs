//! Rows of tables in words.

use crate::answer::{Assumption, Item, ItemKind, Outcome, Rule, RunnerUp, Step, StepKind};
use crate::dataplane::graph::{Cause, Forward, Table};
use crate::dataplane::routes::effective_route_type;
use crate::dataplane::{Dataplane, EffectiveRoute, GatewayRef, NextHop, RouteSource};
use crate::id::Id;
use std::fmt::{self, Write};
use std::net::IpAddr;

impl EffectiveRoute {
    /// What was assumed for it, if anything, in a table that assumes `of_table`.
    pub(in crate::dataplane) fn rests_on<'a>(
        &'a self,
        of_table: &'a [Assumption],
    ) -> Option<&'a [Assumption]> {
        let assumed = match (&self.learned, self.next_hop) {
            (Some(learned), _) => &*learned.assumes,
            (None, NextHop::None) => of_table,
            (None, _) => &[],
        };
        (!assumed.is_empty()).then_some(assumed)
    }
}

impl Dataplane {
    /// A route in words, such as `10.1.0.0/16 -> VNetPeering`.
    // PERF: most of the words of a trace are these, so they are written into one text.
    fn route_text(&self, route: &EffectiveRoute) -> String {
        let mut text = String::with_capacity(80);
        // INVARIANT: writing into a text does not fail.
        let _ = self.write_route(&mut text, route);
        text
    }

    fn write_route(&self, text: &mut String, route: &EffectiveRoute) -> fmt::Result {
        match (&route.expanded_from, route.prefixes.as_slice()) {
            (Some(service), _) => write!(text, "{service}")?,
            (None, [first, ..]) => write!(text, "{first}")?,
            (None, []) => text.push_str("nothing"),
        }
        write!(text, " -> {}", effective_route_type(&self.network, route.next_hop))?;
        // R55: addresses beside a gateway are only shown, packets do not go there.
        let is_target = !matches!(route.next_hop, NextHop::Gateway(GatewayRef::Gateway(..)));
        for (at, address) in route.addresses.iter().filter(|_| is_target).enumerate() {
            write!(text, "{}{address}", if at == 0 { " " } else { ", " })?;
        }
        match &route.name {
            Some(name) => write!(text, " ({name})"),
            None => Ok(()),
        }
    }

    fn effective(&self, table: Id<Table>, row: u32) -> Option<&EffectiveRoute> {
        let table = &self.tables[table];
        let number = table.rows.get(row as usize)?.route?;
        table.effective.as_ref()?.routes.get(number.index()).map(|route| &**route)
    }

    /// What was assumed for a row: that a gateway learned it, or, where a route drops, that it learned
    /// nothing else.
    #[must_use]
    pub fn row_assumptions(&self, table: Id<Table>, row: u32) -> &[Assumption] {
        let Some(route) = self.effective(table, row) else { return &[] };
        let of_table = self.tables[table].effective.as_ref().map(|table| &*table.assumes);
        route.rests_on(of_table.unwrap_or_default()).unwrap_or_default()
    }

    /// The item behind a row; none for rows that are no effective routes.
    #[must_use]
    pub fn route_item(&self, table: Id<Table>, row: u32) -> Option<Item> {
        self.effective(table, row).map(|route| self.effective_item(route))
    }

    /// The item of an effective route.
    #[must_use]
    pub fn effective_item(&self, route: &EffectiveRoute) -> Item {
        self.called(route, self.route_text(route))
    }

    fn called(&self, route: &EffectiveRoute, name: String) -> Item {
        let kind = match route.source {
            RouteSource::Default => ItemKind::SystemRoute,
            RouteSource::User => ItemKind::UserRoute,
            RouteSource::VirtualNetworkGateway => ItemKind::GatewayRoute,
        };
        let place = route.origin.as_ref().map(|origin| self.network.place(origin));
        Item { kind, name, resource: None, place }
    }

    /// The step of a look-up, with the route that was next in line.
    #[must_use]
    pub fn route_step(
        &self,
        table: Id<Table>,
        row: u32,
        outcome: Outcome,
        destination: IpAddr,
    ) -> Step {
        let (text, rules, decided_by) = match self.effective(table, row) {
            Some(route) => {
                let text = self.route_text(route);
                let item = self.called(route, text.clone());
                (text, route.cites.clone(), Some(item))
            }
            None => (self.row_text(table, row), self.row_rules(table, row), None),
        };
        Step {
            kind: StepKind::Route,
            outcome,
            text,
            decided_by,
            runner_up: self.second_best(table, row, destination),
            flow_after: None,
            flow_outer: None,
            rules,
        }
    }

    fn row_text(&self, table: Id<Table>, row: u32) -> String {
        let text = self.tables[table].texts.get(row as usize);
        text.map_or("passed on", |text| &**text).to_owned()
    }

    /// The rules of a row that is no effective route.
    fn row_rules(&self, table: Id<Table>, row: u32) -> Vec<Rule> {
        let row = self.tables[table].rows.get(row as usize);
        let is_service = row.is_some_and(|row| matches!(row.forward, Forward::Service));
        if is_service { vec![Rule(57), Rule(91)] } else { Vec::new() }
    }

    /// Why a route drops, with the rules of the route itself.
    #[must_use]
    pub fn drop_cause(&self, cause: Id<Cause>, table: Id<Table>, row: u32) -> Cause {
        let mut cause = self.causes[cause].clone();
        if let Some(route) = self.effective(table, row) {
            cause.text = format!("{}: {}", self.route_text(route), cause.text).into();
            cause.rules = rules_of(&cause.rules, &route.cites);
        }
        cause
    }

    /// The route that would have been taken, or the one that was overridden, and why it lost.
    fn second_best(&self, table: Id<Table>, row: u32, destination: IpAddr) -> Option<RunnerUp> {
        self.effective(table, row)?;
        let table = &self.tables[table];
        let effective = table.effective.as_ref()?;
        let second = match &table.by_prefix {
            Some(index) => effective.runner_up_by(index, destination)?,
            None => effective.runner_up(destination)?,
        };
        Some(RunnerUp { item: self.effective_item(second.route), why: second.why })
    }
}

fn rules_of(first: &[Rule], more: &[Rule]) -> Vec<Rule> {
    let mut rules = [first, more].concat();
    rules.sort_unstable();
    rules.dedup();
    rules
}
