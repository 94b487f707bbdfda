//! A curl command: what it would send.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::curl_options::{Effect, Opt, by_long, by_short};
use super::{InputFormat, PastedRequest, ReadError, Url, words};
use crate::wire::{Headers, Request, encode};

/// Marks that stand before a command in a shell's transcript.
const PROMPTS: [&[u8]; 4] = [b"$ ", b"# ", b"> ", b"% "];

/// Returns the command, if the text is one.
pub(super) fn begins(text: &[u8]) -> Option<&[u8]> {
    let bare = PROMPTS.iter().find_map(|prompt| text.strip_prefix(*prompt)).unwrap_or(text).trim_ascii_start();
    let after = bare.strip_prefix(b"curl.exe").or_else(|| bare.strip_prefix(b"curl"))?;
    let ends = after.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'\\' || *byte == b'^');
    ends.then_some(bare)
}

pub(super) fn read(command: &str) -> Result<PastedRequest, ReadError> {
    let split = words::split(command)?;
    let mut call = Call { notes: split.notes, ..Call::default() };
    let mut words = split.words.into_iter().skip(1);
    while let Some(word) = words.next() {
        call.take(&word, &mut words)?;
    }
    call.pasted()
}

/// The request that the options describe.
#[derive(Default)]
struct Call {
    method: Option<String>,
    urls: Vec<String>,
    headers: Vec<String>,
    set: Vec<(&'static str, String)>,
    body: Option<String>,
    query: Vec<String>,
    json: bool,
    get: bool,
    head: bool,
    notes: Vec<String>,
}

impl Call {
    fn take(&mut self, word: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), ReadError> {
        if let Some(name) = word.strip_prefix("--") {
            // curl has no --name=value; where somebody wrote it, the part before = is the name.
            let (name, inline) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value.to_owned())));
            let Some(option) = by_long(name) else { return Ok(()) };
            let value = if option.value { inline.or_else(|| rest.next()).unwrap_or_default() } else { String::new() };
            return self.apply(option, value);
        }
        match word.strip_prefix('-') {
            Some(letters) if !letters.is_empty() => self.letters(letters, rest),
            _ => {
                self.urls.push(word.to_owned());
                Ok(())
            }
        }
    }

    /// Reads `-sSXPOST`: switches, then at most one option with its value.
    fn letters(&mut self, letters: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), ReadError> {
        for (at, letter) in letters.char_indices() {
            let Some(option) = by_short(letter) else { continue };
            if !option.value {
                self.apply(option, String::new())?;
                continue;
            }
            let glued = &letters[at + letter.len_utf8()..];
            let value = if glued.is_empty() { rest.next().unwrap_or_default() } else { glued.to_owned() };
            return self.apply(option, value);
        }
        Ok(())
    }

    fn apply(&mut self, option: &Opt, value: String) -> Result<(), ReadError> {
        match option.effect {
            Effect::Method => self.method = Some(value),
            Effect::Header => self.headers.push(value),
            Effect::Data => self.data(option, value)?,
            Effect::Raw => self.add(value),
            Effect::Encoded => self.encoded(option, &value)?,
            Effect::Json => {
                self.json = true;
                self.json_part(option, value)?;
            }
            Effect::Url => self.urls.push(value),
            Effect::Query => self.query.push(encoded(value.strip_prefix('+').unwrap_or(&value))),
            Effect::Get => self.get = true,
            Effect::Head => self.head = true,
            Effect::User => self.set.push(("authorization", format!("Basic {}", STANDARD.encode(value)))),
            Effect::Sets("authorization") => self.set.push(("authorization", format!("Bearer {value}"))),
            Effect::Sets(name) => self.set.push((name, value)),
            Effect::Compressed => self.set.push(("accept-encoding", "deflate, gzip".to_owned())),
            Effect::Unseen(hint) => return Err(unseen(option, hint)),
            Effect::Nothing => {}
        }
        Ok(())
    }

    fn data(&mut self, option: &Opt, value: String) -> Result<(), ReadError> {
        if value.starts_with('@') {
            return Err(unseen(option, "the body is in a file: write it into the command with --data-raw"));
        }
        self.add(value);
        Ok(())
    }

    /// Appends to the body: several `--json` follow each other without a separator.
    fn json_part(&mut self, option: &Opt, value: String) -> Result<(), ReadError> {
        match &mut self.body {
            Some(body) if !value.starts_with('@') => body.push_str(&value),
            _ => self.data(option, value)?,
        }
        Ok(())
    }

    fn encoded(&mut self, option: &Opt, value: &str) -> Result<(), ReadError> {
        if value.split('=').next().is_some_and(|name| name.contains('@')) {
            return Err(unseen(option, "the body is in a file: write it into the command with --data-raw"));
        }
        self.add(encoded(value));
        Ok(())
    }

    fn add(&mut self, text: String) {
        match &mut self.body {
            Some(body) => {
                body.push('&');
                body.push_str(&text);
            }
            None => self.body = Some(text),
        }
    }

    fn pasted(mut self) -> Result<PastedRequest, ReadError> {
        let url = match self.urls.as_slice() {
            [] => return Err(ReadError::Url("names no URL".to_owned())),
            [url] => url.clone(),
            [url, ..] => {
                self.notes.push("the command names several URLs: the first is taken".to_owned());
                url.clone()
            }
        };
        let mut url = Url::read(&url).ok_or_else(|| ReadError::Url("has a URL that is neither http nor https".to_owned()))?;
        let body = if self.get { None } else { self.body.clone() };
        self.query.extend(if self.get { self.body.clone() } else { None });
        for query in &self.query {
            let joint = if url.target.contains('?') { '&' } else { '?' };
            url.target = format!("{}{joint}{query}", url.target);
        }
        let request = Request {
            method: self.method(body.is_some()),
            target: url.target.clone(),
            headers: self.headers(&url, body.as_deref()),
            body: body.unwrap_or_default().into(),
        };
        let mut pasted = PastedRequest::new(InputFormat::Curl, request);
        (pasted.url_host, pasted.notes) = (Some(url.host()), self.notes);
        Ok(pasted)
    }

    fn method(&self, with_body: bool) -> String {
        let implied = match (self.head, with_body) {
            (true, _) => "HEAD",
            (_, true) => "POST",
            _ => "GET",
        };
        self.method.clone().unwrap_or_else(|| implied.to_owned())
    }

    /// Returns the headers in curl's order: its own first, unless the command sets or removes them.
    fn headers(&mut self, url: &Url, body: Option<&str>) -> Headers {
        let user = url.user.as_ref().map(|user| ("authorization", format!("Basic {}", STANDARD.encode(user))));
        let mut headers = Headers::new();
        headers.push("Host", url.host());
        let set: Vec<(&str, String)> = self.set.iter().cloned().chain(user).collect();
        for (name, value) in set {
            headers.set(name, value);
        }
        headers.push("Accept", if self.json { "application/json" } else { "*/*" });
        if let Some(body) = body {
            headers.push("Content-Type", if self.json { "application/json" } else { "application/x-www-form-urlencoded" });
            headers.push("Content-Length", body.len().to_string());
        }
        let mut own: Vec<String> = Vec::new();
        for header in std::mem::take(&mut self.headers) {
            self.put(&mut headers, &header, &mut own);
        }
        headers
    }

    /// Applies `Name: value` sets, `Name:` removes, `Name;` sets to nothing. The first of a name takes curl's own place.
    fn put(&mut self, headers: &mut Headers, header: &str, own: &mut Vec<String>) {
        let Some(at) = header.find([':', ';']) else {
            if header.starts_with('@') {
                self.notes.push("headers of a file (-H @file) are left out".to_owned());
            }
            return;
        };
        let (name, value) = (header[..at].trim(), &header[at + 1..]);
        let value = value.strip_prefix(' ').unwrap_or(value);
        let removes = header.as_bytes()[at] == b':' && value.trim().is_empty();
        let lower = name.to_ascii_lowercase();
        if removes {
            headers.remove(name);
        } else if own.contains(&lower) {
            headers.push(name, value);
        } else {
            headers.remove(name);
            headers.push(name, value);
            own.push(lower);
        }
    }
}

fn unseen(option: &Opt, hint: &'static str) -> ReadError {
    ReadError::Option { option: format!("--{}", option.long), hint }
}

/// Writes `name=value` with the value encoded; `=value` and `value` are encoded whole.
fn encoded(text: &str) -> String {
    match text.split_once('=') {
        Some(("", value)) => encode(value),
        Some((name, value)) => format!("{name}={}", encode(value)),
        None => encode(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(command: &str) -> Request {
        read(command).unwrap_or_else(|error| panic!("{error}: {command}")).request
    }

    #[test]
    fn reads_method_url_headers_and_body() {
        let request = request(
            "curl -sSkXPUT 'https://h:8443/a?b=1' -H 'X-A:  1 ' -H 'Accept:' -H 'X-Empty;' --data-raw '@x' -o /dev/null --max-time 5",
        );
        assert_eq!((&*request.method, &*request.target, &request.body[..]), ("PUT", "/a?b=1", &b"@x"[..]));
        let get = |name: &str| request.headers.get_str(name);
        assert_eq!((get("host"), get("x-a"), get("x-empty"), get("accept")), (Some("h:8443"), Some(" 1 "), Some(""), None));
        assert_eq!(get("content-type"), Some("application/x-www-form-urlencoded"));
    }

    #[test]
    fn follows_the_options_of_bodies() {
        let body = |command: &str| String::from_utf8(request(command).body.to_vec()).unwrap();
        assert_eq!(body("curl h -d a=1 -d b=2 --data-urlencode 'c=x y'"), "a=1&b=2&c=x%20y");
        assert_eq!(body("curl h --json '{\"a\":' --json '1}'"), "{\"a\":1}");
        let json = request("curl h --json '{}' -H 'content-type: application/json; charset=utf-8'");
        let types: Vec<&[u8]> = json.headers.get_all("content-type").collect();
        assert_eq!((types, json.headers.get_str("accept")), (vec![&b"application/json; charset=utf-8"[..]], Some("application/json")));
        let get = request("curl -G 'http://h/p?x=1' -d a=1 --url-query 'q=a b'");
        assert_eq!((&*get.method, &*get.target, get.body.len()), ("GET", "/p?x=1&q=a%20b&a=1", 0));
        assert_eq!(request("curl -I --url h").method, "HEAD");
        assert_eq!(request("curl -u a:b h").headers.get_str("authorization"), Some("Basic YTpi"));
    }

    #[test]
    fn says_what_it_cannot_follow() {
        for command in ["curl", "curl -d @file h", "curl -F a=b h", "curl --aws-sigv4 x h", "curl ftp://h", "curl -K x"] {
            assert!(read(command).is_err(), "{command}");
        }
        assert!(begins(b"curly x").is_none() && begins(b"curl").is_none() && begins(b"% curl x").is_some());
    }
}
