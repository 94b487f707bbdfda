//! `Invoke-WebRequest` and `Invoke-RestMethod` of PowerShell: what they would send.

mod script;

use script::{Script, Value};

use super::{InputFormat, PastedRequest, ReadError, Url};
use crate::wire::{Headers, Request, encode};

/// The commands and their usual names.
const COMMANDS: [&str; 4] = ["invoke-webrequest", "invoke-restmethod", "iwr", "irm"];

/// Names that are a command of their own elsewhere, and `Invoke-WebRequest` in Windows PowerShell.
const ALIASES: [&str; 4] = ["curl", "wget", "curl.exe", "wget.exe"];

/// The parameters that shape a request. PowerShell takes any beginning of a name.
const PARAMETERS: [&str; 8] = ["uri", "method", "custommethod", "headers", "body", "contenttype", "useragent", "infile"];

/// The switches, which have no value.
const SWITCHES: &str = "usebasicparsing skipcertificatecheck skipheadervalidation skiphttperrorcheck usedefaultcredentials \
     proxyusedefaultcredentials disablekeepalive passthru noproxy preserveauthorizationonredirect allowunencryptedauthentication verbose resume";

/// Returns whether the text is a script with such a command.
pub(super) fn begins(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let lower = without_prompt(text).to_ascii_lowercase();
    let word = lower.split(|c: char| c.is_whitespace() || c == '`').next().unwrap_or_default();
    if COMMANDS.contains(&word) {
        return true;
    }
    if ALIASES.contains(&word) {
        return ["-uri ", "-headers @", "-headers $", "-method ", "-contenttype "].iter().any(|parameter| lower.contains(parameter));
    }
    let opens = lower.starts_with(['$', '(', '@', '[', '#']) && !lower.starts_with("$ ");
    let has = |command: &str| lower.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == command);
    opens && COMMANDS.iter().any(|command| has(command))
}

/// Returns it without `PS C:\>` before it.
fn without_prompt(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    let end = line.strip_prefix("PS ").and_then(|_| line.find("> ")).map_or(0, |at| at + 2);
    text[end..].trim_start()
}

/// Reads a script up to its first command.
///
/// # Errors
/// [`ReadError`]: what is not closed, what cannot be followed, or that there is no URL.
pub(super) fn read(text: &str) -> Result<PastedRequest, ReadError> {
    let mut script = Script::new(without_prompt(text));
    loop {
        script.space(true);
        if script.rest().is_empty() {
            return Err(ReadError::Url("names no URL".to_owned()));
        }
        if script.take("$") && !script.assignment()? {
            continue;
        }
        let word = script.word().to_ascii_lowercase();
        if COMMANDS.contains(&word.as_str()) || ALIASES.contains(&word.as_str()) {
            return Call::read(&mut script)?.pasted(script.notes);
        }
        if word.is_empty() && !script.take("(") {
            script.skip_line();
        }
    }
}

/// The call that the parameters describe.
#[derive(Default)]
struct Call {
    url: Option<String>,
    method: Option<String>,
    headers: Vec<(String, Value)>,
    body: Option<Value>,
    content_type: Option<String>,
    user_agent: Option<String>,
}

impl Call {
    fn read(script: &mut Script<'_>) -> Result<Self, ReadError> {
        let mut call = Self::default();
        loop {
            script.space(false);
            match script.peek() {
                None | Some('\n' | ';' | '|' | ')' | '#') => return Ok(call),
                Some('-') => call.parameter(script)?,
                Some('@') if !script.rest().starts_with("@{") && !script.rest().starts_with("@\"") && !script.rest().starts_with("@'") => {
                    call.splat(script)?;
                }
                _ => {
                    let value = script.value()?;
                    call.positional(value, script)?;
                }
            }
        }
    }

    /// Takes the first value without a name as the URL.
    fn positional(&mut self, value: Value, script: &Script<'_>) -> Result<(), ReadError> {
        match value {
            Value::Text(text) if self.url.is_none() && !text.is_empty() => self.url = Some(text),
            Value::Text(text) if text.is_empty() => return Err(script.cannot("this character")),
            _ => {}
        }
        Ok(())
    }

    fn parameter(&mut self, script: &mut Script<'_>) -> Result<(), ReadError> {
        let word = script.word();
        let (name, inline) = word[1..].split_once(':').map_or((&word[1..], None), |(name, value)| (name, Some(value.to_owned())));
        let name = name.to_ascii_lowercase();
        if SWITCHES.split(' ').any(|switch| switch == name) {
            // `-Switch:$false` has its value glued to it.
            if inline.as_deref() == Some("") || inline.as_deref() == Some("$") {
                script.value()?;
            }
            return Ok(());
        }
        if let Some(inline) = inline.filter(|inline| !inline.is_empty()) {
            return self.set(&name, Value::Text(inline));
        }
        script.space(false);
        if script.peek().is_none_or(|c| "\n;|-".contains(c)) {
            return Ok(());
        }
        let value = script.value()?;
        self.set(&name, value)
    }

    /// Reads `@name`: the members of a hash table as parameters.
    fn splat(&mut self, script: &mut Script<'_>) -> Result<(), ReadError> {
        script.take("@");
        let name = script.word();
        let Some(Value::Table(members)) = script.variable(name).cloned() else { return Err(script.cannot(&format!("@{name}"))) };
        members.into_iter().try_for_each(|(name, value)| self.set(&name.to_ascii_lowercase(), value))
    }

    fn set(&mut self, name: &str, value: Value) -> Result<(), ReadError> {
        let known = PARAMETERS.iter().find(|known| !name.is_empty() && known.starts_with(name)).copied().unwrap_or_default();
        match (known, value) {
            ("uri", Value::Text(text)) => self.url = Some(text),
            ("method" | "custommethod", Value::Text(text)) => self.method = Some(text.to_ascii_uppercase()),
            ("headers", Value::Table(members)) => self.headers = members,
            ("body", value) => self.body = Some(value),
            ("contenttype", Value::Text(text)) => self.content_type = Some(text),
            ("useragent", Value::Text(text)) => self.user_agent = Some(text),
            ("infile", _) => {
                let hint = "the body is in a file: write it into the command with -Body";
                return Err(ReadError::Option { option: "-InFile".to_owned(), hint });
            }
            _ => {}
        }
        Ok(())
    }

    fn pasted(self, mut notes: Vec<String>) -> Result<PastedRequest, ReadError> {
        let text = self.url.as_deref().ok_or_else(|| ReadError::Url("names no URL".to_owned()))?;
        let mut url = Url::read(text).ok_or_else(|| ReadError::Url("has a URL that is neither http nor https".to_owned()))?;
        let method = self.method.clone().unwrap_or_else(|| "GET".to_owned());
        let body = match &self.body {
            Some(Value::Table(members)) if ["GET", "HEAD"].contains(&method.as_str()) => {
                let joint = if url.target.contains('?') { '&' } else { '?' };
                url.target = format!("{}{joint}{}", url.target, form(members));
                None
            }
            Some(Value::Table(members)) => Some(form(members)),
            Some(Value::Text(text)) => Some(text.clone()),
            None => None,
        };
        if body.as_ref().is_some_and(|body| !body.is_ascii()) {
            let note =
                "Windows PowerShell 5 sends the text of a body in Latin-1 unless the content type has a charset; it is read as UTF-8 here";
            notes.push(note.to_owned());
        }
        notes.dedup();
        let headers = self.headers(&url, body.as_deref());
        let request = Request { method, target: url.target.clone(), headers, body: body.unwrap_or_default().into() };
        let mut pasted = PastedRequest::new(InputFormat::PowerShell, request);
        (pasted.url_host, pasted.notes) = (Some(url.host()), notes);
        Ok(pasted)
    }

    fn headers(&self, url: &Url, body: Option<&str>) -> Headers {
        let mut headers = Headers::new();
        headers.push("Host", url.host());
        for (name, value) in &self.headers {
            if let Value::Text(value) = value {
                headers.set(name, value.as_str());
            }
        }
        if let Some(agent) = &self.user_agent {
            headers.set("User-Agent", agent.as_str());
        }
        if let Some(own) = &self.content_type {
            headers.set("Content-Type", own.as_str());
        }
        if let Some(body) = body {
            if !headers.contains("content-type") {
                headers.push("Content-Type", "application/x-www-form-urlencoded");
            }
            headers.set("Content-Length", body.len().to_string());
        }
        headers
    }
}

/// Returns a hash table as a form.
fn form(members: &[(String, Value)]) -> String {
    let text = |value: &Value| if let Value::Text(text) = value { text.clone() } else { String::new() };
    members.iter().map(|(name, value)| format!("{}={}", encode(name), encode(text(value)))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(script: &str) -> Request {
        assert!(begins(script.as_bytes()), "{script}");
        read(script).unwrap_or_else(|error| panic!("{error}: {script}")).request
    }

    #[test]
    fn reads_a_command_with_everything_in_it() {
        let request = request(
            "Invoke-WebRequest -Uri 'https://h:8443/a?b=1' -Method Post -Headers @{'X-A'='1'; \"X-B\" = \"it''s `\"q`\" 100`$\"; X-C=3} -ContentType 'application/json' -UseBasicParsing -Body '{\"a\":\"it''s\"}'",
        );
        assert_eq!((&*request.method, &*request.target, &request.body[..]), ("POST", "/a?b=1", &b"{\"a\":\"it's\"}"[..]));
        let get = |name: &str| request.headers.get_str(name);
        assert_eq!((get("host"), get("x-a"), get("x-b"), get("x-c")), (Some("h:8443"), Some("1"), Some("it''s \"q\" 100$"), Some("3")));
        assert_eq!((get("content-type"), get("content-length")), (Some("application/json"), Some("12")));
    }

    #[test]
    fn reads_what_browsers_and_tools_write() {
        let of_browser = "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"Mozilla/5.0\"\n$session.Cookies.Add((New-Object System.Net.Cookie(\"a\", \"b\", \"/\", \".h\")))\nInvoke-WebRequest -UseBasicParsing -Uri \"https://h/p\" `\n-Method \"POST\" `\n-WebSession $session `\n-Headers @{\n\"authority\"=\"h\"\n  \"accept\"=\"*/*\"\n} `\n-ContentType \"application/json\" `\n-Body \"{`\"a`\":`\"$([char]0x540d)`\"}\"";
        let browser = request(of_browser);
        assert_eq!((&*browser.method, &browser.body[..]), ("POST", "{\"a\":\"名\"}".as_bytes()));
        assert_eq!(browser.headers.get_str("accept"), Some("*/*"));
        let of_tool = "$headers = New-Object \"System.Collections.Generic.Dictionary[[String],[String]]\"\n$headers.Add(\"X-A\", \"1\")\n$headers[\"X-B\"] = '2'\n\n$body = @\"\n{\n    `\"a`\": 1\n}\n\"@\n\n$response = Invoke-RestMethod 'https://h/p' -Method 'PUT' -Headers $headers -Body $body\n$response | ConvertTo-Json";
        let tool = request(of_tool);
        assert_eq!((&*tool.method, &tool.body[..]), ("PUT", &b"{\n    \"a\": 1\n}"[..]));
        assert_eq!((tool.headers.get_str("x-a"), tool.headers.get_str("x-b")), (Some("1"), Some("2")));
    }

    #[test]
    fn follows_variables_tables_and_names() {
        let script = "# comment\n$id = 'abc'\n$call = @{\n  Uri = \"https://h/${id}/$id\"\n  Method = 'Delete'\n  Headers = @{ 'X-Id' = \"$($id)\" }\n}\nirm @call";
        let splatted = request(script);
        assert_eq!((&*splatted.method, &*splatted.target, splatted.headers.get_str("x-id")), ("DELETE", "/abc/abc", Some("abc")));
        assert_eq!(request("(iwr h/x -Body @{a='1 2'; b=2}).Content").target, "/x?a=1%202&b=2");
        assert_eq!(request("PS C:\\> iwr -Uri:http://h/x -Me PATCH -H @{}").method, "PATCH");
        assert_eq!(request("curl -Uri 'http://h/y' -Headers @{a='b'}").headers.get_str("a"), Some("b"));
        let bytes = "iwr http://h -Method POST -Body ([System.Text.Encoding]::UTF8.GetBytes('a' + 'b'))";
        assert_eq!(&request(bytes).body[..], b"ab");
        assert_eq!(&request("iwr http://h -Method POST -Body @'\nit's\n$x\n'@").body[..], b"it's\n$x");
    }

    #[test]
    fn takes_an_apostrophe_that_is_not_doubled_as_text_and_says_so() {
        let pasted = read("iwr 'http://h' -Method POST -Body '{\"a\":\"it's\"}' -ContentType 'a/b'").unwrap();
        assert_eq!(&pasted.request.body[..], b"{\"a\":\"it's\"}");
        assert!(pasted.notes.iter().any(|note| note.contains("not doubled")), "{:?}", pasted.notes);
    }

    #[test]
    fn says_what_it_cannot_follow() {
        for script in [
            "iwr",
            "iwr -Method POST",
            "iwr ftp://h",
            "iwr http://h -InFile x",
            "iwr http://h -Body ($x | ConvertTo-Json)",
            "iwr http://h -Body 'a",
            "iwr http://h -Headers @{a='b'",
            "iwr http://h -Body @\"\nx",
            "iwr @nothing",
        ] {
            assert!(read(script).is_err(), "{script}");
        }
        for other in ["curl -H 'a: b' http://h", "$ curl http://h", "GET / HTTP/1.1\nx: iwr\n\n", "irmx", "{\"a\":\"iwr\"}"] {
            assert!(!begins(other.as_bytes()), "{other}");
        }
        let deep = format!("iwr {}", "(".repeat(100_000));
        assert!(read(&deep).is_err());
    }
}
