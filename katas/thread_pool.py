"""ThreadPool fetcher: wait for many pages at the same time.

:topic: concurrency
:level: 3
:minutes: 60

The interview question: "AsyncIO vs MultiThreading vs MultiProcessing", and in it the everyday case:
a blocking library, many URLs, a limit on how many requests may be under way.

A thread that waits for the network holds no lock and uses no core, so others can wait beside it:
twelve pages of a second each take three seconds with four threads. Processes can do that too, for
a hundred times the memory; they are for work that computes. The usual answer is

    with ThreadPoolExecutor(max_workers=10) as executor:
        results = list(executor.map(fetch, urls))

and it breaks at the first URL that fails: `map` raises there, and every result after it is lost.

Write `fetch_all`. It does for blocking functions what `asyncio.gather(..., return_exceptions=True)`
does for coroutines:

1. It returns a list with one result for each URL, in the order of the URLs. A URL that stands there
   twice is fetched twice: one call of `fetch` for each occurrence, no more and no fewer, so no
   caching and no second try. `fetch` gets each URL as it stands there, be it empty. What a call
   returns is its result, as it is: None, an empty page, an exception object too.
2. The order holds whichever call ends first.
3. The pool is full: as long as there are URLs left, there are always `max_workers` calls of `fetch`
   at the same time; towards the end, as many as are left. That holds for equal URLs too, and beside
   other threads of the process, which may begin and end meanwhile. The calls run in threads of this
   process, since waiting takes no more.
4. There are never more than `max_workers` calls at the same time, in the whole of `fetch_all`.
5. One slow URL stalls nobody: the others go on while it lasts. So no batches that wait for their
   slowest, and no waiting for the results in order before new calls start.
6. Where `fetch` raises an Exception, that exception stands in the result's place as it was raised:
   no text, no other type, no args and no cause lost, nothing added. The others still finish, with
   no pause.
7. `max_workers < 1` raises ValueError, before anything is fetched, and also if there are no URLs.
   `urls` may be any iterable, one that can be gone through only once too, and the pool is as full.
   No URLs give `[]`. A list of URLs is not changed. `fetch_all` may be called in any thread.
8. When it returns, no thread is left of those it started. One that is just ending doesn't count.
   None of them has ended by an exception that nobody caught.

All of this holds in whatever order the threads take turns. A thread may be interrupted between any
two steps, for any time: `n += 1` is two steps, since it reads `n` and then writes it.

Out of scope: exceptions that are no Exception (KeyboardInterrupt), StopIteration,
concurrent.futures.CancelledError, whether a TimeoutError is the same object (asyncio makes a new
one), exceptions that are false in an `if`, URLs that keep coming for ever or raise midway, a
`fetch` that never returns, a `fetch_all` within a `fetch` or beside another one, a `fetch_all`
called in a thread in which an event loop is running, more than 40 workers, more than 60 threads
that wait at one time, more than 200 URLs. A call takes as long as it takes: no limit of yours
(`result(timeout=1)`) may cut it short. Any way to write it is fine: an executor, threads and a
queue, asyncio with `to_thread`. A pause of your own of half a second or more, while there are URLs
that could be fetched, counts as not fetching them.

`fetch(url)` below is the real thing, to try it on real pages; it is right as it is. The hidden
tests pass functions of their own, and use this one to fetch from a server of theirs.

Examples:
    >>> fetch_all(["a", "b", "c"], str.upper, max_workers=2)
    ['A', 'B', 'C']
    >>> fetch_all(["1", "x", "3"], int)
    [1, ValueError("invalid literal for int() with base 10: 'x'"), 3]
    >>> fetch_all(iter([]), str.upper)
    []
    >>> fetch_all([], str.upper, max_workers=0)
    Traceback (most recent call last):
    ValueError: max_workers must be at least 1

Edit this file, then run: pytest --kata=thread_pool
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
