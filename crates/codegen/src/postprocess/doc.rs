use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, parse_quote};

/// Writes every doc comment as `/// text` lines.
///
/// Fact: progenitor hands over whole paragraphs as one attribute, which the formatter prints as `///text` or as a block
/// comment with lines at the left margin.
pub(super) fn normalize(file: &mut syn::File) {
    Normalize.visit_file_mut(file);
}

struct Normalize;

impl VisitMut for Normalize {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = attributes.drain(..).flat_map(lines).collect();
    }
}

fn lines(attribute: Attribute) -> Vec<Attribute> {
    let style = attribute.style;
    match text(&attribute) {
        Some(text) => text
            .trim_matches('\n')
            .lines()
            .map(|line| {
                let line = line.trim_end();
                let line = match line.chars().next() {
                    None | Some(' ') => line.to_owned(),
                    Some(_) => format!(" {line}"),
                };
                Attribute {
                    style,
                    ..parse_quote!(#[doc = #line])
                }
            })
            .collect(),
        None => vec![attribute],
    }
}

/// The text of a doc comment.
pub(super) fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
