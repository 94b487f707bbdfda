//! The parameters of an `authorization` header, found by their names: whatever stands between them, and between a name and its value.

/// The names that parameters have, in lower case.
const NAMES: [&str; 5] = ["credential", "access", "signedheaders", "additionalheaders", "signature"];

/// The characters that may stand before a name.
const BEFORE: [char; 5] = [' ', '\t', ',', ';', '"'];

/// A parameter as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameter<'r> {
    /// The start of its name.
    pub begins: usize,
    /// Its name, in the caller's spelling.
    pub name: &'r str,
    /// The separator between name and value: `=`.
    pub sign: &'r str,
    /// The value.
    pub value: &'r str,
    /// The text after the value, up to the next parameter: a comma.
    pub end: &'r str,
    /// Set when no parameter follows.
    pub last: bool,
}

impl Parameter<'_> {
    /// Returns what is wrong with how it is written, if anything is.
    pub(super) fn flaw(&self) -> Option<String> {
        if self.sign != "=" {
            return Some(format!("`{}` stands between `{}` and its value, in place of `=`", self.sign, self.name));
        }
        match self.end.trim() {
            "," if !self.last => None,
            "" if self.last => None,
            "" => Some(format!("no comma follows the value of `{}=`", self.name)),
            other => Some(format!("`{other}` follows the value of `{}=`", self.name)),
        }
    }
}

impl<'r> Parameter<'r> {
    /// Returns the white space between the value and the comma that ends it.
    pub(super) fn space_after(&self) -> &'r str {
        let space = self.end.split(',').next().unwrap_or_default();
        if space.trim().is_empty() && space.len() < self.end.len() { space } else { "" }
    }
}

/// Returns all parameters, in their order.
pub(super) fn all(rest: &str) -> Vec<Parameter<'_>> {
    let heads: Vec<Head> = rest.char_indices().filter_map(|(at, _)| head(rest, at)).collect();
    let next = |at: usize| heads.get(at + 1).map_or(rest.len(), |head| head.begins);
    heads.iter().enumerate().map(|(at, head)| cut(rest, *head, next(at))).collect()
}

/// The positions of a name and of its value.
#[derive(Clone, Copy)]
struct Head {
    begins: usize,
    name_ends: usize,
    value: usize,
}

fn head(rest: &str, at: usize) -> Option<Head> {
    if !rest[..at].chars().next_back().is_none_or(|before| BEFORE.contains(&before)) {
        return None;
    }
    let is = |name: &&&str| rest[at..].get(..name.len()).is_some_and(|known| known.eq_ignore_ascii_case(name));
    let name_ends = at + NAMES.iter().find(is)?.len();
    let after = rest[name_ends..].trim_start();
    let value = after.strip_prefix(['=', ':'])?.trim_start();
    Some(Head { begins: at, name_ends, value: rest.len() - value.len() })
}

fn cut(rest: &str, head: Head, next: usize) -> Parameter<'_> {
    let whole = &rest[head.value.min(next)..next];
    let name = &rest[head.begins..head.name_ends];
    let is_list = name.len() > "credential".len();
    let length = if is_list { list(whole) } else { whole.find(',').unwrap_or(whole.len()) };
    let value = whole[..length].trim_end();
    // A ; at the end of what is no list was meant to part the parameters.
    let value = if whole[length..].trim().is_empty() && next < rest.len() { value.trim_end_matches([';', ' ']) } else { value };
    let sign = &rest[head.name_ends..head.value.min(next)];
    Parameter { begins: head.begins, name, sign, value, end: &whole[value.len()..], last: next == rest.len() }
}

/// Returns how long a list of names is: with the commas in it, but for the one at its end, and up to what is another parameter.
fn list(whole: &str) -> usize {
    let known = whole.find('=').and_then(|at| whole[..at].rfind(',')).unwrap_or(whole.len());
    let trimmed = whole[..known].trim_end();
    trimmed.strip_suffix(',').unwrap_or(trimmed).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(rest: &str) -> Vec<(&str, &str)> {
        all(rest).iter().map(|parameter| (parameter.name, parameter.value)).collect()
    }

    #[test]
    fn parameters_are_found_whatever_parts_them() {
        let wanted = vec![("Credential", "AK/1/r/s/request"), ("SignedHeaders", "host;x-date"), ("Signature", "ff")];
        for rest in [
            "Credential=AK/1/r/s/request, SignedHeaders=host;x-date, Signature=ff",
            "Credential=AK/1/r/s/request,SignedHeaders=host;x-date,Signature=ff",
            "Credential=AK/1/r/s/request; SignedHeaders=host;x-date; Signature=ff",
            "Credential=AK/1/r/s/request SignedHeaders=host;x-date Signature=ff",
            "Credential:AK/1/r/s/request, SignedHeaders = host;x-date, Signature= ff,",
        ] {
            assert_eq!(values(rest), wanted, "{rest}");
        }
    }

    #[test]
    fn reports_a_flaw() {
        let flaws = |rest: &str| all(rest).iter().filter_map(Parameter::flaw).count();
        assert_eq!(flaws("Access=AK, SignedHeaders=host;x-date, Signature=ff"), 0);
        for rest in
            ["Access=AK; Signature=ff", "Access=AK Signature=ff", "Access:AK, Signature=ff", "Access = AK, Signature=ff", "Signature=ff,"]
        {
            assert_eq!(flaws(rest), 1, "{rest}");
        }
    }

    #[test]
    fn names_of_headers_are_no_parameters() {
        assert_eq!(
            values("SignedHeaders=x-acs-signature-nonce;signature;host,Signature=a"),
            [("SignedHeaders", "x-acs-signature-nonce;signature;host"), ("Signature", "a"),]
        );
        assert_eq!(values("SignedHeaders=a,b;c;,Signature=a,x=1"), [("SignedHeaders", "a,b;c;"), ("Signature", "a")]);
        assert!(all("").is_empty() && all("名=").is_empty() && values("Signature=") == [("Signature", "")]);
    }
}
