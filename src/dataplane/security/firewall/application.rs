//! Application rules: what a firewall allows by the names of HTTP, HTTPS and MSSQL requests.

use super::order::FirewallRuleRef;
use crate::dataplane::filter::{
    Action, Bindings, Cause, Decision, Field, Filter, Match, Packet, RuleIndex, first_match,
};
use crate::net::DnsName;

/// The part of an application rule that addresses do not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationRule {
    /// Where it stands.
    pub at: FirewallRuleRef,
    /// Names; with a `*` in front everything that ends like the rest, alone everything.
    pub fqdns: Box<[Box<str>]>,
    /// Has it FQDN tags or web categories, which are not modelled?
    pub has_tags: bool,
}

impl ApplicationRule {
    /// Is the rule for a request to `host`? Maybe when the host is not known, and because of tags.
    #[must_use]
    pub fn names(&self, host: Option<&DnsName>) -> Match {
        let each = self.fqdns.iter().map(|pattern| matches_name(pattern, host));
        let tags = if self.has_tags { Match::Maybe } else { Match::No };
        each.fold(tags, Match::max)
    }
}

fn matches_name(pattern: &str, host: Option<&DnsName>) -> Match {
    if pattern == "*" {
        return Match::Yes;
    }
    let Some(host) = host else { return Match::Maybe };
    let host = host.as_str();
    let is_match = match pattern.strip_prefix('*') {
        Some(end) => host
            .len()
            .checked_sub(end.len())
            .and_then(|at| host.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end)),
        None => host.eq_ignore_ascii_case(pattern.trim_end_matches('.')),
    };
    if is_match { Match::Yes } else { Match::No }
}

/// The first of `rules` for `packet` and `host`; `filter` holds their sources and ports.
pub(super) fn decide(
    (filter, rules): (&Filter, &[ApplicationRule]),
    packet: &Packet<'_>,
    host: Option<&DnsName>,
) -> Decision {
    let bindings = Bindings::default();
    let mut matching = filter.matching(packet, &bindings).filter_map(|(index, found)| {
        let names = rules.get(index.index())?.names(host);
        Some(((action(filter, index), index), found.min(names)))
    });
    first_match(&mut matching, |rule| cause(filter, rule, packet))
}

fn action(filter: &Filter, index: RuleIndex) -> Action {
    filter.rule(index).map_or(Action::Deny, |rule| rule.action)
}

/// The destination stands for the name, of which the filter knows nothing.
fn cause(filter: &Filter, rule: RuleIndex, packet: &Packet<'_>) -> Cause {
    let fields = filter.evaluate(rule, packet, &Bindings::default());
    let field = fields.and_then(|fields| fields.unsure()).unwrap_or(Field::Destination);
    Cause { rule, field }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, host: Option<&str>, expected: Match) {
        let host = host.map(|name| DnsName::parse(name).unwrap());
        assert_eq!(matches_name(pattern, host.as_ref()), expected, "{pattern}");
    }

    #[test]
    fn a_star_stands_for_any_labels_in_front() {
        check("*.example.com", Some("a.b.example.com"), Match::Yes);
        check("*.Example.com", Some("a.example.com"), Match::Yes);
        check("*.example.com", Some("example.com"), Match::No);
        check("www.example.com", Some("WWW.example.com."), Match::Yes);
        check("www.example.com", Some("example.com"), Match::No);
    }

    #[test]
    fn without_a_host_only_the_lone_star_is_sure() {
        check("*", None, Match::Yes);
        check("*.example.com", None, Match::Maybe);
    }
}
