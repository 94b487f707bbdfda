"""Volcengine: the official SDK, its typed call and (`raw`) its universal one, which sends the parameters untouched."""
import json

import volcenginesdkcore
import volcenginesdkid
from volcenginesdkcore import signv4
from volcenginesdkcore.rest import ApiException

from driver import outcome, serve


def connect(request):
    config = volcenginesdkcore.Configuration()
    config.ak, config.sk, config.session_token = request["ak"], request["sk"], request.get("token", "")
    config.region, config.scheme, config.host = "cn-beijing", "http", request["endpoint"]
    config.auto_retry = False
    return volcenginesdkcore.ApiClient(config)


def typed(params):
    wire = volcenginesdkid.CreateNamespaceRequest.attribute_map
    tags = [volcenginesdkid.TagForCreateNamespaceInput(key=tag["Key"], value=tag["Value"]) for tag in params.get("Tags", [])]
    given = params | ({"Tags": tags} if tags else {})
    return volcenginesdkid.CreateNamespaceRequest(**{attribute: given[name] for attribute, name in wire.items() if name in given})


def send(client, request):
    if request.get("raw"):
        info = volcenginesdkcore.UniversalInfo(method="POST", service="id", version="2025-10-30", action=request["op"],
                                               content_type="application/json")
        return volcenginesdkcore.UniversalApi(client).do_call(info, request["params"])
    return volcenginesdkid.IDApi(client).create_namespace(typed(request["params"])).to_dict()


def call(request):
    try:
        return outcome(True, status=200, result=send(connect(request), request))
    except ApiException as error:
        metadata = json.loads(error.body)["ResponseMetadata"]
        return outcome(False, status=error.status, code=metadata["Error"]["Code"], message=metadata["Error"]["Message"],
                       request_id=metadata["RequestId"], result=metadata)


if __name__ == "__main__":
    serve(call, [signv4])
