"""Loads the grader's plugin for every pytest run in this folder.

A pytest of another environment is told in one line which one to use, so this file runs on any Python and any pytest.
"""

from __future__ import annotations

import importlib.util
import os
import sys

import pytest

_NEEDED = ("click", "hypothesis", "pytest_timeout", "rich", "xdist")
_MISSING = [name for name in _NEEDED if importlib.util.find_spec(name) is None]

if sys.version_info < (3, 11):  # noqa: UP036 - it may be any
    _MISSING.insert(0, "Python 3.11")  # type: ignore[unreachable]
if _MISSING:

    def pytest_addoption() -> None:
        """Refuse to start."""
        own = os.path.join(".venv", "bin", "pytest")
        there = os.path.exists(os.path.join(os.path.dirname(os.path.abspath(__file__)), own))
        make = "python3 -m venv .venv && .venv/bin/pip install -q -e ."
        use = "use this folder's own" if there and not _is_own() else "first: " + make + "; then"
        raise pytest.UsageError(f"this pytest is of {sys.prefix}, without {' and '.join(_MISSING)}: {use}: {own}")

    def _is_own() -> bool:
        return os.path.realpath(sys.prefix) == os.path.join(os.path.dirname(os.path.realpath(__file__)), ".venv")

else:
    pytest_plugins = ["graders.plugin.hooks"]
