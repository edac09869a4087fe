//! Constructs that codegen does not support.

use coreweave_inference_spec::{self as spec, Pointer, Spec, SpecError};
use serde_json::Value;

use super::constraint::CONSTRAINTS;
use crate::walk;

const SCHEMA_KEYWORDS: [&str; 11] = [
    "additionalProperties",
    "allOf",
    "description",
    "enum",
    "format",
    "items",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
];

/// The HTTP methods that the client's runtime can send.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Refuses constructs that the generated client cannot represent faithfully.
///
/// progenitor panics on some of them and silently drops others, such as the style of header parameters. If the API starts to
/// use one, a person has to decide; otherwise the client would compile and be wrong.
pub(super) fn check(spec: &Spec) -> Result<(), SpecError> {
    let document = spec.value();
    for operation in spec::operations(document) {
        let (pointer, method) = (operation.at, operation.key.method());
        let at = Place {
            spec,
            subject: format!("operation {} {}", method.to_uppercase(), operation.path),
        };
        if !METHODS.contains(&method) {
            return Err(at.refuse(&pointer, format_args!("the method `{method}`")));
        }
        let operation = operation.value;
        at.same_as_document(operation, &["security", "servers"], &pointer)?;
        at.parameters(operation, &pointer)?;
        at.request_body(operation, &pointer)?;
        at.responses(operation, &pointer)?;
    }
    for (path, item) in walk::members(document.get("paths")) {
        let pointer = Pointer::root().child("paths").child(path);
        let at = Place {
            spec,
            subject: format!("path {path}"),
        };
        at.same_as_document(item, &["servers"], &pointer)?;
        for keyword in ["parameters", "$ref"] {
            if item.get(keyword).is_some() {
                return Err(at.refuse(
                    &pointer.child(keyword),
                    format_args!("`{keyword}` on a path item"),
                ));
            }
        }
    }
    for (name, schema) in walk::schemas(document) {
        let at = Place {
            spec,
            subject: format!("schema {name}"),
        };
        at.schema(
            schema,
            &Pointer::root()
                .child("components")
                .child("schemas")
                .child(name),
        )?;
    }
    Ok(())
}

struct Place<'a> {
    spec: &'a Spec,
    subject: String,
}

impl Place<'_> {
    fn refuse(&self, pointer: &Pointer, what: impl std::fmt::Display) -> SpecError {
        self.spec.error(
            pointer.as_str(),
            format!("{}: {what} is not supported by codegen", self.subject),
        )
    }

    /// Checks keywords that an operation or path may repeat from the document, but not change.
    fn same_as_document(
        &self,
        item: &Value,
        keywords: &[&str],
        pointer: &Pointer,
    ) -> Result<(), SpecError> {
        for keyword in keywords {
            let own = item.get(keyword);
            if own.is_some() && own != self.spec.value().get(keyword) {
                return Err(self.refuse(
                    &pointer.child(keyword),
                    format_args!("`{keyword}` that differs from the document's"),
                ));
            }
        }
        Ok(())
    }

    fn parameters(&self, operation: &Value, pointer: &Pointer) -> Result<(), SpecError> {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let pointer = pointer.child("parameters").child(index);
            if parameter.get("$ref").is_some() {
                return Err(self.refuse(&pointer, "a parameter by `$ref`"));
            }
            let place = parameter
                .get("in")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !matches!(place, "path" | "query") {
                return Err(self.refuse(
                    &pointer.child("in"),
                    format_args!("a parameter in `{place}`"),
                ));
            }
            let Some(schema) = parameter.get("schema") else {
                return Err(self.refuse(&pointer, "a parameter without `schema`"));
            };
            for keyword in ["style", "explode"] {
                let is_default = match (keyword, parameter.get(keyword)) {
                    (_, None) => true,
                    ("style", Some(style)) => {
                        style == if place == "query" { "form" } else { "simple" }
                    }
                    (_, Some(explode)) => explode == (place == "query"),
                };
                if !is_default {
                    return Err(self.refuse(
                        &pointer.child(keyword),
                        format_args!("a `{keyword}` other than the default"),
                    ));
                }
            }
            self.schema(schema, &pointer.child("schema"))?;
        }
        Ok(())
    }

    fn request_body(&self, operation: &Value, pointer: &Pointer) -> Result<(), SpecError> {
        match operation.get("requestBody") {
            None => Ok(()),
            Some(body) => self
                .content(body, &pointer.child("requestBody"))
                .map(|_| ()),
        }
    }

    /// Checks that all successes have the same type.
    fn responses(&self, operation: &Value, pointer: &Pointer) -> Result<(), SpecError> {
        let pointer = pointer.child("responses");
        let mut success = None;
        for (status, response) in walk::members(operation.get("responses")) {
            let pointer = pointer.child(status);
            match status.as_str() {
                "default" => {
                    self.content(response, &pointer)?;
                }
                "200" | "201" | "202" | "204" => {
                    let body = match walk::has_content(response) {
                        true => Some(self.content(response, &pointer)?),
                        false => None,
                    };
                    if *success.get_or_insert(body) != body {
                        return Err(self.refuse(
                            &pointer,
                            format_args!(
                                "a response `{status}` of another type than the one before"
                            ),
                        ));
                    }
                }
                _ => {
                    return Err(self.refuse(&pointer, format_args!("a response `{status}`")));
                }
            }
        }
        match success {
            Some(_) => Ok(()),
            None => Err(self.refuse(&pointer, "an operation without a successful response")),
        }
    }

    /// Checks that a body is JSON with a named schema, and returns the reference to it.
    fn content<'v>(&self, body: &'v Value, pointer: &Pointer) -> Result<&'v Value, SpecError> {
        if body.get("$ref").is_some() {
            return Err(self.refuse(pointer, "a body by `$ref`"));
        }
        let pointer = pointer.child("content");
        let mut content = walk::members(body.get("content"));
        let (Some((media_type, content)), None) = (content.next(), content.next()) else {
            return Err(self.refuse(&pointer, "a body that has not exactly one media type"));
        };
        let pointer = pointer.child(media_type);
        if media_type != "application/json" {
            return Err(self.refuse(&pointer, format_args!("a body of type `{media_type}`")));
        }
        match content.get("schema") {
            Some(schema) if schema.get("$ref").is_some() => Ok(schema),
            _ => Err(self.refuse(
                &pointer.child("schema"),
                "a body whose schema has no name (a `$ref`)",
            )),
        }
    }

    fn schema(&self, schema: &Value, pointer: &Pointer) -> Result<(), SpecError> {
        if schema.get("$ref").is_some() {
            return Ok(());
        }
        for (keyword, _) in walk::members(Some(schema)) {
            let known = SCHEMA_KEYWORDS.contains(&keyword.as_str())
                || CONSTRAINTS.contains(&keyword.as_str())
                || keyword.starts_with("x-");
            if !known {
                return Err(self.refuse(
                    &pointer.child(keyword),
                    format_args!("the keyword `{keyword}`"),
                ));
            }
        }
        if let Some(parts) = schema.get("allOf") {
            let single = parts.as_array().is_some_and(
                |parts| matches!(parts.as_slice(), [part] if part.get("$ref").is_some()),
            );
            if !single || schema.get("properties").is_some() {
                return Err(self.refuse(
                    &pointer.child("allOf"),
                    "an `allOf` that is not one `$ref` alone",
                ));
            }
            return Ok(());
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string" | "integer" | "number" | "boolean") => {}
            Some("array") => {
                if let Some(items) = schema.get("items") {
                    self.schema(items, &pointer.child("items"))?;
                }
            }
            // Without a type, it is an object if it has properties, and any JSON value otherwise.
            None | Some("object") => self.object(schema, pointer)?,
            Some(other) => return Err(self.refuse(pointer, format_args!("the type `{other}`"))),
        }
        Ok(())
    }

    fn object(&self, schema: &Value, pointer: &Pointer) -> Result<(), SpecError> {
        let mut is_message = false;
        for (name, property) in walk::members(schema.get("properties")) {
            is_message = true;
            self.schema(property, &pointer.child("properties").child(name))?;
        }
        match schema.get("additionalProperties") {
            None | Some(Value::Bool(_)) => Ok(()),
            Some(Value::Object(any)) if any.is_empty() => Ok(()),
            Some(_) if is_message => Err(self.refuse(
                &pointer.child("additionalProperties"),
                "an object with both members and typed additional properties",
            )),
            Some(values) => self.schema(values, &pointer.child("additionalProperties")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        check(&crate::tests::spec(text)).unwrap_err().to_string()
    }

    fn schema(schema: &str) -> String {
        refusal(&format!(
            "paths: {{}}\ncomponents:\n  schemas:\n    A: {schema}\n    B: {{type: string}}\n"
        ))
    }

    fn operation(body: &str) -> String {
        refusal(&format!(
            "paths:\n  /a:\n    post:\n      operationId: S_PostA\n{body}components:\n  schemas:\n    A: {{type: string}}\n"
        ))
    }

    #[test]
    fn unsupported_schemas_are_refused_with_name_and_location() {
        let table = [
            (
                "{oneOf: [{type: string}]}",
                "`oneOf`",
                "/components/schemas/A/oneOf",
            ),
            (
                "{type: string, discriminator: {}}",
                "`discriminator`",
                "/components/schemas/A/discriminator",
            ),
            (
                "{allOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}]}",
                "`allOf`",
                "/components/schemas/A/allOf",
            ),
            (
                "{type: object, properties: {b: {anyOf: []}}}",
                "`anyOf`",
                "/components/schemas/A/properties/b/anyOf",
            ),
            (
                "{type: object, properties: {b: {type: string}}, additionalProperties: {type: string}}",
                "both members",
                "/components/schemas/A/additionalProperties",
            ),
        ];
        for (text, what, place) in table {
            let error = schema(text);
            assert!(error.contains("schema A"), "{error}");
            assert!(error.contains(what) && error.contains(place), "{error}");
            assert!(error.starts_with("small.yaml:"), "{error}");
        }
    }

    #[test]
    fn unsupported_operations_are_refused_with_name_and_location() {
        let ok = "      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}\n";
        let table = [
            (
                "      responses: {'200': {description: OK, content: {text/plain: {}}}}\n"
                    .to_owned(),
                "`text/plain`",
            ),
            (ok.replace("200", "206"), "a response `206`"),
            (
                ok.replace("{'200'", "{'204': {description: None}, '200'"),
                "a response `204` of another type",
            ),
            (
                format!("      servers: [{{url: 'https://other.test'}}]\n{ok}"),
                "`servers` that differs",
            ),
            (
                format!("      security: []\n{ok}"),
                "`security` that differs",
            ),
            (
                ok.replace("200", "default"),
                "without a successful response",
            ),
            (
                format!(
                    "      parameters: [{{name: a, in: header, schema: {{type: string}}}}]\n{ok}"
                ),
                "in `header`",
            ),
            (
                format!("      parameters: [{{name: a, in: query}}]\n{ok}"),
                "without `schema`",
            ),
            (
                format!(
                    "      parameters: [{{name: a, in: query, explode: false, schema: {{type: string}}}}]\n{ok}"
                ),
                "`explode`",
            ),
            (
                format!(
                    "      requestBody: {{content: {{application/json: {{schema: {{type: string}}}}}}}}\n{ok}"
                ),
                "no name",
            ),
        ];
        for (text, what) in table {
            let error = operation(&text);
            assert!(
                error.contains("operation POST /a") && error.contains(what),
                "{error}"
            );
        }
    }
}
