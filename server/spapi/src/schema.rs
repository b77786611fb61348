//! What the schema of Amazon's model says about a request, checked before anything is sent.
//!
//! Required, type, length, pattern, enum, bounds, multiples, number of items, date and time: nothing more. What
//! only Amazon's prose says, such as an end that has to come after its start, is Amazon's to judge.

use serde_json::Value;

use crate::time;

/// The schema of a value.
#[derive(Debug)]
pub(crate) enum Schema {
    /// An object with these fields and no others.
    Object(&'static [Field]),
    /// A list of alike values.
    List { of: &'static Schema, fewest: usize, most: usize },
    /// A string, measured in characters.
    Text { shortest: usize, longest: usize, pattern: Option<Pattern> },
    /// A string with format `date-time`. Written in UTC.
    Time,
    /// A string that only its description calls a time. Written in UTC where it can be read, else as it is.
    TimeByName,
    /// A string that a page before gave. Settings say how it is encoded.
    PageToken,
    /// A string out of an enum.
    Choice(&'static [&'static str]),
    /// A whole number.
    Integer { least: Option<i64>, most: Option<i64> },
    /// A number.
    Number { least: Option<i64>, most: Option<i64>, multiple_of: Option<i64> },
}

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: &'static Schema,
}

/// The pattern of a string: the model's expression, what it lets through, and that in words.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) expression: &'static str,
    pub(crate) fits: fn(&str) -> bool,
    pub(crate) words: &'static str,
}

/// What is not as the model has it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) field: String,
    pub(crate) why: String,
}

impl Refusal {
    pub(crate) fn new(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into() }
    }
}

impl Field {
    pub(crate) const fn required(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, required: true, schema }
    }

    pub(crate) const fn optional(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, required: false, schema }
    }
}

impl Schema {
    /// Any string.
    pub(crate) const TEXT: Schema = Schema::Text { shortest: 0, longest: usize::MAX, pattern: None };
    /// An identifier in a path, and some others: 1 to 100 characters.
    pub(crate) const IDENTIFIER: Schema = Schema::Text { shortest: 1, longest: 100, pattern: None };

    /// A list of any length.
    pub(crate) const fn list(of: &'static Schema) -> Schema {
        Schema::List { of, fewest: 0, most: usize::MAX }
    }

    /// Any string of this pattern.
    pub(crate) const fn pattern(pattern: Pattern) -> Schema {
        Schema::Text { shortest: 0, longest: usize::MAX, pattern: Some(pattern) }
    }

    /// Checks a JSON value. `at` is the path to it, empty for the whole body.
    pub(crate) fn check(&self, value: &Value, at: &str) -> Result<(), Refusal> {
        let refuse = |why: &str| Err(Refusal::new(if at.is_empty() { "body" } else { at }, why));
        match (self, value) {
            (Schema::Object(fields), Value::Object(values)) => {
                let path = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
                if let Some(name) = values.keys().find(|name| fields.iter().all(|field| field.name != *name))
                {
                    let known: Vec<_> = fields.iter().map(|field| field.name).collect();
                    return Err(Refusal::new(
                        path(name),
                        format!("is not in the model, which has {}", known.join(", ")),
                    ));
                }
                for field in *fields {
                    match values.get(field.name) {
                        Some(value) => field.schema.check(value, &path(field.name))?,
                        None if field.required => return Err(Refusal::new(path(field.name), "is missing")),
                        None => {}
                    }
                }
                Ok(())
            }
            (Schema::List { of, fewest, most }, Value::Array(items)) => {
                if let Some(why) = count(items.len(), *fewest, *most) {
                    return refuse(&why);
                }
                items.iter().enumerate().try_for_each(|(n, item)| of.check(item, &format!("{at}[{n}]")))
            }
            (Schema::Integer { least, most }, Value::Number(number)) => {
                match number.as_f64().filter(|number| number.fract() == 0.0) {
                    Some(number) => within(number, *least, *most).map_or(Ok(()), |why| refuse(&why)),
                    None => refuse("is not a whole number"),
                }
            }
            (Schema::Number { least, most, multiple_of }, Value::Number(number)) => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                if let Some(why) = within(number, *least, *most) {
                    return refuse(&why);
                }
                match multiple_of {
                    Some(step) if number % *step as f64 != 0.0 => {
                        refuse(&format!("is not a multiple of {step}"))
                    }
                    _ => Ok(()),
                }
            }
            (Schema::Object(_), _) => refuse("is not an object"),
            (Schema::List { .. }, _) => refuse("is not a list"),
            (Schema::Integer { .. }, _) => refuse("is not a whole number"),
            (Schema::Number { .. }, _) => refuse("is not a number"),
            (_, Value::String(text)) => self.text(text).map_or(Ok(()), |why| refuse(&why)),
            _ => refuse("is not a string"),
        }
    }

    /// Checks one value of a parameter, which is text whatever it means.
    pub(crate) fn check_text(&self, text: &str, name: &str) -> Result<(), Refusal> {
        let why = match self {
            Schema::Integer { least, most } => match whole(text) {
                Some(number) => within(number as f64, *least, *most),
                None => Some("is not a whole number".to_owned()),
            },
            _ => self.text(text),
        };
        why.map_or(Ok(()), |why| Err(Refusal::new(name, why)))
    }

    /// How one value of a parameter is written: times in UTC, numbers in digits.
    pub(crate) fn written(&self, text: &str) -> String {
        match self {
            Schema::TimeByName => time::parse(text).map_or_else(|_| text.to_owned(), time::format),
            Schema::Integer { .. } => {
                whole(text).map_or_else(|| text.to_owned(), |number| number.to_string())
            }
            _ => text.to_owned(),
        }
    }

    fn text(&self, text: &str) -> Option<String> {
        match self {
            Schema::Text { shortest, longest, pattern } => {
                let length = text.chars().count();
                if !(*shortest..=*longest).contains(&length) {
                    return Some(match (shortest, longest) {
                        (shortest, longest) if shortest == longest => {
                            format!("has {length} characters, not {shortest}")
                        }
                        (shortest, longest) => {
                            format!("has {length} characters, not {shortest} to {longest}")
                        }
                    });
                }
                let pattern = pattern.as_ref().filter(|pattern| !(pattern.fits)(text))?;
                Some(format!("is not {} ({})", pattern.words, pattern.expression))
            }
            Schema::Time if time::parse(text).is_err() => Some("is not a date and time".to_owned()),
            Schema::Choice(words) if !words.contains(&text) => {
                Some(format!("is none of {}", words.join(", ")))
            }
            _ => None,
        }
    }
}

fn count(items: usize, fewest: usize, most: usize) -> Option<String> {
    if items > most {
        Some(format!("has {items} values, more than {most}"))
    } else {
        (items < fewest).then(|| format!("has {items} values, fewer than {fewest}"))
    }
}

fn within(number: f64, least: Option<i64>, most: Option<i64>) -> Option<String> {
    let is_outside = least.is_some_and(|least| number < least as f64)
        || most.is_some_and(|most| number > most as f64)
        || number.is_nan();
    is_outside.then(|| match (least, most) {
        (Some(least), Some(most)) => format!("is {number}, not {least} to {most}"),
        (Some(least), None) => format!("is {number}, less than {least}"),
        (None, Some(most)) => format!("is {number}, more than {most}"),
        (None, None) => "is not a number".to_owned(),
    })
}

/// `20`, and `20.0`, which is as whole.
fn whole(text: &str) -> Option<i64> {
    let digits = text.split_once('.').map_or(text, |(digits, fraction)| {
        if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') { digits } else { "" }
    });
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CAPITALS: Pattern = Pattern {
        expression: "^[A-Z]*$",
        fits: |text| text.bytes().all(|byte| byte.is_ascii_uppercase()),
        words: "capitals",
    };
    const RECORD: Schema = Schema::Object(&[
        Field::required("start", &Schema::Time),
        Field::optional("code", &Schema::pattern(CAPITALS)),
        Field::optional("kind", &Schema::Choice(&["A", "B"])),
        Field::optional("size", &Schema::Integer { least: Some(1), most: Some(31) }),
        Field::optional("slot", &Schema::Number { least: None, most: None, multiple_of: Some(5) }),
        Field::optional("names", &Schema::List { of: &Schema::IDENTIFIER, fewest: 1, most: 2 }),
    ]);

    const RECORDS: Schema = Schema::Object(&[Field::optional("records", &Schema::list(&RECORD))]);

    fn refusal(value: Value) -> String {
        match RECORDS.check(&value, "") {
            Ok(()) => "fine".to_owned(),
            Err(Refusal { field, why }) => format!("{field} {why}"),
        }
    }

    #[test]
    fn what_the_schema_lets_through_goes_through() {
        for record in [
            json!({ "start": "2020-01-01T00:00:00.00-07" }),
            json!({ "start": "2021-04-04T01:0:00Z", "code": "", "kind": "B", "size": 31, "names": ["a", "b"] }),
            json!({ "start": "2021-04-04T01:00:00Z", "size": 1.0, "slot": 400 }),
            json!({ "start": "2021-04-04T01:00:00Z", "slot": -5.0 }),
        ] {
            assert_eq!(refusal(json!({ "records": [record] })), "fine", "{record}");
        }
        assert_eq!(refusal(json!({})), "fine");
        assert_eq!(refusal(json!({ "records": [] })), "fine");
    }

    #[test]
    fn what_it_does_not_is_named_by_its_path() {
        assert_eq!(refusal(json!([])), "body is not an object");
        assert_eq!(refusal(json!({ "record": [] })), "record is not in the model, which has records");
        assert_eq!(refusal(json!({ "records": {} })), "records is not a list");
        assert_eq!(refusal(json!({ "records": [{}] })), "records[0].start is missing");
        for (field, value, why) in [
            ("start", json!("2021-0"), "start is not a date and time"),
            ("start", json!(null), "start is not a string"),
            ("code", json!("a"), "code is not capitals (^[A-Z]*$)"),
            ("code", json!(7), "code is not a string"),
            ("kind", json!("C"), "kind is none of A, B"),
            ("size", json!(32), "size is 32, not 1 to 31"),
            ("size", json!(1.5), "size is not a whole number"),
            ("size", json!("7"), "size is not a whole number"),
            ("slot", json!(7), "slot is not a multiple of 5"),
            ("slot", json!("5"), "slot is not a number"),
            ("names", json!(["a", "b", "c"]), "names has 3 values, more than 2"),
            ("names", json!([]), "names has 0 values, fewer than 1"),
            ("names", json!([""]), "names[0] has 0 characters, not 1 to 100"),
        ] {
            let mut record = json!({ "start": "2021-04-04T01:00:00Z" });
            record[field] = value;
            assert_eq!(refusal(json!({ "records": [record] })), format!("records[0].{why}"));
        }
    }

    #[test]
    fn parameters_are_text_and_are_checked_by_what_they_mean() {
        let size = Schema::Integer { least: Some(1), most: Some(20) };
        for (text, written) in [("20", "20"), ("5.0", "5"), ("07", "7")] {
            assert_eq!(size.check_text(text, "size"), Ok(()));
            assert_eq!(size.written(text), written);
        }
        for text in ["", "0", "21", "5.5", "5.", "five", "1e1"] {
            assert!(size.check_text(text, "size").is_err(), "{text}");
        }
        assert_eq!(Schema::TimeByName.written("2021-01-01T10:00:00.000+05:30"), "2021-01-01T04:30:00Z");
        assert_eq!(Schema::TimeByName.check_text("20-21-04-04T01:00:00Z", "end"), Ok(()));
        assert_eq!(Schema::TimeByName.written("20-21-04-04T01:00:00Z"), "20-21-04-04T01:00:00Z");
    }
}
