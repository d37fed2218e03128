"""Reading /proc: what a process shows of itself is bounded, whatever it does to be large."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graders.sandbox import procfs, tree
from tests.support import ROOT, linux_only

pytestmark = linux_only

STRETCHES = ROOT / "tests" / "hostile" / "concurrency" / "stretched_command_line.py"
LARGE = 64 << 20
# Its first thread ends, another one holds the memory.
NO_LEADER = f"""
import ctypes, sys, threading
kept = bytearray(b"x") * {LARGE}
def wait():
    print(flush=True)
    sys.stdin.read()
threading.Thread(target=wait).start()
ctypes.CDLL(None).pthread_exit(None)
"""
Start = Callable[[str], int]


@pytest.fixture(name="start")
def _start() -> Iterator[Start]:
    """Starts code in a process of its own; returns its pid when it has printed a line."""
    started: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> int:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process.pid

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_command_line_of_gigabytes_is_read_in_part(start: Start) -> None:
    """A process needs no right to stretch its own over pages that cost it nothing."""
    functions = STRETCHES.read_text("utf-8").partition("def parallel_map")[0]
    pid = start(f"import sys\n{functions}\nstretch()\nprint(flush=True)\nsys.stdin.read()")
    with open(f"/proc/{pid}/cmdline", "rb") as whole:
        assert len(whole.read(1 << 20)) == 1 << 20, "the attack did not take place"

    assert len(procfs.read(f"/proc/{pid}/cmdline")) == procfs.MOST
    assert tree.kept_by_multiprocessing(pid) == set()


def test_a_list_of_processes_that_is_too_long_gives_its_beginning(tmp_path: Path) -> None:
    """No id is taken that was cut in the middle."""
    listed = tmp_path / "children"
    listed.write_text("".join(f"{pid} " for pid in range(1_000_000, 1_010_000)))

    found = procfs.process_ids(str(listed))
    assert found == list(range(1_000_000, 1_000_000 + procfs.MOST_LISTED // 8))


def test_memory_counts_when_the_first_thread_has_ended(start: Start) -> None:
    """The kernel then shows no memory for the process, only for its other threads."""
    pid = start(NO_LEADER)
    while not procfs.read(f"/proc/{pid}/statm").startswith(b"0 "):
        pass  # it is about to end

    assert tree.usage(pid, own_files=False).memory_bytes > LARGE


def test_what_is_no_process_id_is_in_no_list(tmp_path: Path) -> None:
    """Whatever a list holds, it is read to its end."""
    listed = tmp_path / "children"
    listed.write_bytes(b"7 \xff -1 1e3 " + b"9" * 5_000 + b" 8 ")

    assert procfs.process_ids(str(listed)) == [7, 8]
