//! Decides which bytes of a string stand for themselves; eight bytes at a time, since strings are most of what is read and
//! written.

/// A byte of 1 in each of the eight.
const ONES: u64 = u64::MAX / 0xff;

/// How many of these bytes stand for themselves in a string that is read, before one that does not.
pub(super) fn until_end(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let ends = below(word, 0x20) | is(word, b'"') | is(word, b'\\');
        if ends != 0 {
            return index * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    bytes.len() - rest.len() + rest.iter().position(ends).unwrap_or(rest.len())
}

/// Whether a text is written as it is. 0xC2 begins the C1 controls, among others.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(last) = bytes.last_chunk() else {
        return !bytes.iter().any(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f | 0x7f | 0xc2));
    };
    let is_plain = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        below(word, 0x20) | is(word, b'"') | is(word, b'\\') | is(word, 0x7f) | is(word, 0xc2) == 0
    };
    let (words, _) = bytes.as_chunks();
    words.iter().all(is_plain) && is_plain(last)
}

/// The high bit of each byte that is below `limit`, which is at most 0x80. Where there is one, some above it may be wrong.
fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(limit)) & !word & (ONES << 7)
}

/// The same for each byte that is this one.
fn is(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * u64::from(byte)), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_ends_at_the_first_byte_that_does_not_stand_for_itself() {
        for length in 0..20 {
            for byte in 0..=u8::MAX {
                let ends = matches!(byte, b'"' | b'\\' | 0..=0x1f);
                // What follows must not be taken for what comes first.
                let after = b"!#[]\x80\xff\x20\x21\"\\\0";
                let bytes = [&vec![b'x'; length][..], &[byte], after].concat();
                assert_eq!(
                    until_end(&bytes),
                    if ends { length } else { length + 9 },
                    "{byte} after {length}"
                );
                assert_eq!(
                    until_end(&bytes[..=length]),
                    length + usize::from(!ends),
                    "{byte} after {length}"
                );
            }
        }
    }

    #[test]
    fn a_text_is_written_as_it_is_unless_it_has_a_character_that_is_escaped_or_may_be() {
        for length in 0..20 {
            for place in 0..=length {
                for character in '\0'..='\u{100}' {
                    let mut text = "x!#[]~ é".chars().cycle().take(length).collect::<Vec<_>>();
                    text.insert(place, character);
                    let text: String = text.into_iter().collect();
                    let escaped = matches!(character, '"' | '\\' | '\0'..='\x1f' | '\x7f'..='\u{bf}');
                    assert_eq!(is_plain(&text), !escaped, "{text:?}");
                }
            }
        }
    }
}
