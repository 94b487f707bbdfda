//! The five creates, and what makes the emulator refuse a good request: that there is one already, or too many.

use serde_json::{Value, json};

use crate::lab::{Lab, PROVIDERS, code, good, json, message, texts};

/// Members of an object that are the same in every run.
fn without(mut value: Value, volatile: &[&str]) -> Value {
    for name in volatile {
        let removed = value.as_object_mut().unwrap().shift_remove(*name);
        assert!(removed.is_some_and(|text| text.as_str().is_some_and(|text| !text.is_empty())), "{name} in {value}");
    }
    value
}

#[test]
fn sae_answers_with_the_namespace() {
    let lab = Lab::demo();
    let arguments =
        ["NamespaceName=Bestellungen ü", "NameSpaceShortId=orders", "NamespaceDescription=a b*c+d:e/f", "EnableMicroRegistration=false"];
    let answer = lab.send("alibaba-sae", &lab.create("alibaba-sae", &arguments));
    assert_eq!(answer.status, 200);
    assert_eq!(
        without(json(&answer), &["RequestId", "TraceId"]),
        json!({"Message": "success", "Code": "200", "Success": true, "Data": {
            "NamespaceId": "cn-hangzhou:orders", "NameSpaceShortId": "orders", "NamespaceName": "Bestellungen ü",
            "NamespaceDescription": "a b*c+d:e/f", "RegionId": "cn-hangzhou", "EnableMicroRegistration": false,
        }})
    );
    assert_eq!(answer.headers.get_str("x-acs-request-id"), json(&answer)["RequestId"].as_str());
}

#[test]
fn sae_takes_a_long_id_and_the_default() {
    let lab = Lab::demo();
    let answer = lab
        .send("alibaba-sae", &lab.create("alibaba-sae", &["NamespaceName=o", "NamespaceId=cn-hangzhou:orders", "NameSpaceShortId=other"]));
    let data = &json(&answer)["Data"];
    assert_eq!((&data["NamespaceId"], &data["NameSpaceShortId"]), (&json!("cn-hangzhou:orders"), &json!("orders")));
    assert_eq!(data["EnableMicroRegistration"], json!(true));
    let again = lab.send("alibaba-sae", &lab.create("alibaba-sae", &["NamespaceName=o", "NameSpaceShortId=orders"]));
    assert_eq!(code(&again), "InstanceExist.NamespaceId");
}

#[test]
fn pai_answers_with_a_number_as_text() {
    let lab = Lab::demo();
    let answer =
        lab.send("alibaba-pai", &lab.create("alibaba-pai", &["WorkspaceName=orders", "Description=描述", "EnvTypes=dev", "EnvTypes=prod"]));
    let body = json(&answer);
    assert_eq!((answer.status, body.as_object().unwrap().len()), (200, 2));
    let id = body["WorkspaceId"].as_str().unwrap();
    assert!(id.len() >= 4 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
}

#[test]
fn volcengine_answers_with_all_that_was_set() {
    let lab = Lab::demo();
    let answer =
        lab.send("volcengine-id", &lab.create("volcengine-id", &["NamespaceName=orders", r#"Tags:=[{"Key":"env","Value":"prod"}]"#]));
    let body = json(&answer);
    assert_eq!(answer.status, 200);
    assert_eq!(
        without(body["ResponseMetadata"].clone(), &["RequestId"]),
        json!({"Action": "CreateNamespace", "Version": "2025-10-30", "Service": "id", "Region": "cn-beijing"})
    );
    let result = without(body["Result"].clone(), &["NamespaceId", "Trn", "CreateTime", "UpdateTime"]);
    assert_eq!(result, json!({"NamespaceName": "orders", "Tags": [{"Key": "env", "Value": "prod"}]}));
    let (id, trn) = (body["Result"]["NamespaceId"].as_str().unwrap(), body["Result"]["Trn"].as_str().unwrap());
    assert!(trn.starts_with("trn:id:cn-beijing:") && trn.ends_with(&format!(":permissionnamespace/{id}")), "{trn}");
}

#[test]
fn members_that_nobody_knows_are_ignored() {
    let lab = Lab::demo();
    let mut request = lab.plan("volcengine-id", &[]);
    // The tag as the vendor's page prints it.
    request.body = r#"{"NamespaceName":"orders","Nothing":1,"Tags":[{"Key":"env","Values":"prod"}]}"#.into();
    request.headers.set("content-length", request.body.len().to_string());
    let answer = lab.send("volcengine-id", &lab.signer("volcengine-id").sign(&lab, "volcengine-id", request));
    assert_eq!(json(&answer)["Result"]["Tags"], json!([{"Key": "env"}]));
}

#[test]
fn swr_answers_with_an_empty_object() {
    let lab = Lab::demo();
    for id in ["huawei-swr", "otc-swr"] {
        let answer = lab.send(id, &lab.create(id, &["namespace=orders"]));
        assert_eq!((answer.status, &*answer.body, answer.headers.get_str("content-length")), (201, &b"{}"[..], Some("2")));
        assert!(answer.headers.contains("x-request-id"));
    }
}

#[test]
fn refuses_duplicates() {
    let lab = Lab::demo();
    let wanted = [
        (400, "InstanceExist.NamespaceId"),
        (400, "WorkspaceNameAlreadyExists"),
        (409, "Duplicated"),
        (409, "SVCSTG.SWR.4090060"),
        (409, "SVCSTG.SWR.4090060"),
    ];
    for (id, (status, wanted)) in PROVIDERS.into_iter().zip(wanted) {
        let arguments = good(id, "orders");
        assert!(lab.send(id, &lab.create(id, &texts(&arguments))).status < 300, "{id}");
        let again = lab.send(id, &lab.create(id, &texts(&arguments)));
        assert_eq!((again.status, code(&again).as_str()), (status, wanted), "{id}");
    }
    // Volcengine says which.
    let again = lab.send("volcengine-id", &lab.create("volcengine-id", &["NamespaceName=orders"]));
    assert_eq!(message(&again), "资源 orders 已存在");
}

#[test]
fn limits_resources_per_account() {
    let lab = Lab::demo();
    for (id, quota, wanted) in
        [("alibaba-sae", 20, "Exceed.Namespace"), ("volcengine-id", 20, "QuotaExceeded"), ("otc-swr", 5, "SVCSTG.SWR.4000097")]
    {
        for number in 0..quota {
            let answer = lab.send(id, &lab.create(id, &texts(&good(id, &format!("n{number}")))));
            assert!(answer.status < 300, "{id} {number} {answer:?}");
        }
        assert_eq!(code(&lab.send(id, &lab.create(id, &texts(&good(id, "more"))))), wanted);
        // What is refused for another reason stays so.
        let taken = code(&lab.send(id, &lab.create(id, &texts(&good(id, "n0")))));
        assert_ne!(taken, wanted, "{id}");
    }
}
