//! Other digests than the SHA-256 that every scheme here asks for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha384, Sha512};

use crate::auth::hmac_sha256;

/// A digest: its name, and how it is made.
type DigestForm = (&'static str, fn(&[u8]) -> Vec<u8>);

const DIGESTS: [DigestForm; 4] = [
    ("MD5", |bytes| Md5::digest(bytes).to_vec()),
    ("SHA-1", |bytes| Sha1::digest(bytes).to_vec()),
    ("SHA-512", |bytes| Sha512::digest(bytes).to_vec()),
    ("SHA-384", |bytes| Sha384::digest(bytes).to_vec()),
];

/// Returns every line that another digest gives, with its words: in hex, in capitals, in Base64.
pub(super) fn others(body: &[u8], secret: &str) -> impl Iterator<Item = (String, String)> {
    let made = DIGESTS.iter().map(|(name, make)| (format!("the body's {name}"), make(body)));
    let keyed = ("the body's HMAC-SHA256 with the secret".to_owned(), hmac_sha256(secret.as_bytes(), body).to_vec());
    made.chain([keyed]).collect::<Vec<_>>().into_iter().flat_map(|(name, bytes)| {
        [
            (format!("{name} was signed"), hex::encode(&bytes)),
            (format!("{name} was signed in capitals"), hex::encode_upper(&bytes)),
            (format!("{name} was signed in Base64"), STANDARD.encode(&bytes)),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        let lines: Vec<String> = others(b"", "").map(|(_, line)| line).collect();
        for known in ["d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "1B2M2Y8AsgTpgAmY7PhCfg=="] {
            assert!(lines.iter().any(|line| line == known), "{known}");
        }
    }
}
