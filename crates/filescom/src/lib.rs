//! A client of Files.com, typed and as a wharf connector.
