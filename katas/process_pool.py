"""ProcessPool compute: use every core for work that computes.

:topic: concurrency
:level: 3
:minutes: 75

The interview question: "AsyncIO vs MultiThreading vs MultiProcessing", and in it the case where the
work is arithmetic, not waiting.

Threads of one process share one interpreter lock, so pure Python computes in one of them at a time:
four threads take as long as one, and a little more. Processes have a lock each. What they do not
have is a common memory: the function's name, the items and the results travel between them as
pickles. A stopwatch shows little of that for short work, as starting processes may take longer than
the work itself. So here it is not time that counts but what happens: who works when.

Write two functions.

`compute(n)` is the work: the sum of i*i for all i with 0 <= i < n, which is 0 for n <= 0. It is
exact, past 2**53 too, so no floats; a plain loop is fine. What is not an int raises TypeError;
instances of subclasses of int are ints, True and False too. n is at most 10**6 in graded inputs.

`parallel_map(fn, items)` returns `[fn(item) for item in items]`, computed by other processes:

1. The results stand in the order of the items, one call of `fn` for each item, equal items too. An
   item may be whatever can be pickled, None or a tuple too. What a call returns is its result,
   whatever it is: None or an exception object too. Items and results may be large (to 500 kB each).
2. All calls are made by other processes, none by the caller, however few items there are. A process
   works while it is in a call of `fn`; one that starts, waits for an item or is about to end does
   not count. At no moment do more than `max_workers` processes work; at some moment as many do, on
   a machine with fewer cores too. The latter holds for 2 items and 2 workers, and whenever the
   items can be dealt out evenly, 2 or more to each worker. Otherwise it may be fewer: so chunks are
   fine if they fit the list.
3. If `fn` raises, the exception of the first failing item in the order of the items leaves
   `parallel_map`, with its type and its args.
4. If a worker process dies in the middle of its work (out of memory, a crash in a C library), by a
   signal or with any exit code, 0 too, `parallel_map` raises
   `concurrent.futures.process.BrokenProcessPool`, and does not hang. Each of three ways to notice
   the death is soon enough: at once; at a look for dead workers whenever nothing has come for
   0.1 s; or when any other worker hands in the next result, or chunk of results. (The third is how
   CPython's own executor hears of a worker that it has started on demand.) To wait until all the
   others are done is too late. Then no worker goes on, and the next call of `parallel_map` works
   again.
5. It works under every start method, `spawn` included, where a child shares nothing with its parent
   and imports this file anew.
6. `max_workers < 1` raises ValueError, also if there are no items. No items give `[]`. `items` may
   be any iterable. When it returns or raises, no worker process is left; one that has been told
   to end and does so is not left, nor is a zombie. Other processes that the caller has started
   go on.

`fn` may take as long as it likes, so set no time limit of your own, such as `result(timeout=1)`.
What `parallel_map` computes itself, in all its processes, has 5 s a call.

`fn` can be pickled: it is a function at the top level of a module. Out of scope: lambdas; objects
with `__index__` that are no ints; exceptions that can't be pickled; StopIteration in `fn`, and what
is no Exception there, such as SystemExit; a call in which one item fails and a process dies at
another; whether a list that is handed over is changed; more than 8 workers; who learns the exit
status of the caller's other children.

Examples:
    >>> compute(4)
    14
    >>> compute(-1)
    0
    >>> compute("4")
    Traceback (most recent call last):
    TypeError: n must be an int
    >>> parallel_map(compute, [3, 1, 2])
    [5, 0, 1]
    >>> parallel_map(compute, [], max_workers=3)
    []
    >>> parallel_map(compute, [1, "x"])
    Traceback (most recent call last):
    TypeError: n must be an int

Edit this file, then run: pytest --kata=process_pool
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
