//! Whole numbers as the services really send them: numbers, and at times digits in a string.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, Unexpected, Visitor};
use serde::ser::Serializer;
use serde_with::{DeserializeAs, SerializeAs};

/// Adapter for whole numbers. Reads a number or a decimal string, writes a number.
pub(crate) struct Whole;

/// Adapter for whole numbers that stand in strings. Reads like [`Whole`], writes a string.
pub(crate) struct WholeText;

impl<'de, T: FromWhole> DeserializeAs<'de, Option<T>> for WholeText {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        Whole::deserialize_as(deserializer)
    }
}

impl<T: Copy + Into<i32>> SerializeAs<Option<T>> for WholeText {
    fn serialize_as<S: Serializer>(source: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        match source {
            Some(number) => to.collect_str(&(*number).into()),
            None => to.serialize_none(),
        }
    }
}

/// What a whole number on the wire may become.
pub(crate) trait FromWhole: Sized {
    /// What was expected, for error messages.
    const EXPECTED: &'static str;

    /// `None` if the number does not fit.
    fn from_whole(number: i64) -> Option<Self>;
}

impl FromWhole for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn from_whole(number: i64) -> Option<Self> {
        Some(number)
    }
}

impl FromWhole for i32 {
    const EXPECTED: &'static str = "a whole number of 32 bits";

    fn from_whole(number: i64) -> Option<Self> {
        number.try_into().ok()
    }
}

impl<'de, T: FromWhole> DeserializeAs<'de, T> for Whole {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        // Numbers and strings both describe themselves in JSON; the hint is for other formats.
        deserializer.deserialize_any(NumberVisitor(PhantomData))
    }
}

impl<'de, T: FromWhole> DeserializeAs<'de, Option<T>> for Whole {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }
}

impl SerializeAs<Option<i64>> for Whole {
    fn serialize_as<S: Serializer>(source: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
        match source {
            Some(number) => to.serialize_i64(*number),
            None => to.serialize_none(),
        }
    }
}

struct NumberVisitor<T>(PhantomData<T>);

impl<T: FromWhole> Visitor<'_> for NumberVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        T::from_whole(number).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        i64::try_from(number)
            .ok()
            .and_then(T::from_whole)
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.trim()
            .parse()
            .ok()
            .and_then(T::from_whole)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

struct OptionVisitor<T>(PhantomData<T>);

impl<'de, T: FromWhole> Visitor<'de> for OptionVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} or null", T::EXPECTED)
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        Whole::deserialize_as(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde_with::de::DeserializeAsWrap;

    use super::*;

    fn read(json: &str) -> Option<Option<i64>> {
        serde_json::from_str::<DeserializeAsWrap<Option<i64>, Whole>>(json)
            .ok()
            .map(DeserializeAsWrap::into_inner)
    }

    #[test]
    fn numbers_digits_and_null() {
        for (json, expected) in [
            ("7", Some(Some(7))),
            ("-7", Some(Some(-7))),
            ("\"42\"", Some(Some(42))),
            ("9223372036854775807", Some(Some(i64::MAX))),
            ("null", Some(None)),
            ("9223372036854775808", None),
            ("1.5", None),
            ("\"x\"", None),
            ("true", None),
        ] {
            assert_eq!(read(json), expected, "{json}");
        }
    }
}
