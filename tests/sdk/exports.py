#!/usr/bin/env python3
"""Runs what `skydeck send --export` gives: the Python SDK's calls against the emulator, and HAR in another reader.

    exports.py PATH_OF_SKYDECK

Run it with a Python that has requirements.txt. Prints a table, then `N passed, N failed`; exits 1 when a case failed.
"""
import json
import os
import subprocess
import sys
import tempfile

from haralyzer import HarParser

from run import Emulator

NASTY = "it's \"q\" \\ $HOME `id` !! %41 {{x}} \u540d \U0001f600\nline\u202e"

# The demo's keys, where the vendors' tools look for them.
KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tSkydeckDemoKey0001", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "SkydeckDemoSecretAlibaba000001",
    "VOLCENGINE_ACCESS_KEY": "AKLTSkydeckDemoKey00000000000000000000000000001",
    "VOLCENGINE_SECRET_KEY": "SkydeckDemoSecretVolcengine000000000000000001",
    "HUAWEICLOUD_SDK_AK": "SKYDECKDEMOHUAWEI001", "HUAWEICLOUD_SDK_SK": "SkydeckDemoSecretHuawei0000000000000001",
    "OS_ACCESS_KEY": "SKYDECKDEMOOTCKEY001", "OS_SECRET_KEY": "SkydeckDemoSecretOtc0000000000000000001",
}

SWR = [
    (["CreateOrganization", "namespace=group"], ""), (["ShowOrganization", "namespace=group"], "group"),
    (["ListOrganizations", "namespace=group"], "group"),
    (["CreateRepository", "namespace=group", "repository=web", "is_public=false", "category=linux"], ""),
    (["ShowRepository", "namespace=group", "repository=web"], "web"), (["DeleteRepository", "namespace=group", "repository=web"], ""),
    (["DeleteOrganization", "namespace=group"], ""),
    (["ShowOrganization", "namespace=group"], None),
]

# Calls in order, with what the SDK must print; None when the SDK must raise an error.
CALLS = {
    "alibaba-sae": [
        (["CreateNamespace", "NamespaceName=" + NASTY, "NameSpaceShortId=orders", "EnableMicroRegistration=false"], "cn-hangzhou:orders"),
        (["DescribeNamespaces", "CurrentPage=1", "PageSize=10"], "cn-hangzhou:orders"), (["DescribeRegions"], "cn-hangzhou"),
        (["UpdateNamespace", "NameSpaceShortId=orders", "NamespaceName=x", "NamespaceDescription=" + NASTY], "line"),
        (["DeleteNamespace", "NameSpaceShortId=orders"], "success"), (["DescribeNamespace", "NameSpaceShortId=orders"], None),
    ],
    "alibaba-pai": [
        (["CreateWorkspace", "WorkspaceName=ws_1", "Description=" + NASTY, "EnvTypes=dev", "EnvTypes=prod"], "WorkspaceId"),
        (["ListWorkspaces", "WorkspaceName=ws_1", "Verbose=true"], "ws_1"), (["GetWorkspace", "WorkspaceId=1"], None),
    ],
    "volcengine-id": [
        (["CreateNamespace", "NamespaceName=group", "Description=" + NASTY, "Tags=Key=env,Value=a\"b"], "group"),
        (["ListNamespaces", "PageSize=5", 'Filter:={"Name":"group"}', 'TagFilters:=[{"Key":"env","Values":["a\\"b"]}]'], "group"),
        (["UpdateNamespace", "NamespaceName=group", "Description=" + NASTY], ""), (["DeleteNamespace", "NamespaceName=group"], ""),
        (["GetNamespace", "NamespaceName=group"], None),
    ],
    "huawei-swr": SWR,
    "otc-swr": SWR,
}


def export(binary, endpoint, provider, call, *options):
    command = [binary, "send", provider, *call, "--profile", "env", "--endpoint", endpoint, "--no-validate", "--no-history", *options]
    return subprocess.run(command, env=os.environ | KEYS, capture_output=True, text=True)


def python(binary, endpoint, provider, call, wanted):
    """What is wrong with the Python code of a call: nothing, when it runs and prints what is wanted."""
    code = export(binary, endpoint, provider, call, "--dry-run", "--export", "python").stdout
    with tempfile.TemporaryDirectory() as home:
        ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=os.environ | KEYS | {"HOME": home}, capture_output=True, text=True)
    if (ran.returncode != 0) if wanted is None else (ran.returncode == 0 and wanted in ran.stdout):
        return None
    return f"{code}\n{ran.stdout}\n{ran.stderr[-2000:]}"


def har(binary, endpoint, provider, call):
    """What is wrong with the archive of a call in another reader."""
    archive = json.loads(export(binary, endpoint, provider, call, "--export", "har").stdout)
    parser = HarParser(archive)
    entry = parser.pages[0].entries[0] if parser.pages else parser.har_data["entries"][0]
    status = entry["response"]["status"] if isinstance(entry, dict) else entry.response.status
    method = entry["request"]["method"] if isinstance(entry, dict) else entry.request.method
    return None if status >= 200 and method in ("GET", "POST", "PUT", "DELETE") else f"{status} {method}"


def main():
    binary, results = sys.argv[1], []
    emulator = Emulator(binary, [])
    try:
        for provider, calls in CALLS.items():
            endpoint = "http://" + emulator.ports[provider]
            for call, wanted in calls:
                results += [(provider, call[0] + " as Python", python(binary, endpoint, provider, call, wanted))]
                results += [(provider, call[0] + " as HAR", har(binary, endpoint, provider, call))]
    finally:
        emulator.stop()
    for provider, name, wrong in results:
        print(f"{'FAIL' if wrong else 'ok':4}  {provider:14}  {name}" + (f"\n{wrong}" if wrong else ""))
    failed = [wrong for _, _, wrong in results if wrong]
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
