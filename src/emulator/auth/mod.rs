//! Authentication: accepted keys and users, issued tokens, and the check of a token or signature as the vendor makes it.

pub(super) mod accounts;
pub(super) mod authenticate;
pub(super) mod failures;
pub(super) mod nonces;
pub(super) mod tokens;
