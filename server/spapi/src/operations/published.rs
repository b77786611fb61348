//! The tables of this crate against Amazon's published model, where that is: every operation, parameter, bound,
//! pattern, enum and field of a request. `DOORSTEP_SERVICES_API_MODEL` names its folder.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{ALL, Operation, Parameter, Place};
use crate::schema::{Field, Schema};

fn model() -> Option<Value> {
    let folder = std::env::var_os("DOORSTEP_SERVICES_API_MODEL").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/services-api"),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(folder.join("services.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// What the model says about a value, without its words.
fn plain(model: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return plain(model, &model["definitions"][name.rsplit('/').next().unwrap()]);
    }
    let mut plain_one = json!({ "type": schema["type"] });
    for name in [
        "minLength",
        "maxLength",
        "pattern",
        "enum",
        "minimum",
        "maximum",
        "multipleOf",
        "minItems",
        "maxItems",
    ] {
        if let Some(value) = schema.get(name) {
            plain_one[name] = value.clone();
        }
    }
    if schema["format"] == "date-time" {
        plain_one["format"] = json!("date-time");
    }
    if let Some(items) = schema.get("items") {
        plain_one["items"] = plain(model, items);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        plain_one["properties"][name] = plain(model, field);
    }
    if schema["type"] == "object" {
        let mut required: Vec<_> = schema["required"].as_array().cloned().unwrap_or_default();
        required.sort_by_key(Value::to_string);
        plain_one["required"] = Value::Array(required);
    }
    plain_one
}

/// The same of a schema here.
fn described(schema: &Schema) -> Value {
    let bounds = |kind: &str, least: &Option<i64>, most: &Option<i64>| {
        let mut plain = json!({ "type": kind });
        if let Some(least) = least {
            plain["minimum"] = json!(least);
        }
        if let Some(most) = most {
            plain["maximum"] = json!(most);
        }
        plain
    };
    match schema {
        Schema::Object(fields) => {
            let mut plain = json!({ "type": "object" });
            for Field { name, schema, .. } in *fields {
                plain["properties"][*name] = described(schema);
            }
            let mut required: Vec<_> =
                fields.iter().filter(|field| field.required).map(|field| json!(field.name)).collect();
            required.sort_by_key(Value::to_string);
            plain["required"] = Value::Array(required);
            plain
        }
        Schema::List { of, fewest, most } => {
            let mut plain = json!({ "type": "array", "items": described(of) });
            if *fewest > 0 {
                plain["minItems"] = json!(fewest);
            }
            if *most < usize::MAX {
                plain["maxItems"] = json!(most);
            }
            plain
        }
        Schema::Text { shortest, longest, pattern } => {
            let mut plain = json!({ "type": "string" });
            if *shortest > 0 {
                plain["minLength"] = json!(shortest);
            }
            if *longest < usize::MAX {
                plain["maxLength"] = json!(longest);
            }
            if let Some(pattern) = pattern {
                plain["pattern"] = json!(pattern.expression);
            }
            plain
        }
        Schema::Time => json!({ "type": "string", "format": "date-time" }),
        Schema::TimeByName | Schema::PageToken => json!({ "type": "string" }),
        Schema::Choice(words) => json!({ "type": "string", "enum": words }),
        Schema::Integer { least, most } => bounds("integer", least, most),
        Schema::Number { least, most, multiple_of } => {
            let mut plain = bounds("number", least, most);
            if let Some(step) = multiple_of {
                plain["multipleOf"] = json!(step);
            }
            plain
        }
    }
}

fn parameter(parameter: &Parameter) -> Value {
    let place = if parameter.place == Place::Path { "path" } else { "query" };
    json!({ "name": parameter.name, "in": place, "required": parameter.required, "schema": described(parameter.schema) })
}

fn sorted(mut list: Vec<Value>) -> Vec<Value> {
    list.sort_by_key(|one| one["name"].to_string());
    list
}

fn operation_of<'a>(model: &'a Value, operation: &Operation) -> &'a Value {
    &model["paths"][operation.path][operation.method.as_str().to_lowercase()]
}

#[test]
fn the_tables_say_what_the_published_model_says() {
    let Some(model) = model() else {
        println!("the published model is not here: DOORSTEP_SERVICES_API_MODEL names its folder");
        return;
    };
    let paths = model["paths"].as_object().unwrap().values();
    let published = paths.flat_map(|path| path.as_object().unwrap().values());
    assert_eq!(published.filter(|operation| operation["operationId"].is_string()).count(), ALL.len());
    for operation in ALL {
        let published = operation_of(&model, operation);
        assert_eq!(published["operationId"], operation.name);
        let (bodies, others): (Vec<_>, Vec<_>) = published["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .partition(|parameter| parameter["in"] == "body");
        let expected = others.into_iter().map(|other| {
            let required = other["required"] == true;
            json!({ "name": other["name"], "in": other["in"], "required": required, "schema": plain(&model, other) })
        });
        let ours = operation.parameters.iter().map(parameter).collect();
        assert_eq!(sorted(ours), sorted(expected.collect()), "{}", operation.name);
        let expected = bodies.first().map(|body| plain(&model, &body["schema"]));
        let ours = operation.body.as_ref().map(|body| described(body.schema));
        assert_eq!(ours, expected, "{}", operation.name);
        // The rates are in the description, as a table.
        let rate = format!("| {} | {} |", operation.rate.per_second, operation.rate.burst);
        assert!(published["description"].as_str().unwrap().contains(&rate), "{} {rate}", operation.name);
    }
}
