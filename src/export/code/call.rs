//! The text of a call.

use serde_json::Value;

use super::Means;
use super::arguments::{Argument, Arguments};
use super::dialect::{Dialect, Language};
use crate::catalog::{Items, Parameter, Place, Type};
use crate::export::{ExportError, Subject};
use crate::wire::Protocol;

/// A call about to be written.
pub(super) struct Call<'a> {
    pub subject: &'a Subject<'a>,
    pub means: &'a Means<'a>,
    pub arguments: &'a Arguments<'a>,
}

/// The class of an object and its members, as far as they are written.
struct Object {
    class: String,
    members: Vec<(String, String)>,
}

impl Call<'_> {
    /// The dialect's text with every word filled in, and what could not be said.
    pub(super) fn text(&self) -> Result<(String, Vec<String>), ExportError> {
        let mut left_out = Vec::new();
        let mut out = String::new();
        let mut rest = self.means.dialect.text.as_str();
        while let Some((before, word, after)) = next_word(rest) {
            out.push_str(before);
            out.push_str(&self.word(word, &mut left_out)?);
            rest = after;
        }
        out.push_str(rest);
        Ok((out, left_out))
    }

    fn word(&self, word: &str, left_out: &mut Vec<String>) -> Result<String, ExportError> {
        if let Some(own) = self.means.tool.words.get(word) {
            return Ok(own.clone());
        }
        let exchange = self.subject.exchange;
        let (language, keys) = (self.dialect().language, &self.means.sdk.keys);
        let endpoint = &exchange.endpoint;
        let plain_http = endpoint.protocol == Protocol::Http;
        Ok(match word {
            "id" => keys.id.clone(),
            "secret" => keys.secret.clone(),
            "token" => keys.token.clone(),
            "method" => self.dialect().method.write(self.means.operation_name()),
            "operation" => self.means.operation_name().to_owned(),
            "version" => self.subject.provider.version.clone(),
            "http-method" => exchange.request.method.clone(),
            "path" => language.text(&self.subject.secrets.text(exchange.request.path())),
            "host" => language.text(&endpoint.authority()),
            "url" => language.text(&endpoint.to_string()),
            "protocol" => language.text(endpoint.protocol.name()),
            "is-plain-http" => language.truth(plain_http).to_owned(),
            "region" => language.text(&self.subject.secrets.text(&exchange.region)),
            "project" => language.text_or_nothing(exchange.request.headers.get_str("x-project-id")),
            "arguments" => self.call_arguments(left_out),
            "options" => self.options(left_out),
            other => return Err(self.unknown(other)),
        })
    }

    fn unknown(&self, word: &str) -> ExportError {
        let reason = format!("asks for @{word}@, which neither the catalog's [sdk] nor a call gives");
        ExportError::Dialect { dialect: self.means.tool.dialect.clone(), reason }
    }

    fn dialect(&self) -> &Dialect {
        &self.means.dialect
    }

    /// What stands between the parentheses of the method.
    fn call_arguments(&self, left_out: &mut Vec<String>) -> String {
        let mut all: Vec<String> = Vec::new();
        let in_path = |argument: &&Argument<'_>| self.dialect().path_first && argument.parameter.place == Place::Path;
        for argument in self.arguments.given.iter().filter(in_path) {
            all.extend(self.value(argument, left_out));
        }
        if !self.means.sdk.without_request.contains(&self.means.operation.id) {
            let indent = usize::from(self.dialect().language == Language::Go);
            all.push(self.request(left_out).written(self.dialect().language, indent));
        }
        all.join(", ")
    }

    fn request(&self, left_out: &mut Vec<String>) -> Object {
        let operation = self.means.operation_name();
        let mut request = Object { class: self.dialect().request.replace("{operation}", operation), members: Vec::new() };
        let wrap = self.dialect().wrap.as_ref().map(|pattern| pattern.replace("{operation}", operation));
        let mut body = wrap.map(|class| Object { class, members: Vec::new() });
        let has_body = self.means.operation.parameters.iter().any(|parameter| parameter.place == Place::Body);
        for argument in &self.arguments.given {
            let Some(value) = self.value(argument, left_out).filter(|_| !self.first(argument)) else { continue };
            let target = match &mut body {
                Some(body) if argument.parameter.place == Place::Body => &mut *body,
                _ => &mut request,
            };
            target.members.push((self.dialect().member.write(&argument.parameter.name), value));
        }
        if let Some(body) = body.filter(|_| has_body) {
            let indent = if self.dialect().language == Language::Go { 2 } else { 1 };
            request.members.push((self.dialect().member.write("body"), body.written(self.dialect().language, indent)));
        }
        request
    }

    fn first(&self, argument: &Argument<'_>) -> bool {
        self.dialect().path_first && argument.parameter.place == Place::Path
    }

    /// A value as the dialect writes it; `None` where it cannot, which is taken down.
    fn value(&self, argument: &Argument<'_>, left_out: &mut Vec<String>) -> Option<String> {
        let Argument { parameter, value } = argument;
        let written = self.literal(parameter, value);
        if written.is_none() {
            left_out.push(format!(
                "left out: {}, whose value {} the tool cannot send",
                parameter.name,
                crate::catalog::brief(&value.to_string())
            ));
        }
        let pattern = if parameter.required { "{}" } else { self.dialect().optional.as_str() };
        written.map(|written| pattern.replacen("{}", &written, 1))
    }

    fn literal(&self, parameter: &Parameter, value: &Value) -> Option<String> {
        let dialect = self.dialect();
        let (pattern, literal) = match (parameter.kind, value) {
            (Type::String, Value::String(text)) => (&dialect.string, dialect.language.text(text)),
            (Type::Enum, Value::String(text)) => {
                let pattern = dialect.enumeration.as_ref().unwrap_or(&dialect.string);
                (Some(pattern).filter(|pattern| !pattern.is_empty())?, dialect.language.text(text))
            }
            (Type::Boolean, Value::Bool(truth)) => (&dialect.boolean, dialect.language.truth(*truth).to_owned()),
            (Type::Integer, Value::Number(number)) => (&dialect.integer, number.to_string()),
            (Type::List, Value::Array(elements)) if parameter.items == Items::String => (&dialect.strings, self.texts(elements)?),
            (Type::List, Value::Array(elements)) => return self.objects(parameter, elements),
            (Type::Object, Value::Object(_)) => return self.object(parameter, value),
            // Python takes what it is given; the server is to say what is wrong with it.
            (_, other) if dialect.language == Language::Python => return Some(python(other)),
            _ => return None,
        };
        Some(pattern.replacen("{}", &literal, 1))
    }

    fn texts(&self, elements: &[Value]) -> Option<String> {
        let language = self.dialect().language;
        let texts: Option<Vec<String>> = elements.iter().map(|element| element.as_str().map(|text| language.text(text))).collect();
        let texts = texts?.join(", ");
        Some(if language == Language::Go { format!("[]string{{{texts}}}") } else { format!("[{texts}]") })
    }

    fn objects(&self, parameter: &Parameter, elements: &[Value]) -> Option<String> {
        let objects: Option<Vec<String>> = elements.iter().map(|element| self.object(parameter, element)).collect();
        let objects = objects?.join(", ");
        let list = format!("[]*{}{{{objects}}}", self.class(parameter));
        Some(if self.dialect().language == Language::Go { list } else { format!("[{objects}]") })
    }

    /// An object on one line.
    fn object(&self, parameter: &Parameter, value: &Value) -> Option<String> {
        let members = value.as_object()?;
        let mut object = Object { class: self.class(parameter), members: Vec::new() };
        for (name, value) in members {
            let known = parameter.members.iter().find(|member| member.name == *name)?;
            object.members.push((self.dialect().member.write(name), self.literal(known, value)?));
        }
        Some(object.on_a_line(self.dialect().language))
    }

    fn class(&self, parameter: &Parameter) -> String {
        let name = &parameter.name;
        let singular = if parameter.kind == Type::List { name.strip_suffix('s').unwrap_or(name) } else { name };
        let operation = self.means.operation_name();
        self.dialect().object.replace("{operation}", operation).replace("{member}", name).replace("{singular}", singular)
    }

    /// The options of a command line: parameters of the query, the body, an endpoint without TLS.
    fn options(&self, left_out: &mut Vec<String>) -> String {
        let (dialect, exchange) = (self.dialect(), self.subject.exchange);
        let mut options: Vec<String> = Vec::new();
        let in_query = |argument: &&Argument<'_>| argument.parameter.place == Place::Query;
        for Argument { parameter, value } in self.arguments.given.iter().filter(in_query) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match &dialect.option {
                Some(option) => options.push(option.replace("{}", &parameter.name) + &dialect.language.text(&text)),
                None => left_out.push(format!("left out: {}, for which the tool has no option", parameter.name)),
            }
        }
        if let Some(pattern) = dialect.body.as_ref().filter(|_| !exchange.request.body.is_empty()) {
            match std::str::from_utf8(&exchange.request.body).ok().filter(|body| !body.contains('\0')) {
                Some(body) => options.push(pattern.replacen("{}", &dialect.language.text(&self.subject.secrets.text(body)), 1)),
                None => left_out.push("left out: the body, which is no text".to_owned()),
            }
        }
        let plain_http = dialect.plain_http.clone().filter(|_| exchange.endpoint.protocol == Protocol::Http);
        options.into_iter().chain(plain_http).flat_map(|option| [" \\\n  ".to_owned(), option]).collect()
    }
}

/// What stands before the next `@word@`, the word, and what follows it.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find('@')?;
    let length = text[at + 1..].find('@')?;
    Some((&text[..at], &text[at + 1..at + 1 + length], &text[at + length + 2..]))
}

/// Any JSON value as Python writes it.
fn python(value: &Value) -> String {
    let language = Language::Python;
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(truth) => language.truth(*truth).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => language.text(text),
        Value::Array(elements) => format!("[{}]", elements.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("{}: {}", language.text(name), python(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

impl Object {
    /// Its members one a line, each `indent` deep.
    fn written(&self, language: Language, indent: usize) -> String {
        let (tab, open, close, sign) = language.brackets();
        if self.members.is_empty() {
            return format!("{}{open}{close}", self.head(language));
        }
        let (inner, outer) = (tab.repeat(indent + 1), tab.repeat(indent));
        let width = self.value_column(language);
        let padded = |name: &str, value: &str| if value.contains('\n') { 0 } else { width.saturating_sub(name.chars().count()) };
        let member = |(name, value): &(String, String)| format!("{inner}{name}{sign}{:1$}{value},\n", "", padded(name, value));
        let members: String = self.members.iter().map(member).collect();
        format!("{}{open}\n{members}{outer}{close}", self.head(language))
    }

    /// How wide names are written so that values stand in a column, as gofmt has them; 0 where nobody asks for that.
    fn value_column(&self, language: Language) -> usize {
        let on_one_line = self.members.iter().filter(|(_, value)| !value.contains('\n'));
        let widest = on_one_line.map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        if language == Language::Go { widest } else { 0 }
    }

    fn on_a_line(&self, language: Language) -> String {
        let (_, open, close, sign) = language.brackets();
        let members: Vec<String> = self.members.iter().map(|(name, value)| format!("{name}{sign}{value}")).collect();
        format!("{}{open}{}{close}", self.head(language), members.join(", "))
    }

    fn head(&self, language: Language) -> String {
        let pointer = if language == Language::Go { "&" } else { "" };
        format!("{pointer}{}", self.class)
    }
}

impl Language {
    /// A step of indentation, what opens and closes an object, and what stands between a member and its value.
    fn brackets(self) -> (&'static str, char, char, &'static str) {
        match self {
            Self::Go => ("\t", '{', '}', ": "),
            Self::Python | Self::Shell => ("    ", '(', ')', "="),
        }
    }
}
