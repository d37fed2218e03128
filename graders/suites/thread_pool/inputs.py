"""What the suite of thread_pool asks: plans, URLs, and what a page or a failure may be."""

from __future__ import annotations

from graders import Hung, Submission
from graders.concurrency import Plan, Stack, Violation, VirtualTime

# Some are what a dict, a deque or a wait raises itself. No more than ten: an order by text is another criterion's.
ERRORS: tuple[str, ...] = ("ValueError", "KeyError", "IndexError", "AssertionError", "OSError", "TimeoutError")
ERRORS += ("ConnectionResetError", "RuntimeError", "StopAsyncIteration", "Exception")
NAMES = tuple(f"/{letter}{number}" for number in ("", 2, 3) for letter in "abcdefghijklmnop")
DEFAULT = 10  # workers
MANY = 40  # workers, as many as the statement allows: more than asyncio's own executor ever has
# The first: more than asyncio's own executor has on two or four cores. Each with one URL more, so that what is missing
# can't be taken for a half.
WORKERS = (9, DEFAULT, MANY)
LONG = 44  # calls: more than any small number of workers takes as one batch, fewer than a process may have threads
MOST = 150  # URLs whose calls take no time, so that a thread for each is over before many others begin

# URLs, each of them data like any other.
AS_THEY_ARE: tuple[str, ...] = ("", " a ", "b/", "/A", "/%20", "/?b#c", "STOP", "None", "#a", "//a")
AS_THEY_ARE += ("http://\u00c4:80//a/?b=&amp;c#", "/a\n", "/A\u0308")  # a line of a file; two that may be one letter
LIKE_AN_END = ("", "STOP", "None")
# As plain as can be, before `PAGES`, whose calls are counted.
FALSE: tuple[object, ...] = ("", None, 0, False, b"", ())
# A page may be empty, and what a function returns may be an exception, or nothing that can be copied.
PAGES = dict.fromkeys(("None", "''", "0", "b'page'", "[0]", "(1, 2)", "ValueError('page')", "object()", "1.5, 2.5"), "")
PAGES |= dict.fromkeys(("ValueError", "KeyboardInterrupt()", "str.upper", "iter('page')"), "")
PAGES |= {"Future()": "from concurrent.futures import Future"}
PAGES |= {
    "Later()": "class Later:\n    def __await__(self):\n        yield",
    "Table()": "class Table:\n    def __eq__(self, other):\n        return self\n\n"
    "    def __bool__(self):\n        raise ValueError('the truth of which cell?')",
}
KEPT = """
def fetch_page(url):
    calls.append(url)
    return given[len(calls) % len(given)]

def kept_page(text):
    global given, calls
    given, calls = eval(f"[{text}]"), []
    results = fetch_all(["/a"] * len(given), fetch_page, max_workers=1)
    return [sum(each is one for each in results) for one in given], results, calls
"""
# What to say if fetch_all raises: what `fetch` raised, or something of its own; the principle, then hints.
ITS_OWN = (
    "What `fetch` raises is a result like any other: it takes its place in the list, and the others still finish.",
    "What becomes of the results after the first failure?",
    "Catch the exception where `fetch` is called, and return it as the result.",
)
OF_YOURS = (
    "fetch_all raises nothing but ValueError for a limit below 1: an exception of its own loses every result.",
    "The lines below the calls say where it was raised, the outermost first.",
    "What is None, empty or not there yet when that line runs?",
)
# The same, of a call whose `fetch` raised.
ONE_TRY = (
    "One call for each URL: whether a page that failed is worth a second try is for the caller to decide.",
    "What happens after a failure that looks temporary?",
)
NOT_GIVEN_BACK = (
    "What a call takes or owes, a place, a lock, a count, is given back however the call ends: by `with` or `finally`.",
    "Which line wakes whoever waits here, and does that line run when `fetch` raises?",
    "A semaphore as a context manager is released in any case, and `finally` runs in any case: for task_done() too.",
)
WORKER_LOST = (
    "A worker outlives a call that failed: the loop in its thread goes on to the next URL.",
    "Where does the thread go after the `except`: back to the loop, or out of it?",
    "The try belongs within the loop, around the call of `fetch` only.",
)
NO_PAUSE = (
    "A page that fails is not a reason to wait: the worker is free for the next URL at once.",
    "What does a worker do between a failure and the next URL?",
)
ONE_PLACE = (
    "A call that fails frees one place, as one that returns does.",
    "How often is a place given back when `fetch` raises?",
)
# If nothing can wake any thread any more, or threads are left.
TOLD_TO_END = (
    "A worker that waits for more work ends only if it is told to.",
    "The lines below the calls show where threads wait: which of them waits for work that will not come?",
    "An end mark for each worker says that nothing is left; get_nowait() raises if the queue is empty.",
)
BATCHES = (
    "A batch lasts as long as its slowest call: a thread that is free takes the next URL at once.",
    "Which call is over while a URL is left, and what does the next call wait for?",
    "An executor takes all calls at once, and starts the next one as soon as a thread is free.",
)
YOUR_OWN = (
    "Count your own calls, not the threads of the process: others begin and end as they like.",
    "What does your limit count? threading.active_count() counts all threads of the process.",
    "A pool of max_workers threads needs no count; a semaphore counts your calls only.",
)
CALLER_WORKS = (
    "The calling thread fetches, too: with it and the threads that it has started there is one call too many.",
    "Which threads call `fetch`, and is the caller's own among those that you count?",
    "Start one thread fewer, or let the caller only wait.",
)
DEALT_OUT = (
    "A URL that is dealt out before a worker is free waits for its own worker, in a chunk or in a share.",
    "Which URLs have not begun although later ones are over, and what do they wait for?",
    "Let each worker take one URL at a time; Pool.map takes chunks unless chunksize=1.",
)
EACH_URL = (
    "Each URL gets one call, equal ones too: none is left out and none is fetched twice.",
    "Which URLs has no worker taken, and when does a worker end?",
    "A queue that is empty for a moment says nothing about what is put into it later.",
)
NO_LENGTH = (
    "An iterator tells no length, and only one thread at a time may be in it; the pool is as full as for a list.",
    "How many workers do you start if the length is not known, and which of them take the next URL?",
    "Make a list of `urls` first, and start from that.",
)
UNCHANGED = (
    "`fetch` gets each URL as it is: nothing is cut off, added or put into another form.",
    "What is done to a URL between the list and the call?",
)
LIKE_A_LIST = (
    "What comes from an iterator is treated as what comes from a list: the limit, failures, equal URLs.",
    "Which line of yours is only for a list, or only for what is not one?",
)
BELOW_ONE = (
    "A limit below 1, 0 or negative, is refused before any page is fetched.",
    "What does max_workers=0 mean, and what does -1?",
)
SAME_OBJECT = (
    "The exception itself is the result, the very object: one made anew from its type and args has lost the rest.",
    "What does your code do to an exception before it keeps it?",
    "Keep what `except Exception as error` gives, as it is.",
)
KEPT_AT_ALL = (
    "Whatever Exception `fetch` raises is the result, also one of a class that your own code catches for itself.",
    "Which exceptions does your code catch, and does it keep the one that it has caught?",
    "The try around `fetch` holds nothing else: neither the queue's Empty nor the TimeoutError of a wait.",
)
OLDEST_FIRST = (
    "Don't wait for the results in order before new calls start: wait for whichever ends first.",
    "Which call does your code wait for before the next one begins?",
    "An executor takes all calls at once, and starts the next one as soon as a thread is free.",
)
ONE_CALL_EACH = "one call of fetch for each URL"
LOST = {
    "Empty()": "from queue import Empty",
    **{
        f"{name}()": f"from builtins import {name}"
        for name in ("MemoryError", "TypeError", "AttributeError", "NameError")
    },
    "URLError(OSError())": "from urllib.error import URLError",
    "HTTPError('/a', 404, 'Not Found', {}, None)": "from urllib.error import HTTPError",
    "Gone(code=404)": "class Gone(Exception):\n    def __init__(self, *, code):\n        super().__init__(code)",
    "Late(KeyError())": "class Late(Exception):\n    def __init__(self, early):\n        super().__init__()\n"
    "        self.__cause__ = self.__context__ = early",
    "ExceptionGroup('both', [ValueError(), KeyError()])": "from builtins import ExceptionGroup",
    "ExceptionGroup('one', [ValueError()])": "from builtins import ExceptionGroup",
}
# Raises what the suite calls `error`, and tells whether that comes back.
SAME = """
def fetch_it(url):
    raise error

def kept(urls):
    return [(type(each).__name__, each is error) for each in fetch_all(urls, fetch_it)]
"""
# Each call raises one of its own, and they look the same.
ALIKE = """
def fetch_gone(url):
    raise ValueError("gone")

def different(urls):
    return len({id(each) for each in fetch_all(urls, fetch_gone)})
"""
BUSY = """
from urllib.error import HTTPError, URLError

calls = []

def fetch_busy(url):
    calls.append(url)
    raise HTTPError(url, int(url), "Busy", {}, None) if url else URLError(ConnectionRefusedError())
"""
TEMPORARY = ["503", "408", "425", "429", "500", "502", "504", ""]
# One has a cause, which can get lost; the other has none, and can be given one.
RAISED = """
from traceback import walk_tb

error, bare = ValueError("gone"), ValueError("gone too")
error.__cause__ = OSError()

def fetch_it(url):
    raise error if url == "/a" else bare

def parts(each):
    names = [frame.f_code.co_name for frame, _ in walk_tb(each.__traceback__)]
    return {
        "args": each.args,
        "cause": repr(each.__cause__),
        "context": repr(each.__context__),
        "more": sorted(vars(each)),
        "raised in": names[-1:],
    }
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
# Why the last calls are in flight at the same time.
TO_THE_END = (
    "The last max_workers calls wait for each other here, so all of them must begin: none is kept in a chunk, and each "
    "call that ends makes room for a new one.",
    "Each call that ends makes room for one: does a new one begin for every call that ended, or for the first only?",
    "A chunk that one worker takes keeps its calls one after the other: hand out single URLs.",
)
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
# Pages of one host, for which some libraries have a limit of their own.
ONE_HOST = tuple(f"http://h{name}" for name in NAMES[:13])
# Not a list, not an iterator, and without a length.
FEED = """
class Feed:
    def __iter__(self):
        return iter(["/a"])
"""
# What another function would take a time limit by.
MORE_OPTIONS = "def page(url, timeout=None, **options):\n    return [url, timeout, options]"
# What waits is the first URL only, so that threads that ask for it at the same time do meet.
ONCE = "from time import sleep\ndef once(urls):\n    sleep(0.05)\n    yield from urls"
# Why a call may take long; a longer limit of one's own than these seconds is out of scope.
TAKES_AS_LONG = (
    "A call takes as long as it takes: a limit of your own loses the result, or lets one call too many begin.",
    "Which of your waits has a timeout, and what happens after it?",
    "Wait without a timeout for what is sure to come: the end of a call.",
)
LIMIT_OF_ITS_OWN = 5.5
# Threads that end by an exception, which `threading` would only print.
DIED = """
import threading

def note(args):
    died.append(args.exc_type.__name__)
"""
NOTED = "threading.excepthook = note"
NOT_NOTED = "threading.excepthook = threading.__excepthook__"
BEGIN = """
import threading

over = threading.Event()
another = threading.Thread(target=over.wait, daemon=True)

def beginning_one(fetch):
    def fetch_page(url):
        if url == "/a":
            another.start()
        return fetch(url)

    return fetch_page
"""
IDLE = """
import threading

end = threading.Event()
other = threading.Thread(target=end.wait, daemon=True)
other.start()
"""
ENDING = """
def ending_it(fetch):
    def fetch_page(url):
        end.set()
        other.join()
        return fetch(url)

    return fetch_page
"""
NOBODY = ""  # no item of these plans is slow; but there is time for more to come, for a check that counts them itself


AT_FAULT = (Violation, Hung)  # what has a reason by name


def caller_works(submission: Submission) -> Stack:
    """Return where the threads are if the calling one is in the same line as another one, which is that of a call."""
    caller, *others = submission.place().stack() or ((),)
    return (caller,) if caller and any(other[-1:] == caller[-1:] for other in others) else ()


def texts_of(run: VirtualTime, found: Violation | Hung) -> tuple[str, ...] | None:
    """Return the principle and the hints for a violation of which more is known than its reason, else None."""
    if found.reason == "deadlock":
        # Each plan without failures is gone through first, and of those a ValueError.
        if run.plan.fails:
            return NOT_GIVEN_BACK if {*run.plan.fails.values()} == {"ValueError"} else KEPT_AT_ALL
        # The first one is where the caller waits.
        return TOLD_TO_END if isinstance(found, Violation) and run.over() and len(found.stack) > 1 else None
    if found.reason == "wrong-calls" and run.again in run.plan.fails:
        return ONE_TRY
    if found.reason == "under-utilised":
        if run.dealt_out():
            return DEALT_OUT
        return OLDEST_FIRST if run.oldest else BATCHES if run.batch else None
    return None


def staggered(count: int, workers: int, extra: int = 0) -> Plan:
    """Return a plan with one long call in each group of `workers`: a window is faster, and the order is another one."""
    times = tuple((90 if i % workers == 0 else 20) + 3 * (count - i) + extra for i in range(count))
    return Plan(NAMES[:count], times, workers)


def in_order(items: tuple[str, ...], workers: int = DEFAULT, fails: dict[str, str] | None = None) -> Plan:
    """Return a plan whose calls end in the order in which they begin, so that nothing hangs on order by completion."""
    return Plan(items, tuple(range(100, 100 + len(items))), workers, fails or {})


def first_is_slow(workers: int, more: int) -> Plan:
    """Return a plan with `more` calls than workers, all of which could be over before the first one is."""
    count = workers + more
    return Plan(NAMES[:count], (20_000, *range(10 * count, 10, -10)), workers)


# The oldest call ends first, then not: a window that waits for the oldest starts the fourth call, which batches don't.
SECOND_IS_SLOW = Plan(NAMES[:6], (20, 400, 60, 100, 100, 100), 3)

# Two workers and an odd number of URLs: at the end two threads want the last one.
FEW = in_order(NAMES[:5], 2)
FEW_FAILING = in_order(NAMES[:5], 2, dict.fromkeys(NAMES[:5], "ValueError"))

FAILING = (
    in_order(("/a",), 1, {"/a": "ValueError"}),
    in_order(("/a",), 1, {"/a": "IndexError"}),
    in_order(("/a", "/b"), 1, {"/a": "ValueError", "/b": "ValueError"}),
    in_order(("/a", "/b", "/c"), 1, {"/a": "ValueError"}),
    in_order(("/a", "/b", "/c"), 2, {"/b": "TimeoutError"}),
    in_order(NAMES[: len(ERRORS)], DEFAULT, dict(zip(NAMES, ERRORS, strict=False))),
)
