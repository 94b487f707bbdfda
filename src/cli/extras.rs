//! Headers and a body of the operator's own, put into a planned request.

use bytes::Bytes;

use super::argument_error::ArgumentError;
use super::exit::Failure;
use crate::io::files;
use crate::wire::Request;

/// Headers that follow from the rest of the request: one of the operator's own would contradict it.
const RESERVED_HEADERS: [&str; 5] = ["authorization", "content-length", "transfer-encoding", "connection", "expect"];

/// Headers and body that the operator adds to a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Name and value, in order; an empty value takes the header away.
    pub headers: Vec<(String, String)>,
    /// The body in place of the one built from the parameters.
    pub body: Option<Bytes>,
}

impl Extras {
    /// Reads `--header` and `--body`.
    ///
    /// # Errors
    /// A header that cannot be, a body that cannot be read.
    pub fn read(headers: &[String], body: Option<&str>) -> Result<Self, Failure> {
        let headers = headers.iter().map(|header| parse(header)).collect::<Result<_, _>>()?;
        let body = body.map(files::read_body).transpose()?.map(Bytes::from);
        Ok(Self { headers, body })
    }

    /// Puts them into a request. Gives the names of the headers that are to be signed as well.
    pub fn apply(&self, request: &mut Request, content_type: &str) -> Vec<String> {
        if let Some(body) = &self.body {
            request.body = body.clone();
            request.headers.set("content-length", body.len().to_string());
            if !body.is_empty() && !request.headers.contains("content-type") {
                request.headers.set("content-type", content_type);
            }
        }
        let mut named: Vec<String> = Vec::new();
        for (name, value) in &self.headers {
            put(request, name, value, named.contains(name));
            named.push(name.clone());
        }
        named.retain(|name| request.headers.contains(name));
        named.sort();
        named.dedup();
        named
    }
}

/// Puts a header: the first of a name replaces what is there, further ones are added.
fn put(request: &mut Request, name: &str, value: &str, again: bool) {
    match (value.is_empty(), again) {
        (true, _) => request.headers.remove(name),
        (false, true) => request.headers.push(name, value),
        (false, false) => request.headers.set(name, value),
    }
}

/// Reads `Name: value`. Names are written in lower case, as they travel.
fn parse(header: &str) -> Result<(String, String), ArgumentError> {
    let (name, value) = header.split_once(':').ok_or_else(|| ArgumentError::NotAHeader(header.to_owned()))?;
    let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        return Err(ArgumentError::HeaderName(name));
    }
    if RESERVED_HEADERS.contains(&name.as_str()) {
        return Err(ArgumentError::DerivedHeader(name));
    }
    if value.chars().any(char::is_control) {
        return Err(ArgumentError::HeaderValue(name));
    }
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extras(headers: &[&str]) -> Result<Extras, String> {
        let headers: Vec<String> = headers.iter().map(ToString::to_string).collect();
        Extras::read(&headers, None).map_err(|failure| failure.message)
    }

    #[test]
    fn headers_are_replaced_added_and_taken_away() {
        let mut request =
            Request { headers: [("host", "h"), ("user-agent", "u"), ("accept", "*/*")].into_iter().collect(), ..Request::default() };
        let also = extras(&["User-Agent: mine", "X-A: 1", "x-a: 2", "Accept:"]).unwrap().apply(&mut request, "application/json");
        let fields: Vec<_> = request.headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value).into_owned())).collect();
        let expected = [("host", "h"), ("user-agent", "mine"), ("x-a", "1"), ("x-a", "2")];
        assert_eq!(fields, expected.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(also, ["user-agent", "x-a"]);
    }

    #[test]
    fn sets_length_and_type_of_a_body() {
        let mut request = Request::default();
        let extras = Extras { body: Some(Bytes::from_static(b"{}")), ..Extras::default() };
        extras.apply(&mut request, "application/json");
        assert_eq!(
            (request.headers.get_str("content-length"), request.headers.get_str("content-type")),
            (Some("2"), Some("application/json"))
        );
    }

    #[test]
    fn refuses_what_cannot_be() {
        for (header, wrong) in
            [("x", "write 'Name: value'"), ("a b: c", "no name"), ("Authorization: x", "cannot be given"), ("a: b\rc", "control")]
        {
            assert!(extras(&[header]).unwrap_err().contains(wrong), "{header}");
        }
    }
}
