//! How much memory a body would take once it is read. Four megabytes of `{"":0}` are half a gigabyte as values, so
//! bodies are counted before.

/// An answer has some ten thousand objects at most: slots of five minutes over ninety days are 26,000.
const MOST_OBJECTS: usize = 40_000;
/// Objects, lists and what is in them.
const MOST_VALUES: usize = 250_000;

/// Whether a body has more in it than any answer does. It need not be JSON: this only counts what would be objects,
/// lists and entries.
pub(super) fn is_beyond(body: &[u8]) -> bool {
    let (mut objects, mut values, mut in_text) = (0, 0, false);
    let mut bytes = body.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_text = !in_text,
            b'\\' if in_text => {
                bytes.next();
            }
            b'{' if !in_text => {
                objects += 1;
                values += 1;
            }
            b'[' | b',' if !in_text => values += 1,
            _ => {}
        }
    }
    objects > MOST_OBJECTS || values > MOST_VALUES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_or_parts_values_is_counted_and_text_is_not() {
        assert!(!is_beyond("{},".repeat(MOST_OBJECTS).as_bytes()));
        assert!(is_beyond("{},".repeat(MOST_OBJECTS + 1).as_bytes()));
        assert!(is_beyond("0,".repeat(MOST_VALUES + 1).as_bytes()));
        let text = format!(r#"{{"a":"\"{}\\"}}"#, "{,[".repeat(MOST_VALUES));
        assert!(!is_beyond(text.as_bytes()));
    }
}
