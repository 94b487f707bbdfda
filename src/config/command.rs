//! Credentials that a command prints.
//!
//! One JSON object, of one of three shapes; members that are not named here are ignored:
//!
//! ```text
//! {"access_key_id": "...", "access_key_secret": "...", "security_token": "...", "project_id": "..."}   (the last two may be missing)
//! {"user": "...", "password": "...", "domain": "...", "project": "..."}                                (project or project_id; may be missing)
//! {"token": "..."}
//! ```

use serde::Deserialize;

use super::CommandError;
use crate::auth::{AccessKey, Credentials, Login, Project};
use crate::secret::Secret;

#[derive(Deserialize)]
struct CommandOutput {
    access_key_id: Option<String>,
    access_key_secret: Option<String>,
    security_token: Option<String>,
    project_id: Option<String>,
    user: Option<String>,
    password: Option<String>,
    domain: Option<String>,
    project: Option<String>,
    token: Option<String>,
}

/// Reads what a command printed; `region` names the project of a user that has none.
///
/// # Errors
/// What is wrong with it, without repeating it.
pub(super) fn read(output: &str, region: &str) -> Result<Credentials, CommandError> {
    let printed: CommandOutput =
        serde_json::from_str(output).map_err(|error| CommandError::Syntax { line: error.line(), column: error.column() })?;
    match printed {
        CommandOutput { access_key_id: Some(id), access_key_secret: Some(secret), security_token, project_id, .. } => {
            Ok(Credentials::AccessKey(AccessKey { id, secret: secret.into(), token: security_token.map(Secret::from), project_id }))
        }
        CommandOutput { user: Some(user), password: Some(password), domain: Some(domain), project, project_id, .. } => {
            let project = project_id.map(Project::Id).or(project.map(Project::Name));
            let project = project.unwrap_or_else(|| Project::Name(region.to_owned()));
            Ok(Credentials::Login(Login { user, password: password.into(), domain, project, endpoint: None }))
        }
        CommandOutput { token: Some(token), .. } => Ok(Credentials::Token(token.into())),
        _ => Err(CommandError::NoCredentials),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_three_shapes() {
        let key = read(r#"{"access_key_id":"a","access_key_secret":"b","mode":"AK"}"#, "r").unwrap();
        assert!(matches!(key, Credentials::AccessKey(AccessKey { token: None, .. })));
        let login = read(r#"{"user":"u","password":"p","domain":"d"}"#, "eu-de").unwrap();
        assert!(matches!(login, Credentials::Login(Login { project: Project::Name(name), .. }) if name == "eu-de"));
        assert!(matches!(read(r#"{"token":"t"}"#, "r"), Ok(Credentials::Token(_))));
    }

    #[test]
    fn never_repeats_what_was_printed() {
        let error = read("hunter2", "r").unwrap_err().to_string();
        assert!(!error.contains("hunter2") && error.starts_with("line 1"), "{error}");
        assert!(read("{}", "r").is_err());
    }
}
