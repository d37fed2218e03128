"""Reference for the kata `thread_pool`: one future for each URL, read in order when all are there."""

import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def fetch(url: str) -> str:
    """Return the text of a page. It blocks the thread that calls it."""
    with urllib.request.urlopen(url, timeout=30) as response:
        content: bytes = response.read()
        return content.decode()


def fetch_all(urls: Iterable[str], fetch: Callable[[str], T], *, max_workers: int = 10) -> list[T | Exception]:
    """Return what `fetch` returns or raises for each URL, in order, at most `max_workers` at a time."""
    # The executor refuses too: but a check of one's own says what the contract is.
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")

    def attempt(url: str) -> T | Exception:
        # Caught in the thread: an exception that leaves `map` would take all later results with it.
        try:
            return fetch(url)
        except Exception as error:
            return error

    # Leaving the block joins the threads.
    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(attempt, urls))
