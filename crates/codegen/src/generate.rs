use crate::operation::{self, Operation};
use crate::preprocess::{self, Preprocessed};
use crate::{EnumTable, Error, emit, generator, manifest_schema, postprocess, resource};
use coreweave_inference_spec::Spec;

/// The generated files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// `client.rs`: types and operations.
    pub client: String,
    /// `mocks.rs`: typed httpmock helpers.
    pub mocks: String,
    /// `manifest.schema.json`: the JSON Schema of manifests.
    pub manifest_schema: String,
}

impl Generated {
    /// Returns the files with their names.
    #[must_use]
    pub fn files(&self) -> [(&'static str, &str); 3] {
        [
            ("client.rs", &self.client),
            ("manifest.schema.json", &self.manifest_schema),
            ("mocks.rs", &self.mocks),
        ]
    }
}

/// Generates the client and its mocks from a spec. The same input gives the same bytes.
///
/// # Errors
/// Returns an error if the spec contains a construct that codegen does not support; it names the operation or schema.
pub fn generate(spec: &Spec, enums: &EnumTable) -> Result<Generated, Error> {
    let preprocessed = preprocess::preprocess(spec, enums)?;
    let operations = read_operations(spec, &preprocessed)?;
    let resources = resource::find(&preprocessed.document, &operations);
    let types = generator::types(&preprocessed)?;
    let client = postprocess::types(types, &preprocessed)
        .and_then(|(types, messages)| emit::client(&types, &messages, &operations, &resources));
    let mut client = client.map_err(Error::invalid_code)?;
    postprocess::normalize(&mut client);
    let mut mocks = generator::mocks(&preprocessed)?;
    postprocess::mocks(&mut mocks);
    Ok(Generated {
        client: emit::file("client", &client),
        mocks: emit::file("typed mocks", &mocks),
        manifest_schema: manifest_schema::write(spec, &resources),
    })
}

/// Returns the operations of a spec, sorted by the names of their generated methods.
///
/// # Errors
/// Returns an error as [`generate`] does.
pub fn operations(spec: &Spec) -> Result<Vec<Operation>, Error> {
    let preprocessed = preprocess::preprocess(spec, &EnumTable::default())?;
    let operations = read_operations(spec, &preprocessed)?;
    let resources = resource::find(&preprocessed.document, &operations);
    let with_resource = operations.iter().map(|operation| {
        let resource = resources.iter().find(|resource| resource.has(operation));
        Operation {
            resource: resource.map(|resource| resource.schema.clone()),
            ..operation.clone()
        }
    });
    let mut operations: Vec<_> = with_resource.collect();
    operations.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(operations)
}

fn read_operations(spec: &Spec, preprocessed: &Preprocessed) -> Result<Vec<Operation>, Error> {
    let operations = operation::read(spec, &preprocessed.document, &preprocessed.operation_ids)?;
    Ok(operations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::spec;

    const SPEC: &str = "paths:
  /things/{id}:
    post:
      operationId: ThingService_UpdateThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: kinds, in: query, schema: {type: array, items: {type: string}}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        default: {description: No, content: {application/json: {schema: {$ref: '#/components/schemas/Status'}}}}
components:
  schemas:
    Thing:
      type: object
      required: [name, state]
      properties:
        name: {type: string, description: The name.}
        apiKey: {type: string}
        at: {type: string, format: date-time}
        state: {type: string, enum: [STATE_ON, STATE_OFF]}
        tags: {type: object, additionalProperties: {type: string}}
        nothing: {allOf: [{$ref: '#/components/schemas/Nothing'}]}
    Nothing: {type: object, description: Holds nothing.}
    Status: {type: object, properties: {code: {type: integer, format: int32}}}
";

    fn client() -> String {
        generate(&spec(SPEC), &EnumTable::default()).unwrap().client
    }

    #[test]
    fn the_same_spec_gives_the_same_bytes() {
        assert_eq!(
            generate(&spec(SPEC), &EnumTable::default()).unwrap(),
            generate(&spec(SPEC), &EnumTable::default()).unwrap()
        );
    }

    #[test]
    fn the_file_names_its_generator() {
        assert!(client().starts_with("// @generated"), "{}", client());
        assert!(client().contains("cargo xtask generate"));
    }

    #[test]
    fn the_api_version_header_is_not_sent() {
        assert!(!client().contains("header"), "{}", client());
    }

    #[test]
    fn an_operation_is_a_call_that_the_client_sends() {
        let client: String = client().split_whitespace().collect();
        assert!(!client.contains("progenitor_client"), "{client}");
        for expected in [
            "pubasyncfnupdate_thing(&self,id:&str,body:&types::Thing,)->Result<Response<types::Thing>,Error>{self.send(&Call::update_thing(id,body)).await}",
            "pubfnupdate_thing(id:&str,body:&types::Thing)->Self{Self::update_thing_with(id,&::std::default::Default::default(),body)}",
            r#"Self::new(Operation::UPDATE_THING,&[id]).query("kinds",&params.kinds).query("since",&params.since).json(body)"#,
        ] {
            assert!(client.contains(expected), "{expected}: {client}");
        }
    }

    #[test]
    fn a_message_lists_its_members_with_their_names_in_json() {
        let client = client().split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = r#"crate::proto_json::message! { Thing { api_key => "apiKey", at => "at", name => "name", nothing => "nothing", state => "state", tags => "tags", } extra }"#;
        assert!(client.contains(expected), "{client}");
    }

    #[test]
    fn credentials_enums_and_empty_messages_have_our_types() {
        let client = client();
        assert!(
            client.contains("pub api_key: ::std::option::Option<crate::Secret>"),
            "{client}"
        );
        assert!(
            client.contains("pub state: crate::types::ThingState"),
            "{client}"
        );
        assert!(client.contains("pub struct Nothing"), "{client}");
    }

    #[test]
    fn operations_are_listed() {
        assert_eq!(operations(&spec(SPEC)).unwrap()[0].name, "update_thing");
        assert!(client().contains("id: \"ThingService_UpdateThing\""));
    }

    #[test]
    fn mocks_can_return_the_declared_error_and_match_repeated_parameters() {
        let mocks = generate(&spec(SPEC), &EnumTable::default()).unwrap().mocks;
        assert!(mocks.contains("pub fn default_response"), "{mocks}");
        assert!(mocks.contains("pub fn kinds"), "{mocks}");
    }

    #[test]
    fn mocks_match_timestamps_as_they_are_sent() {
        let mocks = generate(&spec(SPEC), &EnumTable::default()).unwrap().mocks;
        let since = mocks.split("pub fn since").nth(1).unwrap();
        let since = since.split("pub fn").next().unwrap();
        assert!(since.contains("to_rfc3339_opts"), "{since}");
        assert!(!since.contains("to_string"), "{since}");
    }
}
