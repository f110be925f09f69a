//! `uniqueString` and `guid`: texts that follow from others.

/// The digits of base 32 in lower case (RFC 4648).
const DIGITS: [char; 32] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's',
    't', 'u', 'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
];

const FIRST: u32 = 0x239b_961b;
const SECOND: u32 = 0xab0e_9789;

/// `uniqueString(…)`: 13 digits of the hash of the texts with dashes between them.
///
/// Azure's own function, checked against values that the azapi provider publishes
/// (<https://github.com/Azure/terraform-provider-azapi>, `unique_string`).
pub(super) fn unique_string(texts: &[String]) -> String {
    let mut hash = hash(texts.join("-").as_bytes());
    let mut digits = String::new();
    for _ in 0..13 {
        let digit = usize::try_from(hash >> 59).unwrap_or_default();
        digits.extend(DIGITS.get(digit));
        hash <<= 5;
    }
    digits
}

/// `guid(…)`: not Azure's value, but one of its shape that follows from the same texts.
pub(super) fn guid(texts: &[String]) -> String {
    let text = texts.join("-");
    let (a, b) = (hash(text.as_bytes()), hash(format!("{text}-").as_bytes()));
    let all = format!("{a:016x}{b:016x}");
    let part = |from: usize, to: usize| all.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A hash of the Murmur family with two lanes of 32 bits.
fn hash(bytes: &[u8]) -> u64 {
    let (mut one, mut two) = (0u32, 0u32);
    let mut blocks = bytes.chunks_exact(8);
    for block in &mut blocks {
        let (low, high) = block.split_at(4);
        one = (one ^ mix(word(low), FIRST, 15, SECOND)).rotate_left(19).wrapping_add(two);
        one = one.wrapping_mul(5).wrapping_add(0x561c_cd1b);
        two = (two ^ mix(word(high), SECOND, 17, FIRST)).rotate_left(13).wrapping_add(one);
        two = two.wrapping_mul(5).wrapping_add(0x0bca_a747);
    }
    let rest = blocks.remainder();
    let (low, high) = rest.split_at(rest.len().min(4));
    if !low.is_empty() {
        one ^= mix(word(low), FIRST, 15, SECOND);
    }
    if !high.is_empty() {
        two ^= mix(word(high), SECOND, 17, FIRST);
    }
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    one ^= length;
    two ^= length;
    one = one.wrapping_add(two);
    two = two.wrapping_add(one);
    (one, two) = (finish(one), finish(two));
    one = one.wrapping_add(two);
    two = two.wrapping_add(one);
    (u64::from(two) << 32) | u64::from(one)
}

/// Up to four bytes, the lowest first.
fn word(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |word, &byte| (word << 8) | u32::from(byte))
}

const fn mix(word: u32, before: u32, rotation: u32, after: u32) -> u32 {
    word.wrapping_mul(before).rotate_left(rotation).wrapping_mul(after)
}

const fn finish(mut lane: u32) -> u32 {
    lane = (lane ^ (lane >> 16)).wrapping_mul(0x85eb_ca6b);
    lane = (lane ^ (lane >> 13)).wrapping_mul(0xc2b2_ae35);
    lane ^ (lane >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that others publish: the test and the documentation of `unique_string` of azapi.
    #[test]
    fn unique_strings_are_those_of_azure() {
        let of = |texts: &[&str]| {
            unique_string(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
        };
        let subscription = "/subscriptions/00000000-0000-0000-0000-000000000000";
        assert_eq!(of(&[subscription, "resource-id"]), "cwvxuqg24sifi");
        let group = "/subscriptions/12345678-1234-1234-1234-123456789012/resourceGroups/my-rg";
        assert_eq!(of(&[group, "Microsoft.Storage/storageAccounts"]), "z22rah77jfqry");
    }

    #[test]
    fn guids_have_the_shape_of_guids_and_follow_from_the_texts() {
        let one = guid(&["a".to_owned(), "b".to_owned()]);
        assert_eq!(one.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(one, guid(&["a-b".to_owned()]));
        assert_ne!(one, guid(&["a-c".to_owned()]));
    }
}
