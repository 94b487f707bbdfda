//! The signature that a request carries, in whatever form it is written.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::fault::{self, MistakeKind};
use crate::auth::SchemeDescriptor;

/// The signature's bytes, as far as they can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claimed {
    pub bytes: Vec<u8>,
    /// The error in their notation.
    pub fault: Option<&'static MistakeKind>,
    /// The known part of them.
    pub known: SignatureLength,
}

/// The readable length of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SignatureLength {
    /// All of it.
    Whole,
    /// Its beginning.
    Beginning,
    /// Base64 whose case is lost: the text in lower case.
    Caseless(String),
}

/// The bytes of a digest: SHA-1, SHA-256.
const SIZES: [usize; 2] = [20, 32];

/// The number of bytes of a signature that is cut off must be there.
const MIN_PREFIX_BYTES: usize = 8;

impl Claimed {
    /// Reads a signature in any form that it is met in.
    pub(super) fn read(text: &str, scheme: &SchemeDescriptor) -> Self {
        let bare = cleaned(text);
        let claimed = Self::bare(&bare, scheme);
        let fault = claimed.fault.or((bare != text).then_some(&fault::SIGNATURE_SHAPE));
        Self { fault, ..claimed }
    }

    fn bare(text: &str, scheme: &SchemeDescriptor) -> Self {
        let (plain, size) = (scheme.is_plain(), scheme.hash_function.digest_bytes());
        let base64 = STANDARD.decode(text).ok().or_else(|| STANDARD.decode(text.replace('-', "+").replace('_', "/")).ok());
        let hex_in_base64 = base64.as_ref().and_then(|bytes| hex::decode(bytes).ok());
        let forms = [(hex::decode(text).ok(), !plain), (base64, plain), (hex_in_base64, false)];
        let whole = forms.into_iter().find_map(|(bytes, right)| Some((bytes.filter(|bytes| SIZES.contains(&bytes.len()))?, right)));
        let Some((bytes, right)) = whole else { return Self::cut(text, plain, size) };
        let has_upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
        if plain && !(has_upper && text.bytes().any(|byte| byte.is_ascii_lowercase())) {
            let known = SignatureLength::Caseless(text.to_ascii_lowercase());
            return Self { bytes, fault: Some(&fault::SIGNATURE_SHAPE), known };
        }
        let is_regular = right && bytes.len() == size && (plain || !has_upper);
        Self { bytes, fault: (!is_regular).then_some(&fault::SIGNATURE_SHAPE), known: SignatureLength::Whole }
    }

    /// Returns as many whole bytes as there are digits for; none where it is long enough, with something else among them.
    fn cut(text: &str, plain: bool, size: usize) -> Self {
        let whole_chars = if plain { size.div_ceil(3) * 4 } else { 64 };
        let bytes = if text.len() >= whole_chars {
            Vec::new()
        } else if plain {
            let digits: String = text.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/')).collect();
            STANDARD_NO_PAD.decode(&digits[..digits.len() & !3]).unwrap_or_default()
        } else {
            let digits: String = text.chars().take_while(char::is_ascii_hexdigit).collect();
            hex::decode(&digits[..digits.len() & !1]).unwrap_or_default()
        };
        let fault = if (4..size).contains(&bytes.len()) { &fault::SIGNATURE_CUT } else { &fault::SIGNATURE_SHAPE };
        Self { known: SignatureLength::Beginning, fault: Some(fault), bytes }
    }

    /// Returns whether it is this signature.
    pub(super) fn is(&self, signature: &[u8]) -> bool {
        match &self.known {
            SignatureLength::Whole => self.bytes == signature,
            SignatureLength::Beginning => self.bytes.len() >= MIN_PREFIX_BYTES && signature.starts_with(&self.bytes),
            SignatureLength::Caseless(text) => STANDARD.encode(signature).eq_ignore_ascii_case(text),
        }
    }
}

/// Returns the signature without what line breaks, escapes and habits of writing bytes put into it.
fn cleaned(text: &str) -> String {
    let decoded =
        text.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=").replace("%2b", "+").replace("%2f", "/").replace("%3d", "=");
    let is_foreign =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '"' | '\'' | '\\');
    let bare: String = decoded.chars().filter(|c| !is_foreign(*c)).collect();
    let bare = bare.strip_prefix("0x").unwrap_or(&bare);
    let pairs: Vec<&str> = bare.split(':').collect();
    let joined = pairs.len() > 2 && pairs.iter().all(|pair| pair.len() == 2);
    (if joined { pairs.concat() } else { bare.to_owned() }).trim_end_matches([',', ';', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Scheme;

    fn descriptor(scheme: Scheme) -> &'static SchemeDescriptor {
        scheme.descriptor().unwrap()
    }

    #[test]
    fn reads_a_signature_in_every_format() {
        let digits = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0";
        let bytes = hex::decode(digits).unwrap();
        let acs3 = descriptor(Scheme::Acs3);
        assert_eq!(Claimed::read(digits, acs3), Claimed { bytes: bytes.clone(), fault: None, known: SignatureLength::Whole });
        let wrapped = format!("{} \n {}", &digits[..20], &digits[20..]);
        let colons: Vec<&str> = (0..32).map(|at| &digits[at * 2..at * 2 + 2]).collect();
        let forms = [
            digits.to_uppercase(),
            STANDARD.encode(&bytes),
            STANDARD.encode(digits),
            wrapped,
            colons.join(":"),
            format!("0x{digits}"),
            format!("{digits}\u{200b}"),
            format!("{digits};"),
        ];
        for form in forms {
            let read = Claimed::read(&form, acs3);
            assert!(read.is(&bytes) && read.fault == Some(&fault::SIGNATURE_SHAPE), "{form}");
        }
        let cut = Claimed::read(&digits[..50], acs3);
        assert!(cut.is(&bytes) && cut.fault == Some(&fault::SIGNATURE_CUT));
        assert!(!Claimed::read("", acs3).is(&bytes) && !Claimed::read("密", acs3).is(&bytes));
    }

    #[test]
    fn base64_is_read_cut_off_and_in_the_wrong_case() {
        let (bytes, acs1) = ([0xb8, 0x90, 0x8b, 0x29, 0x18, 0x0a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], descriptor(Scheme::Acs1));
        let text = STANDARD.encode(bytes);
        assert_eq!(Claimed::read(&text, acs1).fault, None);
        for (form, wanted) in [
            (text.to_lowercase(), &fault::SIGNATURE_SHAPE),
            (text.to_uppercase(), &fault::SIGNATURE_SHAPE),
            (text.replace('+', "%2B").replace('=', "%3D"), &fault::SIGNATURE_SHAPE),
            (text[..18].to_owned(), &fault::SIGNATURE_CUT),
            (text.trim_end_matches('=').to_owned(), &fault::SIGNATURE_CUT),
        ] {
            let read = Claimed::read(&form, acs1);
            assert!(read.is(&bytes) && read.fault == Some(wanted), "{form} {read:?}");
        }
    }
}
