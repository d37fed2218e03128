"""Says in one line where katas are graded, if pytest is asked for them outside of the project's folder.

Pytest loads this module wherever the project is installed. It imports nothing of the grader: in a clone, the clone's
own grader has to grade, whichever clone the environment was made for.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

ELSEWHERE = (
    "{option}: katas are graded in a clone of graded-katas, where conftest.py and the folder katas/ are. "
    "Change to that folder and run pytest there."
)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None]:
    """Refuse --kata and similar options where no conftest.py has loaded the plugin that defines them."""
    yield
    asked = next((arg for arg in args if arg.startswith("--kata")), None)
    if asked is not None and not early_config.pluginmanager.has_plugin("graders.plugin.hooks"):
        raise pytest.UsageError(ELSEWHERE.format(option=asked))
