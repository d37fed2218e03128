"""With pytest-xdist: options go to its workers, and what a dead worker had in hand is graded again."""

from __future__ import annotations

from typing import Any

import pytest

from graders.plugin.options import HANDED
from graders.plugin.state import STATE

MOST_LOST = 2  # workers that may die over one submission before it is given up
LOST = "its pytest worker died while it was being graded, {times} times"


class XdistHooks:
    """Hooks that exist only where pytest-xdist is loaded."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.lost: dict[str, int] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand the options to a worker, which gets none of them otherwise but the command line."""
        state = self.config.stash.get(STATE, None)
        if state is not None:
            node.workerinput[HANDED] = state.options.packed()

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport, sched: Any) -> None:
        """Grade again what a dead worker had in hand; a submission that costs a third worker is not graded."""
        if self.config.stash.get(STATE, None) is None:
            return
        self.lost[crashitem] = self.lost.get(crashitem, 0) + 1
        if self.lost[crashitem] <= MOST_LOST:
            sched.mark_test_pending(crashitem)
            report.outcome = "rerun"  # type: ignore[assignment]
        else:
            report.longrepr = LOST.format(times=self.lost[crashitem])
