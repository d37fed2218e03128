"""What the grader can use on this machine, what it can't and why, and what to do about it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator

from graders.authoring import catalogue
from graders.sandbox import runtime
from graders.sandbox.errors import GraderFault, NoRoom
from graders.sandbox.host import Host
from graders.sandbox.isolation import bubblewrap
from graders.sandbox.isolation.cgroup import Cgroup
from graders.sandbox.isolation.process import ProcessIsolation
from graders.sandbox.limits import Limits, Source


def diagnosis() -> Iterator[str]:
    """Yield lines "feature: its state on this machine", after trying each feature."""
    yield f"Python: {platform.python_version()} on {platform.system()} {platform.release()}, {platform.machine()}"
    yield f"cores: {os.cpu_count()}"
    try:
        yield f"temporary files: in {runtime.folder().parent}"
    except NoRoom as error:
        yield f"temporary files: NO: {error}"
        return
    reason = bubblewrap.unavailable()
    yield f"isolation sandbox: {'works, with ' + bubblewrap.program() if reason is None else 'NO: ' + reason}"
    if reason is None and os.geteuid() == 0:
        yield f"  started by root, so submissions run as uid {bubblewrap.NOBODY}"
    yield f"isolation process: {_process()}"
    yield f"isolation auto means: {'sandbox' if reason is None else 'process, for your own file only'}"
    yield f"memory of all processes of a submission: {_memory()}"
    for kata in catalogue.find("all"):
        try:
            kata.suite()
        except catalogue.BrokenSuite as error:
            yield f"kata {kata.slug}: NO: {error}"
        else:
            yield f"kata {kata.slug}: can be graded"


def _process() -> str:
    host = Host(ProcessIsolation(), Source("probe", b""))
    try:
        host.fresh()
    except GraderFault as error:
        return f"NO: {error}"
    finally:
        host.close()
    return f"works, with {runtime.interpreter()}"


def _memory() -> str:
    if sys.platform != "linux":
        return "NOT bounded on this system"
    limits = Limits()
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", "input()"], stdin=subprocess.PIPE) as child:
        cgroup = Cgroup.make(child.pid, limits.tree_bytes, limits.processes)
        child.communicate(b"\n")
    if cgroup is None:
        return f"looked at several times a second, at most {limits.tree_bytes >> 20:,} MiB (no cgroup can be made here)"
    cgroup.close()
    return f"bounded by a cgroup, at most {limits.tree_bytes >> 20:,} MiB"
