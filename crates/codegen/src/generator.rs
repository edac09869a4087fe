//! progenitor, which generates the types and the mocks.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, TypeImpl};
use serde_json::Value;

use crate::Error;
use crate::preprocess::{self, Preprocessed, SECRET};

/// Generates a client of an API without operations, of which the module `types` counts.
pub(crate) fn types(preprocessed: &Preprocessed) -> Result<syn::File, Error> {
    let document = preprocess::without_operations(&preprocessed.document);
    run(&document, |document| {
        let tokens = generator(preprocessed).generate_tokens(document);
        tokens.map_err(|error| error.to_string())
    })
}

/// Generates typed httpmock helpers.
pub(crate) fn mocks(preprocessed: &Preprocessed) -> Result<syn::File, Error> {
    run(&preprocessed.mocks, |document| {
        let tokens = generator(preprocessed).httpmock(document, "crate");
        tokens.map_err(|error| error.to_string())
    })
}

fn generator(preprocessed: &Preprocessed) -> Generator {
    let mut settings = GenerationSettings::new();
    let string_like = [TypeImpl::Display, TypeImpl::FromStr, TypeImpl::Default];
    for open_enum in &preprocessed.enums {
        let path = format!("crate::types::{}", open_enum.name);
        settings.with_replacement(&open_enum.name, path, string_like.iter().cloned());
    }
    for message in &preprocessed.empty_messages {
        let path = format!("crate::types::{}", message.name);
        settings.with_replacement(&message.name, path, [TypeImpl::Default].into_iter());
    }
    settings.with_replacement(SECRET, "crate::Secret", [TypeImpl::Default].into_iter());
    Generator::new(&settings)
}

/// Runs the generator. If it fails, runs it on each schema and each operation alone to find the one that it fails on.
fn run(
    document: &Value,
    generation: impl Fn(&OpenAPI) -> Result<TokenStream, String>,
) -> Result<syn::File, Error> {
    let attempt = |document: &Value| {
        let document: OpenAPI =
            serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
        // A build should report the operation or schema, not a backtrace.
        catch_unwind(AssertUnwindSafe(|| generation(&document)))
            .unwrap_or_else(|panic| Err(panic_message(panic.as_ref())))
    };
    let tokens = attempt(document).map_err(|message| {
        let part = preprocess::parts(document).find_map(|(subject, part)| {
            let message = attempt(&part).err()?;
            Some(Error::Generator { subject, message })
        });
        part.unwrap_or(Error::Generator {
            subject: "the complete spec".to_owned(),
            message,
        })
    })?;
    syn::parse2(tokens).map_err(Error::invalid_code)
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "the generator panicked".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "paths:
  /things:
    get:
      operationId: ThingService_ListThings
      responses: {'200': {description: OK}}
";

    #[test]
    fn a_panic_of_the_generator_is_an_error_that_names_the_operation() {
        let document = crate::tests::spec(SPEC).into_value();
        let error = run(&document, |document| {
            assert!(document.paths.paths.is_empty(), "no operation today");
            Ok(TokenStream::new())
        })
        .unwrap_err();
        assert_eq!(
            error,
            Error::Generator {
                subject: "operation ThingService_ListThings".into(),
                message: "no operation today".into()
            }
        );
    }
}
