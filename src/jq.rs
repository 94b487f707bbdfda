//! jq: a filter run over a JSON body.
//!
//! Nothing here ends a filter that runs away: whoever runs one that was typed does it in a process that can be killed.
//! A filter sees its input and nothing else: no files, no other inputs, no modules.

use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Filter, Vars, compile, data};
use jaq_json::{Val, read};
use thiserror::Error;

/// No more characters of a failure are handed on: it may repeat a value of any length.
const MAX_ERROR_CHARS: usize = 400;

/// The message where a filter names a module.
const NO_FILES: &str = "a filter reads no files";

type Kind = data::JustLut<Val>;

/// An error from running a filter.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum JqError {
    /// The filter is none.
    #[error("{message}")]
    Filter {
        /// At which character of the filter, counted from 0.
        at: usize,
        /// The error.
        message: String,
    },
    /// The input is not JSON.
    #[error("the body is not JSON: {0}")]
    Input(String),
    /// The filter cannot be applied to a value.
    #[error("{0}")]
    Value(String),
}

impl JqError {
    /// Returns what was wrong, on one line: for another process to read with [`JqError::read`].
    pub fn written(&self) -> String {
        let (kind, at, text) = match self {
            Self::Filter { at, message } => ("filter", *at, message),
            Self::Input(message) => ("input", 0, message),
            Self::Value(message) => ("value", 0, message),
        };
        let text: String = text.chars().take(MAX_ERROR_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("{kind} {at} {text}")
    }

    /// Reads what [`JqError::written`] wrote; `None` if it is something else.
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.trim_end().splitn(3, ' ');
        let (kind, at, message) = (words.next()?, words.next()?.parse().ok()?, words.next()?.to_owned());
        match kind {
            "filter" => Some(Self::Filter { at, message }),
            "input" => Some(Self::Input(message)),
            "value" => Some(Self::Value(message)),
            _ => None,
        }
    }
}

/// Runs a filter over JSON. `give` takes each result as JSON on one line, and says whether to go on.
pub fn run(filter: &str, input: &[u8], give: &mut dyn FnMut(&str) -> bool) -> Result<(), JqError> {
    let filter = compiled(filter)?;
    let input = read::parse_single(input).map_err(|error| JqError::Input(error.to_string()))?;
    let context = Ctx::<Kind>::new(&filter.lut, Vars::new([]));
    for result in filter.id.run((context, input)) {
        match result {
            Ok(value) if give(&value.to_string()) => {}
            Ok(_) => return Ok(()),
            // `halt` ends a filter without a failure.
            Err(exception) => return exception.get_err().map_or(Ok(()), |error| Err(JqError::Value(error.to_string()))),
        }
    }
    Ok(())
}

fn compiled(filter: &str) -> Result<Filter<Kind>, JqError> {
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(definitions).load(&arena, File { path: (), code: filter });
    let modules = modules.map_err(|errors| first(filter, errors.into_iter().map(|(_, error)| unread(error))))?;
    load::import(&modules, |_| Err(NO_FILES.to_owned()))
        .map_err(|errors| first(filter, errors.into_iter().map(|(_, error)| unread(error))))?;
    let compiled = Compiler::default().with_funs(functions).compile(modules);
    compiled.map_err(|errors| first(filter, errors.into_iter().flat_map(|(_, errors)| errors).map(|error| Some(unknown(error)))))
}

/// Returns the first mistake, at its place in the filter.
fn first<'a>(filter: &'a str, mut mistakes: impl Iterator<Item = Option<(&'a str, String)>>) -> JqError {
    let (found, message) = mistakes.next().flatten().unwrap_or((filter, "this is no filter".to_owned()));
    let before = filter.get(..load::span(filter, found).start).unwrap_or_default();
    JqError::Filter { at: before.chars().count(), message }
}

/// Returns where a filter cannot be read, and why.
fn unread(error: load::Error<&str>) -> Option<(&str, String)> {
    match error {
        load::Error::Io(errors) => errors.into_iter().next().map(|(found, _)| (found, NO_FILES.to_owned())),
        load::Error::Lex(errors) => {
            errors.into_iter().next().map(|(expected, found)| (found, expected_but_found(expected.as_str(), found)))
        }
        load::Error::Parse(errors) => {
            errors.into_iter().next().map(|(expected, found)| (found, expected_but_found(expected.as_str(), found)))
        }
    }
}

fn expected_but_found(expected: &str, found: &str) -> String {
    let here = found.chars().next().map_or_else(|| "the end".to_owned(), |c| format!("'{c}'"));
    match expected {
        "nothing" => format!("{here} was not expected"),
        expected => format!("expected {expected}, found {here}"),
    }
}

/// Returns a name that the filter uses and nothing defines.
fn unknown((found, undefined): compile::Error<&str>) -> (&str, String) {
    let message = match undefined {
        compile::Undefined::Filter(0) => format!("there is no filter {found}"),
        compile::Undefined::Filter(arguments) => format!("there is no filter {found} of {arguments} arguments"),
        other => format!("there is no {} {found}", other.as_str()),
    };
    (found, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(filter: &str, input: &str) -> Result<Vec<String>, JqError> {
        let mut results = Vec::new();
        let ended = run(filter, input.as_bytes(), &mut |result| {
            results.push(result.to_owned());
            results.len() < 5
        });
        ended.map(|()| results)
    }

    fn mistake(filter: &str) -> (usize, String) {
        match results(filter, "{}") {
            Err(JqError::Filter { at, message }) => (at, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn gives_every_result_on_a_line() {
        let input = r#"{"Data":{"b":[1,{"n":"x\ny"}],"a":12345678901234567890.10}}"#;
        assert_eq!(results(".Data.b[]", input).unwrap(), ["1", r#"{"n":"x\ny"}"#]);
        assert_eq!(results(".Data | keys", input).unwrap(), [r#"["a","b"]"#]);
        assert_eq!(results(".Data.a", input).unwrap(), ["12345678901234567890.10"]);
        assert_eq!(results(".Data.b | map(type) | join(\"-\")", input).unwrap(), ["\"number-object\""]);
        assert_eq!(results("empty", input).unwrap(), [""; 0]);
    }

    #[test]
    fn ends_when_it_is_told_to_or_tells_so_itself() {
        assert_eq!(results("repeat(1)", "null").unwrap(), ["1"; 5]);
        assert_eq!(results("1, halt, 2", "null").unwrap(), ["1"]);
    }

    #[test]
    fn reports_a_mistake_with_its_position() {
        let mistakes = [
            (".a[", 3, "expected closing bracket, found the end"),
            (".a | lenght", 5, "there is no filter lenght"),
            (".a | | .b", 5, "expected term, found '|'"),
            (".\"订单\" | .b)", 10, "expected token, found ')'"),
            ("map(.a; 1)", 0, "there is no filter map of 2 arguments"),
            ("$x", 0, "there is no variable $x"),
            (".a .b c", 6, "'c' was not expected"),
            ("\"\\q\"", 2, "expected string escape sequence, found 'q'"),
        ];
        for (filter, at, message) in mistakes {
            assert_eq!(mistake(filter), (at, message.to_owned()), "{filter}");
        }
    }

    #[test]
    fn reports_unsupported_filters() {
        assert_eq!(results(".a.b", r#"{"a":1}"#).unwrap_err(), JqError::Value("cannot index 1 with \"b\"".to_owned()));
        assert!(matches!(results(".", "<html>").unwrap_err(), JqError::Input(_)));
    }

    #[test]
    fn round_trips_an_error() {
        let filter = JqError::Filter { at: 7, message: "'|' was not expected".to_owned() };
        for error in [filter, JqError::Input("x y".to_owned()), JqError::Value("a  b".to_owned())] {
            assert_eq!(JqError::read(&(error.written() + "\n")), Some(error));
        }
        assert_eq!(JqError::read("memory allocation of 12 bytes failed"), None);
    }

    #[test]
    fn gives_filters_only_their_input() {
        assert!(mistake("import \"x\" as x; .").1.contains("no files"));
        assert!(mistake("input").1.contains("no filter input"));
        assert!(mistake("$ENV").1.contains("no variable"));
    }
}
