//! What listings are made of.

use serde::de::Deserializer;

/// Something that long listings are made of.
///
/// Implemented for the entries of both services. Implement it for your own type to read another
/// service's listings, or only the fields you need, with a
/// [`ListingParser`](crate::ListingParser).
///
/// ```
/// use serde::{Deserialize, Deserializer};
/// use wharf_model::{Listed, ListingParser};
///
/// #[derive(Deserialize)]
/// struct Name { path: String }
///
/// impl Listed for Name {
///     const MEMBERS: &'static [&'static str] = &[];
///
///     fn read<'de, D: Deserializer<'de>>(_: usize, element: D) -> Result<Self, D::Error> {
///         Name::deserialize(element)
///     }
/// }
///
/// let names = ListingParser::<Name>::read_all(br#"[{"path": "a", "size": 1}, {"path": "b"}]"#)?;
/// assert_eq!(names[1].path, "b");
/// # Ok::<(), wharf_model::ListingError>(())
/// ```
pub trait Listed: Sized {
    /// The members of the document that hold the entries, compared in any case. If there are
    /// none, the document itself is the array.
    const MEMBERS: &'static [&'static str];

    /// Reads one entry of the array in the member of this place in [`MEMBERS`](Self::MEMBERS).
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    fn read<'de, D: Deserializer<'de>>(member: usize, element: D) -> Result<Self, D::Error>;
}
