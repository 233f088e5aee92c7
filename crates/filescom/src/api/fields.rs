//! What to set of something, member by member.

/// A set of members to send.
pub(crate) trait Fields: serde::Serialize {
    /// Those that nobody may see: passwords, by whatever setter they came.
    fn secrets(&self) -> Vec<secrecy::SecretString>;
}

/// Defines a set of members to send with a creation or an update.
///
/// Only what is set is sent. So an update changes nothing else on the service: whatever the thing
/// has that nobody here ever heard of stays as it is.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$member:meta])* $with:ident: $kind:ident = $wire:literal,)*
    }) => {
        $(#[$doc])*
        ///
        /// Only what is set is sent, so an update leaves everything else as it is, members unknown
        /// to this crate included. `Debug` prints names alone.
        #[derive(Clone, Default, PartialEq, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(serde_json::Map<String, serde_json::Value>);

        impl $name {
            /// Nothing yet.
            pub fn new() -> Self {
                Self::default()
            }

            $($crate::api::fields::setter! { $(#[$member])* $with: $kind = $wire })*

            /// Sets any member, as it stands in the REST API reference; null clears it.
            #[must_use]
            pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
                self.0.insert(name.to_owned(), value.into());
                self
            }

            /// Whether nothing is set.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl $crate::api::fields::Fields for $name {
            fn secrets(&self) -> Vec<secrecy::SecretString> {
                let secret = |(name, value): (&String, &serde_json::Value)| {
                    let text = value.as_str().filter(|_| name.contains("password"))?;
                    Some(secrecy::SecretString::from(text))
                };
                self.0.iter().filter_map(secret).collect()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))?;
                f.debug_set().entries(self.0.keys()).finish()
            }
        }
    };
}

macro_rules! setter {
    ($(#[$doc:meta])* $with:ident: text = $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $with(self, text: impl Into<String>) -> Self {
            self.with($wire, text.into())
        }
    };
    ($(#[$doc:meta])* $with:ident: secret = $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $with(self, secret: &secrecy::SecretString) -> Self {
            self.with($wire, secrecy::ExposeSecret::expose_secret(secret))
        }
    };
    ($(#[$doc:meta])* $with:ident: flag = $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $with(self, flag: bool) -> Self {
            self.with($wire, flag)
        }
    };
    ($(#[$doc:meta])* $with:ident: number = $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $with(self, number: i64) -> Self {
            self.with($wire, number)
        }
    };
    ($(#[$doc:meta])* $with:ident: time = $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $with(self, time: chrono::DateTime<chrono::Utc>) -> Self {
            self.with($wire, wharf_model::filescom::Timestamp::format(time))
        }
    };
    ($(#[$doc:meta])* $with:ident: ids = $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $with(self, ids: impl IntoIterator<Item = i64>) -> Self {
            let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
            self.with($wire, ids.join(","))
        }
    };
    ($(#[$doc:meta])* $with:ident: texts = $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $with<T: Into<String>>(self, texts: impl IntoIterator<Item = T>) -> Self {
            let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
            self.with($wire, texts)
        }
    };
}

pub(crate) use fields;
pub(crate) use setter;
