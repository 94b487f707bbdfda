//! The options of curl as data: which of them shape the request, and which take a value that we must step over.

/// The effect of an option on the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// `-X`: the method.
    Method,
    /// `-H`: a header.
    Header,
    /// `-d`: body text; one that begins with `@` names a file.
    Data,
    /// `--data-raw`: body text, `@` and all.
    Raw,
    /// `--data-urlencode`: `name=value`, the value encoded.
    Encoded,
    /// `--json`: body text, and two headers.
    Json,
    /// `--url`.
    Url,
    /// `--url-query`: one more parameter.
    Query,
    /// `-G`: the body becomes the query.
    Get,
    /// `-I`.
    Head,
    /// `-u`: user and password.
    User,
    /// `-A`, `-e`, `-b`: the header of this name.
    Sets(&'static str),
    /// `--compressed`.
    Compressed,
    /// It makes a body or a signature that we cannot see; says what to do.
    Unseen(&'static str),
    /// Nothing that is signed.
    Nothing,
}

/// An option.
pub(super) struct Opt {
    pub short: Option<char>,
    pub long: &'static str,
    pub value: bool,
    pub effect: Effect,
}

const fn opt(short: char, long: &'static str, value: bool, effect: Effect) -> Opt {
    Opt { short: Some(short), long, value, effect }
}

const fn long(long: &'static str, value: bool, effect: Effect) -> Opt {
    Opt { short: None, long, value, effect }
}

const FILE: &str = "the body is in a file: write it into the command with --data-raw, or capture the request and give it raw";
const FORM: &str = "a multipart body has a boundary that only curl knows: capture the request and give it raw";
const CURL_SIGNS: &str = "curl signs the request itself: give what it sends (curl -v)";
const CONFIG: &str = "it takes options from a file: write them out";

/// Options with an effect, and those with a value that is none of ours. Any other is a switch without effect.
const OPTIONS: [Opt; 71] = [
    opt('X', "request", true, Effect::Method),
    opt('H', "header", true, Effect::Header),
    opt('d', "data", true, Effect::Data),
    long("data-ascii", true, Effect::Data),
    long("data-binary", true, Effect::Data),
    long("data-raw", true, Effect::Raw),
    long("data-urlencode", true, Effect::Encoded),
    long("json", true, Effect::Json),
    long("url", true, Effect::Url),
    long("url-query", true, Effect::Query),
    opt('G', "get", false, Effect::Get),
    opt('I', "head", false, Effect::Head),
    opt('u', "user", true, Effect::User),
    opt('A', "user-agent", true, Effect::Sets("user-agent")),
    opt('e', "referer", true, Effect::Sets("referer")),
    opt('b', "cookie", true, Effect::Sets("cookie")),
    long("compressed", false, Effect::Compressed),
    opt('T', "upload-file", true, Effect::Unseen(FILE)),
    opt('F', "form", true, Effect::Unseen(FORM)),
    long("form-string", true, Effect::Unseen(FORM)),
    long("aws-sigv4", true, Effect::Unseen(CURL_SIGNS)),
    opt('K', "config", true, Effect::Unseen(CONFIG)),
    opt('o', "output", true, Effect::Nothing),
    opt('x', "proxy", true, Effect::Nothing),
    opt('m', "max-time", true, Effect::Nothing),
    opt('w', "write-out", true, Effect::Nothing),
    opt('c', "cookie-jar", true, Effect::Nothing),
    opt('D', "dump-header", true, Effect::Nothing),
    opt('E', "cert", true, Effect::Nothing),
    opt('U', "proxy-user", true, Effect::Nothing),
    opt('r', "range", true, Effect::Sets("range")),
    opt('y', "speed-time", true, Effect::Nothing),
    opt('Y', "speed-limit", true, Effect::Nothing),
    opt('z', "time-cond", true, Effect::Nothing),
    opt('C', "continue-at", true, Effect::Nothing),
    opt('t', "telnet-option", true, Effect::Nothing),
    opt('P', "ftp-port", true, Effect::Nothing),
    opt('Q', "quote", true, Effect::Nothing),
    opt('h', "help", false, Effect::Nothing),
    long("connect-timeout", true, Effect::Nothing),
    long("connect-to", true, Effect::Nothing),
    long("resolve", true, Effect::Nothing),
    long("cacert", true, Effect::Nothing),
    long("capath", true, Effect::Nothing),
    long("cert-type", true, Effect::Nothing),
    long("key", true, Effect::Nothing),
    long("key-type", true, Effect::Nothing),
    long("pass", true, Effect::Nothing),
    long("ciphers", true, Effect::Nothing),
    long("tls-max", true, Effect::Nothing),
    long("tls13-ciphers", true, Effect::Nothing),
    long("interface", true, Effect::Nothing),
    long("local-port", true, Effect::Nothing),
    long("limit-rate", true, Effect::Nothing),
    long("max-redirs", true, Effect::Nothing),
    long("max-filesize", true, Effect::Nothing),
    long("noproxy", true, Effect::Nothing),
    long("proxy-header", true, Effect::Nothing),
    long("proxy-cacert", true, Effect::Nothing),
    long("preproxy", true, Effect::Nothing),
    long("socks5", true, Effect::Nothing),
    long("socks5-hostname", true, Effect::Nothing),
    long("retry", true, Effect::Nothing),
    long("retry-delay", true, Effect::Nothing),
    long("retry-max-time", true, Effect::Nothing),
    long("stderr", true, Effect::Nothing),
    long("trace", true, Effect::Nothing),
    long("trace-ascii", true, Effect::Nothing),
    long("unix-socket", true, Effect::Nothing),
    long("dns-servers", true, Effect::Nothing),
    long("oauth2-bearer", true, Effect::Sets("authorization")),
];

/// Returns the option of a long name; curl takes an unambiguous beginning too.
pub(super) fn by_long(name: &str) -> Option<&'static Opt> {
    let exact = OPTIONS.iter().find(|option| option.long == name);
    exact.or_else(|| {
        let mut near = OPTIONS.iter().filter(|option| name.len() > 3 && option.long.starts_with(name));
        near.next().filter(|_| near.next().is_none())
    })
}

/// Returns the option of a letter.
pub(super) fn by_short(letter: char) -> Option<&'static Opt> {
    OPTIONS.iter().find(|option| option.short == Some(letter))
}
