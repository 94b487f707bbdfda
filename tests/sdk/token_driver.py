"""Huawei Cloud and Open Telekom Cloud by token: keystoneauth, openstacksdk with the OTC extensions, and two bare requests (`via`)."""
import json
import urllib.parse
import warnings

import openstack
import requests
from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3
from openstack import exceptions as openstack_exceptions
from otcextensions import sdk

from driver import outcome, serve

warnings.filterwarnings("ignore")

PATH = "/v2/manage/namespaces"
METHODS = {"CreateNamespace": "POST", "ListNamespaces": "GET", "ShowNamespace": "GET", "DeleteNamespaces": "DELETE"}


def login(request):
    return {"auth_url": "http://%s/v3" % request["endpoint"], "username": request["user"], "password": request["password"],
            "user_domain_name": request["domain"], "project_name": request["project"], "project_domain_name": request["domain"]}


def bare(request):
    """Method, URL and what else a bare request of the operation has."""
    op, params = request.get("op", "CreateNamespace"), request["params"]
    url = "http://" + request["endpoint"] + PATH
    if op in ("ShowNamespace", "DeleteNamespaces"):
        return METHODS[op], url + "/" + urllib.parse.quote(params["namespace"], safe=""), {}
    return METHODS[op], url, {"json" if op == "CreateNamespace" else "params": params}


def from_response(response):
    """The outcome of a bare answer, whichever of the vendors' error shapes its body has."""
    body = json.loads(response.text) if response.text else {}
    first = body[0] if isinstance(body, list) else body
    if isinstance(first.get("error"), dict):
        first = first["error"]
    code = first.get("error_code", first.get("errorCode", first.get("code")))
    message = first.get("error_msg", first.get("errorMessage", first.get("message")))
    return outcome(response.status_code < 400, status=response.status_code, code=code, message=message,
                   request_id=response.headers.get("x-request-id"), result=body)


def keystone(request):
    try:
        method, url, more = bare(request)
        response = session.Session(auth=v3.Password(**login(request))).request(url, method, raise_exc=False, **more)
    except exceptions.HttpError as error:
        return outcome(False, status=error.http_status, code=type(error).__name__, message=error.message, request_id=error.request_id)
    return from_response(response)


def proxy(swr, op, params):
    """What the extensions' own calls give; the status is not among it."""
    if op == "ListNamespaces":
        return {"namespaces": [found.to_dict(computed=False) for found in swr.organizations(**params)]}
    if op == "ShowNamespace":
        return swr.get_organization(params["namespace"]).to_dict(computed=False)
    if op == "DeleteNamespaces":
        swr.delete_organization(params["namespace"], ignore_missing=False)
        return None
    if op == "CreateRepo":
        return swr.create_repository(**params).to_dict(computed=False)
    if op == "ShowRepository":
        return swr.get_repository(params["namespace"], params["repository"]).to_dict(computed=False)
    if op == "DeleteRepo":
        swr.delete_repository(params["namespace"], params["repository"], ignore_missing=False)
        return None
    return swr.create_organization(**params).to_dict(computed=False)


def otcextensions(request):
    override = {} if request.get("from_catalog") else {"swrv2_endpoint_override": "http://%s/v2" % request["endpoint"]}
    connection = openstack.connection.Connection(region_name=request["region"], auth=login(request), **override)
    sdk.register_otc_extensions(connection)
    try:
        result = proxy(connection.swr, request.get("op", "CreateNamespace"), request["params"])
    except openstack_exceptions.HttpException as error:
        return outcome(False, status=error.status_code, code=type(error).__name__, message=error.message + str(error.details))
    except exceptions.HttpError as error:
        return outcome(False, status=error.http_status, code=type(error).__name__, message=error.message)
    return outcome(True, status=201, result=result)


def identity(request):
    """What openstacksdk finds of SWR and of the identity service by the catalog, and whether a token that was taken back still holds."""
    clouds = openstack.config.OpenStackConfig(load_yaml_config=False, load_envvars=False)
    cloud = clouds.get_one(auth=login(request), region_name=request["region"])
    connection = openstack.connection.Connection(config=cloud)
    swr = connection.config.get_session_client("swr")
    root = "http://" + request["endpoint"]
    found = {"swr": swr.get_endpoint().removeprefix(root), "list": connection.session.get(swr.get_endpoint() + "manage/namespaces").status_code,
             "microversion": swr.get_endpoint_data().max_microversion, "projects": [project.name for project in connection.identity.projects()],
             "versions": sorted({version["url"].removeprefix(root) for versions in connection.session.get_all_version_data().values()
                                 for services in versions.values() for kinds in services.values() for version in kinds})}
    token = connection.authorize()
    other = session.Session(auth=v3.Password(**login(request)))
    other.delete(root + "/v3/auth/tokens", headers={"X-Subject-Token": token})
    after = requests.get(root + PATH, headers={"X-Auth-Token": token}, timeout=5)
    return from_response(after) | {"result": found}


def plain(request):
    who = {"name": request["user"], "password": request["password"], "domain": {"name": request["domain"]}}
    auth = {"identity": {"methods": ["password"], "password": {"user": who}}, "scope": {"project": {"name": request["project"]}}}
    answer = requests.post("http://%s/v3/auth/tokens?nocatalog=1" % request["endpoint"], json={"auth": auth}, timeout=5)
    if answer.status_code != 201:
        return from_response(answer)
    headers = {"X-Auth-Token": request.get("token") or answer.headers["X-Subject-Token"], "Content-Type": "application/json"}
    method, url, more = bare(request)
    return from_response(requests.request(method, url, headers=headers, timeout=5, **more))


def call(request):
    return {"keystoneauth": keystone, "otcextensions": otcextensions, "identity": identity, "plain": plain}[request["via"]](request)


if __name__ == "__main__":
    serve(call, [])
