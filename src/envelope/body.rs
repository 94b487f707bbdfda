//! Stub: what a body is when it is not the vendor's.
