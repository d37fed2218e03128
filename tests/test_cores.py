"""The examiner and a worker that take turns share a core, and give it back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graders.sandbox import cores
from graders.sandbox.channel import WorkerChannel
from graders.sandbox.cores import REVIEW
from graders.sandbox.host import Host
from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import Transcript
from tests.support import Loads

ALL = os.sched_getaffinity(0)
TEXT = "import os\ndef cores():\n    return len(os.sched_getaffinity(0))\n"

pytestmark = pytest.mark.skipif(len(ALL) < 2, reason="this process may use one core only, so there is none to choose")


def ask(worker: WorkerChannel, times: int) -> int:
    """Ask so often, and return on how many cores the worker may run."""
    submission = Submission(worker, Transcript())
    return [int(submission.cores()) for _ in range(times)][-1]


@pytest.fixture(name="host")
def _host(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host at level process, on cores that are never crowded, whatever else this machine does."""
    monkeypatch.setattr(cores, "CROWDED", 2.0)
    host = loads.open(TEXT)
    assert isinstance(host, Host)
    return host


def test_a_pair_that_takes_many_turns_shares_a_core_until_the_worker_is_done_with(host: Host) -> None:
    """A few questions are not worth the move."""
    worker = host.fresh()
    assert ask(worker, REVIEW // 4) == len(ALL)
    assert ask(worker, REVIEW) == 1
    assert len(os.sched_getaffinity(0)) == 1
    worker.close()
    assert os.sched_getaffinity(0) == ALL


def test_the_next_load_may_run_anywhere(host: Host) -> None:
    """Whatever the load before did."""
    ask(host.fresh(), REVIEW)
    assert ask(host.fresh(), 1) == len(ALL)
    assert os.sched_getaffinity(0) == ALL


def test_a_sandbox_that_starts_meanwhile_may_run_anywhere(host: Host, loads: Loads) -> None:
    """Such as the reference's, for a control run."""
    ask(host.fresh(), REVIEW)
    other = loads.open(TEXT)
    assert isinstance(other, Host)
    assert ask(other.fresh(), 1) == len(ALL)


def test_instruments_give_both_all_cores_back(host: Host) -> None:
    """What is to run at the same time needs them."""
    worker = host.fresh()
    assert ask(worker, 2 * REVIEW) == 1
    worker.place()
    assert os.sched_getaffinity(0) == ALL
    assert ask(worker, 2 * REVIEW) == len(ALL)


def test_a_crowded_core_is_left_for_good(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a core that others use goes where there is room."""
    worker = host.fresh()
    assert ask(worker, REVIEW) == 1
    monkeypatch.setattr(cores, "CROWDED", -1.0)
    assert ask(worker, 3 * REVIEW) == len(ALL)
    assert os.sched_getaffinity(0) == ALL


def test_without_the_right_to_move_a_worker_nothing_changes(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs more, and grades the same."""
    move = os.sched_setaffinity
    worker = host.fresh()

    def refuse(pid: int, mask: set[int]) -> None:
        if pid:
            raise PermissionError(1, "Operation not permitted")
        move(pid, mask)

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    assert ask(worker, 3 * REVIEW) == len(ALL)
    assert os.sched_getaffinity(0) == ALL


def test_a_worker_that_ended_is_not_moved(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its id may be another's by now."""
    worker = host.fresh()
    monkeypatch.setattr(host, "known_as", lambda pid: None)
    assert ask(worker, 2 * REVIEW) == len(ALL)


def test_the_time_that_a_process_waited_for_a_core_is_none_once_it_is_gone(tmp_path: Path) -> None:
    """Nothing is held against anybody by guess."""
    assert cores.waited_for_core(str(tmp_path / "gone")) == 0.0
