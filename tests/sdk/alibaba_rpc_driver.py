"""Alibaba Cloud: the older official core SDK, RPC style with V1 signatures. Parameters go into a form body, or with `get` into the query."""
import json
import time

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest
from aliyunsdkcore.utils import parameter_helper

from driver import outcome, serve

VERSIONS = {"alibaba-sae": "2019-05-06", "alibaba-pai": "2021-02-04"}


def connect(request):
    if request.get("token"):
        return AcsClient(region_id="cn-hangzhou", credential=StsTokenCredential(request["ak"], request["sk"], request["token"]))
    return AcsClient(request["ak"], request["sk"], "cn-hangzhou")


def flat(params):
    for name, value in params.items():
        if isinstance(value, list):
            yield from ((f"{name}.{at}", element) for at, element in enumerate(value, 1))
        else:
            yield name, value


def prepare(request):
    prepared = RpcRequest(request["provider"], VERSIONS[request["provider"]], request["op"])
    prepared.set_endpoint(request["endpoint"])
    prepared.set_protocol_type("http")
    prepared.set_method("GET" if request.get("get") else "POST")
    add = prepared.add_query_param if request.get("get") else prepared.add_body_params
    for name, value in flat(request["params"]):
        add(name, value)
    return prepared


def call(request):
    now = time.time() + request.get("clock", 0)
    parameter_helper.get_iso_8061_date = lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    try:
        body = json.loads(connect(request).do_action_with_exception(prepare(request)))
    except ServerException as error:
        return outcome(False, status=error.get_http_status(), code=error.get_error_code(), message=error.get_error_msg(),
                       request_id=error.get_request_id())
    return outcome(body.get("Success", True), status=200, code=body.get("Code"), message=body.get("Message"),
                   request_id=body.get("RequestId"), result=body)


if __name__ == "__main__":
    serve(call, [])
