"""The facts of process_pool that are asked anew: what comes of its functions, with no helper in between."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from graders import Fact

CANCELLED = "__import__('concurrent.futures').futures.CancelledError"
BROKEN = "__import__('concurrent.futures.process').futures.process.BrokenProcessPool"


def numbers(draw: Random, count: int) -> list[int]:
    """Return so many different numbers, none of them small."""
    return draw.sample(range(1_000, 1_000_000), count)


def sums(draw: Random) -> Iterator[Fact]:
    """Yield sums, and what is refused."""
    for n in (*draw.sample(range(2, 3_000), 3), -draw.randrange(1, 50), 0, 1, 300_007):
        yield (
            f"$n = compute({n})\n$note([$n, type($n) is int])",
            [[(n - 1) * n * (2 * n - 1) // 6 if n > 0 else 0, True]],
        )
    yield "$note([compute(True), compute(False)])", [[0, 0]]
    n = draw.randrange(2, 99)
    yield f"class $count(int): pass\n$note(compute($count({n})))", [(n - 1) * n * (2 * n - 1) // 6]
    wrong = ("1.5", "3.0", "-1.5", "0.0", "'3'", "b'3'", "None", "[3]", "(3,)", "{'n': 3}")
    for source in (*wrong, "__import__('fractions').Fraction(3)"):
        token = draw.randrange(10**6)
        # What is equal to a number that it has worked with is not an int for that.
        yield f"compute(3)\ntry: compute({source})\nexcept TypeError: $note({token})\nelse: $note(None)", [token]


def order(draw: Random) -> Iterator[Fact]:
    """Yield results in their order, whatever the items and the results are."""
    many = numbers(draw, 17)
    yield f"$note(parallel_map(abs, {[-n for n in many]}, max_workers=2))", [many]
    yield f"$note(parallel_map(abs, {[-n for n in many[:9]]}, max_workers=1))", [many[:9]]
    token = draw.randrange(10**6)
    items = [None, "", (1, 2), [3], "STOP", token]
    draw.shuffle(items)
    for each in (items, [None], ["STOP"], [(1, 2)]):
        yield f"$note(parallel_map(repr, {each!r}, max_workers=1))", [[repr(item) for item in each]]
    failure = f"ValueError({token})"
    results = ["None", "''", "0", f"[1, {token}]", f"(1, {token})", failure]
    results += [f"('error', {failure})", f"(False, {failure})", f"({failure}, '')"]
    draw.shuffle(results)
    yield f"$note([repr($each) for $each in parallel_map(eval, {results!r}, max_workers=1)])", [results]
    for result in results[:3]:
        yield f"$note([repr($each) for $each in parallel_map(eval, [{result!r}], max_workers=1)])", [[result]]
    size = draw.randrange(400_000, 499_000)
    yield f"$note([len($each) for $each in parallel_map(eval, [\"'x' * {size}\"] * 2, max_workers=2)])", [[size] * 2]
    yield f"$note([len($each) for $each in parallel_map(repr, ['x' * {size}] * 3, max_workers=2)])", [[size + 2] * 3]
    count = draw.randrange(9, 13)
    yield f"$note(sum(parallel_map(abs, range({count}), max_workers=2)))", [count * (count - 1) // 2]
    yield (
        f"$note([repr($each) for $each in parallel_map(eval, ['print({token})', '{token}'], max_workers=1)])",
        [["None", str(token)]],
    )
    yield "from os import urandom as $urandom\n$note(len(set(parallel_map($urandom, [8, 8], max_workers=1))))", [2]


def exceptions(draw: Random) -> Iterator[Fact]:
    """Yield which exception arrives: its type and its arguments."""
    one, other = numbers(draw, 2)
    for source, kind, arguments in (
        (f"{{}}[{one}]", "KeyError", (one,)),
        (f"next(iter([])) if {one} < 0 else [][{one}]", "IndexError", ("list index out of range",)),
        ("list(next(iter([])) for _ in 'a')", "RuntimeError", ("generator raised StopIteration",)),
        ("__import__('queue').Queue().get_nowait()", "Empty", ()),
        (f"__import__('json').loads('{one} {other}')", "JSONDecodeError", None),
        (f"(_ for _ in ()).throw(TimeoutError({one}, {other}))", "TimeoutError", (one, other)),
        (f"(_ for _ in ()).throw({CANCELLED}({one}))", "CancelledError", (one,)),
        (f"(_ for _ in ()).throw({BROKEN}({one}, {other}))", "BrokenProcessPool", (one, other)),
    ):
        seen = "$error.args" if arguments is not None else "len($error.args)"
        noted = [kind, arguments if arguments is not None else 1]
        yield (
            f"try: $note(parallel_map(eval, [{source!r}], max_workers=1))\n"
            f"except NotImplementedError: raise\nexcept Exception as $error: $note([type($error).__name__, {seen}])",
            [noted],
        )


def limits(draw: Random) -> Iterator[Fact]:
    """Yield what is refused, and which iterables will do."""
    for items in ("[1]", "[]"):
        for workers in (0, -1, -draw.randrange(2, 99)):
            token = draw.randrange(10**6)
            tried = f"try: parallel_map(abs, {items}, max_workers={workers})"
            yield f"{tried}\nexcept ValueError: $note({token})\nelse: $note(None)", [token]
    n = draw.randrange(1_000, 1_000_000)
    yield f"$note(parallel_map(abs, (n for n in [-{n}, {n}])))", [[n, n]]
    old = f"class $old:\n    def __getitem__(self, i): return [-{n}, {n}][i]"
    yield f"{old}\n$note(parallel_map(abs, $old(), max_workers=1))", [[n, n]]
    yield "$note(parallel_map(abs, [], max_workers=1))", [[]]
    child = "import multiprocessing as $child, time as $time\n$other = $child.Process(target=$time.sleep, args=(60,))"
    yield (
        f"{child}\n$other.start()\nparallel_map(abs, [1], max_workers=1)\n$alive = $other.is_alive()\n"
        "$other.kill()\n$other.join()\n$note([$alive, $other.exitcode])",
        [[True, -9]],
    )
    code = draw.randrange(2, 99)
    # By no means of multiprocessing, as in `runs.ENDED`.
    yield (
        "from os import P_PID as $one, WEXITED as $over, WNOWAIT as $kept, _exit as $leave, fork as $fork\n"
        "from os import waitid as $look, waitpid as $wait, waitstatus_to_exitcode as $code\n"
        f"$ended = $fork() or $leave({code})\n$look($one, $ended, $over | $kept)\n"
        "parallel_map(abs, [1, 2], max_workers=2)\n$note($code($wait($ended, 0)[1]))",
        [code],
    )


def after_a_death(draw: Random) -> Iterator[Fact]:
    """Yield what a call gives after another one was broken."""
    n = draw.randrange(1_000, 1_000_000)
    yield f"$note(parallel_map(abs, [-{n}], max_workers=2))", [[n]]
