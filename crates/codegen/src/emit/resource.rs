//! The binding of a resource: what generic code over resources needs of each.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{ident, operation::constant, params};
use crate::message::{Member, Messages};
use crate::operation::Operation;
use crate::resource::Resource;
use crate::rust_type::RustType;

/// Returns the implementation of `Resource`, and of `Managed` for a resource that can be updated and deleted.
///
/// There is none for a resource that lacks a member that generic code needs, such as an id.
pub(super) fn binding(resource: &Resource<'_>, messages: &Messages) -> Option<TokenStream> {
    let binding = Binding { resource, messages };
    let resource_impl = binding.resource()?;
    let update_and_delete = resource.update_and_delete;
    let managed_impl =
        update_and_delete.and_then(|(update, delete)| binding.managed(update, delete));
    Some(quote!(#resource_impl #managed_impl))
}

/// Returns the member of a create's body that is the id which the resource is to have.
pub(super) fn create_id<'m>(resource: &Resource<'_>, messages: &'m Messages) -> Option<&'m Member> {
    let body = body(resource.create)?;
    let id_of_member = format!("{}Id", resource.member);
    let found = messages.member(body, "id");
    let found = found.or_else(|| messages.member(body, &id_of_member))?;
    found.optional().map(|_| found)
}

struct Binding<'a> {
    resource: &'a Resource<'a>,
    messages: &'a Messages,
}

impl Binding<'_> {
    fn resource(&self) -> Option<TokenStream> {
        let Resource {
            schema,
            member,
            get,
            create,
            list,
            items,
            ..
        } = self.resource;
        let name = ident(schema);
        let create_body = body(create)?;
        let response = message_name(get.response.as_ref())?;
        let page = message_name(list.response.as_ref())?;
        let create_id = &create_id(self.resource, self.messages)?.field;
        let create_name = {
            let found = self.messages.member(create_body, "name");
            let found = found.or_else(|| self.messages.member(create_body, "identity"));
            found?.of(&quote!(Some(body)))
        };
        let in_response = self.messages.member(response, member)?;
        let items = &self.messages.member(page, items)?.field;
        let next_page_token = match self.messages.member(page, "nextPageToken") {
            Some(token) => {
                let token = &token.field;
                quote!(page.#token)
            }
            None => quote!(None),
        };
        let unknown = &self.messages.unknown(page)?.field;
        let metadata = self.metadata()?;
        let (get_call, create_call, list_call) =
            (ident(&get.name), ident(&create.name), ident(&list.name));
        let (get, create) = (constant(get), constant(create));
        let (params, list) = (params::name(list), constant(list));
        let (create_body, response, page) = (ident(create_body), ident(response), ident(page));
        let field = &in_response.field;
        let decoded = quote!(types::#response::from_json(body)?);
        let resource = match in_response.optional() {
            Some(_) => quote!(#decoded.#field),
            None => quote!(Some(#decoded.#field)),
        };
        Some(quote! {
            impl Resource for types::#name {
                type Create = types::#create_body;
                type Params = params::#params;

                const MEMBER: &'static str = #member;
                const GET: &'static Operation = Operation::#get;
                const CREATE: &'static Operation = Operation::#create;
                const LIST: &'static Operation = Operation::#list;

                #metadata

                fn get(id: &str) -> Call {
                    Call::#get_call(id)
                }

                fn create(body: &Self::Create) -> Call {
                    Call::#create_call(body)
                }

                fn list(params: &Self::Params) -> Call {
                    Call::#list_call(params)
                }

                fn create_id(body: &mut Self::Create) -> &mut Option<String> {
                    &mut body.#create_id
                }

                fn create_name(body: &Self::Create) -> &str {
                    #create_name.map_or("", String::as_str)
                }

                fn from_response(body: &[u8]) -> ::serde_json::Result<Option<Self>> {
                    Ok(#resource)
                }

                fn from_list(body: &[u8]) -> ::serde_json::Result<Items<Self>> {
                    let page = types::#page::from_json(body)?;
                    Ok(Items {
                        items: page.#items,
                        next_page_token: #next_page_token,
                        unknown_member: page.#unknown.into_iter().next().map(|(name, _)| name),
                    })
                }
            }
        })
    }

    fn managed(&self, update: &Operation, delete: &Operation) -> Option<TokenStream> {
        let name = ident(&self.resource.schema);
        let update_body = body(update)?;
        let update_id = &self.messages.member(update_body, "id")?.field;
        let updated_after = {
            let list = &self.resource.list;
            let found = list
                .options
                .iter()
                .find(|option| option.wire_name == "updatedAfter");
            ident(&found?.name)
        };
        let to_update = self.to_update(update_body)?;
        let (update_call, delete_call) = (ident(&update.name), ident(&delete.name));
        let (update, delete) = (constant(update), constant(delete));
        let update_body = ident(update_body);
        Some(quote! {
            impl Managed for types::#name {
                type Update = types::#update_body;

                const UPDATE: &'static Operation = Operation::#update;
                const DELETE: &'static Operation = Operation::#delete;

                #to_update

                fn update_id(update: &mut Self::Update) -> &mut String {
                    &mut update.#update_id
                }

                fn set_updated_after(
                    params: &mut Self::Params,
                    time: Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ) {
                    params.#updated_after = time;
                }

                fn update(id: &str, body: &Self::Update) -> Call {
                    Call::#update_call(id, body)
                }

                fn delete(id: &str) -> Call {
                    Call::#delete_call(id)
                }
            }
        })
    }

    /// Collects what resources have in common from the members that have it in this one.
    fn metadata(&self) -> Option<TokenStream> {
        let (spec, status) = (self.part("spec")?, self.part("status")?);
        let (in_spec, in_status) = (quote!(spec), quote!(status));
        let text = |name: &str| {
            let member = self.messages.member(&spec.message, name)?;
            let text = member.of(&in_spec);
            Some(quote!(#text.map(String::as_str)))
        };
        let none = || quote!(None);
        let id = text("id")?;
        let name = text("name")
            .or_else(|| text("identity"))
            .unwrap_or_else(none);
        let state = self.state(&status.message)?;
        let state_type = state.message().unwrap_or_default();
        let state = state.of(&in_status);
        let resource_status = match state_type.as_str() {
            "ResourceStatus" => state.clone(),
            _ => none(),
        };
        let state_type = ident(&state_type);
        let time = |name: &str| {
            let member = self.messages.member(&status.message, name)?;
            let time = member.of(&in_status);
            Some(quote!(#time.copied()))
        };
        let created_at = time("createdAt").unwrap_or_else(none);
        let updated_at = time("updatedAt").unwrap_or_else(none);
        let conditions = match self.messages.member(&status.message, "conditions") {
            Some(member) => {
                let conditions = member.of(&in_status);
                quote!(#conditions.map_or(&[], Vec::as_slice))
            }
            None => quote!(&[]),
        };
        let (spec, status) = (spec.expression, status.expression);
        Some(quote! {
            fn metadata(&self) -> Metadata<'_> {
                let (spec, status) = (#spec, #status);
                Metadata {
                    id: #id,
                    name: #name,
                    status: #resource_status,
                    state: #state.unwrap_or(&types::#state_type::Unspecified).as_str(),
                    created_at: #created_at,
                    updated_at: #updated_at,
                    conditions: #conditions,
                }
            }
        })
    }

    /// Copies the members that the spec and the update request have in common, and the members that neither schema knows.
    ///
    /// What the update request lacks is set by the service alone, such as the organization, or cannot be changed.
    fn to_update(&self, update: &str) -> Option<TokenStream> {
        let part = self.part("spec")?;
        let mut members = Vec::new();
        for to in self.messages.members(update) {
            let field = &to.field;
            let from = match &to.name {
                None => self.messages.unknown(&part.message),
                Some(name) => self.messages.member(&part.message, name),
            };
            let Some(from) = from else { continue };
            let value = &from.field;
            members.push(match (from.optional(), to.optional()) {
                _ if same(&from.ty, &to.ty) => quote!(#field: spec.#value.clone()),
                (Some(from), None) if same(from, &to.ty) => {
                    quote!(#field: spec.#value.clone().unwrap_or_default())
                }
                (None, Some(to)) if same(&from.ty, to) => {
                    quote!(#field: Some(spec.#value.clone()))
                }
                _ => {
                    return None;
                }
            });
        }
        let update = ident(update);
        let spec = part.expression;
        Some(quote! {
            fn to_update(&self) -> Self::Update {
                let Some(spec) = #spec else {
                    return Self::Update::default();
                };
                types::#update {
                    #(#members,)*
                    ..::std::default::Default::default()
                }
            }
        })
    }

    /// The member `spec` or `status`.
    fn part(&self, name: &str) -> Option<Part> {
        let member = self.messages.member(&self.resource.schema, name)?;
        let field = &member.field;
        Some(Part {
            message: member.message().unwrap_or_default(),
            expression: match member.optional() {
                Some(_) => quote!(self.#field.as_ref()),
                None => quote!(Some(&self.#field)),
            },
        })
    }

    /// The member of a status that says where the resource is in its lifecycle.
    fn state(&self, status: &str) -> Option<&Member> {
        let found = self.messages.member(status, "status");
        found.or_else(|| self.messages.member(status, "state"))
    }
}

/// The spec or the status of a resource.
struct Part {
    /// The name of its message.
    message: String,
    /// An `Option` of a reference to it.
    expression: TokenStream,
}

fn body(operation: &Operation) -> Option<&str> {
    message_name(operation.body.as_ref().map(|body| &body.ty))
}

fn message_name(ty: Option<&RustType>) -> Option<&str> {
    match ty {
        Some(RustType::Named(name)) => Some(name),
        _ => None,
    }
}

fn same(one: &Type, other: &Type) -> bool {
    one == other
}
