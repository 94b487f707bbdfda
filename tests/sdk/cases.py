"""The cases: what each SDK sends, and what it must make of the answer."""
import collections

# `keep` names parts of the result ({"id": "Data.Id"}) that later cases write as "$id" among their parameters.
Case = collections.namedtuple("Case", "provider driver name request wanted keep", defaults=[{}])

DRIVERS = ["alibaba_driver", "alibaba_rpc_driver", "volcengine_driver", "huawei_driver", "token_driver"]

# Keys and users that the emulator is started with. Each key has an account of its own.
KEY = {"ak": "LTAI5tSdkChecks000000001", "sk": "SdkChecksSecret+/=0001"}
OTHER_KEY = {"ak": "LTAI5tSdkChecks000000002", "sk": "SdkChecksSecret+/=0002"}
TEMPORARY = {"ak": "STS.SdkChecks0000000003", "sk": "SdkChecksSecret+/=0003", "token": "SdkChecksToken+/=:0003"}
USER = {"user": "ops", "password": "p\u00e4 ss:\"word", "domain": "SDK-CHECKS"}
PROJECTS = {"huawei-swr": "eu-west-101", "otc-swr": "eu-de"}

HOUR = 3600


def spelled(key):
    return ":".join(key[part] for part in ("ak", "sk", "token") if part in key)


ARGUMENTS = [argument for key in (KEY, OTHER_KEY, TEMPORARY) for argument in ("--accept-key", spelled(key))]
ARGUMENTS += [argument for project in PROJECTS.values()
              for argument in ("--accept-user", ":".join([USER["user"], USER["password"], USER["domain"], project]))]


def good(status=200, **result):
    return {"ok": True, "status": status, "result": {path.replace("__", "."): value for path, value in result.items()}}


def bad(status, code, *message, **others):
    return {"ok": False, "status": status, "code": code, "message": list(message)} | others


# What each provider answers to the same seven mistakes: (status, code, part of the message).
Mistakes = collections.namedtuple("Mistakes", "secret key clock missing rule duplicate token no_token")


def signed(provider, driver, variant, op, create, params, mistakes):
    """The cases of one way to sign: a create, then every mistake on its own. `params(name)` are good parameters."""
    label, extra = variant
    name = f"first{label}".replace(" ", "").lower()
    without, broken = params(name + "b"), params(name + "c")
    without.pop(create["required"])
    broken.update(create["broken"])

    def case(title, key, given, wanted, **more):
        request = {"op": op, "params": given} | key | extra | more
        return Case(provider, driver, f"{title}{' ' + label if label else ''}", request, wanted)

    return [
        case("create", KEY, params(name), create["wanted"](name)),
        case("create again", KEY, params(name), bad(*mistakes.duplicate)),
        case("create in another account", OTHER_KEY, params(name), create["elsewhere"](name)),
        case("create with a temporary key", TEMPORARY, params(name + "t"), create["wanted"](name + "t")),
        case("wrong secret", KEY | {"sk": "wrong"}, params(name + "d"), bad(*mistakes.secret)),
        case("unknown key", KEY | {"ak": "NOBODY000000000000"}, params(name + "e"), bad(*mistakes.key)),
        case("clock an hour behind", KEY, params(name + "f"), bad(*mistakes.clock), clock=-HOUR),
        case("clock an hour ahead", KEY, params(name + "f"), bad(*mistakes.clock), clock=HOUR),
        case("required parameter missing", KEY, without, bad(*mistakes.missing)),
        case("broken rule", KEY, broken, bad(*mistakes.rule)),
        case("temporary key, wrong token", TEMPORARY | {"token": "wrong"}, params(name + "g"), bad(*mistakes.token)),
        case("temporary key, no token", {"ak": TEMPORARY["ak"], "sk": TEMPORARY["sk"]}, params(name + "h"), bad(*mistakes.no_token)),
    ]


# Alibaba Cloud

V3_MISMATCH = ("server StringToSign is [ACS3-HMAC-SHA256\n", "server CanonicalRequest is [POST\n/")
V1_MISMATCH = ("Specified signature is not matched with our calculation. server string to sign is:POST\n",)
# What the core SDK makes of a wrong signature when the server's text is its own.
RPC_MISMATCH = (400, "InvalidAccessKeySecret", "The AccessKeySecret is incorrect.")


def alibaba_driver(variant):
    return "alibaba_rpc_driver" if "rpc" in variant[1] else "alibaba_driver"


def alibaba_mistakes(extra, **own):
    return Mistakes(
        secret=RPC_MISMATCH if "rpc" in extra else (400, "SignatureDoesNotMatch", *(V1_MISMATCH if "v1" in extra else V3_MISMATCH)),
        key=(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        clock=(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
        token=(400, "InvalidSecurityToken.MismatchWithAccessKey"),
        no_token=(400, "MissingSecurityToken", "SecurityToken is mandatory for this action."), **own)


def sae(variant):
    create = {
        "required": "NamespaceName", "broken": {"NameSpaceShortId": "or_ders"},
        "wanted": lambda name: good(Data__NamespaceId=f"cn-hangzhou:{name}", Data__NameSpaceShortId=name, Data__RegionId="cn-hangzhou",
                                    Data__NamespaceName="Bestellungen \u00fc", Code="200", Success=True,
                                    Data__EnableMicroRegistration=False),
        "elsewhere": lambda name: good(Data__NameSpaceShortId=name),
    }
    mistakes = alibaba_mistakes(
        variant[1],
        missing=(400, "MissingNamespaceName", "NamespaceName is mandatory for this action."),
        rule=(400, "InvalidNamespaceIdSuffix.Format", "The specified NamespaceId is invalid. NamespaceId can only contain"),
        duplicate=(400, "InstanceExist.NamespaceId", "The specified namespace ID already exists."))
    return signed("alibaba-sae", alibaba_driver(variant), variant, "CreateNamespace", create,
                  lambda name: {"NamespaceName": "Bestellungen \u00fc", "NameSpaceShortId": name, "NamespaceDescription": "a b*c+d:e/f",
                                "EnableMicroRegistration": False}, mistakes)


def pai(variant):
    create = {
        "required": "Description", "broken": {"EnvTypes": ["dev"]},
        "wanted": lambda name: good(), "elsewhere": lambda name: good(),
    }
    mistakes = alibaba_mistakes(
        variant[1],
        missing=(400, "MissingDescription", "Description is mandatory for this action."),
        rule=(400, "InvalidParameter"), duplicate=(400, "WorkspaceNameAlreadyExists"))
    return signed("alibaba-pai", alibaba_driver(variant), variant, "CreateWorkspace", create,
                  lambda name: {"WorkspaceName": name, "Description": "\u5de5\u4f5c\u7a7a\u95f4", "EnvTypes": ["dev", "prod"]}, mistakes)


# Volcengine

def volcengine(variant):
    wrap = "Result__" if variant[1].get("raw") else ""
    names = ("NamespaceName", "Trn") if wrap else ("namespace_name", "trn")
    create = {
        "required": "NamespaceName", "broken": {"Tags": "none"} if wrap else {"NamespaceName": ["a", "b"]},
        "wanted": lambda name: good(**{names[0]: name}), "elsewhere": lambda name: good(**{names[0]: name}),
    }
    parameter = "Tags" if wrap else "NamespaceName"
    mistakes = Mistakes(
        secret=(401, "SignatureDoesNotMatch", "The request signature we calculated does not match"),
        key=(401, "InvalidAccessKey", "The accesskey [NOBODY000000000000] included in the request is invalid."),
        clock=(400, "InvalidTimestamp", "The Signature of the request is expired."),
        missing=(400, "MissingParameter.NamespaceName", "The required parameter NamespaceName is missing."),
        rule=(400, f"InvalidParameter.{parameter}", f"The parameter {parameter} is invalid."),
        duplicate=(409, "Duplicated", "\u8d44\u6e90 "), token=(401, "InvalidSecretToken"), no_token=(401, "InvalidSecretToken"))
    return signed("volcengine-id", "volcengine_driver", variant, "CreateNamespace", create,
                  lambda name: {"NamespaceName": name, "Description": "\u547d\u540d\u7a7a\u95f4",
                                "Tags": [{"Key": "env", "Value": "prod"}]}, mistakes)


def volcengine_flat():
    """The universal call by GET and with a form body, and signatures for other regions and services."""
    tags = {"Tags": [{"Key": "env", "Value": "prod"}], "Associates": ["tom", "jerry"]}
    # By GET the SDK sends its parameters as they are: the caller numbers the elements.
    flat = {"Tags.1.Key": "env", "Tags.1.Value": "prod", "Associates.1": "tom", "Associates.2": "jerry"}

    def case(title, op, params, wanted, **more):
        return Case("volcengine-id", "volcengine_driver", title, {"op": op, "params": params, "raw": True} | KEY | more, wanted)

    shown = good(Tags__0__Key="env", Tags__0__Value="prod", Associates__1="jerry")
    form = {"content_type": "application/x-www-form-urlencoded"}
    return [
        case("create by GET", "CreateNamespace", {"NamespaceName": "by-get"} | flat, good(NamespaceName="by-get"), method="GET"),
        case("get by GET", "GetNamespace", {"NamespaceName": "by-get"}, shown, method="GET"),
        case("create with a form", "CreateNamespace", {"NamespaceName": "by-form"} | tags, good(NamespaceName="by-form"), **form),
        case("get with a form", "GetNamespace", {"NamespaceName": "by-form"}, shown, **form),
        case("another region has its own", "GetNamespace", {"NamespaceName": "by-get"}, bad(404, "NotFound"), region="cn-shanghai"),
        case("create in another region", "CreateNamespace", {"NamespaceName": "by-get"},
             good(NamespaceName="by-get"), region="cn-shanghai"),
        case("a region that is not served", "ListNamespaces", {}, bad(404, "ServiceNotFound"), region="cn-nowhere"),
        case("another service", "ListNamespaces", {}, bad(404, "ServiceNotFound", "This service[iam] not found."), service="iam"),
    ]


# Huawei Cloud and Open Telekom Cloud.

def swr_error(status, number):
    return (status, f"SVCSTG.SWR.{number}")


def swr(provider):
    taken = swr_error(409, 4090060)
    create = {
        "required": "namespace", "broken": {"namespace": "a..b"}, "wanted": lambda name: good(201), "elsewhere": lambda name: bad(*taken),
    }
    refused = "Incorrect IAM authentication information: "
    mistakes = Mistakes(
        secret=(401, "APIGW.0301", refused + "verify aksk signature fail", "canonicalRequest:POST|/v2/manage/namespaces/||"),
        key=(401, "APIGW.0301", refused + "Get secretKey failed"), clock=(401, "APIGW.0303"),
        missing=swr_error(400, 4001014), rule=swr_error(400, 4001028), duplicate=taken,
        token=(401, "APIGW.0301"), no_token=(401, "APIGW.0301"))
    return signed(provider, "huawei_driver", ("", {}), "CreateNamespace", create, lambda name: {"namespace": name}, mistakes) + [
        Case(provider, "huawei_driver", "create with a project id", {"params": {"namespace": "project"}, "project_id": "0a1b"} | KEY, good(201)),
        Case(provider, "huawei_driver", "create with the region's project",
             {"params": {"namespace": "region"}, "region": PROJECTS[provider]} | KEY, good(201)),
        Case(provider, "huawei_driver", "create with SM3", {"params": {"namespace": "sm3"}, "sm3": True} | KEY, good(201)),
        Case(provider, "huawei_driver", "wrong secret with SM3", {"params": {"namespace": "sm3"}, "sm3": True} | KEY | {"sk": "wrong"},
             bad(*mistakes.secret)),
        Case(provider, "huawei_driver", "list API versions", {"op": "ListApiVersions", "params": {}} | KEY,
             good(200, versions__0__id="v2", versions__0__links__rel="self")),
        Case(provider, "huawei_driver", "show an API version", {"op": "ShowApiVersion", "params": {"api_version": "v2"}} | KEY,
             good(200, version__id="v2", version__links__rel="self")),
    ]


def by_token(provider, via, prefix):
    """The token flow. What openstacksdk shows of an error is the exception's name and the body somewhere in its text."""
    who = USER | {"via": via, "project": PROJECTS[provider], "region": PROJECTS[provider]}
    opaque = via == "otcextensions"

    def refused(status, number, exception):
        code = f"SVCSTG.SWR.{number}"
        return bad(status, exception, code, request_id=False) if opaque else bad(status, code)

    def case(title, params, wanted, **more):
        return Case(provider, "token_driver", f"{title} via {via}", who | {"params": params} | more, wanted)

    # Of a failed log-in openstacksdk keeps the text alone.
    status, exception = {"plain": (401, 401), "keystoneauth": (401, "Unauthorized"), "otcextensions": (None, "SDKException")}[via]
    denied = bad(status, exception, "The username or password is wrong.", request_id=False)
    return [
        case("create", {"namespace": f"{prefix}one"}, good(201)),
        case("create again", {"namespace": f"{prefix}one"}, refused(409, 4090060, "ConflictException")),
        case("required parameter missing", {}, refused(400, 4001014, "BadRequestException")),
        case("broken rule", {"namespace": "A"}, refused(400, 4001028, "BadRequestException")),
        case("wrong password", {"namespace": "b"}, denied, password="wrong"),
        case("unknown user", {"namespace": "b"}, denied, user="nobody"),
        case("another's project", {"namespace": "b"}, denied | {"message": ["The request you have made requires authentication."]}, project="cn-north-4"),
    ]


def renewed(provider):
    """keystoneauth fetches a new token after a 401 and sends the call again: with one refusal injected, the create succeeds."""
    who = USER | {"via": "keystoneauth", "project": PROJECTS[provider], "params": {"namespace": "renewed"}}
    return Case(provider, "token_driver", "token renewed after a 401", who, good(201))


VARIANTS = [("", {}), ("async", {"async": True}), ("V1", {"v1": True}), ("RPC", {"rpc": True}), ("RPC GET", {"rpc": True, "get": True})]
SWR = list(PROJECTS)

GROUPS = [
    (ARGUMENTS, [
        *(case for variant in VARIANTS for case in sae(variant) + pai(variant)),
        Case("alibaba-sae", "alibaba_driver", "create with SM3",
             KEY | {"op": "CreateNamespace", "sm3": True, "params": {"NamespaceName": "a", "NameSpaceShortId": "sm3"}}, good()),
        *volcengine(("", {})), *volcengine(("raw", {"raw": True})), *volcengine_flat(),
        *(case for provider in SWR for case in swr(provider)),
        *(case for provider in SWR for case in by_token(provider, "keystoneauth", "ks")),
        *(case for provider in SWR for case in by_token(provider, "plain", "plain")),
        *by_token("otc-swr", "otcextensions", "otc"),
        Case("otc-swr", "token_driver", "endpoint from the catalog via otcextensions",
             USER | {"via": "otcextensions", "project": "eu-de", "region": "eu-de", "from_catalog": True, "params": {"namespace": "found"}},
             good(201)),
        Case("otc-swr", "token_driver", "services by the catalog, a token taken back",
             USER | {"via": "identity", "project": "eu-de", "region": "eu-de", "params": {}},
             bad(401, "APIGW.0307", "The token must be updated.") | {"result": {
                 "swr": "/v2/", "list": 200, "projects": ["eu-west-101", "eu-de"], "versions": ["/identity/v3/", "/smn/v2/", "/v2/"]}}),
        Case("otc-swr", "token_driver", "token of nobody via plain",
             USER | {"via": "plain", "project": "eu-de", "token": "MIInobody", "params": {"namespace": "x"}},
             bad(401, "APIGW.0301", "decrypt token fail")),
    ]),
    (ARGUMENTS + [argument for provider in SWR for argument in ("--fault", f"{provider}/CreateOrganization:APIGW.0301*1")] +
     ["--fault", "alibaba-sae:Throttling.User*1"], [
        *(renewed(provider) for provider in SWR),
        Case("alibaba-sae", "alibaba_driver", "injected throttling", KEY | {"op": "CreateNamespace", "params": {"NamespaceName": "a"}},
             bad(400, "Throttling.User", "Request was denied due to user flow control.")),
        Case("alibaba-sae", "alibaba_driver", "and it is over", KEY | {"op": "CreateNamespace", "params": {"NamespaceName": "a"}}, good()),
    ]),
]
