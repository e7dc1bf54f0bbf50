"""Starts LocalStack 4.13.1 without Docker, for tests: Lambda functions are Node processes, DynamoDB is DynamoDB Local.

What is installed stays as it is; everything that differs is changed here, in memory, before LocalStack reads it.
"""

import _thread
import hashlib
import os
import sys
import tempfile
import threading
import uuid


def run_on_older_python():
    """LocalStack is made for Python 3.13."""
    if sys.version_info < (3, 13):
        # Annotations say `threading.Lock | None`, and Lock is a class only since 3.13.
        class Lock:
            def __new__(cls):
                return _thread.allocate_lock()

        threading.Lock = Lock
    if sys.version_info < (3, 12):
        # KMS makes ids of bytes, which uuid5 takes only since 3.12.
        uuid5_of_text = uuid.uuid5

        def uuid5(namespace, name):
            if isinstance(name, bytes):
                return uuid.UUID(bytes=hashlib.sha1(namespace.bytes + name).digest()[:16], version=5)
            return uuid5_of_text(namespace, name)

        uuid.uuid5 = uuid5


def run_functions_as_processes():
    from localstack.services.lambda_.invocation.plugins import DockerRuntimeExecutorPlugin
    from node_executor import NodeExecutor

    DockerRuntimeExecutorPlugin.load = lambda self, *args, **kwargs: NodeExecutor


def run_dynamodb_without_agent():
    """LocalStack's Java agent only raises the number of indexes a table may have; it is one download less."""
    from localstack.services.dynamodb.server import DynamodbServer

    with_agent = DynamodbServer._create_shell_command
    DynamodbServer._create_shell_command = lambda self: [
        word for word in with_agent(self) if not word.startswith("-javaagent:")
    ]


def count_no_features():
    """Each new machine would be parsed once more, to count what it uses: a quarter of LocalStack's time where machines are many."""
    from localstack.services.stepfunctions.asl.static_analyser.usage_metrics_static_analyser import (
        UsageMetricsStaticAnalyser,
    )

    UsageMetricsStaticAnalyser.process = staticmethod(lambda definition: UsageMetricsStaticAnalyser())


if __name__ == "__main__":
    # What is killed does not tidy up.
    tempfile.tempdir = os.environ["SKEIN_TEMPORARY"]
    run_on_older_python()
    run_functions_as_processes()
    run_dynamodb_without_agent()
    count_no_features()

    from localstack.runtime.main import main

    # The canaries look whether the patches are still needed.
    if os.environ.get("SKEIN_UNPATCHED") != "1":
        import custom_resources
        import step_functions_patches

        custom_resources.apply()
        step_functions_patches.apply()
    main()
