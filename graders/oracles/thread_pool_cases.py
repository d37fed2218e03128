"""LAYER 2. What the suite of thread_pool asks: plans, URLs, and what a page or a failure may be."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import example

from graders.concurrency import Plan

# Some are what a dict, a deque or a wait raises itself. No more than ten: an order by text is another criterion's.
ERRORS: tuple[str, ...] = ("ValueError", "KeyError", "IndexError", "AssertionError", "OSError", "TimeoutError")
ERRORS += ("ConnectionResetError", "RuntimeError", "StopAsyncIteration", "Exception")
NAMES = tuple(f"/{letter}{number}" for number in ("", 2, 3) for letter in "abcdefghijklmnop")
DEFAULT = 10  # workers
MANY = 33  # workers: more than asyncio's own executor ever has, and few enough for the threads that a process may have
LONG = 44  # calls: more than any small number of workers takes as one batch, fewer than a process may have threads
MOST = 150  # URLs whose calls take no time, so that a thread for each is over before many others begin

# URLs, each of them data like any other.
AS_THEY_ARE = ("", " a ", "b/", "/A", "/%20", "/?b#c", "STOP", "None", "#a", "//a", "http://\u00c4:80//a/?b=&amp;c#")
# A page may be empty, and what a function returns may be an exception, or nothing that can be copied.
PAGES = dict.fromkeys(("None", "''", "0", "b'page'", "[0]", "(1, 2)", "ValueError('page')", "object()", "1.5, 2.5"), "")
PAGES |= {
    "Later()": "class Later:\n    def __await__(self):\n        yield",
    "Table()": "class Table:\n    def __eq__(self, other):\n        return self\n\n"
    "    def __bool__(self):\n        raise ValueError('the truth of which cell?')",
}
KEPT = """
def fetch_{0}(url):
    calls.append(url)
    {1} given[len(calls) % len(given)]

def kept_{0}(text):
    global given, calls
    given, calls = eval(f"[{{text}}]"), []
    results = fetch_all(["/a"] * len(given), fetch_{0}, max_workers=1)
    return [sum(each is one for each in results) for one in given], results, calls
"""
ONE_CALL_EACH = "one call of fetch for each URL"
BUSY = "HTTPError('/a', 503, 'Busy', {}, None)"
LOST = {
    "Empty()": "from queue import Empty",
    "MemoryError()": "from builtins import MemoryError",
    "URLError(OSError())": "from urllib.error import URLError",
    "HTTPError('/a', 404, 'Not Found', {}, None)": "from urllib.error import HTTPError",
    "Gone(code=404)": "class Gone(Exception):\n    def __init__(self, *, code):\n        super().__init__(code)",
    "late(KeyError())": "def late(early):\n    error = ValueError()\n"
    "    error.__cause__ = error.__context__ = early\n    return error",
    "ExceptionGroup('both', [ValueError(), KeyError()])": "from builtins import ExceptionGroup",
}
# One that has a cause, so that it can lose it.
RAISED = """
error = ValueError("gone")
error.__cause__ = OSError()

def fetch_it(url):
    raise error

def parts():
    return error.args, repr(error.__cause__), sorted(vars(error))
"""
ADDRESS = "class Address(str):\n    pass\n\ndef kind(url):\n    return type(url).__name__"
IN_A_THREAD = """
from concurrent.futures import ThreadPoolExecutor

def in_a_thread(urls):
    with ThreadPoolExecutor() as threads:
        return threads.submit(fetch_all, urls, str.upper).result()
"""
# What waits in these two waits for ever if other calls have to wait for it. Those that don't take no time: see MOST.
SLOW = """
from threading import Event

def first_waits_for_last(count):
    last = Event()

    def fetch_page(url):
        if url == "0":
            last.wait()
        elif url == str(count - 1):
            last.set()
        return url

    fetch_all([str(n) for n in range(count)], fetch_page, max_workers=40)
"""
MEET = """
from threading import Barrier

def last_ones_meet(count, workers):
    door = Barrier(workers)

    def fetch_page(url):
        if int(url) >= count - workers:
            door.wait()
        return url

    fetch_all([str(n) for n in range(count)], fetch_page, max_workers=workers)
"""
# What waits is the first URL only, so that threads that ask for it at the same time do meet.
ONCE = "import time\ndef once(urls):\n    time.sleep(0.05)\n    yield from urls"
IDLE = """
import threading

end = threading.Event()
other = threading.Thread(target=end.wait, daemon=True)
other.start()

def ending_it(fetch):
    def fetch_page(url):
        end.set()
        other.join()
        return fetch(url)

    return fetch_page
"""
NOBODY = ""  # no item of these plans is slow; but there is time for more to come, for a check that counts them itself


def staggered(count: int, workers: int, extra: int = 0) -> Plan:
    """Return a plan with one long call in each group of `workers`: a window is faster, and the order is another one."""
    times = tuple((90 if i % workers == 0 else 20) + 3 * (count - i) + extra for i in range(count))
    return Plan(NAMES[:count], times, workers)


def in_order(items: tuple[str, ...], workers: int = DEFAULT, fails: dict[str, str] | None = None) -> Plan:
    """Return a plan whose calls end in the order in which they begin, so that nothing hangs on order by completion."""
    return Plan(items, tuple(range(100, 100 + len(items))), workers, fails or {})


# In both criteria that have failures, so that a mistake costs both with every seed.
FAILING = (
    in_order(("/a",), 1, {"/a": "ValueError"}),
    in_order(("/a",), 1, {"/a": "IndexError"}),
    in_order(("/a", "/b"), 1, {"/a": "ValueError", "/b": "ValueError"}),
    in_order(("/a", "/b", "/c"), 1, {"/a": "ValueError"}),
    in_order(("/a", "/b", "/c"), 2, {"/b": "TimeoutError"}),
    in_order(NAMES[: len(ERRORS)], DEFAULT, dict(zip(NAMES, ERRORS, strict=False))),
)


def each_of(name: str, values: Iterable[object]) -> Callable[[Any], Any]:
    """Make each of the values a directed example."""
    made = [example(**{name: value}) for value in values]
    return lambda test: functools.reduce(lambda inner, add: add(inner), reversed(made), test)
