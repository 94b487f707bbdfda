//! The keys that a verifier knows, and what it remembers of them from one signature to the next.

use std::fmt;
use std::sync::OnceLock;

use parking_lot::RwLock;

use zeroize::Zeroizing;

use super::AccessKey;
use super::hash::{EncodedDigest, Hex, HmacKey, derive_key, hmac_sm3};
use super::inputs::SignedScope;
use super::scheme::{HashFunction, SchemeDescriptor};
use crate::secret::MASK;

/// A key pair that is known to a verifier.
#[derive(Clone, Copy, Debug)]
pub struct KnownKey<'k> {
    /// The pair.
    pair: &'k AccessKey,
    /// The cache of keys that were derived from the secret.
    memory: Option<&'k KeyCache>,
}

/// A cache of what is computed from one secret: the start of every HMAC with it, and the key derived from it along the
/// scope that was used last. As secret as the secret is.
#[derive(Default)]
pub struct KeyCache {
    own: OnceLock<HmacKey>,
    derived: RwLock<Option<(String, HmacKey)>>,
}

/// Finds the key pair of an access key id.
pub type KeyLookup<'k> = &'k dyn Fn(&str) -> Option<KnownKey<'k>>;

impl<'k> KnownKey<'k> {
    /// Returns a pair with the memory that is kept for it, and for no other.
    pub fn with_cache(pair: &'k AccessKey, memory: &'k KeyCache) -> Self {
        Self { pair, memory: Some(memory) }
    }

    /// Returns the pair.
    pub(super) fn pair(self) -> &'k AccessKey {
        self.pair
    }

    /// Returns the signature of a text as the scheme writes it: with the secret, or with the key derived from it along the scope.
    pub(super) fn sign(self, scheme: &SchemeDescriptor, scope: Option<&SignedScope<'_>>, text: &[u8]) -> EncodedDigest {
        let secret = self.pair.secret.expose();
        if scheme.is_plain() {
            let key = Zeroizing::new([secret, scheme.suffix].concat());
            return EncodedDigest::Text(scheme.hash_function.base64_hmac(key.as_bytes(), text).into());
        }
        let Some(scope) = scope else { return EncodedDigest::Hex(self.sign_with_secret(scheme.hash_function, text)) };
        let derive = || {
            let secret = Zeroizing::new([scheme.prefix, secret].concat());
            HmacKey::new(&*derive_key(secret.as_bytes(), scope.rounds))
        };
        EncodedDigest::Hex(self.sign_along(&scope.text, derive, text))
    }

    /// Returns the HMAC of a text with the secret. With SM3, which is rare, nothing is remembered.
    fn sign_with_secret(self, hash: HashFunction, text: &[u8]) -> Hex {
        if hash == HashFunction::Sm3 {
            return hmac_sm3(self.pair.secret.expose().as_bytes(), text);
        }
        let fresh = || HmacKey::new(self.pair.secret.expose().as_bytes());
        match self.memory {
            Some(memory) => memory.own.get_or_init(fresh).sign(text),
            None => fresh().sign(text),
        }
    }

    /// Returns the HMAC of a text with the key that is derived from the secret along a scope. The scope says all that `derive` does: its
    /// last piece keeps schemes apart that one key may be used with.
    fn sign_along(self, scope: &str, derive: impl FnOnce() -> HmacKey, text: &[u8]) -> Hex {
        let Some(memory) = self.memory else { return derive().sign(text) };
        if let Some(signature) = memory.sign_along(scope, text) {
            return signature;
        }
        let key = derive();
        let signature = key.sign(text);
        *memory.derived.write() = Some((scope.to_owned(), key));
        signature
    }
}

impl<'k> From<&'k AccessKey> for KnownKey<'k> {
    /// Creates a pair of which nothing is remembered.
    fn from(pair: &'k AccessKey) -> Self {
        Self { pair, memory: None }
    }
}

impl KeyCache {
    /// Returns the HMAC with the derived key, if this scope is the last one.
    fn sign_along(&self, scope: &str, text: &[u8]) -> Option<Hex> {
        let derived = self.derived.read();
        derived.as_ref().filter(|(last, _)| last == scope).map(|(_, key)| key.sign(text))
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn cached_key_signs_like_derived_key() {
        let pair = AccessKey { id: "AK".into(), secret: Secret::new("s3cret"), token: None, project_id: None };
        let memory = KeyCache::default();
        let (plain, remembered) = (KnownKey::from(&pair), KnownKey::with_cache(&pair, &memory));
        let derive = |scope: &str| HmacKey::new(scope.as_bytes());
        for scope in ["a", "a", "b", "a"] {
            let [one, other] = [plain, remembered].map(|key| key.sign_along(scope, || derive(scope), b"text"));
            assert_eq!(one.as_str(), other.as_str(), "{scope}");
            for hash in [HashFunction::Sha256, HashFunction::Sm3] {
                assert_eq!(plain.sign_with_secret(hash, b"text").as_str(), remembered.sign_with_secret(hash, b"text").as_str());
            }
        }
        assert_eq!(format!("{memory:?}"), MASK);
    }

    #[test]
    fn derives_a_scope_key_once() {
        let pair = AccessKey { id: "AK".into(), secret: Secret::new("s3cret"), token: None, project_id: None };
        let memory = KeyCache::default();
        let key_cache = KnownKey::with_cache(&pair, &memory);
        let first = key_cache.sign_along("a", || HmacKey::new(b"key"), b"text");
        let again = key_cache.sign_along("a", || unreachable!("it is remembered"), b"text");
        assert_eq!(first.as_str(), again.as_str());
    }
}
