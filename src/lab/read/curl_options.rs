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

/// The options with an effect. Any other is a switch without one, or one of [`SKIPPED_WITH_VALUE`].
const OPTIONS: [Opt; 25] = [
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
    opt('r', "range", true, Effect::Sets("range")),
    opt('h', "help", false, Effect::Nothing),
    long("oauth2-bearer", true, Effect::Sets("authorization")),
];

/// The options whose value is stepped over: it shapes nothing that is signed. First the letters, then the names.
const SKIPPED_WITH_VALUE: (&str, &str) = (
    "oxmwcDEUyYzCtPQ",
    "output proxy max-time write-out cookie-jar dump-header cert proxy-user speed-time speed-limit time-cond continue-at \
     telnet-option ftp-port quote connect-timeout connect-to resolve cacert capath cert-type key key-type pass ciphers tls-max \
     tls13-ciphers interface local-port limit-rate max-redirs max-filesize noproxy proxy-header proxy-cacert preproxy \
     socks5 socks5-hostname retry retry-delay retry-max-time stderr trace trace-ascii unix-socket dns-servers",
);

/// An option whose value is stepped over.
static SKIPPED: Opt = Opt { short: None, long: "", value: true, effect: Effect::Nothing };

/// Returns the option of a long name; curl takes an unambiguous beginning too.
pub(super) fn by_long(name: &str) -> Option<&'static Opt> {
    let known = OPTIONS.iter().map(|option| (option.long, option)).chain(SKIPPED_WITH_VALUE.1.split(' ').map(|long| (long, &SKIPPED)));
    let mut near = known.clone().filter(|(long, _)| name.len() > 3 && long.starts_with(name));
    let one = near.next().filter(|_| near.next().is_none());
    known.clone().find(|(long, _)| *long == name).or(one).map(|(_, option)| option)
}

/// Returns the option of a letter.
pub(super) fn by_short(letter: char) -> Option<&'static Opt> {
    let skipped = SKIPPED_WITH_VALUE.0.contains(letter).then_some(&SKIPPED);
    OPTIONS.iter().find(|option| option.short == Some(letter)).or(skipped)
}
