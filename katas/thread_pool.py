"""ThreadPool fetcher: wait for many pages at the same time.

:topic: concurrency
:level: 3
:minutes: 60

The interview question is "AsyncIO vs MultiThreading vs MultiProcessing". The everyday case is a blocking
library, many URLs, and a limit on the requests at one time. A thread that waits uses no core, so four
threads fetch twelve pages of a second each in three seconds. The usual answer

    with ThreadPoolExecutor(max_workers=10) as executor:
        results = list(executor.map(fetch, urls))

breaks at the first URL that fails: `map` raises there, and all later results are lost. In this file,
write `fetch_all`, which does for blocking functions what `asyncio.gather(..., return_exceptions=True)`
does for coroutines. Then run: pytest --kata=thread_pool

Examples:
    >>> fetch_all(["1", "x", "3"], int)
    [1, ValueError("invalid literal for int() with base 10: 'x'"), 3]

Rules:
1. It returns a list with one result for each URL, in the order of the URLs. `fetch` is called once
   for each occurrence: a URL that occurs twice is fetched twice, nothing is kept from one call of
   `fetch_all` to the next, and nothing is tried again. `fetch` gets each URL as it is, even an
   empty one, and nothing else. What a call returns is its result, as it is: None, an empty page, a
   function, an exception object too.
2. The order is that of the URLs, whichever call ends first.
3. The pool is full: as long as there are URLs left, `max_workers` calls of `fetch` are in progress at
   the same time; towards the end, as many as are left. That is true of equal URLs and of URLs of one
   host too, and beside other threads of the process, which may begin and end meanwhile. The calls
   run in threads of this process. Processes can wait as well, but for a hundred times the memory;
   they are for work that computes.
4. There are never more than `max_workers` calls at the same time, in the whole of `fetch_all`.
5. A slow URL holds up no other: the others go on while it lasts. So no batches that wait for their
   slowest call, and no waiting for the results in order before new calls start.
6. If `fetch` raises an Exception, that exception is the result, as it was raised: the same object,
   with the args, the cause, the context and the notes that it had, and nothing added. Its traceback
   still ends in `fetch`. The others still finish, without a pause.
7. `max_workers < 1` raises ValueError before anything is fetched, and also if there are no URLs.
   No URLs give `[]`. `urls` may be any iterable: one that can be gone through only once, or a str,
   which is an iterable of its characters. The pool is as full for each. A list of URLs is not
   changed. `fetch_all` may be called in any thread.
8. When it returns or raises, none of the threads that it started is left. One that is just ending
   doesn't count. None of them has ended by an exception that was not caught.
9. All of this is true in whatever order the threads take turns. A thread may be interrupted between
   any two steps, for any time: `n += 1` is two steps, since it reads `n` and then writes it.
10. A call takes as long as it takes: no time limit of yours, such as `result(timeout=1)`, cuts it
    short. A pause of your own of half a second or more, while there are URLs that could be fetched,
    counts as not fetching them.

How you write it is up to you: an executor, threads and a queue, asyncio with `to_thread`. `fetch`
below is right as it is; try `fetch_all` on real pages with it. The hidden tests pass functions of
their own, and use this one to fetch from a server of theirs.

More examples:
    >>> fetch_all(["a", "b", "c"], str.upper, max_workers=2)
    ['A', 'B', 'C']
    >>> fetch_all(iter([]), str.upper)
    []
    >>> fetch_all([], str.upper, max_workers=0)
    Traceback (most recent call last):
    ValueError: max_workers must be at least 1

Out of scope:
- exceptions that are not an Exception (KeyboardInterrupt), StopIteration, concurrent.futures.CancelledError
- whether a TimeoutError is the same object (asyncio makes a new one)
- exceptions that are false in an `if`
- URLs that keep coming for ever, that raise midway, or that wait for a call of `fetch`
- iterables whose truth value or length does not tell whether they are empty, or that change meanwhile
- a `fetch` that never returns
- a time limit of more than five seconds
- a `fetch_all` within a `fetch`, or beside another `fetch_all`
- a `fetch_all` in a thread in which an event loop is running, or in an `except` block
- more than 40 workers, more than 60 threads that wait at one time, more than 200 URLs

Sources:
- PEP 3148, futures: https://peps.python.org/pep-3148/
- PEP 3134, the cause, the context and the traceback of an exception: https://peps.python.org/pep-3134/
- concurrent.futures: https://docs.python.org/3/library/concurrent.futures.html
- queue: https://docs.python.org/3/library/queue.html
- threading, with Lock, Semaphore and excepthook: https://docs.python.org/3/library/threading.html
- asyncio.gather: https://docs.python.org/3/library/asyncio-task.html#asyncio.gather
"""

import urllib.request
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def fetch(url: str) -> str:
    """Return the text of a page. It blocks the thread that calls it."""
    with urllib.request.urlopen(url, timeout=30) as response:
        content: bytes = response.read()
        return content.decode()


def fetch_all(urls: Iterable[str], fetch: Callable[[str], T], *, max_workers: int = 10) -> list[T | Exception]:
    """Return what `fetch` returns or raises for each URL, in order, at most `max_workers` at a time."""
    # TODO
    raise NotImplementedError
