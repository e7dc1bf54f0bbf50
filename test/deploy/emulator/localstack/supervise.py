"""Runs LocalStack in a process of its own, and leaves nothing behind that it has started, however it ends.

Functions and DynamoDB Local run in sessions of their own, which no signal to LocalStack's group reaches. Nothing that they hold is
kept, so there is nothing that they would have to be asked for first.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading

import psutil

LAUNCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "launch.py")
PR_SET_CHILD_SUBREAPER = 36
# Seconds between two looks at whoever has started this, and at LocalStack.
LOOK = 0.5


def adopt_orphans():
    """Whoever loses its parent below becomes a child of this process; outside of Linux it is lost from sight."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_all():
    """Again until there is none: the children of a child that ends become ours."""
    while children := psutil.Process().children(recursive=True):
        for child in children:
            try:
                child.kill()
            except psutil.NoSuchProcess:
                pass
        psutil.wait_procs(children, timeout=1)


if __name__ == "__main__":
    parent = os.getppid()
    is_asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: is_asked.set())
    adopt_orphans()
    localstack = subprocess.Popen([sys.executable, LAUNCH])
    # A test run that was killed leaves no emulator behind.
    while localstack.poll() is None and os.getppid() == parent and not is_asked.is_set():
        is_asked.wait(LOOK)
    end_all()
    # As it ended by itself, if it has.
    sys.exit(0 if is_asked.is_set() else localstack.returncode)
