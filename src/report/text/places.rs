//! The answer to `places` as text.

use super::page::{Page, Role};
use super::table::table;
use crate::answer::{MeantPlaces, PlaceRow, PlacesAnswer};
use ipnet::IpNet;

/// What a specifier means, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn places(answer: &PlacesAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let PlacesAnswer { specifier, sources, destinations } = answer;
    if sources == destinations {
        side(&mut page, &format!("{specifier} is"), sources);
    } else {
        side(&mut page, &format!("from {specifier} is"), sources);
        side(&mut page, &format!("to {specifier} is"), destinations);
    }
    page.finish()
}

fn side(page: &mut Page, title: &str, meant: &MeantPlaces) {
    page.heading(title);
    if let Some(why) = &meant.refused {
        page.line(2, "", &[(Role::Unsure, why)]);
    }
    if !meant.addresses.is_empty() {
        let text = format!("whatever is sent to {}", listed(&meant.addresses));
        page.line(2, "", &[(Role::Plain, &text)]);
    }
    if !meant.places.is_empty() {
        let rows = meant.places.iter().map(row).collect();
        table(page, ["Network", "Place", "Kind", "Addresses"], rows);
    }
}

fn row(place: &PlaceRow) -> [String; 4] {
    let addresses = listed(&place.addresses);
    [place.realm.clone(), place.name.clone(), place.kind.code().to_owned(), addresses]
}

/// Prefixes, single addresses without their length; none: any.
fn listed(prefixes: &[IpNet]) -> String {
    let text = |prefix: &IpNet| match prefix.prefix_len() == prefix.max_prefix_len() {
        true => prefix.addr().to_string(),
        false => prefix.to_string(),
    };
    let texts: Vec<String> = prefixes.iter().map(text).collect();
    if texts.is_empty() { "any without a name".to_owned() } else { texts.join(", ") }
}
