//! Percent-encoding as RFC 3986 has it: everything but the unreserved characters.

use std::fmt::Write;

/// Encodes one path segment or query value.
pub(crate) fn encode(text: &str) -> String {
    encode_except(text, "")
}

/// Encodes a query value that is encoded already: only what would end or break the value is touched.
pub(crate) fn keep_encoded(text: &str) -> String {
    encode_except(text, "%!$'()*+,/:;=?@")
}

fn encode_except(text: &str, kept: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_foreign_characters_are_encoded() {
        assert_eq!(encode("a<->b/c+d= é~"), "a%3C-%3Eb%2Fc%2Bd%3D%20%C3%A9~");
    }

    #[test]
    fn an_encoded_token_stays_as_it_is_but_cannot_add_a_parameter() {
        assert_eq!(keep_encoded("abc%3D%3D"), "abc%3D%3D");
        assert_eq!(keep_encoded("a&b=c#d e"), "a%26b=c%23d%20e");
    }
}
