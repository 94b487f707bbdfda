"""Alibaba Cloud: the official SAE and AIWorkSpace SDKs, synchronous and asynchronous, V3 and the older V1 signature."""
import asyncio
import logging
import re

from alibabacloud_tea_openapi import exceptions, utils, utils_models
from alibabacloud_aiworkspace20210204 import client as pai_client, models as pai_models
from alibabacloud_sae20190506 import client as sae_client, models as sae_models
from darabonba.runtime import RuntimeOptions

from driver import outcome, serve

logging.disable(logging.CRITICAL)

SDKS = {"alibaba-sae": (sae_client.Client, sae_models), "alibaba-pai": (pai_client.Client, pai_models)}

BY_PATH = ("GetWorkspace", "UpdateWorkspace", "DeleteWorkspace")


def snake(name):
    return re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match.group(1).lower(), name).lower()


def connect(request):
    config = utils_models.Config(access_key_id=request["ak"], access_key_secret=request["sk"], protocol="http",
                                 endpoint=request["endpoint"], region_id="cn-hangzhou", read_timeout=5000, connect_timeout=5000)
    if request.get("token"):
        config.security_token = request["token"]
    if request.get("v1"):
        config.signature_algorithm = "v2"  # the SDK's name for the older HMAC-SHA1 signature
    if request.get("sm3"):
        config.signature_algorithm = "ACS3-HMAC-SM3"
    return SDKS[request["provider"]][0](config)


def send(request):
    op, params = request["op"], dict(request["params"])
    arguments = [params.pop("WorkspaceId")] if op in BY_PATH else []
    if op != "DescribeRegions":
        model = getattr(SDKS[request["provider"]][1], op + "Request")()
        model.from_map(params)
        arguments.append(model)
    call = snake(op) + "_with_options"
    client, arguments = connect(request), (*arguments, {}, RuntimeOptions())
    if request.get("async"):
        return asyncio.run(getattr(client, call + "_async")(*arguments))
    return getattr(client, call)(*arguments)


def call(request):
    try:
        response = send(request)
    except exceptions.AlibabaCloudException as error:
        return outcome(False, status=error.status_code, code=error.code, message=error.message, request_id=error.request_id,
                       result={"exception": type(error).__name__})
    body = response.body.to_map()
    return outcome(body.get("Success", True), status=response.status_code, code=body.get("Code"), message=body.get("Message"),
                   request_id=body.get("RequestId"), result=body)


if __name__ == "__main__":
    serve(call, [utils])
