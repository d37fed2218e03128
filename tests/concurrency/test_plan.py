"""The plan of a run: how long it takes at best, and as text."""

from __future__ import annotations

import pytest

from graders.concurrency import Plan
from graders.concurrency.timeline import Flight, draw
from graders.suites.thread_pool.inputs import staggered


@pytest.mark.parametrize(
    ("times", "workers", "best"),
    [((5,), 3, 5), ((5, 5, 5), 1, 15), ((5, 5, 5), 3, 5), ((9, 1, 1, 1), 2, 9), ((4, 3, 2, 1), 2, 5), ((), 2, 0)],
)
def test_a_full_pool_takes_as_long_as_list_scheduling_says(times: tuple[int, ...], workers: int, best: int) -> None:
    """Whoever is free takes the next item."""
    assert Plan(tuple(map(str, times)), times, workers).best() == best


@pytest.mark.parametrize("workers", range(2, 6))
@pytest.mark.parametrize("more", range(2, 8))
def test_a_staggered_plan_tells_batches_and_order_by_completion_apart(workers: int, more: int) -> None:
    """Batches are slower than a window, and no order of completion is that of the items."""
    plan = staggered(workers + more, workers)
    groups = [plan.milliseconds[at : at + workers] for at in range(0, len(plan.items), workers)]

    assert sum(map(max, groups)) > plan.best()
    assert len(set(plan.milliseconds)) == len(plan.items)
    assert plan.milliseconds[0] > plan.milliseconds[1]


def test_a_timeline_shows_who_is_over_in_flight_and_not_begun() -> None:
    """Dots stand for what is yet to come."""
    lines = draw([Flight("/a", 0, 50, over=True), Flight("/b", 0, 100)], ["/c"], 50)

    assert lines == (
        "    0                             100 ms",
        "/a  ==================",
        "/b  ==================..................  in flight",
        "/c                                        not begun",
    )


def test_a_call_that_is_over_is_seen_however_short_it_was() -> None:
    """An empty row would look like a call that has not begun. How it ended stands behind it."""
    lines = draw([Flight("/a", 0, 900), Flight("/b", 450, 451, over=True, how="raised KeyError")], [], 451)

    assert lines[1:] == (
        "/a  ==================..................  in flight",
        "/b                    =                   raised KeyError",
    )


def test_a_timeline_is_cut_short() -> None:
    """A hundred calls are too many to look at: those that wait are kept, those that are over go first."""
    flights = [Flight(str(number), 0, 9, over=number != 40) for number in range(60)]
    lines = draw(flights, [str(number) for number in range(60, 100)], 9, could=3)

    assert len(lines) == 16
    assert [line.split()[0] for line in lines[1:-1]] == ["40", *map(str, range(60, 73))]
    assert [line.endswith("could be in flight") for line in lines[2:5]] == [True, True, False]
    assert lines[-1] == "... and 86 more"
