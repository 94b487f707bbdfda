//! Situations that users of these vendors reported, made with throw-away keys: each with its right answer, by the program itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use skydeck::auth::{derive_key, hex_hmac_sha256};

const ALIBABA: &str = "ThrowAwaySecret0000000000000001";
const VOLCENGINE: &str = "VGhyb3dBd2F5U2VjcmV0MDAwMDAwMDAwMDAwMDE9PQ==";
const HUAWEI: &str = "ThrowAwaySecretHw00000000000000000000001";
const AWS: &str = "ThrowAway/Secret+Aws00000000000000000001";

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/cases").join(name)
}

fn lab_command(file: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skydeck"));
    command.args(["lab", file.to_str().unwrap()]).args(more);
    if !more.contains(&"--at") {
        command.args(["--at", "2026-11-22T01:00:03Z"]);
    }
    command.env_clear().env("HOME", env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null());
    command
}

fn run(file: &Path, secret: &str, more: &[&str]) -> (i32, String, String) {
    let output = lab_command(file, more).args(["--secret-env", "S"]).env("S", secret).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// The status and the object of an examination.
fn object(name: &str, secret: &str, more: &[&str]) -> (i32, Value) {
    let (status, out, err) = run(&case(name), secret, &[more, &["--output", "json"]].concat());
    (status, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{name}: {error}: {out} {err}")))
}

/// Examines a request of this text.
fn examined(text: &str, secret: &str, more: &[&str]) -> (i32, Value) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let (status, out, err) = run(file.path(), secret, &[more, &["--output", "json"]].concat());
    (status, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out} {err}")))
}

fn server_text(name: &str) -> [String; 2] {
    ["--server-text".to_owned(), case(name).to_str().unwrap().to_owned()]
}

fn cause(object: &Value) -> (&str, &str) {
    let first = &object["causes"][0];
    (first["fault"].as_str().unwrap_or_default(), first["detail"].as_str().unwrap_or_default())
}

#[test]
fn reports_why_a_right_signature_is_refused() {
    for (name, secret, fault, word) in [
        ("allinssl345-empty.http", VOLCENGINE, "scope-syntax", "region `` is empty"),
        ("allinssl345-chinese.http", VOLCENGINE, "scope-syntax", "region `华北`"),
        ("alidns16-trail.http", ALIBABA, "key-id-damaged", "U+0020 at 25"),
        ("certbot22.http", ALIBABA, "token-missing", "STS.NThrowAwayTemp000001"),
    ] {
        let (status, object) = object(name, secret, &[]);
        assert_eq!(
            (status, &object["arithmetic_holds"], &object["refused_for"]),
            (4, &Value::Bool(true), &fault.into()),
            "{name} {object}"
        );
        let (_, out, _) = run(&case(name), secret, &[]);
        assert!(out.contains("the arithmetic holds") && out.contains(&format!("refused-for: {fault}")) && out.contains(word), "{out}");
    }
}

#[test]
fn verifies_an_rpc_signature_in_query_and_form() {
    let text = server_text("ddnsgo375.txt");
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let (status, object_) = object("ddnsgo375-text.http", ALIBABA, &text);
    assert_eq!((status, object_["scheme"].as_str()), (4, Some("HMAC-SHA1 (RPC, V1)")), "{object_}");
    assert!(cause(&object_).0 == "query-asterisk" && object_["server"].is_array(), "{object_}");
    let text = server_text("sms4j34.txt");
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let (status, object_) = object("sms4j34.http", ALIBABA, &text);
    assert_eq!((status, object_["server"].is_array()), (4, true), "{object_}");
    assert_eq!((object_["verdict"].as_str(), cause(&object_)), (Some("fails"), ("secret-typed", "one character too many is in it")));
}

#[test]
fn verifies_object_storage_signatures() {
    let (status, object) = object("picgo877.http", ALIBABA, &[]);
    assert_eq!((status, object["scheme"].as_str()), (4, Some("OSS (V1, HMAC-SHA1)")), "{object}");
    assert!(cause(&object).0 == "path-normalised" && cause(&object).1.contains("one space"), "{object}");
}

#[test]
fn reads_the_clocks_from_both_times() {
    let text = server_text("otc3392.txt");
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let (status, object) = object("otc3392.http", HUAWEI, &text);
    let (fault, detail) = cause(&object);
    assert!(status == 4 && fault == "date-stale" && detail.contains("978 s behind"), "{object}");
}

#[test]
fn finds_another_version_than_the_signed_one() {
    let (status, object) = object("rtc8-version.http", VOLCENGINE, &[]);
    assert_eq!((status, cause(&object).0), (4, "version-changed"), "{object}");
}

#[test]
fn reads_a_token_request() {
    let (status, object_) = object("iam-token.http", HUAWEI, &[]);
    assert_eq!((status, object_["verdict"].as_str(), cause(&object_).0), (5, Some("no-signature"), "token-request-domain"), "{object_}");
    let (_, out, _) = run(&case("iam-token.http"), HUAWEI, &[]);
    assert!(out.contains("nothing was verified") && out.contains("nothing in it is signed"), "{out}");
    let (status, _, err) = run(&case("iam-token.http"), HUAWEI, &["--server-text", "server string to sign is:GET"]);
    assert!(status == 2 && err.contains("--server-text"), "{err}");
}

#[test]
fn reports_an_unknown_scheme_as_unverified() {
    for (authorization, fault, name) in [
        ("Basic dXNlcjpwYXNz", "token-no-signature", "HTTP Basic"),
        ("Bearer abc.def", "token-no-signature", "RFC 6750"),
        ("q-sign-algorithm=sha1&q-ak=AK&q-signature=ff", "scheme-unknown", "Tencent Cloud COS"),
        ("TC3-HMAC-SHA256 Credential=AK/2026-11-22/cvm/tc3_request, SignedHeaders=host, Signature=ff", "scheme-unknown", "https://"),
        ("NEW9-HMAC Credential=AK, Signature=ff", "scheme-unknown", "NEW9-HMAC"),
    ] {
        let text = format!("GET /a HTTP/1.1\r\nHost: example.com\r\nAuthorization: {authorization}\r\n\r\n");
        let (status, object) = examined(&text, ALIBABA, &[]);
        assert_eq!((status, cause(&object).0), (5, fault), "{object}");
        assert!(cause(&object).1.contains(name), "{object}");
    }
}

#[test]
fn verifies_the_documents_examples() {
    let aws = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ";
    let s3 = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (scheme, at, secret, text) in [
        // Alibaba Cloud, "signature method V2 for RPC-style APIs".
        (
            "HMAC-SHA1 (RPC, V1)",
            "2016-02-23T12:46:24Z",
            "testsecret",
            "GET /?SignatureVersion=1.0&Action=DescribeRegions&Format=XML&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Version=2014-05-26&AccessKeyId=testid&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D&SignatureMethod=HMAC-SHA1&Timestamp=2016-02-23T12%3A46%3A24Z HTTP/1.1\nHost: ecs.aliyuncs.com\n\n".to_owned(),
        ),
        // AWS, "Authenticating requests": GET object, GET bucket lifecycle, and a URL.
        (
            "AWS4-HMAC-SHA256",
            "2013-05-24T00:00:00Z",
            s3,
            format!("GET /test.txt HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\nRange: bytes=0-9\nx-amz-content-sha256: {empty}\nx-amz-date: 20130524T000000Z\nAuthorization: {aws}SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\n\n"),
        ),
        (
            "AWS4-HMAC-SHA256",
            "2013-05-24T00:00:00Z",
            s3,
            format!("GET /?lifecycle HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\nx-amz-content-sha256: {empty}\nx-amz-date: 20130524T000000Z\nAuthorization: {aws}SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543\n\n"),
        ),
        (
            "AWS4-HMAC-SHA256 (query)",
            "2013-05-24T12:00:00Z",
            s3,
            "GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\n\n".to_owned(),
        ),
        // AWS, "Signing and authenticating REST requests" (V2): GET object, and a URL.
        (
            "AWS (S3 V2, HMAC-SHA1)",
            "2007-03-27T19:36:42Z",
            s3,
            "GET /photos/puppy.jpg HTTP/1.1\nHost: awsexamplebucket1.us-west-1.s3.amazonaws.com\nDate: Tue, 27 Mar 2007 19:36:42 +0000\nAuthorization: AWS AKIAIOSFODNN7EXAMPLE:qgk2+6Sv9/oM7G3qLEjTH1a1l1g=\n\n".to_owned(),
        ),
        // Alibaba Cloud's SDKs for OSS, tests of their signer V4.
        (
            "OSS4-HMAC-SHA256",
            "2023-12-16T16:20:57Z",
            "sk",
            "PUT /1234%2B-/123/1.txt?param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2=&%7Cparam2=&param2= HTTP/1.1\nHost: bucket.oss-cn-hangzhou.aliyuncs.com\nx-oss-head1: value\nabc: value\nZAbc: value\nXYZ: value\ncontent-type: text/plain\nx-oss-content-sha256: UNSIGNED-PAYLOAD\nx-oss-date: 20231216T162057Z\nAuthorization: OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,Signature=e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe\n\n".to_owned(),
        ),
        (
            "OSS4-HMAC-SHA256",
            "2023-12-16T17:25:12Z",
            "sk",
            "PUT /1234%2B-/123/1.txt?param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2=&%7Cparam2=&param2= HTTP/1.1\nHost: bucket.oss-cn-hangzhou.aliyuncs.com\nx-oss-head1: value\nabc: value\nZAbc: value\nXYZ: value\ncontent-type: text/plain\nx-oss-content-sha256: UNSIGNED-PAYLOAD\nx-oss-date: 20231216T172512Z\nAuthorization: OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,AdditionalHeaders=abc;zabc,Signature=4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f\n\n".to_owned(),
        ),
        (
            "OSS4-HMAC-SHA256 (query)",
            "2023-12-17T02:54:37Z",
            "sk",
            "PUT /1234%2B-/123/1.txt?param1=value1&%2Bparam1=value3&%7Cparam1=value4&%2Bparam2&%7Cparam2&param2&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20231217T025437Z&x-oss-expires=599&x-oss-credential=ak%2F20231217%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-signature=a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe HTTP/1.1\nHost: bucket.oss-cn-hangzhou.aliyuncs.com\nx-oss-head1: value\nabc: value\nZAbc: value\nXYZ: value\ncontent-type: application/octet-stream\n\n".to_owned(),
        ),
    ] {
        let (status, object) = examined(&text, secret, &["--at", at]);
        assert_eq!((status, object["scheme"].as_str()), (0, Some(scheme)), "{object:#}");
        let (status, object) = examined(&text, &format!("{secret}x"), &["--at", at]);
        assert_eq!((status, object["verdict"].as_str()), (4, Some("fails")), "{object:#}");
    }
}

#[test]
fn verifies_every_scheme_and_finds_its_mistakes() {
    for (name, secret, scheme, status, fault) in [
        ("volcengine-query", VOLCENGINE, "HMAC-SHA256 (query)", 0, ""),
        ("volcengine-query-short", VOLCENGINE, "HMAC-SHA256 (query)", 0, ""),
        ("volcengine-query-region", VOLCENGINE, "HMAC-SHA256 (query)", 4, "scope-syntax"),
        ("volcengine-sts", VOLCENGINE, "HMAC-SHA256", 4, "token-missing"),
        ("volcengine-action", VOLCENGINE, "HMAC-SHA256", 4, "parameter-missing"),
        ("huawei-query", HUAWEI, "SDK-HMAC-SHA256 (query)", 0, ""),
        ("huawei-query-slash", HUAWEI, "SDK-HMAC-SHA256 (query)", 4, "path-slash-lacking"),
        ("rpc-form", ALIBABA, "HMAC-SHA1 (RPC, V1)", 0, ""),
        ("rpc-sha256", ALIBABA, "HMAC-SHA256 (RPC, V1)", 0, ""),
        ("rpc-sts", ALIBABA, "HMAC-SHA1 (RPC, V1)", 4, "token-missing"),
        ("rpc-version", ALIBABA, "HMAC-SHA1 (RPC, V1)", 4, "version-changed"),
        ("oss", ALIBABA, "OSS (V1, HMAC-SHA1)", 0, ""),
        ("oss-bucket", ALIBABA, "OSS (V1, HMAC-SHA1)", 4, "bucket-left-out"),
        ("oss-domain", ALIBABA, "OSS (V1, HMAC-SHA1)", 5, "bucket-unknown"),
        ("oss-url", ALIBABA, "OSS (V1, HMAC-SHA1, query)", 0, ""),
        ("oss-url-late", ALIBABA, "OSS (V1, HMAC-SHA1, query)", 4, "date-stale"),
        ("obs", HUAWEI, "OBS (HMAC-SHA1)", 0, ""),
        ("obs-url", HUAWEI, "OBS (HMAC-SHA1, query)", 0, ""),
        ("obs-aws", HUAWEI, "AWS (S3 V2, HMAC-SHA1)", 0, ""),
        ("obs-aws4", HUAWEI, "AWS4-HMAC-SHA256", 0, ""),
        ("aws4-region", HUAWEI, "AWS4-HMAC-SHA256", 4, "scope-syntax"),
        ("tos", VOLCENGINE, "TOS4-HMAC-SHA256", 0, ""),
        ("oss-date", ALIBABA, "OSS (V1, HMAC-SHA1)", 0, ""),
        ("oss-md5", ALIBABA, "OSS (V1, HMAC-SHA1)", 4, "payload-header"),
        ("oss-two", ALIBABA, "OSS (V1, HMAC-SHA1)", 4, "bucket-left-out"),
        ("oss4-region", ALIBABA, "OSS4-HMAC-SHA256", 4, "scope-region"),
        ("obs-date", HUAWEI, "OBS (HMAC-SHA1)", 0, ""),
        ("obs-unix-date", HUAWEI, "OBS (HMAC-SHA1)", 4, "date-format"),
        ("aws4-unsigned", AWS, "AWS4-HMAC-SHA256", 4, "header-added"),
        ("aws4-hash", AWS, "AWS4-HMAC-SHA256", 4, "header-missing"),
        ("aws4-host", AWS, "AWS4-HMAC-SHA256", 4, "scope-region"),
        ("aws4-url-week", AWS, "AWS4-HMAC-SHA256 (query)", 4, "date-expires"),
        ("aws4-url-escaped", AWS, "AWS4-HMAC-SHA256 (query)", 4, "target-escaped"),
        ("aws4-url-alone", AWS, "AWS4-HMAC-SHA256 (query)", 0, ""),
        ("huawei-foreign", HUAWEI, "SDK-HMAC-SHA256", 4, "foreign-key"),
        ("rpc-slash", ALIBABA, "HMAC-SHA1 (RPC, V1)", 4, "path-encoding"),
        ("acs3-two", ALIBABA, "ACS3-HMAC-SHA256", 4, "authorization-repeated"),
    ] {
        let (found, object) = object(&format!("made-{name}.http"), secret, &[]);
        assert_eq!((found, object["scheme"].as_str(), cause(&object).0), (status, Some(scheme), fault), "{name}: {object:#}");
    }
}

#[test]
fn never_verifies_a_damaged_key_id() {
    let text = std::fs::read_to_string(case("alidns16-trail.http")).unwrap();
    let id = "LTAI5tThrowAwayKey000001";
    let (status, _) = examined(&text.replace(" ,Signed", ",Signed"), ALIBABA, &[]);
    assert_eq!(status, 0);
    for (damaged, shown) in [
        (format!("{id}%0A"), "`%` (U+0025) at 25"),
        (format!("[{id}]"), "`[`"),
        (format!("<{id}>"), "`<`"),
        (format!("\"{id}\""), "quotation marks"),
        (format!("{id}\t"), "U+0009"),
        (format!("{id}\u{3000}"), "U+3000"),
        (format!("{id}\u{200b}"), "U+200B"),
        (id.replace("LTAI", "ＬＴＡＩ"), "U+FF2C"),
        (id.replace("Throw", " Throw"), "U+0020 at 7"),
        (format!(" {id}"), "stands between"),
        (String::new(), "is empty"),
    ] {
        let (status, object) = examined(&text.replace(&format!("{id} "), &damaged), ALIBABA, &[]);
        assert!(status == 4 && cause(&object).1.contains(shown), "{damaged:?}: {object}");
    }
}

/// A request with the signature that the secret gives for it: what speaks against it is not the arithmetic.
fn signed_again(text: &str, sign: impl Fn(&str) -> String) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let output = lab_command(file.path(), &["--output", "json"]).output().unwrap();
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    text.replace(object["signature"].as_str().unwrap(), &sign(object["string_to_sign"].as_str().unwrap()))
}

#[test]
fn never_verifies_with_a_missing_header_or_scope_part() {
    let text = std::fs::read_to_string(case("certbot22.http")).unwrap().replace("STS.NThrowAwayTemp000001", "LTAI5tThrowAwayKey000001");
    assert_eq!(examined(&text, ALIBABA, &[]).0, 0);
    for name in ["x-acs-action", "x-acs-version", "x-acs-signature-nonce", "x-acs-content-sha256"] {
        let lines = text.lines().filter(|line| !line.starts_with(name)).map(|line| format!("{line}\r\n"));
        let text = lines.collect::<String>().replace(&format!("{name};"), "");
        let text = text.replace(&format!(";{name}"), "");
        let text = signed_again(&text, |string| hex_hmac_sha256(ALIBABA.as_bytes(), string.as_bytes()));
        let (status, object) = examined(&text, ALIBABA, &[]);
        let missing = object["causes"].as_array().unwrap().iter().any(|cause| cause["fault"] == "header-missing");
        assert!(status == 4 && missing, "{name}: {object}");
    }
    let text = std::fs::read_to_string(case("allinssl345-empty.http")).unwrap();
    for (region, service) in
        [(" cn-beijing", "a"), ("mars", "a"), ("cn-hangzhou", "a"), ("null", "a"), ("cn-beijing", ""), ("cn-beijing", "证书")]
    {
        let scope = format!("20261122/{region}/{service}/request");
        let key = derive_key(VOLCENGINE.as_bytes(), ["20261122", region, service, "request"]);
        let text = signed_again(&text.replace("20261122//certificate_service/request", &scope), |string| {
            hex_hmac_sha256(&*key, string.as_bytes())
        });
        let (status, object) = examined(&text, VOLCENGINE, &[]);
        let told = object["causes"].as_array().unwrap().iter().any(|cause| cause["fault"] == "scope-syntax");
        assert!(status == 4 && told && object["tried"] == 0, "{scope}: {object}");
    }
}
