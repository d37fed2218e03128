"""The facts of thread_pool that are asked anew: what comes of calls whose results nobody can foresee."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from graders import Attended
from graders.suites.thread_pool.inputs import MOST

# What a call makes of `given`, which the instrument gave: a class or an import, the page, and a look at it.
PAGES = (
    ("", "($given, 2.5)", "$page[0]"),
    ("", "[$given]", "$page[0]"),
    ("", "ValueError($given)", "(type($page).__name__, *$page.args)[-1]"),
    ("", "($given, ValueError($given))", "$page[1].args[0]"),
    (
        "class $made:\n    def __init__(self, given): self.given = given\n    def __await__(self): yield",
        "$made($given)",
        "$page.given",
    ),
    (
        "class $made:\n    def __init__(self, given): self.given = given\n    def __eq__(self, other): return self\n"
        "    def __bool__(self): raise ValueError('the truth of which cell?')",
        "$made($given)",
        "$page.given",
    ),
)
# A page that is empty in some way, or one that is not.
EMPTY = ("None", "0", "''", "False", "b''", "()")
# What a call raises: an import or a class, the exception, and a look at it.
FAILURES = (
    ("from queue import Empty as $made", "$made($given)", "$error.args[0]"),
    ("", "MemoryError($given)", "$error.args[0]"),
    ("from urllib.error import URLError as $made", "$made(OSError($given))", "$error.reason.args[0]"),
    ("from urllib.error import HTTPError as $made", "$made('/a', 404, $given, {}, None)", "$error.msg"),
    (
        "class $made(Exception):\n    def __init__(self, *, code):\n        super().__init__(code)",
        "$made(code=$given)",
        "$error.args[0]",
    ),
    ("", "ExceptionGroup($given, [ValueError(), KeyError()])", "$error.message"),
)

Gave = Callable[[str], str]


def items(draw: Random, count: int) -> tuple[str, ...]:
    """Return so many different URLs."""
    return tuple(f"/{number}" for number in draw.sample(range(1_000, 1_000_000), count))


def pages(urls: Iterator[str], gave: Gave) -> Iterator[Attended]:
    """Yield that each page is a result, as it is."""
    for made, page, look in PAGES:
        url = next(urls)
        yield (
            f"{made}\n$kept = []\n"
            f"def $fetch(url):\n    $given = $tool(url)\n    $kept.append({page})\n    return $kept[0]\n"
            f"($page,) = fetch_all([{url!r}], $fetch, max_workers=1)\n$note([{look}, $page is $kept[0]])",
            lambda url=url: [[gave(url), True]],  # type: ignore[misc]
        )
    for empty in EMPTY:
        url = next(urls)
        yield (
            f"$kept = []\ndef $fetch(url):\n    $kept.append($tool(url))\n    return {empty}\n"
            f"$note([fetch_all([{url!r}], $fetch, max_workers=1), $kept])",
            lambda url=url, empty=empty: [[[eval(empty)], [gave(url)]]],  # type: ignore[misc]
        )
    one = next(urls)
    yield (
        f"from functools import partial as $made\n$note(fetch_all([{one!r}], $made($tool), max_workers=1))",
        lambda: [[gave(one)]],
    )
    text = next(urls)
    yield (
        f"class $text(str): pass\n$url = $text({text!r})\n$url.mark = 'kept'\n"
        f"$note(fetch_all([$url], lambda url: ($tool(str(url)), url.mark), max_workers=1))",
        lambda: [[(gave(text), "kept")]],
    )


def threads(urls: Iterator[str], gave: Gave) -> Iterator[Attended]:
    """Yield that a thread that is not the main one gets the results too."""
    one = next(urls)
    yield (
        "from concurrent.futures import ThreadPoolExecutor as $executor\n"
        f"with $executor(1) as $thread: $note($thread.submit(fetch_all, [{one!r}], $tool, max_workers=1).result())",
        lambda: [[gave(one)]],
    )


def many(draw: Random, urls: Iterator[str], gave: Gave) -> Iterator[Attended]:
    """Yield that there is a result for each of many URLs, whatever order is asked for elsewhere."""
    one = next(urls)
    numbers = draw.sample(range(1_000_000, 9_000_000), MOST - 1)
    yield (
        f"$found = fetch_all([{one!r}, *map(str, {numbers})], lambda url: $tool(url) if url == {one!r} else int(url),"
        " max_workers=40)\n"
        "$note(sorted(page for page in $found if isinstance(page, int)))\n"
        "$note([page for page in $found if not isinstance(page, int)])",
        lambda: [sorted(numbers), [gave(one)]],
    )


def order(draw: Random, urls: Iterator[str], gave: Gave) -> Iterator[Attended]:
    """Yield that the results of many URLs are in their order."""
    first, last = next(urls), next(urls)
    numbers = draw.sample(range(1, 1_000_000), 99)
    yield (
        f"$urls = [{first!r}, *map(str, {numbers}), {last!r}]\n"
        f"$note(fetch_all($urls, lambda url: $tool(url) if url in {(first, last)!r} else int(url)))",
        lambda: [[gave(first), *numbers, gave(last)]],
    )


def failures(draw: Random, urls: Iterator[str], gave: Gave) -> Iterator[Attended]:
    """Yield that each failure is in its place, as it was raised, after one call."""
    for made, error, look in FAILURES:
        url = next(urls)
        yield (
            f"{made}\n$kept = []\ndef $fetch(url):\n    $given = $tool(url)\n    $kept.append({error})\n"
            f"    $kept[0].__cause__ = OSError($given)\n    raise $kept[0]\n"
            f"($error,) = fetch_all([{url!r}], $fetch, max_workers=1)\n"
            f"$note([{look}, $error.__cause__.args[0], $error.__context__, hasattr($error, '__notes__'),"
            " $error is $kept[0]])",
            lambda url=url: [[gave(url), gave(url), None, False, True]],  # type: ignore[misc]
        )
    one = next(urls)
    numbers = draw.sample(range(1, 1_000_000), MOST - 1)
    yield (
        f"def $fetch(url):\n    if url == {one!r}: return $tool(url)\n    raise KeyError(int(url))\n"
        f"$found = fetch_all([{one!r}, *map(str, {numbers})], $fetch)\n"
        "$note(sorted($page.args[0] for $page in $found if isinstance($page, KeyError)))\n"
        "$note([$page for $page in $found if not isinstance($page, KeyError)])",
        lambda: [sorted(numbers), [gave(one)]],
    )
    busy = next(urls)
    yield (
        "from urllib.error import HTTPError as $made\n$kept = []\n"
        "def $fetch(url):\n    $kept.append($tool(url))\n    raise $made(url, 503, 'Busy', {}, None)\n"
        f"fetch_all([{busy!r}], $fetch, max_workers=1)\n$note($kept)",
        lambda: [[gave(busy)]],
    )


# Threads of others, which end or begin while the calls are in flight. `$urls` are the run's.
OTHERS = (
    "import threading as $threading\n$end = $threading.Event()\n$other = $threading.Thread(target=$end.wait)\n"
    "$other.start()\ndef $fetch(url):\n    $end.set()\n    $other.join()\n    return $tool(url)\n"
    "fetch_all({urls!r}, $fetch, max_workers=2)",
    "import threading as $threading\n$end = $threading.Event()\n$other = $threading.Thread(target=$end.wait)\n"
    "def $fetch(url):\n    if url == {urls[0]!r}: $other.start()\n    return $tool(url)\n"
    "try: fetch_all({urls!r}, $fetch, max_workers=2)\nfinally: $end.set()",
)
# The first of many, and the last one, or the last ones, are calls that take time; the others are over at once.
SOME = (
    "$note(len(fetch_all([*{before!r}, *map(str, range({count})), *{after!r}], lambda url: $tool(url) if url[0] == '/' "
)
SOME += "else url, max_workers={workers})))"
