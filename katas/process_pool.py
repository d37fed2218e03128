"""ProcessPool compute: use every core for work that computes.

:topic: concurrency
:level: 3
:minutes: 75

The interview question: "AsyncIO vs MultiThreading vs MultiProcessing", here for work that computes.
Threads of one process share one interpreter lock, so Python computes in one of them at a time.
Processes have a lock each, but no common memory. The usual answer is `Pool(2).map(fn, items)`: it
waits for ever when a worker dies. Write two functions here, then run `pytest --kata=process_pool`:
`compute(n)`, the work, and `parallel_map(fn, items, max_workers=2)`, which returns
`[fn(item) for item in items]`, computed by other processes at the same time.

Examples:
    >>> compute(4)
    14
    >>> parallel_map(compute, [3, 1, 2])
    [5, 0, 1]
    >>> parallel_map(compute, [], max_workers=3)
    []

Rules:

1. `compute(n)` returns the sum of i*i for all i with 0 <= i < n, which is 0 for n <= 0. The sum is
   an exact int, past 2**53 too. n is at most 10**6 in graded inputs, so a plain loop is fine. What
   is not an int raises TypeError. Instances of subclasses of int are ints, True and False too.
2. `parallel_map` returns a new list with the results in the order of the items, from one call of
   `fn` for each item, equal items too. An item may be anything that can be pickled, None or a tuple
   too. What a call returns is its result: None or an exception object too. There may be 20 items,
   and one item or result may have 500 kB. `fn` may print. It may also take as long as it likes, so
   set no time limit of your own, such as `result(timeout=1)`.
3. All calls are made by other processes, none by the caller, however few items there are. A process
   works while it is in a call of `fn`; one that starts, waits for an item or is about to end does
   not count. At no moment do more than `max_workers` processes work. At some moment as many do, on
   a machine with fewer cores too, if there are 2 items for 2 workers, or items that can be dealt
   out evenly, 2 or more to each worker. Otherwise it may be fewer: so chunks are fine if they fit
   the list.
4. If `fn` raises an Exception, whatever its class, the exception of the first failing item in the
   order of the items leaves `parallel_map`, with its type and its args. Its class may be one that
   pools use themselves, such as TimeoutError, BrokenProcessPool or concurrent.futures.CancelledError.
5. If a worker process dies in the middle of its work (out of memory, a crash in a C library), by a
   signal or with any exit code, 0 too, `parallel_map` raises
   `concurrent.futures.process.BrokenProcessPool`, and does not hang. Each of three ways to notice
   the death is soon enough: at once; at a look for dead workers whenever nothing has come for
   0.1 s; or when any other worker hands in the next result, or chunk of results. (The third is how
   CPython's own executor hears of a worker that it has started on demand.) To wait until all the
   others are done is too late. Then no worker goes on, and the next call of `parallel_map` works
   again.
6. It works under every start method, `spawn` included, where a child shares nothing with its parent
   and imports this file anew. `fn` can be pickled, as a function at the top level of a module can.
7. `max_workers < 1` raises ValueError, also if there are no items. No items give `[]`. `items` may
   be any iterable. When `parallel_map` returns or raises, no worker process is left; one that has
   been told to end and does so is not left, nor is a zombie. Other processes that the caller has
   started go on, and the caller can still ask for their exit codes.
8. All of this holds in whatever order the processes take turns: between two steps of one, such as
   `empty()` and `get()`, another one may act.
9. What `parallel_map` computes itself, in all its processes, takes at most 5 s a call.

More examples:
    >>> compute(-1)
    0
    >>> compute("4")
    Traceback (most recent call last):
    TypeError: n must be an int
    >>> parallel_map(compute, [1, "x"])
    Traceback (most recent call last):
    TypeError: n must be an int

Out of scope:

- lambdas, and exceptions or results that can't be pickled
- objects with `__index__` that are not ints
- StopIteration in `fn`, and what is not an Exception there, such as SystemExit
- an exception that is false, as its class has `__bool__` or `__len__`
- a call in which one item fails and a process dies at another
- whether a list that is handed over is changed
- more than 8 workers, and more than 20 items
- a time limit of more than 5 s, and looks for dead workers at intervals between 0.1 s and 1 s
- a `fn` that starts processes, and two calls of `parallel_map` at the same time
- whether what `fn` prints arrives

Sources:

- https://docs.python.org/3/library/concurrent.futures.html#processpoolexecutor
- https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods
- https://docs.python.org/3/library/multiprocessing.html#programming-guidelines
- PEP 371 (multiprocessing) and PEP 3148 (futures)
- the Linux manual: pipe(7), waitpid(2)
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def compute(n: int) -> int:
    """Return the sum of i*i for 0 <= i < n."""
    # TODO
    raise NotImplementedError


def parallel_map(fn: Callable[[A], B], items: Iterable[A], *, max_workers: int = 2) -> list[B]:
    """Return `fn(item)` for each item, in order, computed by `max_workers` other processes."""
    # TODO
    raise NotImplementedError
