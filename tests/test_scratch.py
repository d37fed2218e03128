"""Temporary folders: held while their owner lives, swept once it was killed, removed whatever is in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from graders.sandbox import runtime, scratch
from graders.sandbox.errors import NoRoom
from graders.sandbox.scratch import Scratch
from tests.support import Project, box

_MAKE = """
import sys, time
from graders.sandbox.scratch import Scratch

made = Scratch("test-", sys.argv[1])
(made.path / "file").touch()
print(made.path, flush=True)
time.sleep(1000)
"""


def start(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that holds a folder, and return both."""
    process = subprocess.Popen([sys.executable, "-c", _MAKE, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "it did not start"
    return process, Path(line.strip())


def test_a_folder_is_swept_only_after_its_owner_was_killed(tmp_path: Path) -> None:
    """Its process may live for ever: what tells is whether it lives, not the age or a number."""
    process, path = start(tmp_path)
    with process:
        scratch.sweep(str(tmp_path))
        kept = (path / "file").exists()
        process.send_signal(signal.SIGKILL)
    scratch.sweep(str(tmp_path))

    assert kept
    assert list(tmp_path.iterdir()) == []


def test_the_next_owner_sweeps_before_it_makes_its_own(tmp_path: Path) -> None:
    """Nobody has to ask for it."""
    process, path = start(tmp_path)
    with process:
        process.send_signal(signal.SIGKILL)

    mine = Scratch("mine-", str(tmp_path))

    assert not path.exists()
    assert list(tmp_path.iterdir()) == [mine.path]
    mine.remove()
    mine.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_a_folder_of_ours_stays(tmp_path: Path) -> None:
    """A link is not followed, a file is none, other names are others'."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    place = tmp_path / "place"
    place.mkdir()
    (place / f"{scratch.PREFIX}link").symlink_to(outside)
    (place / f"{scratch.PREFIX}file").touch()
    (place / "another").mkdir()

    scratch.sweep(str(place))

    assert sorted(path.name for path in place.iterdir()) == [
        "another",
        f"{scratch.PREFIX}file",
        f"{scratch.PREFIX}link",
    ]
    assert (outside / "file").exists()


def test_a_folder_of_another_user_stays(tmp_path: Path) -> None:
    """Its owner may be out of sight; and root has no business there."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    other = tmp_path / f"{scratch.PREFIX}other"
    other.mkdir()
    os.chown(other, 65534, 65534)

    scratch.sweep(str(tmp_path))

    assert other.exists()


def test_a_place_that_is_not_there_is_swept_without_ado() -> None:
    """The folder for temporary files may be missing."""
    scratch.sweep("/nonexistent")


def test_whatever_a_submission_left_goes_and_no_link_is_followed(tmp_path: Path) -> None:
    """Trees deeper than a path may be long, closed folders, names that are in the way, links to what others own."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    root = tmp_path / "root"
    root.mkdir()
    (root / f"{scratch.PREFIX}0").mkdir()
    (root / f"{scratch.PREFIX}0" / "inside").touch()
    (root / "link").symlink_to(kept)
    (root / "wide").mkdir()
    (root / "wide" / "link").symlink_to(kept)
    (root / "wide" / "closed").mkdir()
    (root / "wide" / "closed" / "file").touch()
    (root / "wide" / "closed").chmod(0)
    here = os.open(root, os.O_RDONLY)
    for _ in range(3_000):
        os.mkdir("deep", dir_fd=here)
        deeper = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)

    scratch.remove(root)

    assert not root.exists()
    assert (kept / "file").exists()


def test_a_copy_in_a_forked_process_removes_nothing(tmp_path: Path) -> None:
    """A submission at level none may fork, and end as Python ends."""
    made = Scratch("test-", str(tmp_path))
    pid = os.fork()
    if pid == 0:
        made.remove()
        os._exit(0)
    os.waitpid(pid, 0)

    assert made.path.exists()
    made.remove()


def test_a_folder_that_was_taken_before_it_was_held_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its making and its locking another grader may sweep it."""
    hold, taken = scratch._hold, list[Path]()

    def late(folder: int) -> bool:
        if not taken:
            taken.extend(tmp_path.iterdir())
            scratch.remove(taken[0])
        return hold(folder)

    monkeypatch.setattr(scratch, "_hold", late)
    made = Scratch("test-", str(tmp_path))

    assert made.path.is_dir()
    assert made.path not in taken
    made.remove()


def test_a_run_sweeps_at_its_end_what_its_killed_workers_left(small: Project, tmp_path: Path) -> None:
    """Pytest-xdist kills a worker that does not end soon enough; the run itself ends well."""
    place = runtime.folder().parent
    process, path = start(place)
    with process:
        process.send_signal(signal.SIGKILL)
    small.grade("-k", "doubles", submission=small.submit(box()))

    assert not path.exists()


def test_where_a_path_is_too_long_for_sockets_a_shorter_one_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the user is told: what the submission can't help must not cost it points."""
    long = tmp_path / ("a" * 80)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))

    made = scratch.Scratch()
    try:
        assert str(made.path.parent) in ("/tmp", "/var/tmp")
    finally:
        made.remove()
    monkeypatch.setattr(scratch, "_SHORT", (str(tmp_path / "none"),))
    with pytest.raises(
        NoRoom, match=r"is too long for sockets in it, .* Choose a folder with a path of at most 60 bytes"
    ):
        scratch.Scratch()
