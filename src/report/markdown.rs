//! The answer to `diff` as GitHub Flavored Markdown, for a comment on a pull request.

use super::failure;
use crate::answer::{
    ChangeSeverity, ConfigurationChange, DifferenceAnswer, FlowChange, WitnessFate,
};
use std::fmt::Write;

/// So many groups are shown; a comment has a limit of 65,536 characters.
const GROUPS: usize = 50;

/// So many ends of a group are named.
const ENDS: usize = 8;

/// A summary, a table of groups, and the details of each folded up.
#[must_use]
pub fn markdown(answer: &DifferenceAnswer) -> String {
    let mut text = String::from("### Reachability\n\n");
    if answer.is_empty() {
        let known = if answer.unknown.is_some() || answer.is_partial {
            "is known to open, close or take"
        } else {
            "opens, closes or takes"
        };
        let _ = writeln!(text, "No flow {known} another way.");
    } else {
        let _ = writeln!(text, "{}\n", first_capital(&answer.in_words()));
        if !answer.flows.is_empty() {
            table(&mut text, &answer.flows);
        }
        details(&mut text, answer);
    }
    if let Some(unknown) = answer.unknown_in_words() {
        let _ = writeln!(text, "\n{}", first_capital(&unknown));
    }
    let unfollowed: Vec<String> = answer.unfollowed().map(in_words).collect();
    list(
        &mut text,
        "Changed, and not modelled: which packets this opens or closes is not told",
        &unfollowed,
    );
    list(&mut text, "Only before", &answer.only_before);
    list(&mut text, "Only after", &answer.only_after);
    list(&mut text, "Worth knowing", &answer.notes);
    text
}

fn first_capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let capital: String = first.into_iter().chain(letters).collect();
    format!("{capital}.")
}

fn table(text: &mut String, flows: &[FlowChange]) {
    text.push_str("| | What | From | To | Packets |\n|---|---|---|---|---|\n");
    for flow in flows.iter().take(GROUPS) {
        let sign = match flow.severity {
            ChangeSeverity::Exposure => ":red_circle:",
            ChangeSeverity::PossibleExposure | ChangeSeverity::Change => ":orange_circle:",
            ChangeSeverity::Remark => ":white_circle:",
        };
        let packets = some(flow.packets.iter().map(String::as_str), flow.packets.len(), 3);
        let [from, to] = [&flow.from, &flow.to].map(|it| some(it.iter(), it.len(), ENDS));
        let to = [&*to, flow.pairs.in_words()].join(" ");
        let to = to.trim_end();
        let _ = writeln!(text, "| {sign} | {} | {from} | {to} | {packets} |", flow.kind);
    }
    if flows.len() > GROUPS {
        let _ = writeln!(text, "\nand {} more groups", flows.len() - GROUPS);
    }
}

fn details(text: &mut String, answer: &DifferenceAnswer) {
    for flow in answer.flows.iter().take(GROUPS) {
        let _ = writeln!(
            text,
            "\n<details><summary>{}: {}</summary>\n",
            flow.kind,
            html(&flow.witness.packet)
        );
        let _ = writeln!(text, "* before: {}", fate(&flow.witness.before));
        let _ = writeln!(text, "* after: {}", fate(&flow.witness.after));
        for cause in flow.causes.iter().filter_map(|number| answer.configuration.get(*number)) {
            let _ = writeln!(text, "* because: {}", change(cause));
        }
        text.push_str("\n</details>\n");
    }
}

fn fate(fate: &WitnessFate) -> String {
    let reason = fate.reason.map(|reason| format!(" (`{reason}`)")).unwrap_or_default();
    let stop = fate.stop.as_ref().map(|stop| format!(": {}", plain(stop))).unwrap_or_default();
    let item =
        fate.decided_by.as_ref().map(|item| format!(", {}", plain(&failure::in_words(item))));
    format!("{}{reason}{stop}{}", fate.verdict, item.unwrap_or_default())
}

/// `changed networkSecurityGroups/web /properties/securityRules/ssh (net.yaml:3)`.
pub(super) fn change(change: &ConfigurationChange) -> String {
    plain(&in_words(change))
}

fn in_words(change: &ConfigurationChange) -> String {
    let place = change.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    format!("{} {}{}{place}", change.kind, change.resource, change.path_in_words())
}

fn some<'n>(names: impl Iterator<Item = &'n str>, all: usize, count: usize) -> String {
    let shown: Vec<String> = names.take(count).map(plain).collect();
    let more = all.saturating_sub(count);
    let more = if more == 0 { String::new() } else { format!("<br>and {more} more") };
    format!("{}{more}", shown.join("<br>"))
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n**{title}**\n");
    for line in lines {
        let _ = writeln!(text, "* {}", plain(line));
    }
}

/// Text that means nothing to Markdown, in a table or out of it.
fn plain(text: &str) -> String {
    let mut escaped = String::new();
    for letter in html(text).chars() {
        if "\\`*_[]|#~".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(if letter == '\n' { ' ' } else { letter });
    }
    escaped
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_nothing_to_markdown() {
        assert_eq!(plain("a|b <x> `c`\n*"), r"a\|b &lt;x&gt; \`c\` \*");
    }
}
