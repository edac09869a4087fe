use chrono::{DateTime, SecondsFormat, Utc};

/// The value of a query parameter, in the `form` style with `explode`.
pub(crate) trait Parameter {
    /// Calls `add` for each value: once for a scalar, once for each item of a list, and not at all for `None`.
    fn visit(&self, add: &mut dyn FnMut(&str));
}

impl Parameter for str {
    fn visit(&self, add: &mut dyn FnMut(&str)) {
        add(self);
    }
}

impl Parameter for String {
    fn visit(&self, add: &mut dyn FnMut(&str)) {
        add(self);
    }
}

impl Parameter for DateTime<Utc> {
    fn visit(&self, add: &mut dyn FnMut(&str)) {
        add(&self.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    }
}

/// Implements the trait for types whose text is that of JSON.
macro_rules! as_text {
    ($($ty:ty),*) => {$(
        impl Parameter for $ty {
            fn visit(&self, add: &mut dyn FnMut(&str)) {
                add(&self.to_string());
            }
        }
    )*};
}

as_text!(bool, i32, i64, u32, u64, f32, f64);

impl<T: Parameter> Parameter for Option<T> {
    fn visit(&self, add: &mut dyn FnMut(&str)) {
        if let Some(value) = self {
            value.visit(add);
        }
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn visit(&self, add: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.visit(add));
    }
}

impl<T: Parameter + ?Sized> Parameter for &T {
    fn visit(&self, add: &mut dyn FnMut(&str)) {
        (**self).visit(add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(parameter: impl Parameter) -> Vec<String> {
        let mut values = Vec::new();
        parameter.visit(&mut |value| values.push(value.to_owned()));
        values
    }

    #[test]
    fn lists_have_one_value_for_each_item_and_unset_parameters_none() {
        assert_eq!(values(Some("a b&c")), ["a b&c"]);
        assert_eq!(values(7), ["7"]);
        assert_eq!(values(true), ["true"]);
        assert_eq!(values(vec!["a", "b"]), ["a", "b"]);
        assert!(values(None::<&str>).is_empty());
        assert!(values(Vec::<String>::new()).is_empty());
    }

    #[test]
    fn timestamps_are_rfc_3339() {
        let time: DateTime<Utc> = "2026-02-03T04:05:06.000000007+02:00".parse().unwrap();
        assert_eq!(values(time), ["2026-02-03T02:05:06.000000007Z"]);
    }
}
