//! The answer to `router` as text.

use super::item::{self, rules};
use super::page::{Page, Role};
use super::table::table;
use crate::answer::{RouterRoute, RouterRoutesAnswer};

/// The routes of a router, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn router(answer: &RouterRoutesAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let title = format!("Routes of {}", answer.router);
    let asn = answer.asn.map(|asn| format!("(AS {asn})")).unwrap_or_default();
    page.line(0, "", &[(Role::Strong, &title), (Role::Faint, &asn)]);
    page.gap();
    let header = ["Source", "Prefix", "By", "Next hop", "AS path", "Rules"];
    table(&mut page, header, answer.routes.iter().map(row).collect());
    item::list(&mut page, "Not known", &answer.unsure);
    item::list(&mut page, "Assumptions used", &answer.assumptions);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    page.finish()
}

fn row(route: &RouterRoute) -> [String; 6] {
    let joined = |texts: Vec<String>| texts.join(", ");
    let ways = route.ways.iter();
    let by: Vec<String> = ways.clone().map(|way| way.by.clone()).collect();
    let hops = ways.filter_map(|way| way.next_hop).map(|hop| hop.to_string()).collect();
    let path: Vec<String> = route.as_path.iter().map(u32::to_string).collect();
    let by = if by.is_empty() { "itself".to_owned() } else { by.join(", ") };
    [
        route.source.to_string(),
        route.prefix.to_string(),
        by,
        joined(hops),
        path.join(" "),
        rules(&route.rules),
    ]
}
