//! The files of the vendors' own command lines: `~/.aliyun/config.json`, `~/.volcengine/config.json`, `~/.huaweicloud/credentials`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::environment::Environment;
use super::error::{ConfigError, VendorFileError};
use super::profile::VendorFile;
use super::variables::first_set;
use crate::auth::AccessKey;
use crate::secret::Secret;
use crate::text::nearest;

/// The selected file and profile.
#[derive(Clone, Copy)]
pub(super) struct FileSelection<'a> {
    pub kind: VendorFile,
    pub path: Option<&'a Path>,
    pub profile: Option<&'a str>,
}

/// The values of a file's profile.
#[derive(Debug)]
pub(super) struct Entry {
    pub key: AccessKey,
    pub region: Option<String>,
    pub iam_endpoint: Option<String>,
    /// The file, for messages.
    pub file: String,
    /// Set when others than the file's owner may read it.
    pub open_to_others: bool,
}

/// A profile of a file, before it is known where the file stands.
type FoundProfile = (AccessKey, Option<String>, Option<String>);

/// Reads a profile of a file.
///
/// # Errors
/// [`ConfigError::File`]: no such file, not its format, no such profile, or a mode that is not supported.
pub(super) fn read(selection: FileSelection<'_>, environment: &dyn Environment) -> Result<Entry, ConfigError> {
    let path = path_of(selection, environment)?;
    let file = path.display().to_string();
    let wrong = |reason| ConfigError::File { file: file.clone(), reason };
    let read = environment.read_file(&path).map_err(|error| wrong(VendorFileError::Unreadable(error.to_string())))?;
    let profile =
        selection.profile.map(str::to_owned).or_else(|| first_set(profile_names(selection.kind), environment).map(|(_, name)| name));
    let (key, region, iam_endpoint) = match selection.kind {
        VendorFile::AliyunCli => aliyun(read.text.expose(), profile.as_deref()),
        VendorFile::VolcCli => volc(read.text.expose(), profile.as_deref()),
        VendorFile::HuaweiCloud => huawei(read.text.expose(), profile.as_deref()),
    }
    .map_err(wrong)?;
    Ok(Entry { key, region: region.filter(|region| !region.is_empty()), iam_endpoint, open_to_others: read.open_to_others, file })
}

/// Returns the variables with which the vendor's tools choose a profile.
fn profile_names(kind: VendorFile) -> &'static [&'static str] {
    match kind {
        VendorFile::AliyunCli => &["ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"],
        VendorFile::VolcCli => &["VOLCENGINE_PROFILE"],
        VendorFile::HuaweiCloud => &[],
    }
}

/// Returns the variables with which the vendor's tools choose a file.
fn path_names(kind: VendorFile) -> &'static [&'static str] {
    match kind {
        VendorFile::AliyunCli => &[],
        VendorFile::VolcCli => &["VOLCENGINE_CLI_CONFIG_FILE"],
        VendorFile::HuaweiCloud => &["HUAWEICLOUD_SDK_CREDENTIALS_FILE"],
    }
}

fn path_of(selection: FileSelection<'_>, environment: &dyn Environment) -> Result<PathBuf, ConfigError> {
    let named =
        selection.path.map(Path::to_path_buf).or_else(|| first_set(path_names(selection.kind), environment).map(|(_, path)| path.into()));
    let place = named.unwrap_or_else(|| Path::new("~").join(selection.kind.usual_place()));
    let Ok(below_home) = place.strip_prefix("~") else { return Ok(place) };
    let no_home = || ConfigError::File { file: place.display().to_string(), reason: VendorFileError::NoHome };
    Ok(environment.home().ok_or_else(no_home)?.join(below_home))
}

fn key(id: Option<String>, secret: Option<String>, token: Option<String>) -> Result<AccessKey, VendorFileError> {
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (Some(id), Some(secret)) = (filled(id), filled(secret)) else {
        return Err(VendorFileError::NoKey);
    };
    Ok(AccessKey { id, secret: Secret::new(secret), token: filled(token).map(Secret::new), project_id: None })
}

fn unsupported(profile: &str, mode: &str, supported: &'static str) -> VendorFileError {
    VendorFileError::Mode { profile: profile.to_owned(), mode: mode.to_owned(), supported }
}

fn no_profile<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> VendorFileError {
    VendorFileError::NoProfile { name: name.to_owned(), near: nearest(name, names) }
}

#[derive(Deserialize)]
struct AliyunFile {
    #[serde(default)]
    current: String,
    #[serde(default)]
    profiles: Vec<AliyunProfile>,
}

#[derive(Deserialize)]
struct AliyunProfile {
    name: String,
    #[serde(default)]
    mode: String,
    access_key_id: Option<String>,
    access_key_secret: Option<String>,
    sts_token: Option<String>,
    region_id: Option<String>,
}

/// Reads a file of the Alibaba Cloud command line, which compares profile names without regard to case.
fn aliyun(text: &str, profile: Option<&str>) -> Result<FoundProfile, VendorFileError> {
    let AliyunFile { current, profiles } = json(text)?;
    let selected = chosen(profile, &current);
    let missing = no_profile(selected, profiles.iter().map(|profile| profile.name.as_str()));
    let found = profiles.into_iter().find(|profile| profile.name.eq_ignore_ascii_case(selected)).ok_or(missing)?;
    let token = match found.mode.as_str() {
        "" | "AK" => None,
        "StsToken" => found.sts_token,
        other => return Err(unsupported(selected, other, "AK and StsToken")),
    };
    Ok((key(found.access_key_id, found.access_key_secret, token)?, found.region_id, None))
}

#[derive(Deserialize)]
struct VolcFile {
    #[serde(default)]
    current: String,
    #[serde(default)]
    profiles: BTreeMap<String, VolcProfile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct VolcProfile {
    #[serde(default)]
    mode: String,
    access_key: Option<String>,
    secret_key: Option<String>,
    session_token: Option<String>,
    region: Option<String>,
}

fn volc(text: &str, profile: Option<&str>) -> Result<FoundProfile, VendorFileError> {
    let VolcFile { current, mut profiles } = json(text)?;
    let selected = chosen(profile, &current);
    let missing = no_profile(selected, profiles.keys().map(String::as_str));
    let found = profiles.remove(selected).ok_or(missing)?;
    if !found.mode.is_empty() && !found.mode.eq_ignore_ascii_case("ak") {
        return Err(unsupported(selected, &found.mode, "only access keys, mode ak,"));
    }
    Ok((key(found.access_key, found.secret_key, found.session_token)?, found.region, None))
}

/// Returns the profile asked for, else the file's current one, else `default`.
fn chosen<'a>(profile: Option<&'a str>, current: &'a str) -> &'a str {
    profile.unwrap_or(if current.is_empty() { "default" } else { current })
}

/// Reads a file as JSON. An error names a place, never a value.
fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, VendorFileError> {
    serde_json::from_str(text).map_err(|error| VendorFileError::NotJson { line: error.line(), column: error.column() })
}

/// Reads an INI file with a section per kind of credentials; `basic` is the one for projects.
fn huawei(text: &str, profile: Option<&str>) -> Result<FoundProfile, VendorFileError> {
    let selected = profile.unwrap_or("basic");
    let mut section = "";
    let mut sections = Vec::new();
    let mut values = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim();
            sections.push(section);
        } else if let Some((name, value)) = line.split_once('=')
            && section == selected
        {
            values.insert(name.trim(), value.trim().to_owned());
        }
    }
    if !sections.contains(&selected) {
        return Err(no_profile(selected, sections.into_iter()));
    }
    let mut key = key(values.remove("ak"), values.remove("sk"), values.remove("security_token"))?;
    key.project_id = values.remove("project_id").filter(|id| !id.is_empty());
    Ok((key, None, values.remove("iam_endpoint")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIYUN: &str = r#"{"current":"work","profiles":[
        {"name":"Work","mode":"AK","access_key_id":"LTAIexample","access_key_secret":"s1","region_id":"cn-shanghai"},
        {"name":"temp","mode":"StsToken","access_key_id":"STS.example","access_key_secret":"s2","sts_token":"t"},
        {"name":"role","mode":"RamRoleArn","access_key_id":"LTAI","access_key_secret":"s"}]}"#;

    #[test]
    fn aliyun_takes_the_current_profile_and_temporary_keys() {
        let (key, region, _) = aliyun(ALIYUN, None).unwrap();
        assert_eq!((key.id.as_str(), region.as_deref()), ("LTAIexample", Some("cn-shanghai")));
        let (key, ..) = aliyun(ALIYUN, Some("temp")).unwrap();
        assert_eq!(key.token.unwrap().expose(), "t");
    }

    #[test]
    fn aliyun_names_what_it_cannot_do() {
        assert!(aliyun(ALIYUN, Some("role")).unwrap_err().to_string().contains("mode RamRoleArn"));
        assert_eq!(aliyun(ALIYUN, Some("tmp")).unwrap_err().to_string(), "there is no profile `tmp` in it: did you mean temp?");
        assert_eq!(aliyun("{", None).unwrap_err().to_string(), "line 1, column 1: not the JSON expected here");
    }

    #[test]
    fn volc_takes_access_keys_only() {
        let text = r#"{"current":"prod","profiles":{"prod":{"name":"prod","mode":"AK","access-key":"AKLTx","secret-key":"s","session-token":"","region":"cn-beijing"},
            "sso":{"mode":"sso"}}}"#;
        let (key, region, _) = volc(text, None).unwrap();
        assert_eq!((key.id.as_str(), key.token.is_none(), region.as_deref()), ("AKLTx", true, Some("cn-beijing")));
        assert!(volc(text, Some("sso")).unwrap_err().to_string().contains("mode sso"));
    }

    #[test]
    fn huawei_reads_sections() {
        let text = "# keys\n[global]\nak = no\n\n[basic]\nak = HWAK\nsk=HWSK\nproject_id = p\niam_endpoint = https://iam.example.com\n";
        let (key, _, iam) = huawei(text, None).unwrap();
        assert_eq!((key.id.as_str(), key.secret.expose(), key.project_id.as_deref()), ("HWAK", "HWSK", Some("p")));
        assert_eq!(iam.as_deref(), Some("https://iam.example.com"));
        assert!(huawei(text, Some("baisc")).unwrap_err().to_string().contains("did you mean basic"));
    }
}
