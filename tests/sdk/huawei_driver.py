"""Huawei Cloud and Open Telekom Cloud by access key: the official Huawei SDK, which serves both."""
import os
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["HOME"] = tempfile.mkdtemp()  # the SDK writes an id file there when it is imported

from huaweicloudsdkcore.auth.credentials import BasicCredentials  # noqa: E402
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException  # noqa: E402
from huaweicloudsdkcore.http.http_config import HttpConfig  # noqa: E402
from huaweicloudsdkcore.region.region import Region  # noqa: E402
from huaweicloudsdkcore.signer import signer  # noqa: E402
from huaweicloudsdkcore.signer.algorithm import SigningAlgorithm  # noqa: E402
from huaweicloudsdkswr.v2 import SwrClient, model  # noqa: E402

from driver import outcome, serve  # noqa: E402


def connect(request):
    credentials = BasicCredentials(request["ak"], request["sk"], request.get("project_id"))
    if request.get("token"):
        credentials = credentials.with_security_token(request["token"])
    config, endpoint = HttpConfig.get_default_config(), "http://" + request["endpoint"]
    if request.get("sm3"):
        config.signing_algorithm = SigningAlgorithm.HMAC_SM3
    builder = SwrClient.new_builder().with_http_config(config)
    if request.get("region"):
        # With a region and no project id the SDK asks the identity service for the region's project.
        return builder.with_credentials(credentials.with_iam_endpoint(endpoint)).with_region(Region(request["region"], endpoint)).build()
    return builder.with_credentials(credentials).with_endpoint(endpoint).build()


def message(op, params):
    if op == "CreateNamespace":
        return model.CreateNamespaceRequest(body=model.CreateNamespaceRequestBody(**params))
    if op == "CreateRepo":
        body = {name: value for name, value in params.items() if name != "namespace"}
        return model.CreateRepoRequest(namespace=params["namespace"], body=model.CreateRepoRequestBody(**body))
    return getattr(model, op + "Request")(**params)


def call(request):
    op = request.get("op", "CreateNamespace")
    method = "".join("_" + letter.lower() if letter.isupper() else letter for letter in op).lstrip("_")
    try:
        response = getattr(connect(request), method)(message(op, request["params"]))
    except ServiceResponseException as error:
        return outcome(False, status=error.status_code, code=error.error_code, message=error.error_msg, request_id=error.request_id)
    return outcome(True, status=response.status_code, result=response.to_dict())


if __name__ == "__main__":
    serve(call, [signer])
