//! What 168.63.129.16 answers from inside a network: zones, rulesets, Azure's own names, public DNS
//! (R267).

use super::reply::{Ending, Found, Reply};
use super::resolution::{Resolution, Resolver};
use crate::answer::Rule;
use crate::dataplane::names::{
    Forwarded, ForwardingRule, Match, PLATFORM, Ruleset, View, Zone, ZoneLink,
};
use crate::id::Id;
use crate::net::{DnsName, RecordType};
use std::net::IpAddr;

impl Resolution<'_> {
    /// What the view answers, aliases chased within it (R509, R578).
    pub(super) fn view(&mut self, id: Id<View>, name: &DnsName) -> Reply {
        self.follow(name, |it, name, is_target| {
            let work = |it: &mut Self| it.in_view(id, name, is_target);
            let found = it.without_loop(Resolver::View(id), name, work);
            found.unwrap_or(Found::end(Ending::Timeout))
        })
    }

    /// A bare name: a machine of the same network (R243).
    pub(super) fn machine(&mut self, id: Id<View>, name: &DnsName) -> Reply {
        let view = &self.names.views[id];
        let told =
            (view.machine(name.as_str(), self.record_type), Some(&view.item), vec![Rule(243)]);
        let subject = format!("network {}", view.name);
        self.found(&self.label_of(id), &subject, name, told).into_reply(name)
    }

    fn in_view(&mut self, id: Id<View>, name: &DnsName, is_target: bool) -> Found {
        let names = self.names;
        let view = &names.views[id];
        if let Some(why) = &view.hidden_zone {
            let text = format!("a private zone whose name is not known may hold `{name}`: {why}");
            self.step(&self.label_of(id), text.clone(), Some(&view.item), vec![Rule(247)]);
            return Found::End(Reply::unknown(text));
        }
        match view.zone(name) {
            None => self.beyond_zones(id, name, is_target),
            Some(([link], is_longest)) => {
                let found = self.in_zone(id, link, name, is_longest);
                match &link.doubt {
                    None => found,
                    Some(why) => {
                        let otherwise = self.beyond_zones(id, name, is_target);
                        found.or_unknown(otherwise, name, why)
                    }
                }
            }
            Some((links, _)) => {
                let text = format!(
                    "{} zones that hold `{name}` have the same name and are linked to {}",
                    links.len(),
                    view.name
                );
                let item = links.first().map(|link| &link.item);
                self.step(&self.label_of(id), text.clone(), item, vec![Rule(255)]);
                Found::End(Reply::unknown(text))
            }
        }
    }

    /// The linked zone decides, whatever public DNS says (R249, R261).
    fn in_zone(
        &mut self,
        id: Id<View>,
        link: &ZoneLink,
        name: &DnsName,
        is_longest: bool,
    ) -> Found {
        let names = self.names;
        let (view, zone) = (&names.views[id], &names.zones[link.zone]);
        let (found, mut rules) = zone.lookup(name, self.record_type);
        rules.extend([Rule(247), Rule(248)]);
        if is_longest {
            rules.push(Rule(251));
        }
        rules.extend(self.beaten_rule(view, zone, name));
        if found == Match::Nxdomain && is_redirected(link, zone, self.record_type) {
            let text = format!("zone {} does not have `{name}`; the link redirects", zone.name);
            rules.extend([Rule(262), Rule(263)]);
            self.step(&self.label_of(id), text, Some(&link.item), rules);
            return self.public(name);
        }
        if found == Match::Nxdomain && names.public.tells_about(name) {
            rules.push(Rule(261));
        }
        let subject = format!("zone {}, linked to {},", zone.name, view.name);
        let found =
            self.found(&self.label_of(id), &subject, name, (found, Some(&zone.item), rules));
        if let Some(step) = self.steps.last_mut() {
            step.linked_by = Some(link.item.clone());
        }
        found
    }

    /// A ruleset also has a rule for the name, and the zone comes first (R267, R270).
    fn beaten_rule(&self, view: &View, zone: &Zone, name: &DnsName) -> Vec<Rule> {
        match self.names.forwarded(view, name) {
            Forwarded::By(_, rule) if rule.domain.labels() > zone.name.labels() => {
                vec![Rule(267), Rule(270)]
            }
            Forwarded::By(..) | Forwarded::Contradiction(..) => vec![Rule(267)],
            Forwarded::Reserved(..) | Forwarded::No => Vec::new(),
        }
    }

    fn beyond_zones(&mut self, id: Id<View>, name: &DnsName, is_target: bool) -> Found {
        let names = self.names;
        let view = &names.views[id];
        match names.forwarded(view, name) {
            Forwarded::By(ruleset, rule) => {
                // R578: rules take targets of aliases too.
                let because = is_target.then_some(Rule(578));
                return Found::End(self.forward(id, (ruleset, rule), name, because));
            }
            Forwarded::Contradiction(one, other) => {
                let text = format!(
                    "rules {} and {} both forward `{}`",
                    one.item.name, other.item.name, one.domain
                );
                self.step(&self.label_of(id), text.clone(), Some(&one.item), vec![Rule(268)]);
                return Found::End(Reply::unknown(text));
            }
            Forwarded::Reserved(rule, why) => {
                let text = format!("wildcard rule {} leaves `{name}` to Azure", rule.item.name);
                self.step(&self.label_of(id), text, Some(&rule.item), vec![why]);
            }
            Forwarded::No => {}
        }
        if let Some((found, rules)) = view.provided(name, self.record_type) {
            let subject = format!("network {}", view.name);
            let told = (found, Some(&view.item), rules);
            return self.found(&self.label_of(id), &subject, name, told);
        }
        if let Some(zone) = names.near_miss(view, name, self.record_type) {
            let text =
                format!("zone {} has `{name}` and is not linked to {}", zone.name, view.name);
            self.step(&self.label_of(id), text, Some(&zone.item), vec![Rule(247)]);
        }
        self.public(name)
    }

    /// A rule of a linked ruleset: its targets are asked from the outbound endpoint (R275).
    fn forward(
        &mut self,
        id: Id<View>,
        (ruleset, rule): (&Ruleset, &ForwardingRule),
        name: &DnsName,
        because: Option<Rule>,
    ) -> Reply {
        let listed: Vec<String> = rule.targets.iter().map(|(to, _)| to.to_string()).collect();
        let text =
            format!("rule {} forwards `{}` to {}", rule.item.name, rule.domain, listed.join(", "));
        let mut rules = [266, 267, 268, 275].map(Rule).to_vec();
        rules.extend(because);
        if listed.len() > 1 {
            rules.push(Rule(271));
        }
        self.step(&self.label_of(id), text, Some(&rule.item), rules);
        match ruleset.sources.as_deref() {
            Ok([source, ..]) => {
                let targets = self.allowed_targets(id, rule);
                self.list(source, None, &targets, name)
            }
            Ok([]) => Reply::unknown(format!("ruleset {} has no outbound endpoint", ruleset.name)),
            Err(why) => Reply::unknown(why),
        }
    }

    /// 168.63.129.16 may not be a target (R271).
    fn allowed_targets(&mut self, id: Id<View>, rule: &ForwardingRule) -> Vec<(IpAddr, u16)> {
        let is_allowed = |&(address, _): &(IpAddr, u16)| address != PLATFORM;
        if !rule.targets.iter().all(is_allowed) {
            let text = format!("rule {} may not forward to 168.63.129.16", rule.item.name);
            self.step(&self.label_of(id), text, Some(&rule.item), vec![Rule(271)]);
        }
        rule.targets.iter().copied().filter(is_allowed).collect()
    }
}

/// Is a name that the zone does not have asked of the public DNS (R262, R264)?
fn is_redirected(link: &ZoneLink, zone: &Zone, record_type: RecordType) -> bool {
    let is_type = matches!(record_type, RecordType::A | RecordType::Aaaa | RecordType::Cname);
    link.redirects_nxdomain && zone.is_private_link() && is_type
}
