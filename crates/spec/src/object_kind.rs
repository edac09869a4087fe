use crate::yaml::{Data, Node};

/// The HTTP methods that a path item can hold, in the order of the OpenAPI specification.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The kind of object at a place in an OpenAPI document, with its members in canonical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// The document.
    Document,
    /// Title and version of the API.
    Info,
    /// An address that the API is served from.
    Server,
    /// A named group of operations.
    Tag,
    /// The operations of one path.
    PathItem,
    /// One method of one path.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// A header of a response.
    Header,
    /// The body of a request.
    RequestBody,
    /// One of an operation's responses.
    Response,
    /// The schema of a body in one media type.
    MediaType,
    /// The type of a value.
    Schema,
    /// Definitions for references.
    Components,
    /// A way to authenticate.
    SecurityScheme,
    /// A way to get a token of OAuth.
    OAuthFlow,
    /// A map whose values are of one kind.
    Map(&'static ObjectKind),
    /// A list of values of one kind.
    List(&'static ObjectKind),
    /// Anything else: text, numbers, flags, examples, extensions.
    Leaf,
}

const SCHEMAS: ObjectKind = ObjectKind::Map(&ObjectKind::Schema);
const SCHEMA_LIST: ObjectKind = ObjectKind::List(&ObjectKind::Schema);
const LEAVES: ObjectKind = ObjectKind::List(&ObjectKind::Leaf);
const SERVERS: ObjectKind = ObjectKind::List(&ObjectKind::Server);
const PARAMETERS: ObjectKind = ObjectKind::List(&ObjectKind::Parameter);
const HEADERS: ObjectKind = ObjectKind::Map(&ObjectKind::Header);
const CONTENT: ObjectKind = ObjectKind::Map(&ObjectKind::MediaType);
const RESPONSES: ObjectKind = ObjectKind::Map(&ObjectKind::Response);
const CALLBACKS: ObjectKind = ObjectKind::Map(&ObjectKind::Map(&ObjectKind::PathItem));

impl ObjectKind {
    /// Returns the members of an object of this kind, in canonical order.
    #[must_use]
    pub fn members(self) -> &'static [(&'static str, ObjectKind)] {
        match self {
            Self::Document => &[
                ("openapi", Self::Leaf),
                ("info", Self::Info),
                ("servers", SERVERS),
                ("security", LEAVES),
                ("tags", Self::List(&Self::Tag)),
                ("externalDocs", Self::Leaf),
                ("paths", Self::Map(&Self::PathItem)),
                ("components", Self::Components),
            ],
            Self::Info => &[
                ("title", Self::Leaf),
                ("version", Self::Leaf),
                ("description", Self::Leaf),
                ("termsOfService", Self::Leaf),
                ("contact", Self::Leaf),
                ("license", Self::Leaf),
            ],
            Self::Server => &[
                ("url", Self::Leaf),
                ("description", Self::Leaf),
                ("variables", Self::Leaf),
            ],
            Self::Tag => &[
                ("name", Self::Leaf),
                ("description", Self::Leaf),
                ("externalDocs", Self::Leaf),
            ],
            Self::PathItem => &[
                ("$ref", Self::Leaf),
                ("summary", Self::Leaf),
                ("description", Self::Leaf),
                ("get", Self::Operation),
                ("put", Self::Operation),
                ("post", Self::Operation),
                ("delete", Self::Operation),
                ("options", Self::Operation),
                ("head", Self::Operation),
                ("patch", Self::Operation),
                ("trace", Self::Operation),
                ("servers", SERVERS),
                ("parameters", PARAMETERS),
            ],
            Self::Operation => &[
                ("tags", LEAVES),
                ("summary", Self::Leaf),
                ("description", Self::Leaf),
                ("externalDocs", Self::Leaf),
                ("operationId", Self::Leaf),
                ("parameters", PARAMETERS),
                ("requestBody", Self::RequestBody),
                ("responses", RESPONSES),
                ("callbacks", CALLBACKS),
                ("deprecated", Self::Leaf),
                ("security", LEAVES),
                ("servers", SERVERS),
            ],
            Self::Parameter => &[
                ("$ref", Self::Leaf),
                ("name", Self::Leaf),
                ("in", Self::Leaf),
                ("description", Self::Leaf),
                ("required", Self::Leaf),
                ("deprecated", Self::Leaf),
                ("allowEmptyValue", Self::Leaf),
                ("style", Self::Leaf),
                ("explode", Self::Leaf),
                ("allowReserved", Self::Leaf),
                ("schema", Self::Schema),
                ("content", CONTENT),
                ("example", Self::Leaf),
                ("examples", Self::Leaf),
            ],
            Self::Header => &[
                ("$ref", Self::Leaf),
                ("description", Self::Leaf),
                ("required", Self::Leaf),
                ("deprecated", Self::Leaf),
                ("style", Self::Leaf),
                ("explode", Self::Leaf),
                ("schema", Self::Schema),
                ("content", CONTENT),
                ("example", Self::Leaf),
                ("examples", Self::Leaf),
            ],
            Self::RequestBody => &[
                ("$ref", Self::Leaf),
                ("description", Self::Leaf),
                ("content", CONTENT),
                ("required", Self::Leaf),
            ],
            Self::Response => &[
                ("$ref", Self::Leaf),
                ("description", Self::Leaf),
                ("headers", HEADERS),
                ("content", CONTENT),
                ("links", Self::Leaf),
            ],
            Self::MediaType => &[
                ("schema", Self::Schema),
                ("example", Self::Leaf),
                ("examples", Self::Leaf),
                ("encoding", Self::Leaf),
            ],
            Self::Schema => &[
                ("$ref", Self::Leaf),
                ("title", Self::Leaf),
                ("description", Self::Leaf),
                ("type", Self::Leaf),
                ("format", Self::Leaf),
                ("allOf", SCHEMA_LIST),
                ("anyOf", SCHEMA_LIST),
                ("oneOf", SCHEMA_LIST),
                ("not", Self::Schema),
                ("discriminator", Self::Leaf),
                ("items", Self::Schema),
                ("properties", SCHEMAS),
                ("additionalProperties", Self::Schema),
                ("enum", LEAVES),
                ("pattern", Self::Leaf),
                ("multipleOf", Self::Leaf),
                ("minimum", Self::Leaf),
                ("exclusiveMinimum", Self::Leaf),
                ("maximum", Self::Leaf),
                ("exclusiveMaximum", Self::Leaf),
                ("minLength", Self::Leaf),
                ("maxLength", Self::Leaf),
                ("minItems", Self::Leaf),
                ("maxItems", Self::Leaf),
                ("uniqueItems", Self::Leaf),
                ("minProperties", Self::Leaf),
                ("maxProperties", Self::Leaf),
                ("default", Self::Leaf),
                ("nullable", Self::Leaf),
                ("readOnly", Self::Leaf),
                ("writeOnly", Self::Leaf),
                ("deprecated", Self::Leaf),
                ("example", Self::Leaf),
                ("externalDocs", Self::Leaf),
                ("xml", Self::Leaf),
                ("required", LEAVES),
            ],
            Self::Components => &[
                ("schemas", SCHEMAS),
                ("responses", RESPONSES),
                ("parameters", Self::Map(&Self::Parameter)),
                ("examples", Self::Leaf),
                ("requestBodies", Self::Map(&Self::RequestBody)),
                ("headers", HEADERS),
                ("securitySchemes", Self::Map(&Self::SecurityScheme)),
                ("links", Self::Leaf),
                ("callbacks", CALLBACKS),
                ("pathItems", Self::Map(&Self::PathItem)),
            ],
            Self::SecurityScheme => &[
                ("$ref", Self::Leaf),
                ("type", Self::Leaf),
                ("scheme", Self::Leaf),
                ("bearerFormat", Self::Leaf),
                ("name", Self::Leaf),
                ("in", Self::Leaf),
                ("flows", Self::Map(&Self::OAuthFlow)),
                ("openIdConnectUrl", Self::Leaf),
                ("description", Self::Leaf),
            ],
            Self::OAuthFlow => &[
                ("authorizationUrl", Self::Leaf),
                ("tokenUrl", Self::Leaf),
                ("refreshUrl", Self::Leaf),
                ("scopes", Self::Map(&Self::Leaf)),
            ],
            Self::Map(_) | Self::List(_) | Self::Leaf => &[],
        }
    }

    /// Returns the kind of the member `key`.
    #[must_use]
    pub fn member(self, key: &str) -> Self {
        if let Self::Map(kind) = self {
            return *kind;
        }
        let member = self.members().iter().find(|(name, _)| *name == key);
        member.map_or(Self::Leaf, |(_, kind)| *kind)
    }

    /// Returns the kind of the items.
    #[must_use]
    pub fn item(self) -> Self {
        match self {
            Self::List(kind) => *kind,
            _ => Self::Leaf,
        }
    }

    /// The error message if `value` has the wrong JSON type.
    pub(crate) fn mismatch(self, node: &Node) -> Option<&'static str> {
        match (self, &node.data) {
            (Self::Leaf, _) | (Self::List(_), Data::List(_)) => None,
            (Self::List(_), _) => Some("a list is expected here"),
            (_, Data::Object(_)) => None,
            _ => Some("a mapping is expected here"),
        }
    }
}
