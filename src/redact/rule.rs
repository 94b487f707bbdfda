//! Which names say that their value is secret: one rule of words, for headers, parameters and members alike.
//!
//! A name is read as words: `X-Vault-Token`, `clientSecret`, `private_token`, and `xauthtoken` where nothing parts them. It is secret when
//! it has a secret word, unless what follows says that the value only describes the secret (`TokenType`, `AccessKeyId`, `SecretName`),
//! or what stands before says that it opens nothing (`NextToken`, `PublicKey`).

/// The kind of value that a secret name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretKind {
    /// Secret as a whole.
    Whole,
    /// An access key, or its id: vendors call either an access key.
    AccessKey,
    /// A scheme with a credential or a signature behind it.
    Authorization,
    /// A credential, or the key's id and its scope in a signature.
    Credential,
}

/// The longest name that is looked at, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 128;

/// The secret words.
const WORDS: [(&str, SecretKind); 18] = [
    ("token", SecretKind::Whole),
    ("secret", SecretKind::Whole),
    ("password", SecretKind::Whole),
    ("passwd", SecretKind::Whole),
    ("pwd", SecretKind::Whole),
    ("passphrase", SecretKind::Whole),
    ("passcode", SecretKind::Whole),
    ("cookie", SecretKind::Whole),
    ("session", SecretKind::Whole),
    ("sessid", SecretKind::Whole),
    ("jwt", SecretKind::Whole),
    ("authorization", SecretKind::Authorization),
    ("credential", SecretKind::Credential),
    ("key", SecretKind::Whole),
    ("cookies", SecretKind::Whole),
    ("secrets", SecretKind::Whole),
    ("passwords", SecretKind::Whole),
    ("credentials", SecretKind::Credential),
];

/// The words that make a key a secret one when they stand before it.
const KEYS: [&str; 12] =
    ["api", "access", "secret", "private", "auth", "signing", "account", "shared", "master", "subscription", "session", "bearer"];

/// Words behind a secret word with which the value describes the secret and is none: who and where it is, of what kind, since when, how much.
const METADATA_WORDS: [&[&str]; 10] = [
    &["id", "ids", "name", "names", "ref", "arn", "label", "title", "description"],
    &["issuer", "provider", "source"],
    &["type", "types", "kind", "class", "version", "format", "algorithm", "alg"],
    &["method", "scope", "field"],
    &["expires", "expire", "expiry", "expiration", "expired", "exp", "ttl", "lifetime"],
    &["duration", "timeout", "age", "at", "on", "time", "date", "last", "created"],
    &["updated", "changed", "rotation"],
    &["count", "length", "len", "size", "limit", "index"],
    &["url", "uri", "endpoint", "host", "domain", "path", "file"],
    &["status", "state", "enabled", "required", "valid", "policy"],
];

/// Words before `token` with which it opens nothing: pages of a list, what makes a call count once.
const HARMLESS_TOKENS: [&str; 12] =
    ["next", "page", "paging", "pagination", "continuation", "continue", "starting", "start", "marker", "cursor", "idempotency", "sync"];

/// Three letters of each word; a name that has none of them is dismissed at once.
const SECRET_TRIGRAMS: [&[u8; 3]; 12] = [b"oke", b"cre", b"ssw", b"pwd", b"ssp", b"ssc", b"oki", b"ssi", b"jwt", b"hor", b"red", b"key"];

/// `true` at the number of three letters that are one of [`SECRET_TRIGRAMS`].
static IS_MARK: [bool; TRIGRAM_COUNT] = marks();

/// The number of combinations of three letters of five bits.
const TRIGRAM_COUNT: usize = 1 << 15;

#[allow(clippy::large_stack_arrays)] // the compiler evaluates it
const fn marks() -> [bool; TRIGRAM_COUNT] {
    let (mut table, mut at) = ([false; TRIGRAM_COUNT], 0);
    while at < SECRET_TRIGRAMS.len() {
        let [first, second, third] = *SECRET_TRIGRAMS[at];
        table[((first & 31) as usize) << 10 | ((second & 31) as usize) << 5 | (third & 31) as usize] = true;
        at += 1;
    }
    table
}

/// A name in lower case without what parts its words, and where they begin.
struct SplitName {
    letters: [u8; MAX_NAME_BYTES],
    length: usize,
    /// A bit for each letter that begins a word.
    begins: u128,
    /// `true` when there was anything between the words.
    separated: bool,
}

/// Returns what the value of this name is; `None` for a name that is not secret.
pub(super) fn kind(name: &[u8]) -> Option<SecretKind> {
    if name.len() > MAX_NAME_BYTES || !has_mark(name) && !ends_in_sk(name) {
        return None;
    }
    SplitName::of(name).kind()
}

/// Returns whether three letters in a row, over what parts words, are those of a secret word.
fn has_mark(name: &[u8]) -> bool {
    let mut triple = 0;
    name.iter().any(|byte| {
        if is_separator(*byte) {
            return false;
        }
        triple = (triple << 5 | usize::from(byte & 31)) & (TRIGRAM_COUNT - 1);
        IS_MARK[triple]
    })
}

/// Returns whether a name is one like `sk`, `HUAWEICLOUD_SDK_SK`.
fn ends_in_sk(name: &[u8]) -> bool {
    let [before @ .., b's' | b'S', b'k' | b'K'] = name else { return false };
    before.last().is_none_or(|byte| is_separator(*byte))
}

pub(super) fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.' | b'[' | b']')
}

impl SplitName {
    fn of(name: &[u8]) -> Self {
        let mut parted = Self { letters: [0; MAX_NAME_BYTES], length: 0, begins: 1, separated: false };
        let mut parts = true;
        for (at, byte) in name.iter().enumerate() {
            if is_separator(*byte) {
                (parts, parted.separated) = (true, true);
                continue;
            }
            let before = at.checked_sub(1).map_or(0, |before| name[before]);
            let next = name.get(at + 1).copied().unwrap_or_default();
            // `clientSecret`, and the last capital of `APIKey`.
            let hump = byte.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next.is_ascii_lowercase());
            parted.begins |= u128::from(parts || hump) << parted.length;
            parted.letters[parted.length] = byte.to_ascii_lowercase();
            parted.length += 1;
            parts = false;
        }
        parted
    }

    fn text(&self) -> &[u8] {
        &self.letters[..self.length]
    }

    /// Returns whether a word begins here, or the name ends.
    fn parts_at(&self, at: usize) -> bool {
        at >= self.length || self.begins >> at & 1 == 1
    }

    fn kind(&self) -> Option<SecretKind> {
        if self.text() == b"sk" || self.text().ends_with(b"sk") && self.parts_at(self.length - 2) {
            return Some(SecretKind::Whole);
        }
        WORDS.iter().find_map(|(word, kind)| self.places(word).find_map(|at| self.at(at, word, *kind)))
    }

    fn places<'s>(&'s self, word: &'s str) -> impl Iterator<Item = usize> + 's {
        (0..self.length).filter(move |at| self.text()[*at..].starts_with(word.as_bytes()))
    }

    /// Returns what a name is by a secret word at this place in it.
    fn at(&self, at: usize, word: &str, kind: SecretKind) -> Option<SecretKind> {
        let (before, behind) = (&self.text()[..at], at + word.len());
        let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word.as_bytes()));
        let is_session_id = word == "session" && &self.text()[behind..] == b"id";
        let harmless = match word {
            "key" => !ends(&KEYS) || ends(&["public"]),
            // `ClientToken` makes a call count once; Vault's `client_token` is a token.
            "token" => ends(&HARMLESS_TOKENS) || self.text() == b"clienttoken" && !self.separated,
            "session" => !self.parts_at(at) && !is_session_id,
            "pwd" | "jwt" => !self.parts_at(at) && behind < self.length,
            _ => false,
        };
        if harmless || !is_session_id && self.describes(behind) {
            return None;
        }
        Some(if word == "key" && ends(&["access"]) { SecretKind::AccessKey } else { kind })
    }

    /// Returns whether what follows a secret word says that the value is not the secret, or that the word was a part of another.
    fn describes(&self, behind: usize) -> bool {
        let rest = &self.text()[behind..];
        let is_word = |word: &&str| rest.starts_with(word.as_bytes()) && self.parts_at(behind + word.len());
        let is_rest = |word: &&str| rest == word.as_bytes();
        if rest.is_empty() || rest.iter().all(u8::is_ascii_digit) {
            return false;
        }
        if METADATA_WORDS.iter().copied().flatten().any(|word| is_word(word) || is_rest(word)) {
            return true;
        }
        // `secretkey` and `tokenvalue` go on, `tokenizer` and `secretary` are other words.
        let continues = ["key", "value", "hash", "text", "string", "data", "access", "base64", "b64"];
        !self.parts_at(behind) && !continues.iter().any(|word| rest.starts_with(word.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_secret_word_are_secret() {
        let names = "\
            X-Vault-Token x-token private-token X-Api-Key api-key apikey APIKey X-Secret x-amz-security-token \
            x-auth-token xauthtoken X-Subject-Token clientSecret client_secret AccessKeySecret SecretAccessKey \
            SecretKey secretkey password Passwd db.password DB_PASSWORD pwd user_pwd Set-Cookie cookie Cookie2 \
            session JSESSIONID PHPSESSID session_id sessionId x-session x-session-token sk HUAWEICLOUD_SDK_SK \
            passphrase client_token id_token refreshToken TokenValue password1 token_2 x-credential credentials \
            privateKey X-Auth-Key Ocp-Apim-Subscription-Key x-acs-bearer-token SecretString tokens[0].token \
            access_token X-Token-V2 passcode";
        for name in names.split_whitespace() {
            assert!(kind(name.as_bytes()).is_some(), "{name}");
        }
        assert_eq!(kind(b"AccessKey"), Some(SecretKind::AccessKey));
        assert_eq!(kind(b"X-Authorization"), Some(SecretKind::Authorization));
        assert_eq!(kind(b"Proxy-Authorization"), Some(SecretKind::Authorization));
    }

    #[test]
    fn names_that_only_sound_so_are_not() {
        let names = "\
            AccessKeyId access_key_id accesskeyid x-acs-accesskey-id SecretId SignedHeaders NextToken next_token \
            PageToken nextPageToken ContinuationToken ClientToken x-acs-signature-nonce Key KeyName key keys \
            PublicKey public_key SecretName TokenType token_type token_expires_at expires_in tokenizer secretary \
            SessionName RoleSessionName sessionDuration possession PasswordPolicy CookieDomain \
            CredentialProvider max_tokens Signature monkey keyword description task disk RequestId sort_key \
            PrimaryKey SecretVersion author x-acs-date authorized passed NamespaceName credibility hundred \
            secretly";
        for name in names.split_whitespace() {
            assert_eq!(kind(name.as_bytes()), None, "{name}");
        }
    }
}
