"""Runs a Lambda execution environment as one Node process, which takes its invocations from the Lambda Runtime API (2018-06-01).

SKEIN_LAMBDA_NODE names the Node that runs them, SKEIN_FAULTS the file that says which messages they do not get.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

BOOTSTRAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap.mjs")
RUNTIME_API = "/2018-06-01/runtime/"
# What the bootstrap prints after an invocation's own output, so that the log holds all of it.
END_OF_LOG = "\x00end "
MOST_RESPONSE_BYTES = 6 * 1024 * 1024
# Lines kept of a function's output.
MOST_LINES = 10_000


def failure(error_type, message):
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


class RuntimeApi(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A delayed acknowledgement costs 40 ms an invocation.
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_GET(self):
        invocation = self.server.executor.next_invocation()
        if invocation is None:
            self.close_connection = True
        else:
            self.answer(200, invocation["payload"].encode(), invocation["headers"])

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.executor.report(self.path.split("?")[0][len(RUNTIME_API) :].split("/"), body)
        self.answer(202, b'{"status":"OK"}', {})

    def answer(self, status, body, headers):
        lines = [f"HTTP/1.1 {status} OK", *(f"{name}: {value}" for name, value in headers.items())]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
        self.wfile.write("\r\n".join(lines).encode() + body)


class NodeExecutor(RuntimeExecutor):
    def __init__(self, id, function_version):
        super().__init__(id=id, function_version=function_version)
        self.process = None
        self.server = None
        self.environment = {}
        self.invocations = Queue()
        self.reports = Queue()
        self.boots = Queue()
        self.lines = []
        self.log_ends = {}
        self.is_stopped = False
        # Counts processes: what an earlier one still says is not listened to.
        self.generation = 0
        self.directory = tempfile.mkdtemp(prefix="lambda-")

    # What LocalStack calls.

    def start(self, env_vars):
        self.environment = env_vars
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
        self.server.daemon_threads = True
        self.server.executor = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.boot()

    def stop(self):
        self.is_stopped = True
        self.kill()
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def invoke(self, payload):
        request, version = payload["invoke-id"], self.function_version
        if self.process is None or self.process.poll() is not None:
            self.boot()
        timeout = int(version.config.timeout)
        self.log_ends[request] = log_end = threading.Event()
        self.lines = [f"START RequestId: {request} Version: {version.id.qualifier}\n"]
        started = time.monotonic()
        deadline = int((time.time() + timeout) * 1000)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": request,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": payload["invoked-function-arn"],
            "Lambda-Runtime-Trace-Id": payload.get("trace-id", ""),
        }
        self.invocations.put({"payload": payload["payload"], "headers": headers})
        is_error, answer = self.await_answer(request, timeout, log_end)
        del self.log_ends[request]
        milliseconds = (time.monotonic() - started) * 1000
        self.lines.append(f"END RequestId: {request}\nREPORT RequestId: {request}\tDuration: {milliseconds:.2f} ms\n")
        return InvocationResult(request_id=request, payload=answer, is_error=is_error, logs="".join(self.lines))

    def get_logs(self):
        return "".join(self.lines)

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"

    @classmethod
    def prepare_version(cls, function_version):
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass

    # What the Runtime API calls.

    def next_invocation(self):
        self.boots.put(("ready", None))
        generation = self.generation
        while not self.is_stopped and generation == self.generation:
            try:
                return self.invocations.get(timeout=0.5)
            except Empty:
                continue
        return None

    def report(self, path, body):
        if path[:2] == ["init", "error"]:
            self.boots.put(("error", body))
        elif path[0] == "invocation":
            self.reports.put((path[2], body))

    # The process.

    def await_answer(self, request, timeout, log_end):
        try:
            kind, answer = self.reports.get(timeout=timeout)
        except Empty:
            self.kill()
            said = f"Task timed out after {timeout:.2f} seconds"
            self.lines.append(f"{request} {said}\n")
            return True, failure("Sandbox.Timedout", f"RequestId: {request} Error: {said}")
        if kind == "exit":
            self.kill()
            said = f"RequestId: {request} Error: Runtime exited with error: exit status {answer}"
            return True, failure("Runtime.ExitError", said)
        log_end.wait(0.5)
        if len(answer) > MOST_RESPONSE_BYTES:
            said = f"Response payload size exceeded maximum allowed payload size ({MOST_RESPONSE_BYTES} bytes)."
            return True, failure("Function.ResponseSizeTooLarge", said)
        return kind != "response", answer

    def boot(self):
        self.boots, self.reports = Queue(), Queue()
        self.spawn()
        kind, said = self.boots.get(timeout=config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT)
        if kind == "ready":
            return
        self.kill()
        if kind == "exit":
            said = failure("Runtime.ExitError", f"Error: Runtime exited with error: exit status {said}")
        raise StatusErrorException("Environment startup failed", payload=said)

    def spawn(self):
        function = self.function_version.config
        if not (function.runtime or "").startswith("nodejs"):
            said = failure("Runtime.Unsupported", f"only Node functions run here, not {function.runtime}")
            raise StatusErrorException("unsupported runtime", payload=said)
        function.code.prepare_for_execution()
        root = str(function.code.get_unzipped_code_location())
        self.generation += 1
        host, port = self.server.server_address
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment.update({name: str(value) for name, value in self.environment.items()})
        environment.update(
            AWS_LAMBDA_RUNTIME_API=f"{host}:{port}",
            LAMBDA_TASK_ROOT=root,
            SKEIN_FAULTS=os.environ["SKEIN_FAULTS"],
            TMPDIR=self.directory,
            TZ="UTC",
        )
        self.process = subprocess.Popen(
            [os.environ["SKEIN_LAMBDA_NODE"], f"--max-old-space-size={function.memory_size or 128}", BOOTSTRAP],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self.read_output, args=(self.process, self.generation), daemon=True).start()

    def read_output(self, process, generation):
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace")
            if line.startswith(END_OF_LOG):
                log_end = self.log_ends.get(line[len(END_OF_LOG) :].strip())
                if log_end:
                    log_end.set()
            elif len(self.lines) < MOST_LINES:
                self.lines.append(line)
        status = process.wait()
        if generation == self.generation and not self.is_stopped:
            self.reports.put(("exit", status))
            self.boots.put(("exit", status))

    def kill(self):
        self.generation += 1
        if self.process and self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
        self.process = None
