"""What a suite imports at a prompt means what it meant before the submission was loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graders.authoring import catalogue
from graders.authoring.catalogue import Kata
from graders.sandbox import early
from graders.sandbox.errors import GraderFault
from graders.sandbox.isolation import levels
from graders.sandbox.limits import Source
from tests.support import ROOT

# In a process of its own: at level none a submission patches the standard library of whoever grades it.
ASKS = """
import sys
from pathlib import Path
from graders.sandbox.isolation import levels
from graders.sandbox.errors import remote_of
from graders.sandbox.host import Host
from graders.sandbox.isolation.none import InProcessHost
from graders.sandbox.limits import Source
from graders.sandbox.proxy import Submission
from graders.sandbox.transcript import Transcript

level, slug, file = sys.argv[1:]
source = Source(slug, Path(file).read_bytes())
host = InProcessHost(source, Path(file)) if level == "none" else Host(levels.choose(level), source)
try:
    for load in range(2):
        submission = Submission(host.fresh(), Transcript())
        {asks}
finally:
    host.close()
print("asked")
"""

FAKES = """
import concurrent.futures.process as true_process, threading as true_threading, queue as true_queue
import sys, types

# At level none a second load meets what the first one has patched.
kept = vars(sys).setdefault("kept", (true_process.BrokenProcessPool, true_queue.Empty, true_threading))
class_of_python, empty_of_python, module_of_python = kept
true_process.BrokenProcessPool = Exception
for name in ("threading", "queue"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["queue"].Empty = Exception
"""
PATCHED = """
import builtins, collections, copy, pickle, sys

class Thing:
    pass

thing = Thing()
copy.copy = copy.deepcopy = copy._reconstruct = lambda found, *rest: found
pickle.dumps, pickle.loads = lambda found: b"", lambda data: thing
collections.namedtuple = lambda *names, **options: Thing
true = getattr
builtins.getattr = lambda found, *name: found if found is thing else true(found, *name)
"""
CANCELLED = """
import asyncio.exceptions
import sys

class Mine(BaseException):
    pass

true = vars(sys).setdefault("kept", asyncio.exceptions.CancelledError)
asyncio.exceptions.CancelledError = Mine

def wrong(): raise Mine

def right(): raise true
"""


@pytest.mark.parametrize("level", ["sandbox", "process", "none"])
@pytest.mark.parametrize(
    ("slug", "text", "asks"),
    [
        (
            "process_pool",
            FAKES,
            "submission.define('from concurrent.futures.process import BrokenProcessPool')\n"
            "submission.define('def is_true(): return BrokenProcessPool is class_of_python')\n"
            "assert submission.is_true() is True\n"
            "assert submission.BrokenProcessPool.__name__ == 'BrokenProcessPool'",
        ),
        (
            "thread_pool",
            FAKES,
            "submission.define('import threading\\nfrom queue import Empty')\n"
            "submission.define('def are_true(): return threading is module_of_python and Empty is empty_of_python')\n"
            "assert submission.are_true() is True",
        ),
        (
            "hashing",
            PATCHED,
            "submission.define('from copy import copy, deepcopy\\nfrom pickle import dumps, loads')\n"
            "submission.define('from collections import namedtuple')\n"
            "submission.define('def another(make): return make(thing) is not thing')\n"
            "submission.define('def pickled(p): return loads(dumps(p))')\n"
            "for name in ('copy', 'deepcopy', 'pickled'):\n"
            "    assert submission.another(getattr(submission, name)) is True\n"
            'submission.define(\'def pair(): return namedtuple("Pair", "x y")(1, 2).y\')\n'
            "assert submission.pair() == 2",
        ),
        (
            "hashing",
            CANCELLED,
            "for call, kind in ((submission.right, 'CancelledError'), (submission.wrong, 'BaseException')):\n"
            "    try:\n"
            "        call()\n"
            "    except Exception as error:\n"
            "        assert type(error).stands_for.__name__ == kind\n"
            "    else:\n"
            "        raise AssertionError",
        ),
    ],
    ids=["a class", "modules", "functions", "the exception of asyncio"],
)
def test_a_name_is_resolved_before_the_load(level: str, slug: str, text: str, asks: str, tmp_path: Path) -> None:
    """Whatever a submission calls so, puts in a module's place or patches; in a second load of one process as well."""
    if level != "none":
        try:
            levels.choose(level)
        except GraderFault as unavailable:
            pytest.skip(str(unavailable))
    file = tmp_path / f"{slug}.py"
    file.write_text(text)

    done = subprocess.run(
        [sys.executable, "-c", ASKS.replace("{asks}", asks.replace("\n", f"\n{8 * ' '}")), level, slug, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "asked\n", done.stderr


def test_what_a_suite_and_the_files_beside_it_import_at_a_prompt_is_found() -> None:
    """In a text of the suite, in one of a file beside it, of a module, of several names, within a function."""
    assert {("types", "SimpleNamespace"), ("pickle", "loads"), ("copy", "copy")} <= {*early.asked(_of("hashing"))}
    assert {("multiprocessing", ""), ("os", "urandom")} <= {*early.asked(_of("process_pool"))}


def _of(slug: str) -> Source:
    return Source(slug, b"")


def test_prose_is_no_import_and_a_broken_suite_asks_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a kata without a suite; what is not of the standard library is not imported on a suite's word."""
    for slug in ("odd", "broken"):
        (tmp_path / "suites" / slug).mkdir(parents=True)
    (tmp_path / "suites" / "odd" / "suite.py").write_text(
        "'''import what you like, and\nfrom there import . all'''\nx = 'import hypothesis'\n"
    )
    (tmp_path / "suites" / "broken" / "suite.py").write_text("def (")
    monkeypatch.setattr(early, "_GRADERS", tmp_path)

    assert early.asked(_of("odd")) == early.asked(_of("broken")) == early.asked(_of("none_such")) == ()


@pytest.mark.parametrize("kata", catalogue.find("all"), ids=str)
def test_what_python_lacks_is_left_to_the_prompt(kata: Kata) -> None:
    """Each name that is found exists in this Python: one that does not would be a mistake of the suite's."""
    for module, name in early.asked(_of(kata.slug)):
        found = __import__(module, fromlist=[name] if name else [])
        assert not name or hasattr(found, name)
