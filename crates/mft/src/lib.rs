//! A client of the Boomi MFT (formerly Thru) File Sharing API, typed and as a wharf connector.
