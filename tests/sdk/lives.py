"""Whole lives: create, list, get, change, delete, not found, delete twice; one emulator of its own for each provider's."""
from cases import ARGUMENTS, KEY, OTHER_KEY, PROJECTS, USER, Case, bad, good, swr_error


def life(provider, driver, label, who, steps):
    """Cases one after the other. A step is (title, op, params, wanted) and, if more is needed, a dict with it."""

    def case(title, op, params, wanted, more=None):
        more = dict(more or {})
        keep = more.pop("keep", {})
        return Case(provider, driver, f"{title}{' ' + label if label else ''}", who | {"op": op, "params": params} | more, wanted, keep)

    return [case(*step) for step in steps]


# Huawei Cloud and Open Telekom Cloud

def swr(provider, driver, label, who, shape):
    """`shape` says how the driver reads results and errors: the status of a success, the refusals for not found and for taken.
    The OTC extensions call the permission otherwise, and list by name alone."""
    ok, gone, taken = shape
    one, auth = {"namespace": "orders"}, "user_auth" if who.get("via") == "otcextensions" else "auth"
    by_name = {"namespace": "billing"} if auth == "user_auth" else {"filter": "namespace::billing|mode::visible"}
    return life(provider, driver, label, who, [
        ("list nothing", "ListNamespaces", {}, good(ok or 200, namespaces=[])),
        ("create", "CreateNamespace", one, good(201)),
        ("create another", "CreateNamespace", {"namespace": "billing"}, good(201)),
        ("create again", "CreateNamespace", one, taken),
        ("list", "ListNamespaces", {}, good(ok or 200, namespaces__0__name="orders", namespaces__1__name="billing", **{f"namespaces__0__{auth}": 7})),
        ("list by filter", "ListNamespaces", by_name,
         good(ok or 200, namespaces__0__name="billing", namespaces__1=None)),
        ("show", "ShowNamespace", one, good(ok or 200, name="orders", **{auth: 7})),
        ("show what is not there", "ShowNamespace", {"namespace": "nothing"}, gone),
        ("delete", "DeleteNamespaces", one, good(ok or 204)),
        ("show what was deleted", "ShowNamespace", one, gone),
        ("delete twice", "DeleteNamespaces", one, gone),
        ("delete another", "DeleteNamespaces", {"namespace": "billing"}, good(ok or 204)),
    ])


def swr_lives(provider):
    gone, taken = bad(*swr_error(404, 4040058)), bad(*swr_error(409, 4090060))
    user = USER | {"project": PROJECTS[provider], "region": PROJECTS[provider]}
    lives = swr(provider, "huawei_driver", "life", KEY, (None, gone, taken))
    lives += life(provider, "huawei_driver", "life", OTHER_KEY, [
        ("create for the other account", "CreateNamespace", {"namespace": "theirs"}, good(201))])
    lives += life(provider, "huawei_driver", "life", KEY, [
        ("show another's", "ShowNamespace", {"namespace": "theirs"}, gone),
        ("delete another's", "DeleteNamespaces", {"namespace": "theirs"}, gone)])
    for via in ("keystoneauth", "plain"):
        lives += swr(provider, "token_driver", f"life via {via}", user | {"via": via}, (None, gone, taken))
    if provider == "otc-swr":
        opaque = [bad(status, exception, f"SVCSTG.SWR.{number}", request_id=False)
                  for status, exception, number in [(404, "NotFoundException", 4040058), (409, "ConflictException", 4090060)]]
        lives += swr(provider, "token_driver", "life via otcextensions", user | {"via": "otcextensions"}, (201, *opaque))
    return lives


# Volcengine

def volcengine(raw):
    def members(**named):
        """A result's members as the typed call names them (`namespace_name`), or as they travel (`NamespaceName`)."""
        camel = {path: "__".join(part.isdigit() and part or "".join(word.capitalize() for word in part.split("_"))
                                 for part in path.split("__")) for path in named}
        return good(**{camel[path] if raw else path: value for path, value in named.items()})

    orders, label = {"NamespaceName": "orders"}, "raw life" if raw else "life"
    tags = [{"Key": "env", "Value": "prod"}]
    gone = bad(404, "NotFound", "\u8d44\u6e90 ")
    keep = {"keep": {f"volcengine{raw}": "NamespaceId" if raw else "namespace_id"}}
    return life("volcengine-id", "volcengine_driver", label, KEY | {"raw": raw}, [
        ("list nothing", "ListNamespaces", {}, members(total_count=0, namespaces=[])),
        ("create", "CreateNamespace", orders | {"Tags": tags, "Associates": ["tom"]}, members(namespace_name="orders"), keep),
        ("create another", "CreateNamespace", {"NamespaceName": "billing", "ProjectName": "p"}, members(namespace_name="billing")),
        ("create again", "CreateNamespace", orders, bad(409, "Duplicated")),
        ("get by name", "GetNamespace", orders, members(namespace_name="orders", associates=["tom"], tags__0__value="prod")),
        ("get by id", "GetNamespace", {"NamespaceId": f"$volcengine{raw}"}, members(namespace_name="orders")),
        ("list", "ListNamespaces", {}, members(total_count=2, page_number=1, namespaces__0__namespace_name="orders")),
        ("list a page", "ListNamespaces", {"PageNumber": 2, "PageSize": 1}, members(total_count=2, namespaces__0__namespace_name="billing")),
        ("list by filter", "ListNamespaces", {"Filter": {"Name": "bill"}, "ProjectName": "p"},
         members(total_count=1, namespaces__0__namespace_name="billing")),
        ("list by tag", "ListNamespaces", {"TagFilters": [{"Key": "env", "Values": ["prod"]}]},
         members(total_count=1, namespaces__0__namespace_name="orders")),
        ("update", "UpdateNamespace", orders | {"Description": "\u547d\u540d", "Associates": ["jerry"]}, members(success=True)),
        ("get what was updated", "GetNamespace", orders, members(description="\u547d\u540d", associates=["jerry"])),
        ("update what is not there", "UpdateNamespace", {"NamespaceName": "nothing"}, gone),
        ("delete", "DeleteNamespace", orders, members(success=True)),
        ("get what was deleted", "GetNamespace", orders, gone),
        ("delete twice", "DeleteNamespace", orders, gone),
        ("delete another", "DeleteNamespace", {"NamespaceName": "billing"}, members(success=True)),
    ])


# Alibaba Cloud

def pai(label, extra):
    new = {"Description": "\u5de5\u4f5c", "EnvTypes": ["prod"]}
    one = {"WorkspaceId": "$one"}
    gone = bad(404, "100400027", "Workspace not exists")
    return life("alibaba-pai", "alibaba_driver", f"life {label}".strip(), KEY | extra, [
        ("list nothing", "ListWorkspaces", {}, good(TotalCount=0, Workspaces=[])),
        ("no default", "GetDefaultWorkspace", {}, gone),
        ("create", "CreateWorkspace", new | {"WorkspaceName": "orders"}, good(), {"keep": {"one": "WorkspaceId"}}),
        ("get what is new", "GetWorkspace", one, good(WorkspaceName="orders", Status="INITIALIZING", IsDefault=False)),
        ("create another", "CreateWorkspace", new | {"WorkspaceName": "orders_dev"}, good(), {"keep": {"two": "WorkspaceId"}}),
        ("create again", "CreateWorkspace", new | {"WorkspaceName": "orders"}, bad(400, "WorkspaceNameAlreadyExists")),
        ("list", "ListWorkspaces", {"SortBy": "GmtCreateTime", "Order": "DESC"},
         good(TotalCount=2, Workspaces__0__WorkspaceName="orders_dev", Workspaces__1__EnvTypes=["prod"])),
        ("list a page", "ListWorkspaces", {"PageNumber": 2, "PageSize": 1, "WorkspaceName": "ord"},
         good(TotalCount=2, Workspaces__0__WorkspaceName="orders_dev", Workspaces__1=None)),
        ("check a name", "ListWorkspaces", {"Option": "CheckWorkspaceExists", "WorkspaceName": "order"}, good(TotalCount=0)),
        ("update", "UpdateWorkspace", one | {"DisplayName": "\u547d\u540d", "Description": "new"}, good()),
        ("get what was updated", "GetWorkspace", one | {"Verbose": True}, good(DisplayName="\u547d\u540d", Description="new")),
        ("choose the default", "UpdateDefaultWorkspace", {"WorkspaceId": "$two"}, good()),
        ("get the default", "GetDefaultWorkspace", {"Verbose": False}, good(WorkspaceName="orders_dev", Owner=None)),
        ("get what is enabled", "GetWorkspace", {"WorkspaceId": "$two"}, good(Status="ENABLED", IsDefault=True), {"wait": 2}),
        ("delete", "DeleteWorkspace", one, good()),
        ("get what was deleted", "GetWorkspace", one, gone),
        ("update what was deleted", "UpdateWorkspace", one, gone),
        ("delete twice", "DeleteWorkspace", one, gone),
        ("delete the default", "DeleteWorkspace", {"WorkspaceId": "$two"}, good()),
        ("no default any more", "GetDefaultWorkspace", {}, gone),
    ])


def sae(label, extra):
    one, new = {"NameSpaceShortId": "orders"}, {"NamespaceName": "Bestellungen \u00fc", "NameSpaceShortId": "orders"}
    gone = bad(404, "InvalidNamespaceId.NotFound", "The specified NamespaceId does not exist.")
    return life("alibaba-sae", "alibaba_driver", f"life {label}".strip(), KEY | extra, [
        ("list nothing", "DescribeNamespaces", {"CurrentPage": 1, "PageSize": 10}, good(Data__TotalSize=0, Data__Namespaces=[])),
        ("create", "CreateNamespace", new, good(Data__NamespaceId="cn-hangzhou:orders")),
        ("create another", "CreateNamespace", {"NamespaceName": "b", "NamespaceId": "cn-hangzhou:billing"}, good(Data__NameSpaceShortId="billing")),
        ("create again", "CreateNamespace", new, bad(400, "InstanceExist.NamespaceId")),
        ("describe", "DescribeNamespace", one, good(Data__NamespaceName="Bestellungen \u00fc", Data__EnableMicroRegistration=True)),
        ("describe by the long id", "DescribeNamespace", {"NamespaceId": "cn-hangzhou:orders"}, good(Data__NameSpaceShortId="orders")),
        ("describe the default", "DescribeNamespace", {"NamespaceId": "cn-hangzhou"}, bad(400, "InvalidNamespaceId.Format")),
        ("describe nothing named", "DescribeNamespace", {}, bad(400, "InvalidParameter.NotEmpty")),
        ("list a page", "DescribeNamespaces", {"CurrentPage": 2, "PageSize": 1},
         good(Data__TotalSize=2, Data__Namespaces__0__NameSpaceShortId="billing", Data__Namespaces__1=None)),
        ("list all", "DescribeNamespaceList", {"ContainCustom": True, "HybridCloudExclude": True},
         good(Data__0__NameSpaceShortId="orders", Data__1__Custom=True)),
        ("update", "UpdateNamespace", one | {"NamespaceName": "Orders", "NamespaceDescription": "a b*c+d", "EnableMicroRegistration": False},
         good(Data__NamespaceName="Orders", Data__EnableMicroRegistration=True)),
        ("change the VPC", "UpdateNamespaceVpc", one | {"VpcId": "vpc-1"}, good(Success=True)),
        ("describe resources", "DescribeNamespaceResources", one, good(Data__VpcId="vpc-1", Data__Description="a b*c+d", Data__AppCount=0)),
        ("describe regions", "DescribeRegions", {},
         good(Code=200, Regions__Region__0__RegionId="cn-hangzhou", Regions__Region__0__RegionEndpoint="sae.cn-hangzhou.aliyuncs.com")),
        ("delete", "DeleteNamespace", one, good(Success=True)),
        ("describe what was deleted", "DescribeNamespace", one, gone),
        ("update what was deleted", "UpdateNamespace", one | {"NamespaceName": "a"}, gone),
        ("delete twice", "DeleteNamespace", one, gone),
        ("delete another", "DeleteNamespace", {"NamespaceId": "cn-hangzhou:billing"}, good(Success=True)),
    ])


ALIBABA = [("", {}), ("async", {"async": True}), ("V1", {"v1": True})]

GROUPS = [
    *((ARGUMENTS, swr_lives(provider)) for provider in PROJECTS),
    *((ARGUMENTS, volcengine(raw)) for raw in (False, True)),
    *((ARGUMENTS, pai(*variant)) for variant in ALIBABA),
    *((ARGUMENTS, sae(*variant)) for variant in ALIBABA),
]
