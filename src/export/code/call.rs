//! The text of a call.

use serde_json::Value;

use super::CallSyntax;
use super::arguments::{Argument, Arguments};
use super::dialect::{Dialect, Language, Pattern};
use super::source::Source;
use crate::catalog::{Identifier, Items, Parameter, ParameterLocation, Type};
use crate::export::{ExportError, ExportInput};
use crate::wire::Protocol;

/// A call about to be written.
pub(super) struct Call<'a> {
    pub subject: &'a ExportInput<'a>,
    pub means: &'a CallSyntax<'a>,
    pub arguments: &'a Arguments<'a>,
}

/// The class of an object and its members, as far as they are written.
struct Object {
    class: Source,
    members: Vec<(Source, Source)>,
}

impl Call<'_> {
    /// Returns the dialect's text with every word filled in, and what could not be said.
    pub(super) fn text(&self) -> Result<(String, Vec<String>), ExportError> {
        let mut left_out = Vec::new();
        let text = Source::of_words(&self.dialect().text, |word| self.word(word, &mut left_out))?;
        Ok((text.into_string(), left_out))
    }

    fn word(&self, word: &str, left_out: &mut Vec<String>) -> Result<Source, ExportError> {
        if let Some(own) = self.means.tool.words.get(word) {
            return Ok(own.into());
        }
        let exchange = self.subject.exchange;
        let (language, keys) = (self.dialect().language, &self.means.sdk.keys);
        let endpoint = &exchange.endpoint;
        let literal = |text: &str| Source::text(language, text);
        Ok(match word {
            "id" => (&keys.id).into(),
            "secret" => (&keys.secret).into(),
            "token" => (&keys.token).into(),
            "method" => self.dialect().method.write(self.means.name.as_str()).as_ref().unwrap_or(&self.means.name).into(),
            "operation" => (&self.means.name).into(),
            "version" => Source::word(&self.subject.provider.version),
            "http-method" => Source::word(&exchange.request.method),
            "path" => literal(&self.subject.secrets.text(exchange.request.path())),
            "host" => literal(&endpoint.authority()),
            "url" => literal(&endpoint.to_string()),
            "protocol" => literal(endpoint.protocol.name()),
            "is-plain-http" => Source::fixed(language.truth(endpoint.protocol == Protocol::Http)),
            "region" => literal(&self.subject.secrets.text(&exchange.region)),
            "project" => self.project(),
            "arguments" => self.call_arguments(left_out),
            "options" => self.options(left_out),
            other => return Err(self.unknown(other)),
        })
    }

    /// Returns the project that the request names.
    fn project(&self) -> Source {
        let language = self.dialect().language;
        match (language, self.subject.exchange.request.headers.get_str("x-project-id")) {
            (Language::Python, None) => Source::fixed("None"),
            (_, project) => Source::text(language, &self.subject.secrets.text(project.unwrap_or_default())),
        }
    }

    fn unknown(&self, word: &str) -> ExportError {
        let reason = format!("asks for @{word}@, which neither the catalog's [sdk] nor a call gives");
        ExportError::Dialect { dialect: self.means.tool.dialect.clone(), reason }
    }

    fn dialect(&self) -> &Dialect {
        &self.means.dialect
    }

    /// Returns what stands between the parentheses of the method.
    fn call_arguments(&self, left_out: &mut Vec<String>) -> Source {
        let mut all: Vec<Source> = Vec::new();
        let in_path = |argument: &&Argument<'_>| self.dialect().path_first && argument.parameter.place == ParameterLocation::Path;
        for argument in self.arguments.given.iter().filter(in_path) {
            all.extend(self.value(argument, left_out));
        }
        if !self.means.sdk.without_request.contains(&self.means.operation.id) {
            let indent = usize::from(self.dialect().language == Language::Go);
            all.push(self.request(left_out).written(self.dialect().language, indent));
        }
        Source::joined(all)
    }

    fn request(&self, left_out: &mut Vec<String>) -> Object {
        let class = |pattern: &Pattern| Source::of_names(pattern, &[("{operation}", &self.means.name)]);
        let mut request = Object { class: class(&self.dialect().request), members: Vec::new() };
        let mut body = self.dialect().wrap.as_ref().map(|pattern| Object { class: class(pattern), members: Vec::new() });
        let has_body = self.means.operation.parameters.iter().any(|parameter| parameter.place == ParameterLocation::Body);
        for argument in &self.arguments.given {
            let Some(value) = self.value(argument, left_out).filter(|_| !self.first(argument)) else { continue };
            let Some(name) = self.member(&argument.parameter.name) else {
                left_out.push(format!("left out: {}, which is no name in a program", argument.parameter.name));
                continue;
            };
            let target = match &mut body {
                Some(body) if argument.parameter.place == ParameterLocation::Body => &mut *body,
                _ => &mut request,
            };
            target.members.push((name, value));
        }
        if let Some((body, name)) = body.filter(|_| has_body).zip(self.member("body")) {
            let indent = if self.dialect().language == Language::Go { 2 } else { 1 };
            request.members.push((name, body.written(self.dialect().language, indent)));
        }
        request
    }

    fn member(&self, name: &str) -> Option<Source> {
        self.dialect().member.write(name).as_ref().map(Source::from)
    }

    fn first(&self, argument: &Argument<'_>) -> bool {
        self.dialect().path_first && argument.parameter.place == ParameterLocation::Path
    }

    /// Returns a value as the dialect writes it; `None` where it cannot, which is taken down.
    fn value(&self, argument: &Argument<'_>, left_out: &mut Vec<String>) -> Option<Source> {
        let Argument { parameter, value } = argument;
        let written = self.literal(parameter, value);
        if written.is_none() {
            left_out.push(format!(
                "left out: {}, whose value {} the tool cannot send",
                parameter.name,
                crate::text::brief(&value.to_string())
            ));
        }
        written.map(|written| if parameter.required { written } else { written.fill_pattern(&self.dialect().optional) })
    }

    fn literal(&self, parameter: &Parameter, value: &Value) -> Option<Source> {
        let dialect = self.dialect();
        let (pattern, literal) = match (parameter.kind, value) {
            (Type::String, Value::String(text)) => (&dialect.string, Source::text(dialect.language, text)),
            (Type::Enum, Value::String(text)) => {
                let pattern = dialect.enumeration.as_ref().unwrap_or(&dialect.string);
                (Some(pattern).filter(|pattern| !pattern.as_str().is_empty())?, Source::text(dialect.language, text))
            }
            (Type::Boolean, Value::Bool(truth)) => (&dialect.boolean, Source::fixed(dialect.language.truth(*truth))),
            (Type::Integer, Value::Number(number)) => (&dialect.integer, Source::number(number)),
            (Type::List, Value::Array(elements)) if parameter.items == Items::String => (&dialect.strings, self.texts(elements)?),
            (Type::List, Value::Array(elements)) => return self.objects(parameter, elements),
            (Type::Object, Value::Object(_)) => return self.object(parameter, value),
            // Python takes what it is given; the server is to say what is wrong with it.
            (_, other) if dialect.language == Language::Python => return Some(Source::python(other)),
            _ => return None,
        };
        Some(literal.fill_pattern(pattern))
    }

    fn texts(&self, elements: &[Value]) -> Option<Source> {
        let language = self.dialect().language;
        let texts: Option<Vec<Source>> = elements.iter().map(|element| element.as_str().map(|text| Source::text(language, text))).collect();
        let texts = Source::joined(texts?);
        Some(if language == Language::Go { texts.surround("[]string{", "}") } else { texts.surround("[", "]") })
    }

    fn objects(&self, parameter: &Parameter, elements: &[Value]) -> Option<Source> {
        let objects: Option<Vec<Source>> = elements.iter().map(|element| self.object(parameter, element)).collect();
        let objects = Source::joined(objects?);
        if self.dialect().language == Language::Go {
            return Some(self.class(parameter)?.surround("[]*", "{").joined_with(&objects).followed_by("}"));
        }
        Some(objects.surround("[", "]"))
    }

    /// Returns an object on one line.
    fn object(&self, parameter: &Parameter, value: &Value) -> Option<Source> {
        let members = value.as_object()?;
        let mut object = Object { class: self.class(parameter)?, members: Vec::new() };
        for (name, value) in members {
            let known = parameter.members.iter().find(|member| member.name == *name)?;
            object.members.push((self.member(name)?, self.literal(known, value)?));
        }
        Some(object.on_a_line(self.dialect().language))
    }

    fn class(&self, parameter: &Parameter) -> Option<Source> {
        let name = &parameter.name;
        let singular = if parameter.kind == Type::List { name.strip_suffix('s').unwrap_or(name) } else { name };
        let (member, singular) = (Identifier::new(name.as_str())?, Identifier::new(singular)?);
        let names = [("{operation}", &self.means.name), ("{member}", &member), ("{singular}", &singular)];
        Some(Source::of_names(&self.dialect().object, &names))
    }

    /// Returns the options of a command line: parameters of the query, the body, an endpoint without TLS.
    fn options(&self, left_out: &mut Vec<String>) -> Source {
        let (dialect, exchange) = (self.dialect(), self.subject.exchange);
        let mut options: Vec<Source> = Vec::new();
        let in_query = |argument: &&Argument<'_>| argument.parameter.place == ParameterLocation::Query;
        for Argument { parameter, value } in self.arguments.given.iter().filter(in_query) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match &dialect.option {
                Some(option) => {
                    let value = Source::text(dialect.language, &text);
                    options.push(Source::word(&parameter.name).fill_pattern(option).joined_with(&value));
                }
                None => left_out.push(format!("left out: {}, for which the tool has no option", parameter.name)),
            }
        }
        if let Some(pattern) = dialect.body.as_ref().filter(|_| !exchange.request.body.is_empty()) {
            match std::str::from_utf8(&exchange.request.body).ok().filter(|body| !body.contains('\0')) {
                Some(body) => options.push(Source::text(dialect.language, &self.subject.secrets.text(body)).fill_pattern(pattern)),
                None => left_out.push("left out: the body, which is no text".to_owned()),
            }
        }
        options.extend(dialect.plain_http.as_ref().filter(|_| exchange.endpoint.protocol == Protocol::Http).map(Source::of_pattern));
        options.iter().fold(Source::default(), |all, option| all.followed_by(" \\\n  ").joined_with(option))
    }
}

impl Object {
    /// Returns its members one a line, each `indent` deep.
    fn written(&self, language: Language, indent: usize) -> Source {
        let (tab, open, close, sign) = language.brackets();
        let mut out = self.head(language).followed_by(open);
        if self.members.is_empty() {
            return out.followed_by(close);
        }
        let width = self.value_column(language);
        out = out.followed_by("\n");
        for (name, value) in &self.members {
            out = (0..=indent).fold(out, |out, _| out.followed_by(tab)).joined_with(name).followed_by(sign);
            let padding = if value.has_lines() { 0 } else { width.saturating_sub(name.width()) };
            out = out.padded(padding).joined_with(value).followed_by(",\n");
        }
        (0..indent).fold(out, |out, _| out.followed_by(tab)).followed_by(close)
    }

    /// Returns how wide names are written so that values stand in a column, as gofmt has them; 0 where nobody asks for that.
    fn value_column(&self, language: Language) -> usize {
        let on_one_line = self.members.iter().filter(|(_, value)| !value.has_lines());
        let widest = on_one_line.map(|(name, _)| name.width()).max().unwrap_or_default();
        if language == Language::Go { widest } else { 0 }
    }

    fn on_a_line(&self, language: Language) -> Source {
        let (_, open, close, sign) = language.brackets();
        let members = self.members.iter().map(|(name, value)| name.clone().followed_by(sign).joined_with(value));
        self.head(language).followed_by(open).joined_with(&Source::joined(members)).followed_by(close)
    }

    fn head(&self, language: Language) -> Source {
        Source::fixed(if language == Language::Go { "&" } else { "" }).joined_with(&self.class)
    }
}

impl Language {
    /// Returns a step of indentation, what opens and closes an object, and what stands between a member and its value.
    fn brackets(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Go => ("\t", "{", "}", ": "),
            Self::Python | Self::Shell => ("    ", "(", ")", "="),
        }
    }
}
