"""Every documented error of every provider, injected, and what each SDK makes of it; then answers that are no answers.

The list is the binary's own (`skydeck emulator faults --output json`): an error that the catalog gains is tried here as well.
Each fault strikes once and in the order of the list, so that a group's calls meet them one after the other.
"""
import json
import subprocess
import tempfile

from cases import ARGUMENTS, KEY, PROJECTS, USER, Case, bad, good

# What the SDKs call an operation, where that is not its own name.
SWR_NAMES = {"CreateOrganization": "CreateNamespace", "ListOrganizations": "ListNamespaces", "ShowOrganization": "ShowNamespace",
             "DeleteOrganization": "DeleteNamespaces", "CreateRepository": "CreateRepo", "DeleteRepository": "DeleteRepo"}

# The operation that meets the errors that any can have.
FIRST = {"alibaba-sae": "CreateNamespace", "alibaba-pai": "CreateWorkspace", "volcengine-id": "CreateNamespace",
         "huawei-swr": "CreateOrganization", "otc-swr": "CreateOrganization"}

# What an SDK itself wants before it sends.
PARAMS = {"volcengine-id": {"NamespaceName": "a"}, "huawei-swr": {"namespace": "a"}, "otc-swr": {"namespace": "a"}}
BY_OPERATION = {"GetWorkspace": {"WorkspaceId": "1"}, "UpdateWorkspace": {"WorkspaceId": "1"}, "DeleteWorkspace": {"WorkspaceId": "1"},
         "ListNamespaces": {}, "CreateRepo": {"namespace": "a", "repository": "b", "is_public": False},
         "ShowRepository": {"namespace": "a", "repository": "b"}, "DeleteRepo": {"namespace": "a", "repository": "b"}}

DRIVERS = {"alibaba-sae": "alibaba_driver", "alibaba-pai": "alibaba_driver", "volcengine-id": "volcengine_driver",
           "huawei-swr": "huawei_driver", "otc-swr": "huawei_driver"}

# openstacksdk's exceptions by status; others are HttpException.
OPENSTACK = {400: "BadRequestException", 404: "NotFoundException", 409: "ConflictException"}

# How an answer can be broken: each must end in an exception, whichever it is.
BROKEN = ["reset", "reset=half", "truncated", "not-http", "html=503"]


def listed(binary):
    """Every error code that can be injected: the objects that the binary lists."""
    done = subprocess.run([binary, "emulator", "faults", "--output", "json"], check=True, capture_output=True, text=True)
    return [fault for fault in json.loads(done.stdout) if fault["status"]]


def file_of(faults):
    """A file of faults, kept until the process ends."""
    kept = tempfile.NamedTemporaryFile("w", suffix=".faults", encoding="utf-8")
    kept.write("# every error once\n" + "\n".join(faults) + "\n")
    kept.flush()
    FILES.append(kept)
    return ["--faults", kept.name]


FILES = []


def code_of(fault):
    return fault["example"].split(":", 1)[1].split("=")[0]


def seen(fault, via):
    """What a driver tells of an error."""
    status, code = fault["status"], code_of(fault)
    if via == "otcextensions":
        named = [] if code == str(status) else [code]
        exception = OPENSTACK.get(status, "HttpException")
        return bad(status, exception, *named, request_id=False)
    if code == str(status):
        return bad(status, str(status))
    return bad(status, code)


def called(fault):
    """The operation that meets a fault, and its parameters, as the SDK has them."""
    op = fault["operation"] or FIRST[fault["provider"]]
    op = SWR_NAMES.get(op, op)
    return {"op": op, "params": BY_OPERATION.get(op, PARAMS.get(fault["provider"], {}))}


def every_error(binary):
    """One group: every error of every provider with its vendor's SDK, V3 signatures."""
    faults = listed(binary)
    cases = [Case(fault["provider"], DRIVERS[fault["provider"]], f"injected {code_of(fault)} {fault['operation'] or 'anywhere'}",
                  KEY | called(fault), seen(fault, None)) for fault in faults]
    return ARGUMENTS + file_of(fault["example"] + "*1" for fault in faults), cases


def every_error_by_token(binary):
    """One group: every error of Open Telekom Cloud through the OTC extensions. A 401 makes keystoneauth fetch another token
    and try again, so it strikes twice."""
    faults = [fault for fault in listed(binary) if fault["provider"] == "otc-swr"]
    who = USER | {"via": "otcextensions", "project": PROJECTS["otc-swr"], "region": PROJECTS["otc-swr"]}
    cases = [Case("otc-swr", "token_driver", f"injected {code_of(fault)} {fault['operation'] or 'anywhere'} via otcextensions",
                  who | called(fault), seen(fault, "otcextensions")) for fault in faults]
    times = {401: 2}
    return ARGUMENTS + file_of(f"{fault['example']}*{times.get(fault['status'], 1)}" for fault in faults), cases


def broken():
    """Answers that are no answers, for each SDK: each is an exception, and none leaves anything behind for the next call."""
    failed = {"ok": False, "request_id": False}
    call = {provider: {"provider": provider, "operation": None} for provider in DRIVERS}
    faults = [f"{provider}:{what}*1" for provider in DRIVERS for what in BROKEN]
    cases = [Case(provider, DRIVERS[provider], f"injected {what}", KEY | called(call[provider]), failed)
             for provider in DRIVERS for what in BROKEN]
    return ARGUMENTS + [argument for fault in faults for argument in ("--fault", fault)], cases


def throttled():
    """A rate: what comes beyond it is told when to come again, and the SDK raises its own exception for that."""
    def case(name, wanted):
        return Case("alibaba-sae", "alibaba_driver", name, KEY | {"op": "DescribeNamespaceList", "params": {}}, wanted)

    beyond = bad(400, "Throttling.User", result={"exception": "ThrottlingException"})
    return ARGUMENTS + ["--fault", "alibaba-sae:throttle@2/h"], [
        case("within the rate", good()), case("within the rate still", good()), case("beyond the rate", beyond)]


def revoked():
    """A token that is taken back: keystoneauth fetches another and the call succeeds."""
    def case(provider):
        who = USER | {"via": "keystoneauth", "project": PROJECTS[provider], "params": {"namespace": "revoked"}}
        return Case(provider, "token_driver", "token revoked and renewed", who, good(201))

    return ARGUMENTS + [argument for provider in PROJECTS for argument in ("--fault", f"{provider}:revoke*1")], [
        case(provider) for provider in PROJECTS]


def groups(binary):
    return [every_error(binary), every_error_by_token(binary), broken(), throttled(), revoked()]
