//! The life of a resource: created, listed, shown, changed, deleted, and gone.

use serde_json::{Value, json};
use skydeck::emulator::{AcceptedKey, Settings};
use skydeck::wire::Response;

use crate::lab::{Lab, Signer, code, good, json, texts};
use crate::wait::until;

/// One provider's emulator.
struct Life {
    lab: Lab,
    id: &'static str,
}

impl Life {
    fn of(id: &'static str) -> Self {
        Self { lab: Lab::demo(), id }
    }

    fn create(&self, name: &str) -> Value {
        let answer = self.lab.send(self.id, &self.lab.create(self.id, &texts(&good(self.id, name))));
        assert!(answer.status < 300, "{answer:?}");
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    fn call(&self, operation: &str, arguments: &[&str]) -> Response {
        self.lab.call(self.id, operation, arguments)
    }

    /// The body of an answer that must be a success.
    fn good(&self, operation: &str, arguments: &[&str]) -> Value {
        let answer = self.call(operation, arguments);
        assert!(answer.status < 300, "{operation} {arguments:?}: {answer:?}");
        json(&answer)
    }

    /// Status and code of an answer that must be a refusal.
    fn refused(&self, operation: &str, arguments: &[&str]) -> (u16, String) {
        let answer = self.call(operation, arguments);
        (answer.status, code(&answer))
    }
}

/// A member of each element of an array.
fn each(list: &Value, member: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|element| element[member].as_str().unwrap().to_owned()).collect()
}

#[test]
fn swr_from_creation_to_deletion() {
    for id in ["huawei-swr", "otc-swr"] {
        let life = Life::of(id);
        assert_eq!(life.good("ListOrganizations", &[]), json!({"namespaces": []}));
        life.create("orders");
        life.create("billing");
        let shown = life.good("ShowOrganization", &["namespace=orders"]);
        assert!(shown["id"].as_u64().is_some_and(|id| id >= 1000), "{shown}");
        assert_eq!((&shown["name"], &shown["auth"]), (&json!("orders"), &json!(7)));
        assert_eq!(shown.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "name", "creator_name", "auth"]);
        let listed = life.good("ListOrganizations", &[]);
        assert_eq!((&listed["namespaces"][0], each(&listed["namespaces"], "name")), (&shown, vec!["orders".into(), "billing".into()]));

        let deleted = life.call("DeleteOrganization", &["namespace=orders"]);
        assert_eq!((deleted.status, deleted.body.len()), (204, 0));
        let gone = (404, "SVCSTG.SWR.4040058".to_owned());
        assert_eq!(life.refused("DeleteOrganization", &["namespace=orders"]), gone);
        assert_eq!(life.refused("ShowOrganization", &["namespace=orders"]), gone);
        assert_eq!(each(&life.good("ListOrganizations", &[])["namespaces"], "name"), ["billing"]);
        life.create("orders");
    }
}

#[test]
fn swr_keeps_an_organization_that_holds_an_image() {
    for id in ["huawei-swr", "otc-swr"] {
        let life = Life::of(id);
        life.create("orders");
        life.create("billing");
        let (orders, made) = ("namespace=orders", "repository=a/b");
        let created = life.call("CreateRepository", &[orders, made, "is_public=false", "category=linux"]);
        assert_eq!((created.status, &*created.body), (201, &b"{}"[..]), "{created:?}");
        let again = life.refused("CreateRepository", &[orders, "repository=a$b", "is_public=true"]);
        assert_eq!(again, (409, "SVCSTG.SWR.4090006".to_owned()));
        let shown = life.good("ShowRepository", &[orders, "repository=a$b"]);
        assert_eq!((&shown["name"], &shown["is_public"], &shown["category"]), (&json!("a/b"), &json!(false), &json!("linux")));
        assert_eq!(shown["ns_id"], life.good("ShowOrganization", &[orders])["id"]);

        assert_eq!(life.refused("DeleteOrganization", &[orders]), (406, "SVCSTG.SWR.4060074".to_owned()));
        assert_eq!(life.call("DeleteOrganization", &["namespace=billing"]).status, 204, "the other one holds none");
        assert_eq!(life.call("DeleteRepository", &[orders, made]).status, 204);
        assert_eq!(life.refused("DeleteRepository", &[orders, made]), (404, "SVCSTG.SWR.4040010".to_owned()));
        assert_eq!(life.refused("ShowRepository", &[orders, made]), (404, "SVCSTG.SWR.4040010".to_owned()));
        assert_eq!(life.call("DeleteOrganization", &[orders]).status, 204);
        let orphan = life.refused("CreateRepository", &[orders, made, "is_public=false"]);
        assert_eq!(orphan, (404, "SVCSTG.SWR.4040058".to_owned()));
        for name in ["A", "a..b", "-a", "a_", "a/_b"] {
            let refused = life.refused("CreateRepository", &["namespace=o", &format!("repository={name}"), "is_public=false"]);
            assert_eq!(refused, (400, "SVCSTG.SWR.4001029".to_owned()), "{name}");
        }
    }
}

#[test]
fn swr_lists_by_name_and_by_filter() {
    let life = Life::of("huawei-swr");
    life.create("orders");
    life.create("billing");
    let named = |argument: &str| each(&life.good("ListOrganizations", &[argument])["namespaces"], "name");
    assert_eq!(named("namespace=orders"), ["orders"]);
    assert_eq!(named("namespace=order"), [""; 0]);
    assert_eq!(named("filter=namespace::billing|mode::visible"), ["billing"]);
    assert_eq!(named("filter=mode::visible"), ["orders", "billing"]);
    assert_eq!(life.refused("ListOrganizations", &["filter=orders"]), (400, "SVCSTG.SWR.4001035".to_owned()));
}

#[test]
fn nobody_sees_or_deletes_what_is_anothers() {
    let other: AcceptedKey = "ANOTHERKEY0000000001:secret".parse().unwrap();
    let mut settings = Settings::default();
    settings.keys.push(other.clone());
    let life = Life { lab: Lab::with(settings), id: "otc-swr" };
    life.create("orders");
    let calls = [
        ("ListOrganizations", "filter=mode::visible", 200),
        ("ShowOrganization", "namespace=orders", 404),
        ("DeleteOrganization", "namespace=orders", 404),
    ];
    for (operation, argument, status) in calls {
        let signer = Signer { key: other.key.clone(), ..life.lab.signer(life.id) };
        let request = signer.sign(&life.lab, life.id, life.lab.plan_of(life.id, operation, &[argument]));
        let answer = life.lab.send(life.id, &request);
        assert_eq!(answer.status, status, "{operation}: {answer:?}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("orders"), "{answer:?}");
    }
    assert_eq!(each(&life.good("ListOrganizations", &[])["namespaces"], "name"), ["orders"]);
}

#[test]
fn volcengine_from_creation_to_deletion() {
    let life = Life::of("volcengine-id");
    assert_eq!(life.good("ListNamespaces", &[])["Result"], json!({"Namespaces": [], "PageNumber": 1, "PageSize": 10, "TotalCount": 0}));
    let arguments = ["NamespaceName=orders", "Description=d", r#"Associates:=["tom"]"#, r#"Tags:=[{"Key":"env","Value":"prod"}]"#];
    let created = json(&life.call("CreateNamespace", &arguments))["Result"].clone();
    let id = created["NamespaceId"].as_str().unwrap();
    let shown = life.good("GetNamespace", &["NamespaceName=orders"])["Result"].clone();
    assert_eq!((&shown["Trn"], &shown["Associates"], &shown["Tags"][0]["Value"]), (&created["Trn"], &json!(["tom"]), &json!("prod")));
    assert_eq!(life.good("GetNamespace", &[&format!("NamespaceId={id}")])["Result"], shown);

    assert_eq!(life.good("UpdateNamespace", &["NamespaceName=orders", "Description="])["Result"]["Success"], json!(true));
    let changed = life.good("GetNamespace", &["NamespaceName=orders"])["Result"].clone();
    assert_eq!((&changed["Description"], &changed["Associates"]), (&json!(""), &json!(["tom"])));

    let gone = (404, "NotFound".to_owned());
    assert_eq!(life.good("DeleteNamespace", &["NamespaceName=orders"])["Result"]["Success"], json!(true));
    assert_eq!(life.refused("DeleteNamespace", &["NamespaceName=orders"]), gone);
    assert_eq!(life.refused("UpdateNamespace", &["NamespaceName=orders"]), gone);
    assert_eq!(life.refused("GetNamespace", &[&format!("NamespaceId={id}")]), gone);
    assert_eq!(life.refused("GetNamespace", &[]), (400, "MissingParameter.NamespaceName".to_owned()));
    assert_eq!(life.refused("DeleteNamespace", &[]), (400, "MissingParameter.NamespaceName".to_owned()));
}

#[test]
fn volcengine_lists_by_page_order_and_filter() {
    let life = Life::of("volcengine-id");
    for (name, tag) in [("b-orders", "dev"), ("c", "prod"), ("a-orders", "prod")] {
        life.good("CreateNamespace", &[&format!("NamespaceName={name}"), &format!(r#"Tags:=[{{"Key":"env","Value":"{tag}"}}]"#)]);
    }
    let named = |arguments: &[&str]| each(&life.good("ListNamespaces", arguments)["Result"]["Namespaces"], "NamespaceName");
    assert_eq!(named(&[]), ["b-orders", "c", "a-orders"]);
    assert_eq!(named(&["SortField=NamespaceName"]), ["a-orders", "b-orders", "c"]);
    assert_eq!(named(&["SortField=NamespaceName", "SortDirection=DESC", "PageSize=2"]), ["c", "b-orders"]);
    assert_eq!(named(&["PageNumber=2", "PageSize=2"]), ["a-orders"]);
    assert_eq!(named(&["PageNumber=3", "PageSize=2"]), [""; 0]);
    assert_eq!(named(&[r#"Filter:={"Name":"orders"}"#]), ["b-orders", "a-orders"]);
    assert_eq!(named(&[r#"TagFilters:=[{"Key":"env","Values":["prod","test"]}]"#]), ["c", "a-orders"]);
    assert_eq!(life.good("ListNamespaces", &["PageSize=1"])["Result"]["TotalCount"], json!(3));
    assert_eq!(life.refused("ListNamespaces", &["PageNumber=0"]), (400, "InvalidParameter.PageNumber".to_owned()));
}

/// Creates a workspace and returns its id.
fn workspace(life: &Life, name: &str) -> String {
    life.create(name)["WorkspaceId"].as_str().unwrap().to_owned()
}

#[test]
fn pai_from_creation_to_deletion() {
    let life = Life::of("alibaba-pai");
    assert_eq!(life.good("ListWorkspaces", &[])["Workspaces"], json!([]));
    let id = workspace(&life, "orders");
    let this = format!("WorkspaceId={id}");
    let shown = life.good("GetWorkspace", &[&this]);
    assert_eq!(
        (&shown["WorkspaceName"], &shown["DisplayName"], &shown["EnvTypes"]),
        (&json!("orders"), &json!("orders"), &json!(["prod"]))
    );
    assert_eq!((&shown["IsDefault"], shown.get("ResourceGroupId").is_some(), shown.get("Owner")), (&json!(false), true, None));
    assert!(life.good("GetWorkspace", &[&this, "Verbose=true"])["Owner"]["UserId"].is_string());

    let answer = life.good("UpdateWorkspace", &[&this, "DisplayName=Bestellungen"]);
    assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["RequestId"]);
    let changed = life.good("GetWorkspace", &[&this]);
    assert_eq!((&changed["DisplayName"], &changed["Description"]), (&json!("Bestellungen"), &json!("d")));

    let gone = (404, "100400027".to_owned());
    life.good("DeleteWorkspace", &[&this]);
    for operation in ["DeleteWorkspace", "GetWorkspace", "UpdateWorkspace"] {
        assert_eq!(life.refused(operation, &[&this]), gone, "{operation}");
    }
    assert_ne!(workspace(&life, "orders"), id);
}

#[test]
fn pai_becomes_enabled_after_a_while() {
    let life = Life::of("alibaba-pai");
    let this = format!("WorkspaceId={}", workspace(&life, "orders"));
    let status = || life.good("GetWorkspace", &[&this])["Status"].as_str().unwrap().to_owned();
    assert_eq!(status(), "INITIALIZING");
    assert_eq!(life.good("ListWorkspaces", &["Status=ENABLED"])["TotalCount"], json!(0));
    until("it is enabled", || status() == "ENABLED");
    assert_eq!(life.good("ListWorkspaces", &["Status=ENABLED"])["TotalCount"], json!(1));
}

#[test]
fn pai_has_one_default() {
    let life = Life::of("alibaba-pai");
    let ids = ["first", "second"].map(|name| workspace(&life, name));
    assert_eq!(life.refused("GetDefaultWorkspace", &[]), (404, "100400027".to_owned()));
    for id in &ids {
        life.good("UpdateDefaultWorkspace", &[&format!("WorkspaceId={id}")]);
        let default = life.good("GetDefaultWorkspace", &[]);
        assert_eq!((&default["WorkspaceId"], default.get("IsDefault")), (&json!(id), None));
        assert_eq!(default["Conditions"][0], json!({"Type": "CREATING"}));
        let all = life.good("ListWorkspaces", &[]);
        let defaults = all["Workspaces"].as_array().unwrap().iter().filter(|one| one["IsDefault"] == json!(true));
        assert_eq!(defaults.map(|one| one["WorkspaceId"].as_str().unwrap()).collect::<Vec<_>>(), [id]);
    }
    assert_eq!(life.refused("UpdateDefaultWorkspace", &["WorkspaceId=7"]), (404, "100400027".to_owned()));
    assert_eq!(life.refused("UpdateDefaultWorkspace", &[]), (400, "MissingWorkspaceId".to_owned()));
    assert_eq!(life.good("GetDefaultWorkspace", &[])["WorkspaceId"], json!(ids[1]));
}

#[test]
fn pai_lists_by_name_id_order_and_fields() {
    let life = Life::of("alibaba-pai");
    let ids = ["orders", "orders_dev", "billing"].map(|name| workspace(&life, name));
    let named = |arguments: &[&str]| each(&life.good("ListWorkspaces", arguments)["Workspaces"], "WorkspaceName");
    assert_eq!(named(&["Order=DESC"]).len(), 3);
    assert_eq!(named(&["WorkspaceName=orders"]), ["orders", "orders_dev"]);
    assert_eq!(named(&["WorkspaceName=orders", "Option=CheckWorkspaceExists"]), ["orders"]);
    assert_eq!(named(&[&format!("WorkspaceIds={},{}", ids[2], ids[0])]), ["orders", "billing"]);
    assert_eq!(named(&["PageNumber=2", "PageSize=2"]), ["billing"]);
    let bare = life.good("ListWorkspaces", &["Fields=Id", "Option=GetResourceLimits"]);
    assert_eq!(
        (&bare["Workspaces"][1], &bare["ResourceLimits"], &bare["TotalCount"]),
        (&json!({"WorkspaceId": ids[1]}), &json!({}), &json!(3))
    );
    assert_eq!(life.refused("ListWorkspaces", &["Order=desc"]).0, 400);
}

#[test]
fn sae_from_creation_to_deletion() {
    let life = Life::of("alibaba-sae");
    let created = life.create("orders")["Data"].clone();
    let (short, long) = ("NameSpaceShortId=orders", "NamespaceId=cn-hangzhou:orders");
    for this in [short, long] {
        assert_eq!(life.good("DescribeNamespace", &[this])["Data"], created);
    }
    let changed = life.good("UpdateNamespace", &[short, "NamespaceName=Billing", "EnableMicroRegistration=false"])["Data"].clone();
    // Once on, the registry stays on; the remark was not spoken of.
    let wanted = [("NamespaceName", json!("Billing")), ("EnableMicroRegistration", json!(true)), ("NamespaceDescription", json!(""))];
    assert!(wanted.iter().all(|(member, value)| changed[*member] == *value), "{changed}");
    assert_eq!(life.good("DescribeNamespace", &[long])["Data"], changed);

    assert_eq!(life.good("UpdateNamespaceVpc", &[short, "VpcId=vpc-1"]).get("Data"), None);
    let resources = life.good("DescribeNamespaceResources", &[short])["Data"].clone();
    assert_eq!((&resources["VpcId"], &resources["AppCount"], &resources["NamespaceName"]), (&json!("vpc-1"), &json!(0), &json!("Billing")));

    let deleted = life.good("DeleteNamespace", &[short]);
    assert_eq!((deleted.get("Data"), &deleted["Success"], &deleted["Code"]), (None, &json!(true), &json!("200")));
    let gone = (404, "InvalidNamespaceId.NotFound".to_owned());
    for (operation, more) in [
        ("DeleteNamespace", ""),
        ("DescribeNamespace", ""),
        ("DescribeNamespaceResources", ""),
        ("UpdateNamespace", "NamespaceName=a"),
        ("UpdateNamespaceVpc", "VpcId=v"),
    ] {
        let arguments: Vec<&str> = [short, more].into_iter().filter(|argument| !argument.is_empty()).collect();
        assert_eq!(life.refused(operation, &arguments), gone, "{operation}");
        assert_eq!(life.refused(operation, &arguments[1..]), (400, "InvalidParameter.NotEmpty".to_owned()), "{operation}");
    }
    // The default namespace's id is the bare region.
    assert_eq!(life.refused("DescribeNamespace", &["NamespaceId=cn-hangzhou"]), (400, "InvalidNamespaceId.Format".to_owned()));
}

#[test]
fn sae_lists_namespaces_and_regions() {
    let life = Life::of("alibaba-sae");
    for name in ["orders", "billing", "stock"] {
        life.create(name);
    }
    let page = life.good("DescribeNamespaces", &["CurrentPage=2", "PageSize=2"])["Data"].clone();
    assert_eq!((&page["TotalSize"], &page["CurrentPage"], &page["PageSize"]), (&json!(3), &json!(2), &json!(2)));
    assert_eq!(each(&page["Namespaces"], "NameSpaceShortId"), ["stock"]);
    assert!(page["Namespaces"][0]["SecretKey"].as_str().is_some_and(|secret| secret.len() == 32), "{page}");
    assert_eq!(life.refused("DescribeNamespaces", &["CurrentPage=1"]), (400, "MissingPageSize".to_owned()));

    let listed = |arguments: &[&str]| each(&life.good("DescribeNamespaceList", arguments)["Data"], "NameSpaceShortId");
    assert_eq!(listed(&[]), ["orders", "billing", "stock"]);
    assert_eq!(listed(&["ContainCustom=true", "HybridCloudExclude=true"]).len(), 3);
    assert_eq!(listed(&["ContainCustom=false"]), [""; 0]);

    let regions = life.good("DescribeRegions", &[]);
    assert_eq!((&regions["Code"], regions.get("Success")), (&json!(200), None));
    let first = json!({"RegionId": "cn-hangzhou", "RegionEndpoint": "sae.cn-hangzhou.aliyuncs.com", "LocalName": "cn-hangzhou",
                       "RecommendZones": {"RecommendZone": []}});
    assert_eq!(regions["Regions"]["Region"][0], first);
}

#[test]
fn emulates_every_operation() {
    let lab = Lab::demo();
    for id in crate::lab::PROVIDERS {
        for operation in &lab.provider(id).operations {
            assert!(operation.emulate.is_some(), "{id} {}", operation.id);
            let deletes = operation.id.starts_with("Delete");
            assert_eq!((operation.destructive, operation.method == "GET" && operation.changes), (deletes, false), "{id} {}", operation.id);
        }
    }
}
