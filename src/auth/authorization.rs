//! Stub: parsing of `authorization` headers.
