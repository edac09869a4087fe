use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

/// Appends a query parameter in the `form` style with `explode`: a list repeats it, and `None` leaves it out.
pub(super) fn append(url: &mut Url, name: &str, value: &impl Serialize) -> serde_json::Result<()> {
    match serde_json::to_value(value)? {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| append_one(url, name, item)),
        value => append_one(url, name, &value),
    }
    Ok(())
}

fn append_one(url: &mut Url, name: &str, value: &Value) {
    match value {
        Value::String(text) => url.query_pairs_mut().append_pair(name, text),
        other => url.query_pairs_mut().append_pair(name, &other.to_string()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(value: impl Serialize) -> Option<String> {
        let mut url = Url::parse("https://api.test/").unwrap();
        append(&mut url, "name", &value).unwrap();
        url.query().map(str::to_owned)
    }

    #[test]
    fn values_are_encoded_and_lists_repeat_the_name() {
        assert_eq!(query(Some("a b&c")).as_deref(), Some("name=a+b%26c"));
        assert_eq!(query(7).as_deref(), Some("name=7"));
        assert_eq!(query(["a", "b"]).as_deref(), Some("name=a&name=b"));
    }

    #[test]
    fn an_absent_value_adds_nothing() {
        assert_eq!(query(None::<&str>), None);
        assert_eq!(query(Vec::<String>::new()), None);
    }
}
