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
    config.region, config.scheme, config.host = request.get("region", "cn-beijing"), "http", request["endpoint"]
    config.auto_retry = False
    return volcenginesdkcore.ApiClient(config)


def typed(op, params):
    """The SDK's own request object, with its own objects inside."""
    model = getattr(volcenginesdkid, op + "Request")
    given = dict(params)
    if "Tags" in given:
        given["Tags"] = [volcenginesdkid.TagForCreateNamespaceInput(key=tag["Key"], value=tag["Value"]) for tag in given["Tags"]]
    if "Filter" in given:
        given["Filter"] = volcenginesdkid.FilterForListNamespacesInput(**{name.lower(): value for name, value in given["Filter"].items()})
    if "TagFilters" in given:
        given["TagFilters"] = [volcenginesdkid.TagFilterForListNamespacesInput(key=tag["Key"], values=tag["Values"])
                               for tag in given["TagFilters"]]
    return model(**{attribute: given[name] for attribute, name in model.attribute_map.items() if name in given})


def send(client, request):
    if request.get("raw"):
        info = volcenginesdkcore.UniversalInfo(method=request.get("method", "POST"), service=request.get("service", "id"),
                                               version="2025-10-30", action=request["op"],
                                               content_type=request.get("content_type", "application/json"))
        return volcenginesdkcore.UniversalApi(client).do_call(info, request["params"])
    name = request["op"][0].lower() + "".join("_" + letter.lower() if letter.isupper() else letter for letter in request["op"][1:])
    return getattr(volcenginesdkid.IDApi(client), name)(typed(request["op"], request["params"])).to_dict()


def call(request):
    try:
        return outcome(True, status=200, result=send(connect(request), request))
    except ApiException as error:
        metadata = json.loads(error.body)["ResponseMetadata"]
        return outcome(False, status=error.status, code=metadata["Error"]["Code"], message=metadata["Error"]["Message"],
                       request_id=metadata["RequestId"], result=metadata)


if __name__ == "__main__":
    serve(call, [signv4])
