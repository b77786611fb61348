//! The phone is read from either side: its styles say start and end, never left and right.

use super::Breach;
use super::tree::Tree;

const PHONE: &str = "web/src/phone/";
const SHARED: [&str; 3] = ["web/src/base.css", "web/src/tokens.css", "web/src/Deliver.svelte"];

/// Properties of one side, with what says the same from either.
const SIDED: [(&str, &str); 9] = [
    ("margin-left", "margin-inline-start"),
    ("margin-right", "margin-inline-end"),
    ("padding-left", "padding-inline-start"),
    ("padding-right", "padding-inline-end"),
    ("border-left", "border-inline-start"),
    ("border-right", "border-inline-end"),
    ("left", "inset-inline-start"),
    ("right", "inset-inline-end"),
    ("float", "a grid or a flex box"),
];

pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in &tree.files {
        let is_phones = file.path.starts_with(PHONE) && file.ends_with_any(&[".svelte", ".css"]);
        if !is_phones && !SHARED.contains(&file.path.as_str()) {
            continue;
        }
        let mut is_style = file.ends_with_any(&[".css"]);
        for (number, line) in file.text.lines().enumerate() {
            let line = line.trim();
            is_style = (is_style || line == "<style>") && line != "</style>";
            if let Some(what) = is_style.then(|| sided(line)).flatten() {
                breaches.push(Breach::new(format_args!("{}:{}", file.path, number + 1), what));
            }
        }
    }
    breaches
}

fn sided(line: &str) -> Option<String> {
    let (property, value) = line.split_once(':')?;
    let (property, value) = (property.trim(), value.trim().trim_end_matches(';'));
    if property == "text-align" && matches!(value, "left" | "right") {
        return Some(format!("`text-align: {value}` is start or end"));
    }
    let (_, instead) =
        SIDED.iter().find(|(side, _)| property == *side || property.starts_with(&format!("{side}-")))?;
    Some(format!("`{property}` is {instead}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_style_of_one_side_is_found_on_the_phone_alone() {
        let style = "<style>\n  a {\n    margin-left: 4px;\n    text-align: right;\n    inset-inline-start: 0;\n  }\n</style>";
        assert_eq!(
            places(&[("web/src/phone/A.svelte", style), ("web/src/console/B.svelte", style)]),
            [
                "web/src/phone/A.svelte:3: `margin-left` is margin-inline-start",
                "web/src/phone/A.svelte:4: `text-align: right` is start or end",
            ]
        );
    }

    #[test]
    fn what_is_no_style_may_name_a_side() {
        assert_eq!(places(&[("web/src/phone/A.svelte", "<script>\n  left: 3,\n</script>")]).len(), 0);
    }
}
