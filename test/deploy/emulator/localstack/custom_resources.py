"""Custom resources of CloudFormation, which LocalStack's open edition leaves out of a stack: asks their functions, and hears the answers."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue

from localstack.aws.connect import connect_to
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceProviderExecutor,
)

# Seconds, as CloudFormation waits where a resource says nothing.
LONGEST_WAIT = 3600


class Answers:
    """Where the functions send their answers to: one URL a request."""

    def __init__(self):
        self.waiting = {}
        answers = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                waiting = answers.waiting.get(self.path[1:])
                if waiting:
                    waiting.put(json.loads(body))
                self.send_response(200 if waiting else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for(self, ask, seconds):
        """Calls `ask` with a request's id and URL; None when nothing comes to that URL in time."""
        request = str(uuid.uuid4())
        self.waiting[request] = Queue()
        try:
            ask(request, f"http://127.0.0.1:{self.server.server_port}/{request}")
            return self.waiting[request].get(timeout=seconds)
        except Empty:
            return None
        finally:
            del self.waiting[request]


class CustomResourceProvider(ResourceProvider):
    SCHEMA = {"primaryIdentifier": ["/properties/PhysicalResourceId"]}
    answers = Answers()

    def create(self, request):
        return self.ask(request, "Create")

    def update(self, request):
        return self.ask(request, "Update")

    def delete(self, request):
        return self.ask(request, "Delete")

    def ask(self, request, kind):
        before = request.previous_state or {}
        properties = {name: value for name, value in request.desired_state.items() if name != "PhysicalResourceId"}
        physical_id = before.get("PhysicalResourceId") or request.desired_state.get("PhysicalResourceId")

        def send(request_id, url):
            event = {
                "RequestType": kind,
                "RequestId": request_id,
                "ResponseURL": url,
                "StackId": request.stack_id,
                "LogicalResourceId": request.logical_resource_id,
                "ResourceType": request.resource_type,
                "ResourceProperties": properties,
                **({"PhysicalResourceId": physical_id} if physical_id else {}),
                **({"OldResourceProperties": before} if kind == "Update" else {}),
            }
            client = connect_to(aws_access_key_id=request.account_id, region_name=request.region_name).lambda_
            client.invoke(FunctionName=properties["ServiceToken"], InvocationType="Event", Payload=json.dumps(event))

        answer = self.answers.wait_for(send, int(properties.get("ServiceTimeout", LONGEST_WAIT)))
        if not answer or answer["Status"] != "SUCCESS":
            reason = answer.get("Reason", "") if answer else "its function did not answer"
            return ProgressEvent(status=OperationStatus.FAILED, resource_model={}, message=reason)
        known = {"PhysicalResourceId": answer["PhysicalResourceId"], **answer.get("Data", {})}
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={**request.desired_state, **known})


def apply():
    load = ResourceProviderExecutor.try_load_resource_provider

    def try_load_resource_provider(resource_type):
        is_custom = resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource"
        return CustomResourceProvider() if is_custom else load(resource_type)

    ResourceProviderExecutor.try_load_resource_provider = staticmethod(try_load_resource_provider)
