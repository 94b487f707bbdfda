//! From a profile to access, in a world that is made up: who is asked for what, in which order, and what is wrong with it.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use skydeck::auth::{AccessKey, Credentials, Project, Scheme};
use skydeck::catalog::{Catalog, Provider};
use skydeck::config::{
    Access, CommandError, Config, ConfigError, CredentialsCommand, DEMO, DemoAccess, ENV, Environment, FileText, Guard, Overrides,
    PromptError, locate, resolve,
};
use skydeck::redact::SecretRegistry;
use skydeck::secret::Secret;

#[derive(Default)]
struct FakeEnvironment {
    variables: BTreeMap<String, String>,
    files: BTreeMap<PathBuf, (String, bool)>,
    output: Option<String>,
    typed: Option<String>,
    secrets: SecretRegistry,
}

impl FakeEnvironment {
    fn with(variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { variables, ..Self::default() }
    }

    fn with_file(path: &str, text: &str, open: bool) -> Self {
        Self { files: [(PathBuf::from(path), (text.to_owned(), open))].into(), ..Self::default() }
    }
}

impl Environment for FakeEnvironment {
    fn secrets(&self) -> &SecretRegistry {
        &self.secrets
    }

    fn var(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn home(&self) -> Option<PathBuf> {
        Some("/home/op".into())
    }

    fn read_file(&self, path: &Path) -> std::io::Result<FileText> {
        let (text, open_to_others) = self.files.get(path).cloned().ok_or_else(|| std::io::Error::other("no such file"))?;
        Ok(FileText { text: Secret::new(text), open_to_others })
    }

    fn run_command(&self, _command: &CredentialsCommand) -> Result<Secret, CommandError> {
        self.output.clone().map(Secret::new).ok_or_else(|| CommandError::System("exit status 1".to_owned()))
    }

    fn prompt(&self, _question: &str, _covered: bool) -> Result<Secret, PromptError> {
        self.typed.clone().map(Secret::new).ok_or(PromptError::Cancelled)
    }

    fn demo(&self, _provider: &str) -> Option<DemoAccess> {
        let key = AccessKey { id: "LTAIdemo".into(), secret: Secret::new("demo"), token: None, project_id: None };
        let endpoint: skydeck::wire::Endpoint = "http://127.0.0.1:4000".parse().unwrap();
        Some(DemoAccess { iam_endpoint: Some(endpoint.clone()), endpoint, credentials: Credentials::AccessKey(key) })
    }
}

fn provider(id: &str) -> Arc<Provider> {
    Arc::clone(Catalog::built_in().provider(id).unwrap())
}

fn config(text: &str) -> Config {
    let catalog = Catalog::built_in();
    let providers: Vec<&str> = catalog.index().map(|(id, _)| id).collect();
    Config::parse("config.toml", text, &providers).unwrap()
}

/// Resolves profile `p` of a configuration that gives it one account.
fn account(id: &str, account: &str, environment: &FakeEnvironment) -> Result<Access, ConfigError> {
    let provider = provider(id);
    let text = format!("[profiles.p.{}]\n{account}", provider.vendor.key());
    resolve(&config(&text), "p", &provider, &Overrides::default(), environment)
}

fn env(id: &str, environment: &FakeEnvironment, overrides: &Overrides) -> Result<Access, ConfigError> {
    resolve(&Config::default(), ENV, &provider(id), overrides, environment)
}

fn key(access: &Access) -> (&str, &str, Option<&str>) {
    match &access.credentials {
        Credentials::AccessKey(key) => (&key.id, key.secret.expose(), key.token.as_ref().map(Secret::expose)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn takes_variable_families_whole_and_in_order() {
    let both = FakeEnvironment::with(&[
        ("VOLCENGINE_ACCESS_KEY", "AKLTnew"),
        ("VOLCENGINE_SESSION_TOKEN", "stale"),
        ("VOLCSTACK_ACCESS_KEY_ID", "AKLTstack"),
        ("VOLCSTACK_SECRET_KEY", "s2"),
        ("VOLC_ACCESSKEY", "AKLTold"),
        ("VOLC_SECRETKEY", "s3"),
    ]);
    // The newest family has no secret, so its token is not mixed with another family's key.
    assert_eq!(key(&env("volcengine-id", &both, &Overrides::default()).unwrap()), ("AKLTstack", "s2", None));
    let huawei = FakeEnvironment::with(&[
        ("HW_ACCESS_KEY", "HW"),
        ("HW_SECRET_KEY", "s"),
        ("HW_SECURITY_TOKEN", "t"),
        ("HW_REGION_NAME", "cn-north-4"),
    ]);
    let access = env("huawei-swr", &huawei, &Overrides::default()).unwrap();
    assert_eq!((key(&access), access.scheme, access.guard), (("HW", "s", Some("t")), Scheme::SdkHmac, Guard::Confirm));
    assert_eq!(
        (access.region.as_str(), access.endpoint.to_string().as_str()),
        ("cn-north-4", "https://swr-api.cn-north-4.myhuaweicloud.com")
    );
}

#[test]
fn chooses_the_scheme_by_credentials_or_profile() {
    let both = FakeEnvironment::with(&[
        ("OS_ACCESS_KEY", "AK"),
        ("OS_SECRET_KEY", "SK"),
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "p"),
        ("OS_DOMAIN_NAME", "d"),
        ("OS_AUTH_URL", "https://iam.example.com/v3/"),
    ]);
    assert_eq!(account("otc-swr", "", &both).unwrap().scheme, Scheme::SdkHmac);
    let access = account("otc-swr", "auth = \"iam-token\"", &both).unwrap();
    let Credentials::Login(login) = &access.credentials else { panic!("{access:?}") };
    assert_eq!((login.user.as_str(), &login.project), ("u", &Project::Name("eu-de".into())));
    assert_eq!(access.iam_endpoint.unwrap().to_string(), "https://iam.example.com");
    let misfit = account("otc-swr", "auth = \"iam-token\"\ncredentials = { access_key_id = \"a\", access_key_secret = \"b\" }", &both);
    assert!(misfit.unwrap_err().to_string().contains("cannot use an access key with X-Auth-Token"));
    let token = FakeEnvironment { output: Some("{\"token\": \"t\"}".into()), ..FakeEnvironment::default() };
    let misfit = account("alibaba-sae", "credentials = { command = [\"x\"] }", &token).unwrap_err();
    assert!(misfit.to_string().contains("alibaba-sae cannot use a token with ACS3-HMAC-SHA256"), "{misfit}");
}

#[test]
fn takes_a_local_server_as_its_token_service() {
    let environment = FakeEnvironment::with(&[("OS_USERNAME", "u"), ("OS_PASSWORD", "p"), ("OS_DOMAIN_NAME", "d")]);
    let here = Overrides { endpoint: Some("http://127.0.0.1:9".parse().unwrap()), ..Overrides::default() };
    assert_eq!(env("otc-swr", &environment, &here).unwrap().iam_endpoint, here.endpoint);
    let elsewhere = Overrides { endpoint: Some("https://swr.example.com".parse().unwrap()), ..Overrides::default() };
    assert_eq!(env("otc-swr", &environment, &elsewhere).unwrap().iam_endpoint.unwrap().to_string(), "https://iam.eu-de.otc.t-systems.com");
    let named = "iam_endpoint = \"https://iam.example.com\"";
    assert_eq!(account("otc-swr", named, &environment).unwrap().iam_endpoint.unwrap().to_string(), "https://iam.example.com");
}

#[test]
fn requires_an_endpoint_for_an_unlisted_region() {
    let environment = FakeEnvironment::with(&[("REGION", "eu-west-1"), ("ACCESS_KEY_ID", "LTAIx"), ("ACCESS_KEY_SECRET", "s")]);
    let error = env("alibaba-sae", &environment, &Overrides::default()).unwrap_err().to_string();
    assert!(error.contains("lists no region `eu-west-1` (named by REGION)"), "{error}");
    let endpoint = Some("https://sae.eu-west-1.aliyuncs.com".parse().unwrap());
    let access = env("alibaba-sae", &environment, &Overrides { endpoint, ..Overrides::default() }).unwrap();
    assert_eq!(access.region, "eu-west-1");
    let each = "region = { alibaba-pai = \"cn-shanghai\" }\nendpoint = { alibaba-sae = \"https://sae.example.com\" }";
    assert_eq!(
        account("alibaba-pai", each, &FakeEnvironment::with(&[("ACCESS_KEY_ID", "a"), ("ACCESS_KEY_SECRET", "s")])).unwrap().region,
        "cn-shanghai"
    );
}

#[test]
fn vendors_files_bring_key_region_and_doubts() {
    let text = r#"{"current":"prod","profiles":{"prod":{"access-key":"AKLTf","secret-key":"s ","region":"ap-southeast-2"}}}"#;
    let environment = FakeEnvironment::with_file("/home/op/.volcengine/config.json", text, true);
    let access = account("volcengine-id", "credentials = { file = \"volc-cli\" }", &environment).unwrap();
    assert_eq!((key(&access).0, access.region.as_str()), ("AKLTf", "ap-southeast-2"));
    assert_eq!(access.warnings.len(), 2, "{:?}", access.warnings);
    assert!(access.warnings[0].contains("chmod 600"));
    let missing = account("volcengine-id", "credentials = { file = \"volc-cli\", path = \"~/other.json\" }", &environment).unwrap_err();
    assert_eq!(missing.to_string(), "/home/op/other.json: no such file");
    let ini = FakeEnvironment::with_file("/keys", "[basic]\nak = A\nsk = S\niam_endpoint = https://iam.example.com\n", false);
    let access = account("huawei-swr", "credentials = { file = \"huaweicloud\", path = \"/keys\" }", &ini).unwrap();
    assert_eq!((key(&access).0, access.scheme, access.warnings.len()), ("A", Scheme::SdkHmac, 0));
}

#[test]
fn prompts_for_omitted_credentials() {
    let environment = FakeEnvironment { typed: Some("typed".into()), ..FakeEnvironment::default() };
    let access = account("alibaba-sae", "credentials = { prompt = true }", &environment).unwrap();
    assert_eq!(key(&access), ("typed", "typed", None));
    let access =
        account("otc-swr", "credentials = { user = \"u\", domain = \"d\", project_id = \"7\", prompt = true }", &environment).unwrap();
    assert!(
        matches!(&access.credentials, Credentials::Login(login) if login.password.expose() == "typed" && login.project == Project::Id("7".into()))
    );
    assert!(access.warnings.is_empty());
    let nobody = account("alibaba-sae", "credentials = { prompt = true }", &FakeEnvironment::default()).unwrap_err().to_string();
    assert_eq!(nobody, "Alibaba Cloud access key id for profile p: cancelled");
}

#[test]
fn asks_for_another_key_whatever_the_profile_has() {
    let typed = Overrides { typed: true, ..Overrides::default() };
    let environment =
        FakeEnvironment { typed: Some("typed".into()), ..FakeEnvironment::with(&[("ALIBABA_CLOUD_REGION_ID", "cn-shanghai")]) };
    let resolved = |vendor: &str, id: &str, credentials: &str| {
        let config = config(&format!("[profiles.p.{vendor}]\ncredentials = {credentials}\n"));
        resolve(&config, "p", &provider(id), &typed, &environment).unwrap()
    };
    for own in ["\"env\"", "{ access_key_id = \"LTAIown\", access_key_secret = \"own\" }", "{ command = [\"false\"] }"] {
        let access = resolved("alibaba", "alibaba-sae", own);
        assert_eq!(key(&access), ("typed", "typed", None), "{own}");
        assert!(access.warnings[0].starts_with("the key was typed for this session"), "{own}");
    }
    assert_eq!(resolved("alibaba", "alibaba-sae", "\"env\"").region, "cn-shanghai", "where calls go is still the profile's word");
    let access = resolved("otc", "otc-swr", "{ user = \"u\", domain = \"d\", password = \"own\" }");
    assert!(matches!(&access.credentials, Credentials::Login(login) if login.user == "u" && login.password.expose() == "typed"));
    let access = resolved("otc", "otc-swr", "{ token = \"own\" }");
    assert!(matches!(&access.credentials, Credentials::Token(token) if token.expose() == "typed"));
    let access = resolve(&Config::default(), DEMO, &provider("alibaba-sae"), &typed, &environment).unwrap();
    assert_eq!((key(&access), access.endpoint.to_string().as_str()), (("typed", "typed", None), "http://127.0.0.1:4000"));
}

#[test]
fn names_a_command_without_its_arguments() {
    let error =
        account("alibaba-sae", "credentials = { command = [\"vault\", \"--token=hunter2\"] }", &FakeEnvironment::default()).unwrap_err();
    assert_eq!(error.to_string(), "the command `vault` gave no credentials: exit status 1");
    let wrong = FakeEnvironment { output: Some("hunter2".into()), ..FakeEnvironment::default() };
    let error = account("alibaba-sae", "credentials = { command = [\"vault\"] }", &wrong).unwrap_err().to_string();
    assert!(error.contains("line 1") && !error.contains("hunter2"), "{error}");
}

#[test]
fn confines_the_demo_to_this_machine() {
    let (config, provider, environment) = (Config::default(), provider("huawei-swr"), FakeEnvironment::default());
    let to = |url: &str| Overrides { endpoint: Some(url.parse().unwrap()), ..Overrides::default() };
    let access = resolve(&config, DEMO, &provider, &to("http://localhost:5000"), &environment).unwrap();
    assert_eq!((access.endpoint.to_string().as_str(), access.guard), ("http://localhost:5000", Guard::None));
    for url in ["https://swr-api.eu-west-101.myhuaweicloud.eu", "http://127.0.0.1.example.com"] {
        let error = locate(&config, DEMO, &provider, &to(url), &environment).unwrap_err();
        assert!(matches!(error, ConfigError::DemoElsewhere(_)), "{error}");
    }
}

#[test]
fn looking_where_calls_go_asks_nobody() {
    let config = config("[profiles.p.otc]\ncredentials = { prompt = true }\n");
    let location = locate(&config, "p", &provider("otc-swr"), &Overrides::default(), &FakeEnvironment::default()).unwrap();
    assert_eq!(location.endpoint.to_string(), "https://swr-api.eu-de.otc.t-systems.com");
}

#[test]
fn names_missing_sources() {
    let error = |profile: &str| {
        resolve(&config("[profiles.p]"), profile, &provider("otc-swr"), &Overrides::default(), &FakeEnvironment::default()).unwrap_err()
    };
    assert_eq!(error("p").to_string(), "profile `p` has nothing for Open Telekom Cloud: add a table [profiles.p.otc]");
    assert!(error("dmo").to_string().contains("no profile `dmo`: did you mean demo?"));
    assert!(error("env").to_string().contains("OS_TOKEN (token): not set"));
}
