//! Examples where readers and tools look for them: at each body, taken from its schema.

use serde_json::{Map, Value};

/// Puts the example of its schema beside every body of an operation.
pub(super) fn add(operation: &mut Map<String, Value>, schemas: &Value) {
    if let Some(body) = operation.get_mut("requestBody") {
        beside(body, schemas);
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(|all| all.values_mut()) {
        beside(response, schemas);
    }
}

fn beside(told: &mut Value, schemas: &Value) {
    for media in told
        .get_mut("content")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|all| all.values_mut())
    {
        let name = media["schema"]["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let example = name.map(|name| schemas[name]["examples"][0].clone());
        if let Some(example) = example.filter(|own| !own.is_null())
            && media.get("example").is_none()
        {
            media["example"] = example;
        }
    }
}
