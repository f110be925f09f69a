//! Ports, by number or by the word that people use.

use super::Refusal;
use crate::diag::similar;

/// Words for ports: IANA's service names, and some that everybody says instead.
const WORDS: &[(&str, u16)] = &[
    ("amqps", 5671),
    ("dns", 53),
    ("domain", 53),
    ("ftp", 21),
    ("http", 80),
    ("https", 443),
    ("imaps", 993),
    ("kerberos", 88),
    ("ldap", 389),
    ("ldaps", 636),
    ("mongodb", 27017),
    ("ms-sql-s", 1433),
    ("mssql", 1433),
    ("mysql", 3306),
    ("nfs", 2049),
    ("ntp", 123),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("rdp", 3389),
    ("redis", 6379),
    ("redis-tls", 6380),
    ("smb", 445),
    ("smtp", 25),
    ("snmp", 161),
    ("ssh", 22),
    ("submission", 587),
    ("syslog", 514),
    ("telnet", 23),
    ("winrm", 5985),
    ("winrms", 5986),
];

/// The port that `text` says: a number from 1 to 65535, or a word such as `ssh`.
#[must_use]
pub fn port(text: &str) -> Option<u16> {
    match text.parse::<u16>() {
        Ok(0) => None,
        Ok(port) => Some(port),
        Err(_) => {
            let word = text.to_ascii_lowercase();
            WORDS.iter().find(|&&(known, _)| known == word).map(|&(_, port)| port)
        }
    }
}

/// What to say about `text`, which is no port.
#[must_use]
pub fn bad_port(text: &str) -> Refusal {
    let is_word = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let words = WORDS.iter().filter(|_| is_word).map(|&(word, _)| word);
    let similar = similar(text, words).into_iter().map(str::to_owned).collect();
    Refusal::BadPort { text: text.to_owned(), similar }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_numbers_or_words() {
        assert_eq!(port("22"), Some(22));
        assert_eq!(port("SSH"), Some(22));
        assert_eq!(port("0"), None);
        assert_eq!(port("65536"), None);
        assert_eq!(port("-1"), None);
        assert_eq!(port("sssh"), None);
    }
}
