"""With pytest-xdist: sends the options to its workers, and grades the current item of a dead worker again."""

from __future__ import annotations

from typing import Any

import pytest

from graders.plugin.options import HANDED
from graders.plugin.state import STATE

MOST_LOST = 2  # workers that may die over one submission before the run gives it up
LOST = "its pytest worker died while it was being graded, {times} times"


class XdistHooks:
    """Hooks that exist only if pytest-xdist is loaded."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.lost: dict[str, int] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Send the options to a worker, which otherwise gets only the command line."""
        state = self.config.stash.get(STATE, None)
        if state is not None:
            node.workerinput[HANDED] = state.options.packed()

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport, sched: Any) -> None:
        """Grade the item of a dead worker again; a submission that costs a third worker is not graded."""
        if self.config.stash.get(STATE, None) is None:
            return
        self.lost[crashitem] = self.lost.get(crashitem, 0) + 1
        if self.lost[crashitem] <= MOST_LOST:
            sched.mark_test_pending(crashitem)
            report.outcome = "rerun"  # type: ignore[assignment]
        else:
            report.longrepr = LOST.format(times=self.lost[crashitem])
