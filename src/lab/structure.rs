//! What can be seen in a request without the secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::claim::{Claim, ParsedClaim, ScopeParts};
use super::dialect::{PayloadLine, TextLayout};
use super::fault;
use super::hints::OperationServices;
use super::material::{UNSIGNED, declared, parameters};
use super::mistake::{read_date, recognise, zone_of};
use super::report::{Cause, Certainty};
use super::{Clock, ExaminedRequest, query_parts};
use crate::auth::{MAX_CLOCK_SKEW_SECONDS, Scheme, hex_sha256};
use crate::catalog::Vendor;
use crate::secret::KeyShape;

/// The first bytes of what gzip writes.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// For how many seconds a signed URL of object storage may hold: a week (AWS "Authenticating Requests: Using Query Parameters", OSS and
/// TOS alike).
const MAX_EXPIRES: i64 = 7 * 24 * 3600;

/// Object storage that refuses a scope of another region than its host's: how the host begins and ends.
const REGIONAL: [(&str, &str); 3] = [("s3", ".amazonaws.com"), ("oss", ".aliyuncs.com"), ("tos", ".volces.com")];

/// Returns all that can be seen, the weightier first.
pub(super) fn causes(case: &ExaminedRequest<'_>, reading: &ParsedClaim) -> Vec<Cause> {
    let view = View { case, reading, claim: &reading.claim };
    let mut causes = reading.causes.clone();
    causes.extend(view.list());
    causes.extend(view.dropped());
    causes.extend(view.needed());
    causes.extend(view.scope());
    causes.extend(view.date());
    causes.extend(view.payload());
    causes.extend(view.key());
    causes.extend(view.token());
    causes.extend(view.places());
    causes.extend(view.nonce());
    // A secret in the place of a key id is no damaged one, and is not repeated.
    if causes.iter().any(|cause| cause.fault == &fault::KEY_EXCHANGED) {
        causes.retain(|cause| cause.fault != &fault::KEY_ID_DAMAGED);
    }
    causes
}

struct View<'v> {
    case: &'v ExaminedRequest<'v>,
    reading: &'v ParsedClaim,
    claim: &'v Claim,
}

impl View<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.case.request.headers.get_str(name).map(str::trim_ascii)
    }

    fn signed(&self, name: &str) -> bool {
        self.claim.names.iter().any(|known| known == name)
    }

    /// Returns headers that must be signed and are not.
    fn list(&self) -> Vec<Cause> {
        let dialect = self.reading.dialect;
        if dialect.is_plain() {
            return Vec::new();
        }
        let lacking = dialect.required.iter().filter(|name| !self.signed(name));
        let mut causes: Vec<Cause> = lacking.map(|name| Cause::seen(&fault::LIST_LACKS, format!("{name} is not signed"))).collect();
        if dialect.vendors.contains(&Vendor::Huawei) && !self.signed("host") {
            causes.push(Cause::noted(&fault::HOST_UNSIGNED, "host is not in the list of signed headers"));
        }
        let Some(own) = dialect.own.filter(|_| !dialect.signs_by_rule() && self.is_strict()) else { return causes };
        // The date of a signature in the query stands among the headers for our use alone.
        let present = self.case.request.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        let present = present.filter(|name| dialect.query.is_none() || name != dialect.date);
        for name in present.filter(|name| name.starts_with(own) && !self.signed(name)) {
            let fault = if name == dialect.token { &fault::TOKEN_UNSIGNED } else { &fault::HEADER_ADDED };
            causes.push(Cause::seen(fault, format!("{name} is not signed")));
        }
        causes
    }

    /// Returns whether the rules about what must be there and signed hold: of AWS's services those of S3 are known.
    fn is_strict(&self) -> bool {
        self.reading.dialect.prefix != "AWS4" || self.claim.scope.as_ref().is_some_and(|scope| scope.service == "s3")
    }

    /// Returns headers and parameters without which the gateway refuses the request, signed or not.
    fn needed(&self) -> Vec<Cause> {
        let dialect = self.reading.dialect;
        if !self.is_strict() {
            return Vec::new();
        }
        let absent = |name: &&&str| match dialect.query {
            Some(_) => query_parts::parameter(self.case.request, name).is_none_or(|value| value.is_empty()),
            None => self.header(name).is_none_or(str::is_empty),
        };
        let fault = if dialect.query.is_some() { &fault::PARAMETER_MISSING } else { &fault::HEADER_MISSING };
        let mut causes: Vec<Cause> = dialect.needed.iter().filter(absent).map(|name| Cause::seen(fault, format!("no {name}"))).collect();
        let lacks = |name: &&&str| query_parts::parameter(self.case.request, name).is_none_or(|value| value.is_empty());
        let at_root = dialect.needed_at_root.iter().filter(|_| self.case.request.path() == "/").filter(lacks);
        causes.extend(at_root.map(|name| Cause::seen(&fault::PARAMETER_MISSING, format!("no {name} in the query"))));
        causes
    }

    /// Returns headers that were signed and are not there.
    fn dropped(&self) -> impl Iterator<Item = Cause> {
        let absent = self.claim.names.iter().filter(|name| !self.case.request.headers.contains(name));
        absent.map(|name| {
            let fault = if *name == self.reading.dialect.token { &fault::TOKEN_SIGNED } else { &fault::HEADER_DROPPED };
            Cause::seen(fault, format!("{name} is in the list of signed headers"))
        })
    }

    fn scope(&self) -> Vec<Cause> {
        let (Some(scope), Some(terminator)) = (&self.claim.scope, self.reading.dialect.terminator) else { return Vec::new() };
        let mut causes = Vec::new();
        if scope.terminator != terminator {
            causes.push(Cause::seen(&fault::SCOPE_END, format!("`{}` in place of `{terminator}`", scope.terminator)));
        }
        let day: String = self.header(self.reading.dialect.date).unwrap_or_default().chars().take(8).collect();
        // Of a date in another form nothing is said but that: its first characters are no day.
        let written = self.header(self.reading.dialect.date).is_some_and(|text| self.reading.dialect.date_format.read(text).is_some());
        if scope.day != day && written {
            causes.push(Cause::seen(&fault::SCOPE_DAY, format!("the credential has {}, the date header {day}", scope.day)));
        }
        causes.extend(self.names_nothing(scope));
        causes.extend(
            self.called_region().filter(|called| *called != scope.region && !scope.region.is_empty()).map(|called| {
                Cause::seen(&fault::SCOPE_REGION, format!("the host is that of `{called}`, the scope has `{}`", scope.region))
            }),
        );
        causes.extend(self.elsewhere(scope));
        causes
    }

    /// Returns a region or a service that no gateway can know by its form, or that no list of the vendor's regions has.
    fn names_nothing(&self, scope: &ScopeParts) -> Vec<Cause> {
        let dialect = self.reading.dialect;
        let seen = |what: &str, text: &str, why: String| Cause::seen(&fault::SCOPE_SYNTAX, format!("the {what} `{text}` {why}"));
        let word = |text: &str, marks: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || marks.as_bytes().contains(&byte));
        // With the older layout of Huawei both may be empty: the tools for OTC leave them so.
        let may_be_empty = dialect.prefix == "SDK";
        let flaw = |text: &str, marks: &str| match text {
            "" if may_be_empty => None,
            "" => Some("is empty".to_owned()),
            "null" | "undefined" | "None" | "nil" => Some("is what an unset variable leaves".to_owned()),
            text => (!word(text, marks)).then(|| "has characters that none has".to_owned()),
        };
        let mut causes: Vec<Cause> = Vec::new();
        let region = &scope.region;
        if let Some(why) = flaw(region, "-") {
            causes.push(seen("region", region, why));
        } else if region.bytes().any(|byte| byte.is_ascii_uppercase()) {
            causes.push(seen("region", region, "has capitals".to_owned()));
        } else if dialect.buckets.iter().any(|mark| region.starts_with(&format!("{mark}-"))) {
            causes.push(seen("region", region, "is the beginning of a host, not a region".to_owned()));
        } else if !self.is_region(region) {
            causes.push(seen(
                "region",
                region,
                format!("is no region of {} that is known here", dialect.vendors.first().map_or("", |vendor| vendor.title())),
            ));
        }
        causes.extend(flaw(&scope.service, "_-.").map(|why| seen("service", &scope.service, why)));
        causes
    }

    /// Returns the region that the host of object storage names.
    fn called_region(&self) -> Option<&str> {
        let host = self.header("host").filter(|_| self.reading.dialect.payload != PayloadLine::Hash)?;
        let (mark, end) = REGIONAL.iter().find(|(_, end)| host.contains(end))?;
        let labels: Vec<&str> = host[..host.find(end)?].split('.').collect();
        let marked = |label: &&str| label.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        let at = labels.iter().rposition(marked)?;
        let beside = labels[at].strip_prefix(mark)?.strip_prefix('-');
        let region = beside.or_else(|| labels.last().copied().filter(|_| at + 1 < labels.len()))?;
        let region = region.strip_suffix("-internal").unwrap_or(region);
        (region.contains('-') && !region.contains("accelerate")).then_some(region)
    }

    /// Returns whether the vendor has such a region, where there is a list of them.
    fn is_region(&self, region: &str) -> bool {
        let dialect = self.reading.dialect;
        let of_vendor = self.case.hints.operation_services.iter().filter(|home| dialect.vendors.contains(&home.vendor));
        let listed = || of_vendor.flat_map(|home| &home.regions).any(|(known, _)| known == region);
        dialect.regions.is_empty() || dialect.regions.contains(&region) || listed()
    }

    /// Returns a scope that leads to another service than the operation's: the gateway does not find it there. Another region is a warning, for
    /// regions open that nobody told us of.
    fn elsewhere(&self, scope: &ScopeParts) -> Vec<Cause> {
        let pairs = parameters(self.case.request.query());
        let value = |name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name.as_bytes());
            String::from_utf8_lossy(found.map_or(&[][..], |(_, value)| value)).into_owned()
        };
        let action = value("Action");
        let home = self.case.hints.home_of(self.reading.dialect.vendors, &action, &value("Version"));
        let Some(home) = home else { return Vec::new() };
        let mut causes = Vec::new();
        if scope.service != home.service {
            let detail = format!("{action} is an operation of `{}`, the scope has `{}`", home.service, scope.service);
            causes.push(Cause::seen(&fault::SCOPE_SERVICE, detail));
        }
        causes.extend(self.region_doubt(scope, home).map(|detail| Cause::noted(&fault::SCOPE_REGION, detail)));
        causes
    }

    fn region_doubt(&self, scope: &ScopeParts, home: &OperationServices) -> Option<String> {
        let host = self.header("host").unwrap_or_default();
        let called = home.regions.iter().find(|(region, known)| known.contains(region) && known.eq_ignore_ascii_case(host));
        if let Some((region, _)) = called.filter(|(region, _)| *region != scope.region) {
            return Some(format!("the host is that of `{region}`, the scope has `{}`", scope.region));
        }
        let known = home.regions.iter().any(|(region, _)| *region == scope.region);
        (!known).then(|| format!("`{}` is not known to have the service `{}`", scope.region, home.service))
    }

    fn date(&self) -> Option<Cause> {
        let dialect = self.reading.dialect;
        let name = &date_header(self.reading, self.case);
        let times = self.case.request.headers.get_all(name).count();
        if times > 1 {
            return Some(Cause::seen(&fault::HEADER_REPEATED, format!("{name} is there {times} times")));
        }
        let Some(text) = self.header(name).filter(|text| !text.is_empty()) else {
            return Some(Cause::seen(&fault::DATE_MISSING, format!("no {name}")));
        };
        if dialect.date == "expires" {
            return expired(text, self.case.clock);
        }
        // Object storage takes other zones and forms of a date too, and no bare number.
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let lenient = || read_date(text).filter(|_| dialect.text == TextLayout::Storage && !is_number);
        let Some(date) = dialect.date_format.read(text).or_else(lenient) else {
            let example = dialect.date_format.example();
            return Some(Cause::seen(&fault::DATE_FORMAT, format!("{name}: `{text}` should be like {example}")));
        };
        let clock = self.case.clock;
        self.expires().or_else(|| clock.and_then(|clock| stale(date, text, clock, self.window())))
    }

    /// Returns a URL that should hold for longer than object storage lets it, or for no number of seconds.
    fn expires(&self) -> Option<Cause> {
        let name = self.reading.dialect.query.filter(|_| self.reading.dialect.payload == PayloadLine::Unsigned)?.expires?;
        let text = query_parts::parameter(self.case.request, name)?;
        let holds = text.trim().parse::<i64>().is_ok_and(|seconds| (1..=MAX_EXPIRES).contains(&seconds));
        let detail = || format!("{name}: `{text}` should be a number of seconds from 1 to {MAX_EXPIRES}");
        (!holds).then(|| Cause::seen(&fault::DATE_EXPIRES, detail()))
    }

    /// Returns for how many seconds after its date the request holds.
    fn window(&self) -> i64 {
        let told =
            self.reading.dialect.query.and_then(|names| names.expires).and_then(|name| query_parts::parameter(self.case.request, name));
        told.and_then(|text| text.trim().parse().ok()).unwrap_or(MAX_CLOCK_SKEW_SECONDS)
    }

    fn payload(&self) -> Vec<Cause> {
        let (dialect, request) = (self.reading.dialect, self.case.request);
        let mut causes: Vec<Cause> = self.length().into_iter().collect();
        let hash = hex_sha256(&request.body);
        let storage = |hash: &str| dialect.payload != PayloadLine::Hash && (hash == UNSIGNED || hash.starts_with("STREAMING-"));
        let sdk = |hash: &str| dialect.scheme == Some(Scheme::SdkHmac) && (hash == UNSIGNED || request.body.is_empty());
        let open = |hash: &str| storage(hash) || sdk(hash);
        if let Some(declared) = declared(dialect, request).filter(|declared| *declared != hash && !open(declared)) {
            let known = recognise(declared, Some(&request.body))
                .map(|(fault, how)| (fault, format!("{how}; {} declares it", dialect.hash.unwrap_or_default())));
            let (fault, detail) = known.unwrap_or_else(|| {
                (&fault::PAYLOAD_HEADER, format!("{}: {declared}, and the body's hash is {hash}", dialect.hash.unwrap_or_default()))
            });
            causes.push(Cause::seen(fault, detail));
        }
        causes.extend(self.content_md5());
        causes.extend(self.encoded());
        causes
    }

    /// Returns a length that the body has not. A blank line is what a paste leaves of a body that is not there at all.
    fn length(&self) -> Option<Cause> {
        let body = &self.case.request.body;
        let has = body.len();
        let says = self.header("content-length").and_then(|text| text.parse::<usize>().ok()).filter(|says| *says != has)?;
        if body.trim_ascii().is_empty() && has < says {
            return Some(Cause::seen(&fault::PAYLOAD_MISSING, format!("content-length says {says}, and nothing follows the headers")));
        }
        Some(Cause::seen(&fault::PAYLOAD_LENGTH, format!("content-length says {says}, the body has {has} bytes")))
    }

    /// Returns a `content-md5` that is not the body's: object storage holds it against what it got.
    fn content_md5(&self) -> Option<Cause> {
        let (body, told) = (&self.case.request.body, self.header("content-md5").filter(|told| !told.is_empty())?);
        let own = STANDARD.encode(Md5::digest(body));
        (!body.is_empty() && told != own).then(|| Cause::seen(&fault::PAYLOAD_HEADER, format!("content-md5: {told}, the body's is {own}")))
    }

    /// Returns a compressed body. By itself it is no fault: it may be what was signed.
    fn encoded(&self) -> Option<Cause> {
        let coding = self.header("content-encoding").filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
        let told = coding.map(|coding| format!("content-encoding: {coding}"));
        let begins = self.case.request.body.starts_with(&GZIP).then(|| "the body begins as gzip does".to_owned());
        told.or(begins).map(|detail| Cause::noted(&fault::PAYLOAD_ENCODED, detail))
    }

    /// Returns a nonce that a program should have made and did not.
    fn nonce(&self) -> Option<Cause> {
        let (header, parameter) = ("x-acs-signature-nonce", "SignatureNonce");
        let in_query = || query_parts::parameter(self.case.request, parameter).map(|nonce| (parameter, nonce));
        let (name, nonce) = self.header(header).map(|nonce| (header, nonce.to_owned())).or_else(in_query)?;
        is_unfilled(&nonce).then(|| Cause::noted(&fault::NONCE_UNFILLED, format!("{name}: {nonce}")))
    }

    /// Returns the secret that was given stands in the request as its key id: a caller exchanged the two, or whoever gave it did.
    fn exchanged(&self) -> Option<Cause> {
        let secret = self.case.key?.secret.expose().trim();
        let detail = if KeyShape::detect(secret).is_some() {
            "what was given as the secret is the key id of the request"
        } else {
            "the secret that was given is the key id of the request: the request has its secret there, or the id was given for it"
        };
        (!secret.is_empty() && secret == self.claim.key_id).then(|| Cause::seen(&fault::KEY_EXCHANGED, detail))
    }

    fn key(&self) -> Vec<Cause> {
        if let Some(cause) = self.exchanged() {
            return vec![cause];
        }
        let mut causes = Vec::new();
        let given = self.case.key.map(|key| key.id.as_str()).filter(|id| !id.is_empty() && *id != self.claim.key_id);
        causes.extend(given.map(|id| Cause::seen(&fault::OTHER_KEY, format!("the request has {}, given is {id}", self.claim.key_id))));
        let vendors = self.reading.dialect.vendors;
        let foreign = |shape: &KeyShape| vendors.len() < Vendor::ALL.len() && vendors.iter().all(|vendor| vendor.title() != shape.vendor());
        if let Some(shape) = KeyShape::detect(&self.claim.key_id).filter(foreign) {
            let own = vendors.first().map_or("", |vendor| vendor.title());
            causes.push(Cause::seen(
                &fault::FOREIGN_KEY,
                format!("{} looks like one of {}, and {own} is called", self.claim.key_id, shape.vendor()),
            ));
        }
        causes
    }

    fn token(&self) -> Option<Cause> {
        let in_query = self.reading.dialect.query.and_then(|names| query_parts::parameter(self.case.request, names.token));
        let sent = self.header(self.reading.dialect.token).or(in_query.as_deref()).filter(|token| !token.is_empty());
        let own = self.case.key.and_then(|key| key.token.as_ref()).filter(|token| !token.is_empty());
        let temporary = is_temporary(&self.claim.key_id);
        match (sent, own) {
            (None, Some(_)) => Some(Cause::seen(&fault::TOKEN_MISSING, "the key that was given has a token")),
            (None, None) if temporary => Some(Cause::seen(&fault::TOKEN_MISSING, format!("{} is a temporary key id", self.claim.key_id))),
            (Some(sent), Some(own)) if sent != own.expose().trim() => {
                Some(Cause::seen(&fault::TOKEN_OTHER, "it differs from the one that was given"))
            }
            _ => None,
        }
    }

    /// Returns the host of the URL, where one was given, beside the header.
    fn places(&self) -> Option<Cause> {
        let (url, host) = (self.case.url_host?, self.header("host")?);
        (!url.eq_ignore_ascii_case(host))
            .then(|| Cause::seen(&fault::HOST_OTHER_THAN_URL, format!("the URL has {url}, the header host has {host}")))
    }
}

/// Returns whether a nonce is the text of a format, or of a command: nonces consist of letters, digits and a few marks.
fn is_unfilled(nonce: &str) -> bool {
    const WORDS: [&str; 8] = ["nonce", "uuid", "undefined", "null", "none", "nil", "nan", "random"];
    let escapes = |at: usize| nonce.as_bytes().get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
    let has_format = nonce.char_indices().any(|(at, c)| "${}<>`()[]".contains(c) || (c == '%' && !escapes(at)));
    has_format || WORDS.iter().any(|word| nonce.eq_ignore_ascii_case(word))
}

/// Returns whether a key id is a temporary key's: it has the mark, and is otherwise made as the vendors make them.
fn is_temporary(id: &str) -> bool {
    let made = id.strip_prefix("STS.").unwrap_or(id).bytes().all(|byte| byte.is_ascii_alphanumeric());
    made && (KeyShape::detect(id).is_some_and(KeyShape::is_temporary) || (id.starts_with("ASIA") && id.len() == 20))
}

/// Returns a URL that held until a time (seconds since 1970) which is over.
fn expired(text: &str, clock: Option<Clock>) -> Option<Cause> {
    let Ok(until) = text.parse::<i64>() else {
        return Some(Cause::seen(&fault::DATE_FORMAT, format!("Expires: `{text}` should be seconds since 1970")));
    };
    let clock = clock.filter(|clock| clock.now.as_second() > until)?;
    let detail = format!("Expires: {text} was over {} s ago", clock.now.as_second() - until);
    Some(Cause::new(&fault::DATE_STALE, if clock.certain { Certainty::Seen } else { Certainty::Noted }, detail))
}

/// Returns a date outside the window. By this machine's clock alone it is merely noted: the request may have been sent long ago.
fn stale(date: Timestamp, text: &str, clock: Clock, window: i64) -> Option<Cause> {
    let ahead = date.as_second() - clock.now.as_second();
    if ahead <= MAX_CLOCK_SKEW_SECONDS && -ahead <= window {
        return None;
    }
    let window = if ahead > 0 { MAX_CLOCK_SKEW_SECONDS } else { window };
    let (way, whose) =
        (if ahead > 0 { "ahead of" } else { "behind" }, if clock.certain { "the time of sending" } else { "this machine's clock" });
    let zone = zone_of(ahead).filter(|_| clock.certain);
    let offset = zone.as_ref().map_or_else(String::new, |zone| format!(", as if it were a local time of {zone}"));
    let detail = format!("{text} is {} s {way} {whose}{offset}; a gateway takes {window} s at most", ahead.abs());
    let fault = if zone.is_some() { &fault::DATE_ZONE } else { &fault::DATE_STALE };
    Some(if clock.certain { Cause::seen(fault, detail) } else { Cause::noted(fault, detail) })
}

/// Returns the time that a request says it was signed at.
pub(super) fn own_time(reading: &ParsedClaim, case: &ExaminedRequest<'_>) -> Option<Timestamp> {
    read_date(case.request.headers.get_str(&date_header(reading, case))?.trim_ascii())
}

/// Returns the header with the date: object storage takes one of its own in place of `date`.
fn date_header(reading: &ParsedClaim, case: &ExaminedRequest<'_>) -> String {
    let dialect = reading.dialect;
    let own = dialect.own.filter(|_| dialect.text == TextLayout::Storage && dialect.query.is_none()).map(|own| format!("{own}date"));
    own.filter(|name| case.request.headers.contains(name)).unwrap_or_else(|| dialect.date.to_owned())
}

/// Puts what likely changed the body first: that the body is missing from the paste, which makes all other words about it moot, or
/// that it is compressed, where nothing more is known than that it changed.
pub(super) fn weigh_body(causes: &mut Vec<Cause>) {
    let likely = [&fault::PAYLOAD_MISSING, &fault::PAYLOAD_ENCODED];
    let Some(at) = causes.iter().position(|cause| likely.contains(&cause.fault)) else { return };
    let missing = causes[at].fault == &fault::PAYLOAD_MISSING;
    let moot = |cause: &Cause| cause.fault == &fault::PAYLOAD_CHANGED || (missing && cause.fault.id.starts_with("payload-"));
    if causes.iter().all(|cause| cause.certainty != Certainty::Proven || moot(cause)) {
        let cause = causes.remove(at);
        causes.insert(0, Cause { certainty: Certainty::Seen, ..cause });
    }
}
