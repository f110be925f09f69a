//! A dataflow as a Mermaid sequence diagram, for Markdown: READMEs, pull requests, wikis.
//!
//! Participants are the places that packets come by. Steps are numbered messages between them, hops and
//! conditions are notes beside. What stops the dataflow stands in a box, with a crossed arrow.

use crate::answer::{
    DataflowAnswer, GateAnswer, Hindrance, Hop, HopKind, LegAnswer, NameOutcome, Outcome, Path,
    StepAnswer, StepKind, TraceAnswer, Verdict,
};

/// Labels are broken into lines of about so many characters.
const COLUMNS: usize = 56;
/// The boxes around what stops it, and what may.
const STOPPED: &str = "rect rgb(255, 224, 224)";
const UNSURE: &str = "rect rgb(255, 244, 204)";

/// The diagram, with a final line break. Without `details` there are neither hops nor conditions.
#[must_use]
pub fn mermaid(answer: &DataflowAnswer, details: bool) -> String {
    let stopping = answer.hindrances.iter().find(|it| it.outcome == Outcome::Stopped);
    let mut diagram = Diagram {
        participants: Vec::new(),
        lines: Vec::new(),
        hindrances: &answer.hindrances,
        stops: stopping.map(|hindrance| hindrance.step),
        details,
    };
    for leg in &answer.legs {
        diagram.leg(leg);
    }
    diagram.finish(answer)
}

/// A diagram on its way.
struct Diagram<'a> {
    /// What they are called, in the order in which they occur.
    participants: Vec<&'a str>,
    lines: Vec<String>,
    hindrances: &'a [Hindrance],
    /// The step that stops it.
    stops: Option<u32>,
    details: bool,
}

/// Where a step goes: the numbers of two participants.
type Ends = (usize, usize);

impl<'a> Diagram<'a> {
    fn finish(self, answer: &DataflowAnswer) -> String {
        let mut lines = vec!["sequenceDiagram".to_owned()];
        lines.push(format!("    title {}", escaped(&title(answer))));
        for (number, name) in self.participants.iter().enumerate() {
            lines.push(format!("    participant {} as {}", id(number), label(name)));
        }
        lines.extend(self.lines.into_iter().map(|line| format!("    {line}")));
        lines.push(String::new());
        lines.join("\n")
    }

    /// The number of the participant called `name`.
    fn participant(&mut self, name: &'a str) -> usize {
        let known = self.participants.iter().position(|known| *known == name);
        known.unwrap_or_else(|| {
            self.participants.push(name);
            self.participants.len() - 1
        })
    }

    fn leg(&mut self, leg: &'a LegAnswer) {
        let trace = leg.trace.as_ref();
        let path = trace.and_then(|trace| trace.paths.first());
        let who = leg.principal.as_deref().unwrap_or("user");
        let mut ends = self.ends(trace, path, who);
        for (at, step) in leg.steps.iter().enumerate() {
            let hops = path.zip(step.hops).map(|(path, hops)| (&*path.request, hops));
            let own = hops.zip(trace).and_then(|((request, (first, end)), trace)| {
                let last = request.get(end).or_else(|| request.last())?;
                let first = self.participant(called(request.get(first)?, trace));
                Some((first, self.participant(called(last, trace))))
            });
            // A step without hops of its own is where the one before ended.
            let here = own.unwrap_or(if at == 0 { ends } else { (ends.1, ends.1) });
            let opening = if at == 0 { trace } else { None };
            self.step(step, here, opening, hops);
            ends = (ends.0, here.1);
        }
        let answers = path.is_some_and(|path| !path.reply.is_empty());
        if answers && leg.verdict == Verdict::Reachable {
            let (first, last) = ends;
            self.lines.push(format!("{}-->>{}: reply", id(last), id(first)));
        }
    }

    /// Where a leg begins and ends, before its hops tell.
    fn ends(
        &mut self,
        trace: Option<&'a TraceAnswer>,
        path: Option<&'a Path>,
        who: &'a str,
    ) -> Ends {
        let hops = path.and_then(|path| path.request.first().zip(path.request.last()));
        match (hops, trace) {
            (Some((first, last)), Some(trace)) => {
                let first = self.participant(called(first, trace));
                (first, self.participant(called(last, trace)))
            }
            (None, Some(trace)) => (self.participant(&trace.from), self.participant(&trace.to)),
            (_, None) => {
                let last = self.participants.len().checked_sub(1);
                let here = last.unwrap_or_else(|| self.participant(who));
                (here, here)
            }
        }
    }

    fn step(
        &mut self,
        step: &'a StepAnswer,
        ends: Ends,
        opening: Option<&TraceAnswer>,
        hops: Option<(&[Hop], (usize, usize))>,
    ) {
        let hindrances = self.hindrances;
        let own: Vec<&Hindrance> = hindrances.iter().filter(|it| it.step == step.number).collect();
        let is_boxed = !own.is_empty();
        if is_boxed {
            let is_sure = own.iter().any(|it| it.outcome == Outcome::Stopped);
            self.lines.push(if is_sure { STOPPED } else { UNSURE }.to_owned());
        }
        let arrow = self.arrow(step);
        let text = label(&format!("{}. {}", step.number, step.title));
        self.lines.push(format!("{}{arrow}{}: {text}", id(ends.0), id(ends.1)));
        if self.details {
            self.note(ends, &opening.map(name).unwrap_or_default());
            let way = hops.map(|(request, range)| on_the_way(request, range));
            self.note(ends, &way.unwrap_or_default());
            let met: Vec<String> = step.gates.iter().filter_map(condition).collect();
            self.note(ends, &met);
        }
        let stopping: Vec<String> = own.into_iter().map(hindrance).collect();
        self.note(ends, &stopping);
        if is_boxed {
            self.lines.push("end".to_owned());
        }
    }

    /// What lies behind the step that stops it is not reached, whatever it would do.
    fn arrow(&self, step: &StepAnswer) -> &'static str {
        let is_behind = self.stops.is_some_and(|stops| stops < step.number);
        match (step.verdict, is_behind) {
            (Verdict::Unreachable, _) => "-x",
            (Verdict::Reachable | Verdict::Unknown, true) => "--)",
            (Verdict::Reachable, false) => "->>",
            (Verdict::Unknown, false) => "-)",
        }
    }

    /// A note with these lines, if there are any.
    fn note(&mut self, (first, last): Ends, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let (left, right) = (first.min(last), first.max(last));
        let over = if left == right { id(left) } else { format!("{},{}", id(left), id(right)) };
        let text: Vec<String> = lines.iter().map(|line| label(line)).collect();
        self.lines.push(format!("Note over {over}: {}", text.join("<br/>")));
    }
}

/// A machine on the Internet that has no name of its own is called as it was asked for.
fn called<'a>(hop: &'a Hop, trace: &'a TraceAnswer) -> &'a str {
    let is_named = [&trace.from, &trace.to].iter().any(|end| end.contains(&hop.at));
    if hop.kind == HopKind::Internet && !is_named { &trace.to } else { &hop.at }
}

fn id(participant: usize) -> String {
    format!("p{}", participant + 1)
}

/// `Bastion and a jump box, no peering: fails (peering-missing)`.
fn title(answer: &DataflowAnswer) -> String {
    let variant = answer.variant.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    let verdict = match answer.verdict {
        Verdict::Reachable => "works",
        Verdict::Unreachable => "fails",
        Verdict::Unknown => "is unknown",
    };
    let reason = answer.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    format!("{}{variant}: {verdict}{reason}", answer.dataflow)
}

/// What the name of the destination stands for.
fn name(trace: &TraceAnswer) -> Vec<String> {
    let Some(answer) = &trace.name else { return Vec::new() };
    let NameOutcome::Addresses(addresses) = &answer.outcome else { return Vec::new() };
    let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    vec![format!("{} is {}", answer.name, addresses.join(", "))]
}

/// Which hops lie between the ends of a step, and what lets packets pass.
fn on_the_way(request: &[Hop], (first, end): (usize, usize)) -> Vec<String> {
    let own = request.get(first..end).unwrap_or_default();
    // The last hop of all is where the step ends.
    let after = usize::from(end >= request.len());
    let between = own.iter().take(own.len().saturating_sub(after)).skip(1);
    let via = between.map(|hop| format!("by way of {}", hop.at));
    let decided = own.iter().flat_map(|hop| &hop.steps).filter(|step| {
        matches!(step.kind, StepKind::Filter | StepKind::Crossing | StepKind::Translate)
            && step.outcome == Outcome::Passed
    });
    via.chain(decided.map(|step| step.text.clone())).collect()
}

/// A condition that holds: the others are among the hindrances.
fn condition(gate: &GateAnswer) -> Option<String> {
    (gate.outcome == Outcome::Passed).then(|| format!("met: {}", gate.text))
}

fn hindrance(hindrance: &Hindrance) -> String {
    let word = match hindrance.outcome {
        Outcome::Stopped | Outcome::Passed => "FAILS",
        Outcome::Unsure => "UNKNOWN",
    };
    format!("{word} ({}) {}", hindrance.reason, hindrance.text)
}

/// `text` in lines, with what Mermaid would take for its own as entities.
fn label(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("<br/>")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '#' | ';' | '<' | '>' | '&' | '"' | '\\' | '%' | '{' | '}' | '`' => {
                escaped.push_str(&format!("#{};", u32::from(letter)));
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mermaid_takes_for_its_own_is_escaped() {
        assert_eq!(label("a;b #1 <x> \"q\" 50%"), "a#59;b #35;1 #60;x#62; #34;q#34; 50#37;");
        assert_eq!(label("one\ntwo\tthree"), "one two three");
    }

    #[test]
    fn long_labels_are_broken_between_words() {
        let word = "word ".repeat(20);
        let lines: Vec<String> = label(&word).split("<br/>").map(str::to_owned).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS), "{lines:?}");
    }
}
