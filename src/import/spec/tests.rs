use super::*;
use proptest::prelude::*;

/// A specifier with every parenthesis that it may have.
fn shown(set: &SpecSet) -> String {
    match set {
        SpecSet::Union(a, b) => format!("({} or {})", shown(a), shown(b)),
        SpecSet::Intersection(a, b) => format!("({} and {})", shown(a), shown(b)),
        SpecSet::Difference(a, b) => format!("({} but not {})", shown(a), shown(b)),
        SpecSet::Term(term) => match &term.word {
            SpecWord::Anywhere => "ANYWHERE".to_owned(),
            SpecWord::Internet => "INTERNET".to_owned(),
            SpecWord::OnPremises => "ON-PREMISES".to_owned(),
            SpecWord::Addresses(set) => {
                let prefixes: Vec<_> = set.prefixes().iter().map(ToString::to_string).collect();
                prefixes.join("+")
            }
            SpecWord::Named(None, name) => format!("<{name}>"),
            SpecWord::Named(Some(kind), name) => format!("{}<{name}>", kind.word()),
        },
    }
}

fn check(text: &str, expected: &str) {
    let read = spec(text, Place::default());
    assert_eq!(read.map(|spec| shown(&spec.set)).as_deref(), Ok(expected), "{text}");
}

fn wrong(text: &str, message: &str, hint: &str) {
    let remark = spec(text, Place::default()).unwrap_err();
    assert_eq!((&*remark.message, &*remark.hint.unwrap_or_default()), (message, hint), "{text}");
}

#[test]
fn words_say_places() {
    check("Internet", "INTERNET");
    check("on-premises", "ON-PREMISES");
    check("anywhere", "ANYWHERE");
    check("jumpbox", "<jumpbox>");
    check("spokes/app", "<spokes/app>");
    check("subnet:spoke-*/app", "subnet<spoke-*/app>");
    check("tag:Storage.WestEurope", "tag<Storage.WestEurope>");
    check("VM:web", "vm<web>");
    check("10.1.0.4", "10.1.0.4/32");
    check("10.1.0.0/16", "10.1.0.0/16");
    check("10.0.0.0-10.0.0.2", "10.0.0.0/31+10.0.0.2/32");
    check("fd00::4", "fd00::4/128");
    check("2001:db8::/32", "2001:db8::/32");
    check("/subscriptions/s/resourceGroups/g", "</subscriptions/s/resourceGroups/g>");
}

#[test]
fn quotes_take_the_meaning_from_words() {
    check("\"internet\"", "<internet>");
    check("'office edge' or x", "(<office edge> or <x>)");
    check("site:'head office'", "site<head office>");
    check("vnet:\"a, b\" but not c", "(vnet<a, b> but not <c>)");
}

#[test]
fn union_and_difference_go_from_left_to_right_and_intersection_binds_tighter() {
    let expected = "((<spokes/app> or 10.1.0.0/16) but not <jumpbox>)";
    check("spokes/app or 10.1.0.0/16 but not jumpbox", expected);
    check("spokes/app, 10.1.0.0/16 \\ jumpbox", expected);
    check("a but not b or c", "((<a> but not <b>) or <c>)");
    check("a or b and c", "(<a> or (<b> and <c>))");
    check("(a or b) and c", "((<a> or <b>) and <c>)");
    check("a&b&c", "((<a> and <b>) and <c>)");
    check(
        "anywhere but not (internet or on-premises)",
        "(ANYWHERE but not (INTERNET or ON-PREMISES))",
    );
    check("a BUT NOT b", "(<a> but not <b>)");
}

#[test]
fn what_is_wrong_is_pointed_at() {
    let place = "a place is a name, `KIND:NAME`, an id, an address, a prefix, `internet`, `on-premises` or \
                 `anywhere`";
    wrong("", "expected a place, found nothing, at column 1 of ``", place);
    wrong("a or", "expected a place, found nothing, at column 5 of `a or`", place);
    wrong("a or or b", "expected a place, found `or`, at column 6 of `a or or b`", place);
    wrong(
        "a b",
        "expected `or`, `and` or `but not`, found `b`, at column 3 of `a b`",
        "a name with blanks stands in quotes",
    );
    wrong(
        "a except b",
        "expected `or`, `and` or `but not`, found `except`, at column 3 of `a except b`",
        "say `but not`",
    );
    wrong(
        "a but b",
        "expected `not` after `but`, at column 3 of `a but b`",
        "as in `hub but not jumpbox`",
    );
    wrong(
        "(a or b",
        "this parenthesis is not closed, at column 1 of `(a or b`",
        "expected a `)` after it",
    );
    wrong(
        "a) or b",
        "expected `or`, `and` or `but not`, found `)`, at column 2 of `a) or b`",
        "nothing was opened before it",
    );
    wrong("é or 'b", "expected a second `'` after this one, at column 6 of `é or 'b`", "");
    wrong(
        "vnt:hub",
        "`vnt` is no sort of place, at column 1 of `vnt:hub`",
        "did you mean `vnet:hub`?",
    );
    wrong(
        "webserver:443",
        "`webserver` is no sort of place, at column 1 of `webserver:443`",
        "say `webserver` alone: the port is a key or an option of its own",
    );
    wrong("a or vm:", "expected a name after `vm:`, at column 6 of `a or vm:`", "");
    wrong(
        "10.0.0.0/33",
        "`10.0.0.0/33` is no prefix, at column 1 of `10.0.0.0/33`",
        "expected a length from 0 to 32 after the slash",
    );
    wrong(
        "10.0.0.4/24",
        "`10.0.0.4/24` has bits set beyond its length, at column 1 of `10.0.0.4/24`",
        "did you mean `10.0.0.0/24`?",
    );
    wrong(
        "10.0.0.4-10.0.0.1",
        "`10.0.0.4-10.0.0.1` ends before it starts, or mixes families, at column 1 of `10.0.0.4-10.0.0.1`",
        "",
    );
}

#[test]
fn neither_depth_nor_length_breaks_it() {
    let deep = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(spec(&deep, Place::default()).is_err());
    let deep = format!("{}a{}", "(".repeat(DEPTH_MAX), ")".repeat(DEPTH_MAX));
    assert!(spec(&deep, Place::default()).is_ok());
    let long = vec!["a"; 100_000].join(" or ");
    assert!(spec(&long, Place::default()).is_err());
}

#[test]
fn the_place_of_a_word_is_within_that_of_the_text() {
    let place = Place { span: Some((100, 110)), ..Place::default() };
    let read = spec("ab or cd", place.clone()).unwrap();
    let SpecSet::Union(_, right) = &read.set else { panic!("{read:?}") };
    let SpecSet::Term(term) = &**right else { panic!("{right:?}") };
    assert_eq!(read.place_of(term).span, Some((106, 108)));
    assert_eq!(spec("ab or", place).unwrap_err().place.unwrap().span, Some((105, 105)));
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in "([a-z0-9.:/*é&,\\\\()'\" -]|or |and |but not |vm:){0,40}") {
        let place = Place { span: Some((0, u32::try_from(text.len()).unwrap())), ..Place::default() };
        match spec(&text, place) {
            Ok(read) => prop_assert_eq!(read.text, text.trim()),
            Err(mistake) => {
                let (first, end) = mistake.place.unwrap().span.unwrap();
                let range = first as usize..end as usize;
                prop_assert!(text.get(range).is_some(), "{} is not within {:?}", mistake.message, text);
            }
        }
    }
}
