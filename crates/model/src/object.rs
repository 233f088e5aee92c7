//! One table per wire object: its fields, their names on the wire, and both directions.
//!
//! `serde`'s derive finds a field by comparing its name with each known one, in order and
//! exactly. MFT changes the case of names between documents, and a list of aliases would only
//! cover the spellings someone thought of. [`Names`] looks where the next name is expected, then
//! for the exact spelling, then without regard to case.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;

use crate::ShortText;

/// Defines a struct, how it is read and, after `read_write`, how it is written.
///
/// Each field says its wire name, as in `pub size: Option<i64> = "Size" as Whole`; the type after
/// `as` is a `serde_with` adapter. An absent value is left out in writing, or is `null` after
/// `| null`; what is marked `| secret` is never written. A field of `Option` type may be missing or null, any other must be there. Of a
/// repeated name the last value counts. A last line `..rest: T` hands every name that is not in
/// the table to a [`Leftover`]; without it such members are skipped.
macro_rules! object {
    (
        $names:ident, read_write;
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$fmeta:meta])* $fvis:vis $field:ident: $ty:ty = $wire:literal
                $(as $adapter:ty)? $(| $how:ident)?,)*
            $(..$(#[$rmeta:meta])* $rvis:vis $rest:ident: $rest_ty:ty)?
        }
    ) => {
        $crate::object::object! {
            $names, read;
            $(#[$meta])*
            $vis struct $name {
                $($(#[$fmeta])* $fvis $field: $ty = $wire $(as $adapter)?,)*
                $(..$(#[$rmeta])* $rvis $rest: $rest_ty)?
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = to.serialize_map(None)?;
                $($crate::object::object!(
                    @put [$($how)?] map, $wire, &self.$field $(, $adapter)?);)*
                $($crate::object::Leftover::write(&self.$rest, &mut map)?;)?
                map.end()
            }
        }
    };
    (
        $names:ident, read;
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$fmeta:meta])* $fvis:vis $field:ident: $ty:ty = $wire:literal
                $(as $adapter:ty)?,)*
            $(..$(#[$rmeta:meta])* $rvis:vis $rest:ident: $rest_ty:ty)?
        }
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[$fmeta])* $fvis $field: $ty,)*
            $($(#[$rmeta])* $rvis $rest: $rest_ty,)?
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[derive(Clone, Copy)]
                #[allow(non_camel_case_types)]
                enum Field { $($field),* }
                const FIELDS: &[Field] = &[$(Field::$field),*];
                const NAMES: &[&str] = &[$($wire),*];

                struct Read;

                impl<'de> serde::de::Visitor<'de> for Read {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object for ", stringify!($name)))
                    }

                    fn visit_map<A>(self, mut map: A) -> Result<$name, A::Error>
                    where
                        A: serde::de::MapAccess<'de>,
                    {
                        $(let mut $field: Option<$ty> = None;)*
                        let mut rest = $crate::object::object!(@rest $($rest_ty)?);
                        let mut names = $crate::object::Names::$names(NAMES, &rest);
                        while let Some(index) = map.next_key_seed(&mut names)? {
                            match index.and_then(|index| FIELDS.get(index)) {
                                $(Some(Field::$field) => {
                                    $field = Some($crate::object::object!(@read map $(, $adapter)?));
                                })*
                                None => $crate::object::Leftover::take(
                                    &mut rest, names.other(), &mut map)?,
                            }
                        }
                        Ok($name {
                            $($field: $crate::object::object!(@done $field, $wire $(, $adapter)?),)*
                            $($rest: { let rest: $rest_ty = rest; rest },)?
                        })
                    }
                }

                from.deserialize_map(Read)
            }
        }
    };
    (@rest) => { $crate::object::Skip };
    (@rest $rest:ty) => { <$rest>::default() };
    (@read $map:ident) => { $map.next_value()? };
    (@read $map:ident, $adapter:ty) => {
        $map.next_value::<serde_with::de::DeserializeAsWrap<_, $adapter>>()?.into_inner()
    };
    (@done $field:ident, $wire:literal) => {
        match $field {
            Some(value) => value,
            None => serde::Deserialize::deserialize($crate::object::Missing::new($wire))?,
        }
    };
    (@done $field:ident, $wire:literal, $adapter:ty) => {
        match $field {
            Some(value) => value,
            None => <$adapter as serde_with::DeserializeAs<_>>::deserialize_as(
                $crate::object::Missing::new($wire))?,
        }
    };
    (@put [secret] $($unused:tt)*) => {};
    (@put [null] $map:ident, $wire:literal, $value:expr) => {
        $map.serialize_entry($wire, $value)?;
    };
    (@put [] $map:ident, $wire:literal, $value:expr $(, $adapter:ty)?) => {
        let value = $value;
        if !$crate::object::Presence::is_absent(value) {
            $map.serialize_entry($wire, $crate::object::object!(@as value $(, $adapter)?))?;
        }
    };
    (@as $value:ident) => { $value };
    (@as $value:ident, $adapter:ty) => {
        &serde_with::ser::SerializeAsWrap::<_, $adapter>::new($value)
    };
}
pub(crate) use object;

/// Finds names in a table: a seed for keys, giving the place in the table.
pub(crate) struct Names {
    table: &'static [&'static str],
    next: usize,
    any_case: bool,
    keep_other: bool,
    elsewhere: fn(&str) -> bool,
    other: String,
}

impl Names {
    /// Names must be spelt exactly as in the table.
    pub(crate) fn exact<L: Leftover>(table: &'static [&'static str], _: &L) -> Self {
        Self {
            table,
            next: 0,
            any_case: false,
            keep_other: L::WANTED,
            elsewhere: L::owns,
            other: String::new(),
        }
    }

    /// Names are compared without regard to the case of ASCII letters.
    pub(crate) fn any_case<L: Leftover>(table: &'static [&'static str], rest: &L) -> Self {
        Self { any_case: true, ..Self::exact(table, rest) }
    }

    /// The last name that was not in the table, if a [`Leftover`] wants it.
    pub(crate) fn other(&self) -> &str {
        &self.other
    }

    /// Objects come in one order nearly always, so the next name is nearly always the answer.
    #[inline]
    fn find(&mut self, name: &str) -> Option<usize> {
        let found = match self.table.get(self.next) {
            Some(expected) if *expected == name => self.next,
            _ => self.search(name)?,
        };
        self.next = found + 1;
        Some(found)
    }

    fn search(&mut self, name: &str) -> Option<usize> {
        let found = if (self.elsewhere)(name) { None } else { self.place(name) };
        if found.is_none() && self.keep_other {
            self.other.clear();
            self.other.push_str(name);
        }
        found
    }

    fn place(&self, name: &str) -> Option<usize> {
        let exact = self.table.iter().position(|known| *known == name);
        if exact.is_some() || !self.any_case {
            return exact;
        }
        self.table.iter().position(|known| known.eq_ignore_ascii_case(name))
    }
}

impl<'de> DeserializeSeed<'de> for &mut Names {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for &mut Names {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.find(name))
    }
}

/// Where members go whose name is not in the table.
pub(crate) trait Leftover: Default {
    /// Whether the names are looked at.
    const WANTED: bool;

    /// Whether a name is surely not in the table, which saves looking for it there.
    fn owns(_: &str) -> bool {
        false
    }

    /// Takes one member: reads exactly one value from the map.
    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error>;

    /// Writes what was taken.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Skips other members.
#[derive(Default)]
pub(crate) struct Skip;

impl Leftover for Skip {
    const WANTED: bool = false;

    fn take<'de, A: MapAccess<'de>>(&mut self, _: &str, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<Skipped>().map(drop)
    }

    fn write<M: SerializeMap>(&self, _: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

/// A value read and dropped. Unlike `serde`'s `IgnoredAny` it keeps to the reader's limit of
/// nesting, so that a document is refused or not whatever its unknown members are called.
pub(crate) struct Skipped;

impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Skipped {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<Self, Self>()?.is_some() {}
        Ok(self)
    }
}

/// Stands for a member that is not there: `None` where that is allowed, else an error.
pub(crate) struct Missing<E> {
    name: &'static str,
    error: PhantomData<E>,
}

impl<E> Missing<E> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, error: PhantomData }
    }
}

impl<'de, E: de::Error> Deserializer<'de> for Missing<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.name))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// Whether a value is worth writing.
pub(crate) trait Presence {
    /// True only for an absent optional value.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Presence for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Presence for Vec<T> {}
impl<K, V> Presence for BTreeMap<K, V> {}
impl Presence for Box<str> {}
impl Presence for ShortText {}
