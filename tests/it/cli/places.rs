//! `hopwise places`, and what is said about specifiers that are none.

use super::{TWO, refuses, run};

#[test]
fn places_are_listed_with_their_addresses() {
    let run = run(&["places", "-", "hub/default but not client or on-premises"], TWO);
    let expected = "\
hub/default but not client or on-premises is
Network  Place                Kind               Addresses
hub      server               network-interface  10.1.0.5
office   a machine at office  site               any without a name
office   pc                   site               192.168.10.5
";
    assert_eq!((run.code, &*run.out, &*run.err), (0, expected, ""));
}

#[test]
fn the_word_in_question_is_underlined() {
    refuses(
        &["places", "-", "client or sever"],
        TWO,
        "error[not-found]: nothing in the input is called `sever`\n --> SPEC:1:11\n  |\n\
         1 | client or sever\n  |           ^^^^^\n  |\n  = help: did you mean `server`?\n",
    );
    refuses(
        &["places", "-", "client or"],
        TWO,
        "error[bad-specifier]: expected a place, found nothing, at column 10 of `client or`\n --> SPEC:1:10\n  |\n\
         1 | client or\n  |          ^\n  |\n  = help: a place is a name, `KIND:NAME`, an id, an address, a prefix, \
         `internet`, `on-premises` or `anywhere`\n",
    );
}
