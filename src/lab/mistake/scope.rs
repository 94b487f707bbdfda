//! Mistakes with the scope, the algorithm and the form of the string to sign.

use super::{Aspect, Mistake, MistakeContext, text};
use crate::lab::claim::ScopeParts;
use crate::lab::fault;
use crate::lab::material::SignatureParts;
use crate::lab::string::{Digest, Piece};

const TERMINATORS: [&str; 4] = ["request", "sdk_request", "aws4_request", "aliyun_v4_request"];
const ALGORITHMS: [&str; 8] =
    ["ACS3-HMAC-SHA256", "HMAC-SHA256", "SDK-HMAC-SHA256", "AWS4-HMAC-SHA256", "V11-HMAC-SHA256", "HMAC-SHA1", "ACS3-HMAC-SM3", ""];

const DIGESTS: [(&str, Digest); 4] = [
    ("its hash in capitals", Digest::Upper),
    ("its whole text", Digest::Whole),
    ("its hash in Base64", Digest::Base64),
    ("the hash of its hash", Digest::Twice),
];

/// Other lines than the scheme's, and what they are.
const LINES: [(&str, &[Piece]); 7] = [
    ("has no algorithm", &[Piece::Date, Piece::Scope, Piece::Digest]),
    ("has no date", &[Piece::Algorithm, Piece::Scope, Piece::Digest]),
    ("has the date on a line", &[Piece::Algorithm, Piece::Date, Piece::Digest]),
    ("has the scope before the date", &[Piece::Algorithm, Piece::Scope, Piece::Date, Piece::Digest]),
    ("has the hash before the date", &[Piece::Algorithm, Piece::Digest, Piece::Date]),
    ("is the date and the hash alone", &[Piece::Date, Piece::Digest]),
    ("is the hash alone, or what stands for it", &[Piece::Digest]),
];

/// Other line ends in it.
const ENDS: [(&str, &str, &str); 4] = [
    ("ends in a line feed", "\n", "\n"),
    ("has CR LF between its lines", "\r\n", ""),
    ("has \\n in two characters between its lines", "\\n", ""),
    ("has nothing between its lines", "", ""),
];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    if let Some(scope) = &context.base.scope {
        scopes(context, scope, all);
    } else if !context.base.dialect.is_plain() {
        scoped(context, all);
    }
    string_layout(context, all);
    if context.base.dialect.is_plain() {
        return;
    }
    for algorithm in ALGORITHMS {
        let detail = format!("the string to sign begins with `{algorithm}`");
        all.push(Mistake::new(&fault::STRING_ALGORITHM, Aspect::Text(0), detail, move |m| algorithm.clone_into(&mut m.algorithm)));
    }
    for (how, digest) in DIGESTS {
        all.push(Mistake::new(&fault::STRING_DIGEST, Aspect::Text(1), format!("in place of its hash stands {how}"), move |m| {
            m.digest = digest;
        }));
    }
}

/// Adds other lines, and other line ends.
fn string_layout(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    for (how, joint, tail) in ENDS {
        let detail = format!("the string to sign {how}");
        all.push(Mistake::new(&fault::STRING_LAYOUT, Aspect::Text(2), detail, move |m| {
            (m.string_layout.joint, m.string_layout.tail) = (joint, tail);
        }));
    }
    if context.base.dialect.is_plain() {
        return;
    }
    for (how, pieces) in LINES {
        let mut other = context.base.clone();
        other.string_layout.pieces = pieces;
        if other.string_to_sign() == context.base.string_to_sign() {
            continue;
        }
        for (digest, beside) in [(Digest::Hex, ""), (Digest::Whole, ", with the canonical request in place of its hash")] {
            let make = move |m: &mut SignatureParts| (m.string_layout.pieces, m.digest) = (pieces, digest);
            let detail = format!("the string to sign {how}{beside}");
            all.push(Mistake::new(&fault::STRING_LAYOUT, Aspect::Text(2), detail, make).never_paired());
        }
    }
}

fn scopes<'a>(context: &'a MistakeContext<'a>, scope: &ScopeParts, all: &mut Vec<Mistake<'a>>) {
    for region in context.hints.regions.iter().map(String::as_str).chain([""]) {
        let detail = format!("region `{region}` was signed, the credential has `{}`", scope.region);
        let mistake = Mistake::new(&fault::SCOPE_REGION, Aspect::Scope(0), detail, move |m| {
            with(m, |scope| region.clone_into(&mut scope.region));
        });
        let own = region.is_empty() || context.hints.homes_of(context.base.dialect.vendors).any(|home| home.has_region(region));
        all.push(mistake.alone_unless(own));
    }
    for service in context.hints.services.iter().chain([&scope.service.to_ascii_uppercase(), &String::new()]) {
        let (detail, service) = (format!("service `{service}` was signed, the credential has `{}`", scope.service), service.clone());
        let own = !context
            .hints
            .operation_services
            .iter()
            .any(|home| home.service == service && !context.base.dialect.vendors.contains(&home.vendor));
        let mistake = Mistake::new(&fault::SCOPE_SERVICE, Aspect::Scope(1), detail, move |m| {
            with(m, |scope| scope.service.clone_from(&service));
        });
        all.push(mistake.alone_unless(own));
    }
    let day: String = context.base.date.chars().take(8).collect();
    let detail = |day: &str, how: &str| format!("day {day} was signed ({how}), the credential has {}", scope.day);
    for (day, how) in days(&day) {
        let detail = detail(&day, how);
        all.push(Mistake::new(&fault::SCOPE_DAY, Aspect::ScopeDay, detail, move |m| with(m, |scope| scope.day.clone_from(&day))));
    }
    all.push(Mistake::new(&fault::SCOPE_DAY, Aspect::ScopeDay, detail(&context.base.date, "the whole date"), |m| {
        let header = m.lines.iter().find(|line| line.name.eq_ignore_ascii_case(m.dialect.date));
        let date = header.map_or_else(|| m.date.clone(), |line| text(&line.value));
        with(m, |scope| scope.day.clone_from(&date));
    }));
    let right = context.base.dialect.terminator.unwrap_or_default();
    for terminator in [right].into_iter().chain(TERMINATORS).filter(|word| *word != scope.terminator) {
        let detail = format!("`{terminator}` was signed, the credential has `{}`", scope.terminator);
        all.push(Mistake::new(&fault::SCOPE_END, Aspect::Scope(3), detail, move |m| {
            with(m, |scope| terminator.clone_into(&mut scope.terminator));
        }));
    }
    let none = "the string to sign has no scope, and the secret itself was the key";
    all.push(Mistake::new(&fault::SCOPE_MISSING, Aspect::Scope(0), none, |m| m.scope = None));
}

fn with(material: &mut SignatureParts, change: impl Fn(&mut ScopeParts)) {
    if let Some(scope) = &mut material.scope {
        change(scope);
    }
}

/// Returns the day of the date header, the one before and the one after.
fn days(day: &str) -> Vec<(String, &'static str)> {
    let mut days = vec![(day.to_owned(), "the day of the date header")];
    if let Ok(date) = jiff::civil::Date::strptime("%Y%m%d", day) {
        let written = |date: jiff::civil::Date| date.strftime("%Y%m%d").to_string();
        days.extend(date.yesterday().ok().map(|date| (written(date), "the day before the date header's")));
        days.extend(date.tomorrow().ok().map(|date| (written(date), "the day after the date header's")));
    }
    days
}

/// Adds a scope where the scheme has none.
fn scoped<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let day: String = context.base.date.chars().filter(char::is_ascii_digit).take(8).collect();
    let places = context.hints.places.iter().map(|(region, service)| (region.as_str(), service.as_str())).chain([("", "")]);
    for (region, service) in places {
        for (terminator, prefix) in [("sdk_request", "SDK"), ("request", ""), ("aws4_request", "AWS4")] {
            let part = str::to_owned;
            let scope = ScopeParts { day: day.clone(), region: part(region), service: part(service), terminator: part(terminator) };
            let (fault, lacks) = match context.base.dialect.terminator {
                Some(_) => (&fault::AUTHORIZATION_MALFORMED, "the credential has none"),
                None => (&fault::KEY_DERIVATION, "this layout has none"),
            };
            let detail = format!("the scope {} was signed and the key derived along it; {lacks}", scope.text());
            let make = move |m: &mut SignatureParts| {
                m.scope = Some(scope.clone());
                (m.key.derived, m.key.prefix) = (true, prefix);
            };
            all.push(Mistake::new(fault, Aspect::Scope(0), detail, make).never_paired());
        }
    }
}
