//! Ways to break a captured request. Signing again starts from the texts that the vendor's own SDK signed, and shares nothing with the
//! laboratory.

use base64::Engine as _;
use skydeck::auth::{Scheme, derive_key, hex_hmac_sha256, hex_sha256, hmac_sha1};
use skydeck::wire::Request;

use crate::vector::Vector;

impl Vector {
    /// The canonical request that the SDK signed.
    pub fn canonical(&self) -> String {
        self.expected.canonical_request.clone().unwrap()
    }

    /// The request with another signature.
    pub fn with_signature(&self, signature: &str) -> Request {
        let authorization = self.expected.authorization.replace(&self.expected.signature, signature);
        let mut request = self.request.clone();
        request.headers.set("authorization", authorization);
        request
    }

    /// Signed again after a change of the canonical request.
    pub fn canonical_changed(&self, change: impl Fn(String) -> String) -> Request {
        let canonical = self.canonical();
        let changed = change(canonical.clone());
        assert_ne!(canonical, changed, "{}: nothing was broken", self.name);
        self.string_changed(|text| text.replace(&hex_sha256(canonical.as_bytes()), &hex_sha256(changed.as_bytes())))
    }

    /// Signed again after a change of one line of the canonical request, counted from 0.
    pub fn line_changed(&self, line: usize, change: impl Fn(&str) -> String) -> Request {
        self.canonical_changed(|canonical| {
            let mut lines: Vec<String> = canonical.split('\n').map(str::to_owned).collect();
            let at = if line == usize::MAX { lines.len() - 1 } else { line };
            lines[at] = change(&lines[at]);
            lines.join("\n")
        })
    }

    /// Signed again after a change of the payload line.
    pub fn payload_changed(&self, hash: &str) -> Request {
        self.line_changed(usize::MAX, |_| hash.to_owned())
    }

    /// Signed again after a change of the string to sign.
    pub fn string_changed(&self, change: impl Fn(String) -> String) -> Request {
        self.signed_with(&change(self.expected.string_to_sign.clone()), self.key.secret.expose())
    }

    /// Signed again with another secret.
    pub fn secret_changed(&self, change: impl Fn(&str) -> String) -> Request {
        self.signed_with(&self.expected.string_to_sign, &change(self.key.secret.expose()))
    }

    fn signed_with(&self, text: &str, secret: &str) -> Request {
        let signature = match self.scheme {
            Scheme::Acs1 => base64::engine::general_purpose::STANDARD.encode(hmac_sha1(secret.as_bytes(), text.as_bytes())),
            Scheme::Volcengine => scoped(text, secret, ""),
            Scheme::SdkHmacScoped => scoped(text, secret, "SDK"),
            _ => hex_hmac_sha256(secret.as_bytes(), text.as_bytes()),
        };
        self.with_signature(&signature)
    }

    /// Changed after it was signed.
    pub fn wire_changed(&self, change: impl Fn(&mut Request)) -> Request {
        let mut request = self.request.clone();
        change(&mut request);
        assert_ne!(request, self.request, "{}: nothing was broken", self.name);
        request
    }

    /// Another body, and the length that goes with it.
    pub fn body_changed(&self, change: impl Fn(&str) -> String) -> Request {
        self.wire_changed(|request| {
            let body = change(std::str::from_utf8(&request.body).unwrap());
            request.headers.set("content-length", body.len().to_string());
            request.body = body.into();
        })
    }

    /// Another value of a header after signing.
    pub fn header_changed(&self, name: &str, change: impl Fn(&str) -> String) -> Request {
        self.wire_changed(|request| {
            let value = change(request.headers.get_str(name).unwrap());
            request.headers.set(name, value);
        })
    }

    /// Another text in `authorization` after signing.
    pub fn authorization_changed(&self, from: &str, to: &str) -> Request {
        self.header_changed("authorization", |value| value.replace(from, to))
    }
}

/// The signature of a text with a key derived along the scope in it.
pub fn scoped(text: &str, secret: &str, prefix: &str) -> String {
    let scope = text.split('\n').nth(2).unwrap();
    let rounds: Vec<&str> = scope.split('/').collect();
    let key = derive_key(format!("{prefix}{secret}").as_bytes(), rounds[..].try_into().unwrap());
    hex_hmac_sha256(&*key, text.as_bytes())
}

/// The query line in plain text.
pub fn plain(line: &str) -> String {
    String::from_utf8(skydeck::wire::decode_path(line)).unwrap()
}
