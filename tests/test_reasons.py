"""The reasons that the cards of some katas give: each fits what failed, and few lines lead to it."""

from __future__ import annotations

import functools

import pytest

from graders.authoring import solutions
from graders.authoring.catalogue import Kata
from graders.contract import checks
from graders.grading.run import Run

Steps = list[tuple[str, str]]

FAILS = (
    "def fetch(url):\n    if url == {0!r}:\n        raise ValueError(url, 'failed')\n    return f\"page of {{url}}\""
)
PLAIN = ('def fetch(url): return f"page of {url}"', "")
FOUR = "fetch_all(['/a', '/b', '/c', '/d'], fetch, max_workers=2)"
ALL_FOUR = "[ValueError('/a', 'failed'), 'page of /b', 'page of /c', 'page of /d']"
FN = ('def fn(item): return f"result of {item}"', "")
PAIR = [FN, ("parallel_map(fn, ['a', 'b'], max_workers=2)", "")]
OTHERS = [
    ("import threading", ""),
    ("over = threading.Event()", ""),
    ("another = threading.Thread(target=over.wait, daemon=True)", ""),
    (
        "def beginning_one(fetch):\n    def fetch_page(url):\n"
        '        if url == "/a":\n            another.start()\n        return fetch(url)\n    return fetch_page',
        "",
    ),
]

POINT = [("p = Point(1, 2)", "")]
# A rejected solution, the criterion that it loses: the lines of its card, what was expected, words of the principle and
# of a hint.
CASES: dict[tuple[str, str, str], tuple[Steps, str, str, str]] = {
    ("hashing", "named_tuple", "strangers_get_their_turn"): (
        [*POINT, ("p == (1, 2)", "True")],
        "False",
        "a point that is also a tuple",
        "with an == of its own",
    ),
    ("hashing", "derived_from_complex", "strangers_get_their_turn"): (
        [*POINT, ("def a_complex(): return complex(1, 2)", ""), ("c = a_complex()", ""), ("p == c", "True")],
        "False",
        "a complex number equals plain ones",
        "with an == of its own",
    ),
    ("hashing", "hash_of_all_attributes", "points_never_change"): (
        [("r = Point(1, 2)", ""), ("s = set([r])", ""), ("r.label = 3", ""), ("r in s", "False")],
        "True",
        "Only x and y make a point",
        "by name",
    ),
    ("hashing", "kept_in_a_public_list", "points_never_change"): (
        [("def change(p): p.coordinates.reverse()", ""), ("v = Point(1, 2)", ""), ("change(v)", ""), ("v.x", "2")],
        "1",
        "To refuse an assignment is shallow",
        "in a tuple",
    ),
    ("hashing", "cached_repr", "repr_and_copies"): (
        [*POINT, ("repr(p)", "'Point(x=1, y=2)'"), ("q = Point(1.0, 2.0)", ""), ("repr(q)", "'Point(x=1, y=2)'")],
        "'Point(x=1.0, y=2.0)'",
        "takes them for one key",
        "anew each time",
    ),
    ("hashing", "one_object_per_call", "repr_and_copies"): (
        [("p = Point(x=1, y=2)", ""), ("q = Point(1, 2)", ""), ("p == q", "False")],
        "True",
        "A cache of calls",
        "by its coordinates",
    ),
    ("hashing", "raises_for_strangers", "strangers_get_their_turn"): (
        [*POINT, ("p == (1, 2)", "NotImplementedError")],
        "False",
        "a value to return, not to raise",
        "class of the other one",
    ),
    ("hashing", "ne_false_for_strangers", "strangers_get_their_turn"): (
        [*POINT, ("p != (1, 2)", "False")],
        "True",
        "!= is True",
        "__ne__",
    ),
    ("hashing", "article_point", "points_never_change"): (
        [*POINT, ("p.x = 3", "")],
        "AttributeError or TypeError",
        "its hash moves",
        "property",
    ),
    ("hashing", "zero_can_be_assigned", "points_never_change"): (
        [("p = Point(0, 2)", ""), ("p.x = 5", "")],
        "AttributeError or TypeError",
        "is set as well",
        "the attribute exists",
    ),
    ("hashing", "zero_loses_its_type", "repr_and_copies"): (
        [("p = Point(0.0, 0)", ""), ("repr(p)", "'Point(x=0, y=0)'")],
        "one of ('Point(x=0.0, y=0)', 'Point(x=0.0, y=0.0)')",
        "although it is false",
        "`x or 0`",
    ),
    ("hashing", "refuses_by_an_exception_of_its_own", "points_never_change"): (
        [("p = Point(1, 2)", ""), ("p.x = 3", "PermissionError: x is read-only")],
        "AttributeError or TypeError",
        "catches nothing else",
        "derive your own exception",
    ),
    ("hashing", "deepcopy_without_a_memo", "repr_and_copies"): (
        [
            *POINT,
            ("from copy import deepcopy", ""),
            ("deepcopy(p)", "TypeError: Point.__deepcopy__() takes 1 positional argument but 2 were given"),
        ],
        "no exception",
        "says itself how it is copied",
        "a memo",
    ),
    ("hashing", "subclasses_share_the_objects", "subclasses_stay_symmetric"): (
        [
            ("def class_of(p): return type(p).__name__", ""),
            ("class Pixel(Point): pass", ""),
            ("q = Pixel(5, 7)", ""),
            ("r = Point(5, 7)  # the same object as q", ""),
            ("class_of(r)", "'Pixel'"),
        ],
        "'Point'",
        "a call of Point never returns",
        "By what does your class find",
    ),
    ("hashing", "delete_not_blocked", "points_never_change"): (
        [*POINT, ("del p.x", "")],
        "AttributeError or TypeError",
        "To delete x",
        "del p.x",
    ),
    ("hashing", "float32_coordinates", "points_never_change"): (
        [("p = Point(0.1, 2)", ""), ("p.x", "0.10000000149011612")],
        "0.1",
        "read back",
        "Keep the very number",
    ),
    ("hashing", "sum_of_a_complex", "points_never_change"): (
        [("p = Point(0, float('inf'))", ""), ("p.x", "nan")],
        "0",
        "has got into the other",
        "Keep the two numbers apart",
    ),
    ("hashing", "pickled_as_a_tuple", "repr_and_copies"): (
        [*POINT, ("from copy import copy", ""), ("copy(p)", "(1, 2)")],
        "a Point",
        "A copy is an equal point",
        "how it is made again",
    ),
    ("hashing", "one_object_per_hash", "equality_is_exact"): (
        [("p = Point(-1, 0)", ""), ("q = Point(-2, 0)  # the same object as p", ""), ("p == q", "True")],
        "False",
        "Two values need two objects",
        "by the coordinates themselves",
    ),
    ("hashing", "identity_hash", "equal_points_hash_equal"): (
        [*POINT, ("q = Point(1, 2)", ""), ("s = set([p, q])", ""), ("len(s)", "2")],
        "1",
        "Equal points need equal hashes",
        "no id",
    ),
    ("hashing", "copies_without_hash", "equal_points_hash_equal"): (
        [
            *POINT,
            ("from copy import copy", ""),
            ("r = copy(p)", ""),
            ("set([p, r])", "AttributeError: 'Point' object has no attribute '_hash'"),
        ],
        "no exception",
        "has to be copied",
        "does a copy have it",
    ),
    ("hashing", "assignment_ignored", "points_never_change"): (
        [*POINT, ("p.x = 3", "")],
        "AttributeError or TypeError",
        "does nothing and says nothing",
        "How does the caller hear",
    ),
    ("hashing", "private_names_decide", "strangers_get_their_turn"): (
        [
            ("def asks_the_other(p, other): return p.__eq__(other) is NotImplemented", ""),
            *POINT,
            ("asks_the_other(p, Point)", "False"),
        ],
        "True",
        "What looks like a Point is not one",
        "instance of Point",
    ),
    ("connection_pool", "pgbouncer_refuses_large_totals", "validation"): (
        [("pgbouncer_servers(pairs=50001)", "ValueError: too many")],
        "1000020",
        "Nothing is too large",
        "upper limit",
    ),
    ("connection_pool", "pgbouncer_caps_large_totals", "validation"): (
        [("pgbouncer_servers(pairs=50001)", "100000")],
        "1000020",
        "Nothing is too large",
        "upper limit",
    ),
    ("connection_pool", "model_refuses_large_settings", "validation"): (
        [("PoolModel(pool_size=1001, max_overflow=2)", "ValueError: large")],
        "no exception",
        "Nothing is too large",
        "upper limit",
    ),
    ("connection_pool", "service_tidies_its_name", "validation"): (
        [("s = Service('Web ', 2, pool_size=5, max_overflow=10)", ""), ("s.name", "'web'")],
        "'Web '",
        "keeps each field as it was given",
        "not where you store",
    ),
    ("connection_pool", "idle_counts_overflow", "processes_multiply_surge_adds"): (
        [("s = Service('web', 1, pool_size=3, max_overflow=2)", ""), ("idle_connections(s)", "5")],
        "3",
        "closes its overflow connections",
        "max_overflow",
    ),
    ("connection_pool", "fits_takes_zero_for_unlimited", "slots_and_sums"): (
        [("s = Service('web', 0, pool_size=1, max_overflow=0)", ""), ("fits([s], slots=0)", "False")],
        "True",
        "A peak of 0",
        "whether the peak is None",
    ),
    ("connection_pool", "pgbouncer_cap_ignored", "slots_and_sums"): (
        [("pgbouncer_servers(pairs=2, default_pool_size=2, max_db_connections=1)", "4")],
        "1",
        "even if the pairs would open more",
        "no part in your answer",
    ),
    ("connection_pool", "pgbouncer_cap_per_pair", "slots_and_sums"): (
        [("pgbouncer_servers(pairs=2, default_pool_size=2, max_db_connections=1)", "2")],
        "1",
        "the whole database's, not a pair's",
        "to the sum over all pairs",
    ),
    ("connection_pool", "pgbouncer_cap_before_reserves", "slots_and_sums"): (
        [("pgbouncer_servers(pairs=3, default_pool_size=4, reserve_pool_size=2, max_db_connections=5)", "11")],
        "5",
        "includes the reserves",
        "apply the cap last",
    ),
    ("connection_pool", "fits_compares_identity", "slots_and_sums"): (
        [
            ("s = Service('web', 10, processes=2, pool_size=5, max_overflow=10, surge=1)", ""),
            ("t = Service('api', 1, pool_size=5, max_overflow=10)", ""),
            ("fits([s, t], slots=345)", "False"),
        ],
        "True",
        "above 256 may be two objects",
        "`is` asks for one object",
    ),
    ("connection_pool", "fits_counts_a_service_once", "slots_and_sums"): (
        [("s = Service('web', 1, pool_size=1, max_overflow=0)", ""), ("fits([s, s], slots=1)", "True")],
        "False",
        "deploys twice",
        "keep nothing by service",
    ),
    ("connection_pool", "fits_remembers_by_id", "slots_and_sums"): (
        [
            (
                "def each_fits(numbers): return [fits([Service('web', n, pool_size=1, max_overflow=0)], slots=2) "
                "for n in numbers]",
                "",
            ),
            ("each_fits([3, 1, 4])", "[False, False, False]"),
        ],
        "[False, True, False]",
        "what is kept by id",
        "Keep nothing between calls",
    ),
    ("connection_pool", "fits_empties_the_list", "slots_and_sums"): (
        [
            ("s = Service('web', 1, pool_size=1, max_overflow=0)", ""),
            ("def left(services): fits(services, slots=9); return len(services)", ""),
            ("left([s, s])", "0"),
        ],
        "2",
        "belongs to the caller",
        "a copy",
    ),
    ("connection_pool", "assignment_is_checked_first", "validation"): (
        [
            ("s = Service('web', 2, pool_size=5, max_overflow=10)", ""),
            ("s.instances = -7", "ValueError: instances is too low"),
        ],
        "AttributeError",
        "whatever the value",
        "without a look at the value",
    ),
    ("connection_pool", "only_minus_one_is_refused", "validation"): (
        [("pgbouncer_servers(pairs=-7)", "-140")],
        "ValueError",
        "pairs is at least 0",
        "by <",
    ),
    ("supervisor_config", "empty_means_default", "typed_options"): (
        [
            (
                'parse_supervisor_config("""\\\n[program:w]\ncommand=/bin/x\npriority=\n""")',
                "[ProcessSpec(group='w', name='w', command='/bin/x', directory=None, autostart=True, "
                "autorestart='unexpected', startsecs=1, startretries=3, exitcodes=(0,), priority=999, "
                "stdout_logfile_maxbytes=52428800, environment={})]",
            )
        ],
        "SupervisorConfigError, as from supervisord: ValueError: invalid literal for int() with base 10: ''",
        "a value, not an absent key",
        "an empty value the same as none",
    ),
    ("supervisor_config", "results_cached_by_text", "expansion"): (
        [
            ('r = parse_supervisor_config("""\\\n[program:w]\ncommand=%(here)s\n""", here=\'/a\')', ""),
            ('s = parse_supervisor_config("""\\\n[program:w]\ncommand=%(here)s\n""", here=\'/b\')', ""),
            ("s[0].command", "'/a'"),
        ],
        "'/b'",
        "stays from an earlier call",
        "in a cache",
    ),
    ("thread_pool", "dict_by_url", "one_result_each"): (
        [
            ("import itertools", ""),
            ("counts = {'/a': itertools.count(1)}", ""),
            ('def fetch(url): return f"page {next(counts[url])} of {url}"', ""),
            ("fetch_all(['/a', '/a'], fetch, max_workers=1)", "['page 2 of /a']"),
        ],
        "",
        "a place in the list is not its URL",
        "the place of a result",
    ),
    ("thread_pool", "stops_at_an_empty_url", "one_result_each"): (
        [
            ('def fetch(url): return f"page of {url}"', ""),
            ("fetch_all([''], fetch, max_workers=1)", "[]"),
        ],
        "",
        "nor can it be an end mark",
        "nothing is left",
    ),
    ("thread_pool", "threads_named_after_fetch", "one_result_each"): (
        [
            ("from functools import partial", ""),
            ("def upper(urls):\n    return fetch_all(urls, partial(str.upper))", ""),
            ("upper(['/a'])", "AttributeError: 'functools.partial' object has no attribute '__name__'"),
        ],
        "['/A']",
        "anything that can be called",
        "besides calling it",
    ),
    ("thread_pool", "one_end_mark_for_all", "one_result_each"): (
        [PLAIN, ("fetch_all(['a', 'b', 'c'], fetch, max_workers=2)", "")],
        "",
        "only if it is told to",
        "An end mark for each worker",
    ),
    ("thread_pool", "batches", "pool_is_full"): (
        [PLAIN, ("fetch_all(['/a', '/b', '/c', '/d', '/e', '/f'], fetch, max_workers=3)", "")],
        "",
        "A batch lasts as long as its slowest call",
        "what does the next call wait for",
    ),
    ("thread_pool", "active_count_as_a_limit", "pool_is_full"): (
        [*OTHERS, PLAIN, ("f = beginning_one(fetch)", ""), ("fetch_all(['/a', '/b', '/c'], f, max_workers=2)", "")],
        "",
        "Count your own calls",
        "threading.active_count()",
    ),
    ("thread_pool", "tries_again", "failure_in_its_place"): (
        [(FAILS.format("x"), ""), ("fetch_all(['1', 'x'], fetch)", "")],
        "",
        "worth a second try",
        "looks temporary",
    ),
    ("thread_pool", "worker_lost_by_a_failure", "failure_in_its_place"): (
        [(FAILS.format("/a"), ""), (FOUR, ALL_FOUR)],
        "",
        "A worker outlives a call that failed",
        "within the loop",
    ),
    ("thread_pool", "place_lost_by_a_failure", "failure_in_its_place"): (
        [(FAILS.format("/a"), ""), (FOUR, "")],
        "",
        "is given back however the call ends",
        "finally",
    ),
    ("thread_pool", "failure_never_counted", "failure_in_its_place"): (
        [(FAILS.format("x"), ""), ("fetch_all(['1', 'x'], fetch)", "")],
        "",
        "is given back however the call ends",
        "task_done()",
    ),
    ("thread_pool", "failure_ends_the_round", "failure_in_its_place"): (
        [(FAILS.format("/a"), ""), (FOUR, ALL_FOUR)],
        "",
        "is not a reason to wait",
        "between a failure and the next URL",
    ),
    ("thread_pool", "released_twice", "failure_in_its_place"): (
        [(FAILS.format("/a"), ""), (FOUR, "")],
        "",
        "frees one place",
        "given back",
    ),
    ("thread_pool", "exceptions_made_anew", "failure_in_its_place"): (
        [
            ("from queue import Empty", ""),
            ("error = Empty()", ""),
            ("def fetch_it(url):\n    raise error", ""),
            (
                "def kept(urls):\n"
                "    return [(type(each).__name__, each is error) for each in fetch_all(urls, fetch_it)]",
                "",
            ),
            ("kept(['/a'])", "[('Empty', False)]"),
        ],
        "[('Empty', True)]",
        "the very object",
        "as it is",
    ),
    ("thread_pool", "nothing_to_do_first", "bad_limits"): (
        [("m = str.upper", ""), ("fetch_all([], m, max_workers=0)", "[]")],
        "ValueError",
        "checked even without URLs",
        "What comes first",
    ),
    ("thread_pool", "no_workers_for_no_urls", "bad_limits"): (
        [("m = str.upper", ""), ("fetch_all([], m)", "ValueError: max_workers must be greater than 0")],
        "[]",
        "To have no URLs is not a mistake",
        "an empty list",
    ),
    ("thread_pool", "threads_left_after_a_failure", "no_threads_left"): (
        [("fetch_all(['x'], int, max_workers=1)", "[ValueError(\"invalid literal for int() with base 10: 'x'\")]")],
        "no thread left when it returns (found: 1)",
        "only if it is told to",
        "An end mark for each worker",
    ),
    ("process_pool", "one_big_chunk", "all_work_at_once"): (PAIR, "", "a chunk that takes all", "size of a chunk"),
    ("process_pool", "lock_across_processes", "all_work_at_once"): (
        PAIR,
        "",
        "A lock that is held during a call",
        "Hold a lock only while",
    ),
    ("process_pool", "caller_works_too", "all_work_at_once"): (
        PAIR,
        "",
        "The caller computes nothing itself",
        "in the caller's own process",
    ),
    ("process_pool", "serial_map", "all_work_at_once"): (
        PAIR,
        "",
        "The caller computes nothing itself",
        "in the caller's own process",
    ),
    ("process_pool", "cache_that_takes_equals", "compute_is_exact"): (
        [("compute(False)", "0"), ("compute(0.0)", "0")],
        "TypeError",
        "look at the type before a cache, or a shortcut",
        "typed=True",
    ),
    ("thread_pool", "window_waits_for_the_oldest", "slow_one_stalls_nobody"): (
        [
            ('def fetch(url): return f"page of {url}"', ""),
            ("fetch_all(['/a', '/b', '/c', '/d', '/e', '/f'], fetch, max_workers=3)", ""),
        ],
        "",
        "whichever ends first",
        "as soon as a thread is free",
    ),
}


@functools.cache
def run_of(slug: str) -> Run:
    """One run for all solutions of a kata, which learns from the reference once."""
    return Run("process", 7)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case[1:]))
def test_the_reason_fits_what_failed(case: tuple[str, str, str]) -> None:
    """One mistake: its own criterion, the plainest lines, the value that is right, a principle and a hint about it."""
    slug, name, criterion = case
    kata = Kata(slug)
    path = kata.solution(f"rejected/{name}")
    steps, expected, principle, hint = CASES[case]

    failed = checks.one(kata, solutions.read(path), run_of(slug), criterion)

    assert failed.failure is not None
    assert (list(failed.failure.steps), failed.failure.expected) == (steps, expected)
    assert principle in failed.because
    assert hint in " ".join(failed.hints)


@pytest.mark.parametrize(
    ("name", "criterion", "words"),
    [
        ("first_failure_in_time", "exception_arrives", "wrong-order: "),
        ("death_noted_at_the_end", "dying_worker_is_noticed", "wrong-calls: a worker died"),
    ],
)
def test_a_stand_in_takes_the_time_without_which_nothing_fails(name: str, criterion: str, words: str) -> None:
    """Calls that take no time end in any order, and no death is noticed late."""
    kata = Kata("process_pool")
    path = kata.solution(f"rejected/{name}")

    failure = checks.one(kata, solutions.read(path), run_of(kata.slug), criterion).failure

    assert failure is not None
    assert failure.words.startswith(words)
    assert "time.sleep({" in failure.counterexample()


@pytest.mark.parametrize("name", ["caller_works_too", "serial_map", "rest_by_the_caller", "one_item_by_the_caller"])
def test_a_caller_that_makes_calls_is_told_so(name: str) -> None:
    """By the name of the failure: that too few are under way would be what follows from it."""
    kata = Kata("process_pool")
    path = kata.solution(f"rejected/{name}")

    found = checks.one(kata, solutions.read(path), run_of(kata.slug), "all_work_at_once")

    assert found.message.startswith("caller-works: ")
    assert "no caller" in found.title


def test_a_thread_that_is_left_shows_where_it_waits() -> None:
    """The line in the submission's own file: nobody has to guess which wait does not end."""
    kata = Kata("thread_pool")
    path = kata.solution("rejected/workers_wait_for_more")

    failed = checks.one(kata, solutions.read(path), run_of(kata.slug), "no_threads_left")

    assert failed.failure is not None
    assert [line.text for line in failed.failure.lines] == ["while (job := todo.get()) is not None:"]
    assert "ends only if it is told to" in failed.because


@pytest.mark.parametrize(
    ("name", "words", "principle"),
    [
        ("first_failure_by_worker", "wrong-order: it raises what fn('c') raised", "whichever worker or chunk"),
        ("first_failure_in_time", "wrong-order: it raises what fn('c') raised", "not of which one is there first"),
        ("workers_left_behind", "wrong-calls: no call begins", "ends with it"),
    ],
)
def test_a_failure_that_does_not_arrive_has_one_of_three_reasons(name: str, words: str, principle: str) -> None:
    """The first worker's comes, the first in time, or none: the workers are at calls of an earlier call."""
    kata = Kata("process_pool")
    path = kata.solution(f"rejected/{name}")

    failed = checks.one(kata, solutions.read(path), run_of(kata.slug), "exception_arrives")

    assert failed.message.startswith(words)
    assert principle in failed.because


NAMES = "[spec.name for spec in r]"
THREE = (
    'r = parse_supervisor_config("""\\\n[program:z]\ncommand=/bin/x\npriority=5\n'
    '[program:a]\ncommand=/bin/x\npriority=9\n[program:m]\ncommand=/bin/x\npriority=1\n""")'
)
# A mistake in a copy of the reference: the criterion that it loses, and the end of its card.
MISTAKES: dict[str, tuple[str, list[tuple[str, str]], str, list[str], str, str]] = {
    "a hash that forgets the order": (
        "hashing",
        [("hash((self._x, self._y))", "hash(frozenset((self._x, self._y)))")],
        "hash_spreads",
        ["different"],
        "at least 800",
        "Point(1, 2) and Point(2, 1) have one hash",
    ),
    "a property that gives way": (
        "hashing",
        [
            (
                "class Point:",
                "class cached:\n    def __init__(self, get):\n        self.get = get\n\n"
                "    def __get__(self, p, kind=None):\n        return self.get(p)\n\n\nclass Point:",
            ),
            ('    __slots__ = ("_x", "_y")\n', ""),
            ("@property\n    def x", "@cached\n    def x"),
        ],
        "points_never_change",
        ["p = Point(1, 2)", "p.x = 3"],
        "AttributeError or TypeError",
        "A descriptor without a __set__",
    ),
    "an equal value is let through": (
        "hashing",
        [
            (
                "    @property\n    def y",
                "    @x.setter\n    def x(self, value):\n        if value != self._x:\n"
                "            raise AttributeError(value)\n        self._x = value\n\n    @property\n    def y",
            )
        ],
        "points_never_change",
        ["p = Point(1, 2)", "p.x = 1"],
        "AttributeError or TypeError",
        "that of an equal value too",
    ),
    "pools keep their connections in one place": (
        "connection_pool",
        [
            ("self._idle = 0", "pass"),
            ("class PoolModel:", "class PoolModel:\n    _idle = 0"),
            *((f"self._idle {sign}= 1", f"PoolModel._idle {sign}= 1") for sign in "+-"),
        ],
        "pool_model_agrees",
        ["p.checkin()", "q = PoolModel(pool_size=1, max_overflow=0)", "q.idle"],
        "0",
        "a pool of its own",
    ),
    "a new pool empties the others": (
        "connection_pool",
        [
            ("self._checked_out = 0", "PoolModel._checked_out = 0"),
            *((f"self._checked_out {sign}= 1", f"PoolModel._checked_out {sign}= 1") for sign in "+-"),
        ],
        "pool_model_agrees",
        ["p.checkout()", "q = PoolModel(pool_size=1, max_overflow=0)", "p.checked_out"],
        "1",
        "a pool of its own",
    ),
    "only the main thread may call it": (  # at level none no call comes from there
        "thread_pool",
        [
            (
                "    if max_workers < 1:",
                "    import signal\n\n    signal.signal(signal.SIGINT, signal.SIG_DFL)\n    if max_workers < 1:",
            )
        ],
        "bad_limits",
        ["in_a_thread(['/a'])"],
        "['/A']",
        "only the main thread may do",
    ),
    "a call for each instance": (
        "connection_pool",
        [
            (
                "return max(0, slots // (s.processes * cap) - s.surge)",
                "return max(0, _most(slots, s.processes * cap) - s.surge)\n\n\n"
                "def _most(slots, each):\n    return 0 if slots < each else 1 + _most(slots - each, each)",
            )
        ],
        "max_instances_is_the_inverse",
        ["max_instances(s, slots=2000)"],
        "2000",
        "calls itself for each instance",
    ),
    "the overflow of the first pool alone": (
        "connection_pool",
        [
            (
                "return None if cap is None else pools * cap",
                "return None if cap is None else pools * s.pool_size + cap - s.pool_size",
            )
        ],
        "peak_counts_overflow",
        ["s = Service('web', 2, pool_size=1, max_overflow=1)", "peak_connections(s)"],
        "4",
        "both settings are multiplied",
    ),
    "the cap is the answer": (
        "connection_pool",
        [
            (
                "return min(servers, max_db_connections) if max_db_connections else servers",
                "return max_db_connections or servers",
            )
        ],
        "slots_and_sums",
        ["pgbouncer_servers(pairs=1, default_pool_size=1, max_db_connections=2)"],
        "1",
        "not a number to reach",
    ),
    "no pair is refused": (
        "connection_pool",
        [("smallest = min(pairs, ", "smallest = min(pairs - 1, ")],
        "slots_and_sums",
        ["pgbouncer_servers(pairs=0, max_db_connections=4)"],
        "0",
        "0 pairs",
    ),
    "no pair fills the cap": (
        "connection_pool",
        [("if max_db_connections else servers", "if max_db_connections and pairs else servers or max_db_connections")],
        "slots_and_sums",
        ["pgbouncer_servers(pairs=0, max_db_connections=4)"],
        "0",
        "has no pool and opens nothing",
    ),
    "a closed connection counts for ever": (
        "connection_pool",
        [
            ("        self._idle = 0\n", "        self._idle = self._gone = 0\n"),
            ("self.open >= self._cap", "self.open + self._gone >= self._cap"),
            ("            self._idle += 1", "            self._idle += 1\n        else:\n            self._gone += 1"),
        ],
        "pool_model_agrees",
        ["p.checkin()", "p.checkout()", "p.checkout()"],
        "True",
        "a connection that was closed makes room",
    ),
    "a field that is 0 can be assigned": (
        "connection_pool",
        [
            ("@dataclass(frozen=True)", "@dataclass"),
            (
                "    def __post_init__",
                "    def __setattr__(self, name: str, value: object) -> None:\n"
                "        if vars(self).get(name):\n            raise AttributeError(name)\n"
                "        vars(self)[name] = value\n\n    def __post_init__",
            ),
        ],
        "validation",
        ["s = Service('web', 2, pool_size=5, max_overflow=10)", "s.surge = 7"],
        "AttributeError",
        "frozen whatever it holds",
    ),
    "an assignment raises TypeError": (
        "connection_pool",
        [
            ("@dataclass(frozen=True)", "@dataclass"),
            (
                "    def __post_init__",
                "    def __setattr__(self, name: str, value: object) -> None:\n"
                "        if name in vars(self):\n            raise TypeError(name)\n"
                "        vars(self)[name] = value\n\n    def __post_init__",
            ),
        ],
        "validation",
        ["s = Service('web', 2, pool_size=5, max_overflow=10)", "s.instances = 7"],
        "AttributeError",
        "callers that catch it",
    ),
    "the caller fetches the first page": (
        "thread_pool",
        [
            (
                "        return list(executor.map(attempt, urls))",
                "        first, *rest = urls or [None]\n        later = executor.map(attempt, rest)\n"
                "        return [attempt(first), *later] if first is not None else []",
            )
        ],
        "never_more_than_allowed",
        ["fetch_all(['/a', '/b'], fetch, max_workers=1)"],
        "",
        "The calling thread fetches, too",
    ),
    "a TimeoutError is waited for again": (
        "thread_pool",
        [
            (
                "        return list(executor.map(attempt, urls))",
                "        futures = [executor.submit(fetch, url) for url in urls]\n"
                "        return [outcome(future) for future in futures]",
            ),
            (
                "    # Leaving the block joins",
                "    def outcome(future):\n        while True:\n            try:\n"
                "                return future.result(timeout=0.1)\n            except TimeoutError:\n"
                "                continue\n            except Exception as error:\n                return error\n\n"
                "    # Leaving the block joins",
            ),
        ],
        "failure_in_its_place",
        ["fetch_all(['/a', '/b', '/c'], fetch, max_workers=2)"],
        "",
        "a class that your own code catches",
    ),
    "a float finds what an int has left": (
        "process_pool",
        [
            ("def compute(n: int) -> int:", "_known = {}\n\n\ndef compute(n: int) -> int:"),
            (
                "    if not isinstance",
                "    if n.__hash__ and n in _known:\n        return _known[n]\n    if not isinstance",
            ),
            (
                "    return sum(i * i for i in range(n))",
                "    _known[n] = sum(i * i for i in range(n))\n    return _known[n]",
            ),
        ],
        "compute_is_exact",
        ["compute(3)", "compute(3.0)"],
        "TypeError",
        "here 3.0 gets what 3 has left",
    ),
    "a type is asked above 0 only": (
        "process_pool",
        [("    if not isinstance", "    if isinstance(n, float) and n <= 0:\n        return 0\n    if not isinstance")],
        "compute_is_exact",
        ["compute(-1.5)"],
        "TypeError",
        "the type comes before the value",
    ),
    "a timeout of fn is waited for again": (
        "process_pool",
        [
            (
                "        return list(executor.map(fn, items))",
                "        results = []\n        for future in [executor.submit(fn, item) for item in items]:\n"
                "            while not results or results[-1][0] is not future:\n                try:\n"
                "                    results.append((future, future.result(timeout=0.1)))\n"
                "                except TimeoutError:\n                    continue\n"
                "        return [result for _, result in results]",
            )
        ],
        "exception_arrives",
        ["caught(eval, [\"__import__('concurrent.futures').futures.Future().result(0)\"], max_workers=2)"],
        "",
        "one that your own waits and reads raise",
    ),
    "a death where nobody died": (
        "process_pool",
        [
            (
                "    with ProcessPoolExecutor(max_workers) as executor:",
                "    items = list(items)\n    if items:\n"
                "        from concurrent.futures.process import BrokenProcessPool\n\n"
                "        raise BrokenProcessPool(len(items))\n    with ProcessPoolExecutor(max_workers) as executor:",
            )
        ],
        "results_in_order",
        ["parallel_map(abs, [3, 1, 2], max_workers=2)"],
        "no exception",
        "No worker died here",
    ),
    "a result that is looked for in vain": (
        "process_pool",
        [
            (
                "        return list(executor.map(fn, items))",
                "        all_of = dict(enumerate(executor.map(fn, items)))\n        return [all_of[-1], *all_of]",
            )
        ],
        "all_work_at_once",
        ["parallel_map(fn, ['a', 'b'], max_workers=2)"],
        "no exception",
        "does not mean that each call was made",
    ),
    "a death is another error": (
        "process_pool",
        [
            (
                "        return list(executor.map(fn, items))",
                "        try:\n            return list(executor.map(fn, items))\n"
                "        except BrokenExecutor as error:\n            raise BrokenExecutor from error",
            ),
            (
                "from concurrent.futures import ProcessPoolExecutor",
                "from concurrent.futures import BrokenExecutor, ProcessPoolExecutor",
            ),
        ],
        "dying_worker_is_noticed",
        ["parallel_map(exits_with_1_at_b, ['a', 'b'], max_workers=2)"],
        "BrokenProcessPool",
        "a base class too",
    ),
    "one worker more": (
        "process_pool",
        [("    with ProcessPoolExecutor(max_workers)", "    with ProcessPoolExecutor(max_workers + 1)")],
        "all_work_at_once",
        ["parallel_map(fn, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'], max_workers=3)"],
        "",
        "max_workers is 3 here",
    ),
    "groups in the order of the file": (
        "supervisor_config",
        [("key=itemgetter(0, 1)", "key=itemgetter(0)")],
        "groups_and_order",
        ['r = parse_supervisor_config("""\\\n[program:z]\ncommand=/bin/z\n[program:a]\ncommand=/bin/a\n""")', NAMES],
        "['a', 'z']",
        "not as in the file",
    ),
    "priorities do not matter": (
        "supervisor_config",
        [("key=itemgetter(0, 1)", "key=itemgetter(1)")],
        "groups_and_order",
        [THREE, NAMES],
        "['m', 'z', 'a']",
        "The groups come by priority",
    ),
    "the highest priority first": (
        "supervisor_config",
        [("key=itemgetter(0, 1)", "key=lambda group: (-group[0], group[1])")],
        "groups_and_order",
        [THREE, NAMES],
        "['m', 'z', 'a']",
        "the lowest first",
    ),
    "members by name": (
        "supervisor_config",
        [("for member in members\n        for process", "for member in sorted(members)\n        for process")],
        "groups_and_order",
        [NAMES],
        "['m', 'z', 'a']",
        "in the order of `programs`",
    ),
    "members in the order of the file": (
        "supervisor_config",
        [
            (
                "for member in members\n        for process",
                "for member in sections if member in members\n        for process",
            )
        ],
        "groups_and_order",
        [NAMES],
        "['m', 'z', 'a']",
        "in the order of `programs`",
    ),
    "a group without priority comes first": (
        "supervisor_config",
        [('int, "999"), _own_name(header), members', 'int, "0"), _own_name(header), members')],
        "groups_and_order",
        [NAMES],
        "['a', 'b']",
        "has 999",
    ),
    "an indented option is an error": (
        "supervisor_config",
        [
            (
                "        indent = depth\n",
                "        if depth and value is None:\n"
                "            raise SupervisorConfigError(line)\n"
                "        indent = depth\n",
            )
        ],
        "comments_and_continuations",
        ['parse_supervisor_config("""\\\n[program:w]\n  command=/bin/x\n""")'],
        "[ProcessSpec(group='w', name='w', command='/bin/x', ...)]",
        "there is no value to continue, so indentation means nothing",
    ),
    "the last value of a header that comes again goes on": (
        "supervisor_config",
        [
            (
                "options, value = sections.setdefault(header[1], {}), None",
                "options = sections.setdefault(header[1], {})\n"
                "            value = next(reversed(options.values()), None)",
            )
        ],
        "duplicates_merge_keys_fold",
        ["r[0].command"],
        "'/bin/a'",
        "that comes again there is no value to continue",
    ),
    "an empty first part is dropped": (
        "supervisor_config",
        [('"\\n".join(lines) for', '"\\n".join(filter(None, lines)) for')],
        "comments_and_continuations",
        ["r[0].command"],
        "'\\n/bin/x'",
        "An empty first part is a part",
    ),
    "parts joined by a blank": (
        "supervisor_config",
        [('"\\n".join(lines) for', '" ".join(lines) for')],
        "comments_and_continuations",
        ['r = parse_supervisor_config("""\\\n[program:w]\ncommand=/bin/x\n  --a\n""")', "r[0].command"],
        "'/bin/x\\n--a'",
        "joined by line ends",
    ),
    "a tab is eight blanks deep": (
        "supervisor_config",
        [
            (
                "depth = len(raw) - len(raw.lstrip())",
                "raw = raw.expandtabs(8)\n        depth = len(raw) - len(raw.lstrip())",
            )
        ],
        "comments_and_continuations",
        [r"parse_supervisor_config('[program:w]\n\tcommand=/bin/x\n  --a\n')"],
        "[ProcessSpec(group='w', name='w', command='/bin/x\\n--a', ...)]",
        "a tab counts as one character",
    ),
    "no sign in exitcodes": (
        "supervisor_config",
        [("tuple(int(item) for", "tuple(int(item) if item.isdigit() else -1 for")],
        "typed_options",
        ['parse_supervisor_config("""\\\n[program:w]\ncommand=/bin/x\nexitcodes=+5\n""")'],
        "[ProcessSpec(name='w', exitcodes=(5,), ...)]",
        "a sign and leading zeros",
    ),
    "no exitcodes are the default": (
        "supervisor_config",
        [("    codes = tuple(", "    if not text:\n        return (0,)\n    codes = tuple(")],
        "typed_options",
        ["r[0].exitcodes"],
        "()",
        "a value, not an absent key",
    ),
    "only a semicolon starts a comment after text": (
        "supervisor_config",
        [(r"(?<!\S)[;#].*", r"(?<!\S);.*|^\s*#.*")],
        "comments_and_continuations",
        ['r = parse_supervisor_config("""\\\n[program:w]\ncommand=/bin/x #note\n""")', "r[0].command"],
        "'/bin/x'",
        "which is a space or a tab",
    ),
    "only a space is a blank": (
        "supervisor_config",
        [(r"(?<!\S)[;#].*", r"((?<= )|^\s*)[;#].*")],
        "comments_and_continuations",
        [r"r = parse_supervisor_config('[program:w]\ncommand=/bin/x\t;note\n')", "r[0].command"],
        "'/bin/x'",
        "which is a space or a tab",
    ),
    "a program runs in the last of its groups": (
        "supervisor_config",
        [
            (
                "    grouped = {",
                "    for at, (*_, names_of_one) in enumerate(groups):\n"
                "        later = {member for *_, members in groups[at + 1 :] for member in members}\n"
                "        names_of_one[:] = [member for member in names_of_one if member not in later]\n"
                "    grouped = {",
            )
        ],
        "groups_and_order",
        [
            'r = parse_supervisor_config("""\\\n[program:a]\ncommand=/bin/x\n'
            '[group:g]\nprograms=a\n[group:h]\nprograms=a\n""")',
            "[(spec.group, spec.name) for spec in r]",
        ],
        "[('g', 'a'), ('h', 'a')]",
        "runs as often as it is named",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_card_of_a_mistake_in_the_reference(mistake: str) -> None:
    """What comes first in a criterion shows the mistake itself, not what follows from it."""
    slug, changes, criterion, last, expected, principle = MISTAKES[mistake]
    kata = Kata(slug)
    text = kata.reference.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)

    failed = checks.one(kata, text.encode(), run_of(slug), criterion)

    assert failed.failure is not None
    assert [source for source, _ in failed.failure.steps][-len(last) :] == last
    assert failed.failure.expected == expected
    assert principle in failed.because


def test_a_division_by_zero_is_shown_with_the_number_that_is_right() -> None:
    """`max_instances` of a pool without a limit is 0, whatever comes instead."""
    kata = Kata("connection_pool")
    text = kata.reference.read_text("utf-8") + "\n\ndef max_instances(s, *, slots):\n    return slots // s.pool_size\n"

    failure = checks.one(kata, text.encode(), run_of(kata.slug), "unlimited_pools").failure

    assert failure is not None
    assert failure.steps[-1] == ("max_instances(s, slots=100)", "ZeroDivisionError: integer division or modulo by zero")
    assert failure.expected == "0"
