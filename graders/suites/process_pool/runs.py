"""How process_pool is driven: what is typed at its prompt, and runs in which processes meet, die or stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from graders import Submission, Unmet, because, raises, remote_of
from graders.concurrency import Call, Leftovers, Plan, Reason, Rendezvous, Still, Tool, Violation, VirtualTime, advice
from graders.concurrency import cores as cores_here

CAUGHT = """
def caught(fn, items, **options):
    try:
        return parallel_map(fn, items, **options)
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__, error.args
"""
# A function that every process has, however it was started.
RETURNS = """
def shown(items, **options):
    return [repr(result) for result in parallel_map(eval, items, **options)]
"""
# The same bytes twice are one call's.
DIFFERENT = """
from os import urandom
def different(fn, items, **options):
    return len(set(parallel_map(fn, items, **options)))
"""
# Larger than what a pipe holds, and pickled just within the bounds.
LARGE_RESULTS = """
def large_results(count, **options):
    return [len(result) for result in parallel_map(eval, ["'x' * 499_900"] * count, **options)]
"""
LARGE_ITEMS = """
def large_items(fn, items, **options):
    return [len(result) for result in parallel_map(fn, [item * 499_900 for item in items], **options)]
"""
# Together more than pipes hold.
MANY = """
def many(fn, count, **options):
    return sum(len(result) for result in parallel_map(fn, ["x" * 100_000] * count, **options))
"""
# As it is on a machine of one core, so that the verdict is the same on all.
ONE_CORE = """
import os
def on_one_core(fn, items, **options):
    before = dict(vars(os))
    os.cpu_count, os.sched_getaffinity = lambda: 1, lambda pid: {0}
    try:
        return parallel_map(fn, items, **options)
    finally:
        vars(os).update(before)
"""
# The items bring the learner's own file into each child, whatever `compute` gives.
SPAWNED = """
import multiprocessing
def spawned(**options):
    multiprocessing.set_start_method("spawn", force=True)
    try:
        return [*parallel_map(callable, [compute, compute], **options)]
    finally:
        multiprocessing.set_start_method(None, force=True)
"""
# As where children are forked, so that they have what is patched here: whoever reads a shared value, or asks whether a
# queue is empty, then waits, and so does the thread that moves into a queue what was put. Handed over is an instrument;
# the function of the same name is for those who paste this.
RACING = """
import multiprocessing
import time
from multiprocessing import queues, sharedctypes
def pause():
    time.sleep(0.1)
def racing(fn, pause, items, **options):
    def slow(read):
        def read_and_pause(self):
            found = read(self)
            pause()
            return found
        return read_and_pause
    def slow_feed(*args):
        pause()
        feed(*args)
    value, feed = sharedctypes.Synchronized.value, queues.Queue._feed
    asked = queues.Queue.empty, queues.Queue.qsize, queues.SimpleQueue.empty
    sharedctypes.Synchronized.value = property(slow(value.fget), value.fset)
    queues.Queue.empty, queues.Queue.qsize, queues.SimpleQueue.empty = map(slow, asked)
    queues.Queue._feed = staticmethod(slow_feed)
    multiprocessing.set_start_method("fork", force=True)
    try:
        return parallel_map(fn, items, **options)
    finally:
        multiprocessing.set_start_method(None, force=True)
        sharedctypes.Synchronized.value, queues.Queue._feed = value, staticmethod(feed)
        queues.Queue.empty, queues.Queue.qsize, queues.SimpleQueue.empty = asked
"""
# A process of the caller's own, which ends with it.
OTHER = """
import multiprocessing, time
other = multiprocessing.Process(target=time.sleep, args=(60,), daemon=True)
other.start()
"""
# One that has ended, and whose exit code nobody has asked for yet.
ENDED = """
import os
# By no means of multiprocessing, which asks for the exit codes of its own whenever it starts a process.
ended = os.fork() or os._exit(7)
done = os.waitid(os.P_PID, ended, os.WEXITED | os.WNOWAIT)

def exit_code():
    return os.waitstatus_to_exitcode(os.waitpid(ended, 0)[1])
"""

CALLER_WORKS = {"caller-works": advice()["caller-works"]}
# Why nobody is left.
STAYS = (
    "A process that stays keeps its memory, however the call ended.",
    "Who ends the workers, and who waits for that, when a call fails or the items do?",
    "A with block around the executor waits.",
)
# Why there is one call for each item.
EACH_ITEM = (
    "Each item is worth one call, and each call gives one result, equal items too: two places are two calls.",
    "What do you keep by item, and what do equal items share?",
    "Count the calls for each item, and follow what each of them gives.",
)
# Why no exception comes where fn raises none and no worker dies.
NOBODY_DIED = (
    "No worker died here: one that ends with its work done is not dead, though what it sent may still be unread.",
    "What do you ask of a worker that has ended: whether it was in a call, or only whether it is alive?",
    "Read all that a worker has sent before you ask whether it is alive; dead is one that owes an answer.",
)
PIPES = (
    "A pipe holds some 64 kB: a process that sends more waits until another one reads.",
    "Who reads while the others write?",
    "What waits for the end of a worker that has not got rid of its result?",
)
MISSING = (
    "What is looked for is not there. An empty queue or a worker that has ended does not mean that each call was made.",
    "Was the call for each item made, and its result read, when this line runs?",
    "Count the results: there is one for each item. A queue may look empty while items are on their way to it.",
)
OF_ITS_OWN = (
    "fn raised nothing here: an exception of parallel_map's own, at the line that is shown, loses every result.",
    "What is not there yet, not there any more, or set already when that line runs?",
)
WAITS = advice()["deadlock"]
# Why a death is told as it is.
ITS_TYPE = (
    "BrokenProcessPool says that a worker has died: callers that catch it miss any other exception, a base class too.",
    "Which exception leaves parallel_map, and where is it raised?",
)
NO_SECOND_TRY = (
    "A death is told, and nothing is called again: the call that died may have done half of its work.",
    "What becomes of the items that were under way or are left when a worker has died?",
)
UNTOLD = (
    "The result of a call that died is missing: to return as if nothing had happened hides that.",
    "What stands in the place of the missing result?",
)
TOO_LATE = (
    "A death is news: to hear of it late, or to tell it when the others are done, lets them work for nothing.",
    "Whose end do you wait for first, and who could be dead meanwhile?",
    "multiprocessing.connection.wait takes all connections and all sentinels at once.",
)
NO_ITEM = (
    "Each process needs an item: a chunk that takes all leaves the others nothing.",
    "How many items does the first process get, and what is left for the others?",
    "Choose the size of a chunk by both numbers, the items and the workers; 1 is never wrong.",
)
LOCKED = (
    "A lock that is held during a call lets one process work at a time.",
    "What does each process hold while it calls fn, and who waits for that?",
    "Hold a lock only while you read or write what the processes share.",
)
ALL_COUNT = (
    "How many processes do you start, and can any of them begin before another one is done?",
    "Count up to max_workers, not past it: < where the next one would be one more, and no minimum of your own.",
)
NOT_THE_CORES = (
    "Which numbers decide how many processes you start, and when does one of them end?",
    "Start as many as max_workers says, or as there are items if those are fewer.",
)


def is_broken(found: object) -> bool:
    """Whether what was caught, a type and its args, says that a worker has died."""
    return type(found) is tuple and found[:1] == ("BrokenProcessPool",)


@contextmanager
def tells_no_death() -> Iterator[None]:
    """Say of a death that is told in the block that there was none."""
    try:
        yield
    except Exception as error:
        remote = remote_of(error)
        if remote is None or remote.type != "BrokenProcessPool":
            raise
        with because(*NOBODY_DIED):
            raise


@contextmanager
def nothing_fails(run: VirtualTime | Rendezvous | None = None) -> Iterator[None]:
    """Say what an exception means, or a wait without end, in a block in which fn raises nothing and no worker dies.

    run: whose calls to show beside an exception.
    """
    try:
        with tells_no_death():
            yield
    except Exception as error:
        remote = remote_of(error)
        if remote is None:
            with because(*WAITS) if getattr(error, "stuck", False) else nullcontext():
                raise
        if run is not None:
            error.kata_timeline = run.timeline()  # type: ignore[attr-defined]
        with because(*(MISSING if remote.type in ("KeyError", "IndexError", "Empty") else OF_ITS_OWN)):
            raise


@contextmanager
def why_untold() -> Iterator[None]:
    """Say why a death is told, by the exception that is."""
    try:
        yield
    except Unmet as unmet:
        with because(*(UNTOLD if unmet.instead is None else ITS_TYPE)):
            raise


def letters(count: int) -> tuple[str, ...]:
    """Return so many different names."""
    return tuple(chr(97 + i // 26) + chr(97 + i % 26) if count > 26 else chr(97 + i) for i in range(count))


@contextmanager
def nobody_left(submission: Submission, ends: str, usual: int = 0) -> Iterator[None]:
    """Check that a call leaves no more processes than usual; what was there before is no fault of this call's.

    Raises:
        Unmet: more are left, and how many.
    """
    left = Leftovers(submission)
    before = left.processes()
    yield
    more = left.processes() - before
    if more > usual:
        # No plain assert, which has its text recorded only in a suite.
        with because(*STAYS):
            raise Unmet("<=", more, usual, f"no process left when it {ends} (found: {more})")


def usually_left(submission: Submission, workers: int) -> int:
    """Return how many processes a call leaves that returns: a fault of every call's is another criterion's."""
    left = Leftovers(submission)
    with submission.rehearsal():
        submission.parallel_map(submission.abs, list(range(1, workers + 1)), max_workers=workers)
    return left.processes()


def limit_of(workers: int, *, said: bool) -> str:
    """Return what the limit is. said: whether it was given."""
    if not said:
        return f"max_workers is {workers} if it is not given, on each machine, and what is left over is for these."
    return f"max_workers is {workers} here: at no moment may more processes work, be the items many or few."


def meet(
    submission: Submission, count: int, workers: int, *, measure: bool = False, by: str = "parallel_map"
) -> Rendezvous:
    """Have processes meet over so many items; where the speedup is measured, as many as there are by default."""
    run = Rendezvous(letters(count), workers, measure=measure)
    options = {} if measure else {"max_workers": workers}
    try:
        with nothing_fails(run), submission.attended(run.attend):
            getattr(submission, by)(run.tool, list(run.items), **options)
    except Violation as found:
        if found.reason == "limit-exceeded":
            with because(limit_of(workers, said=not measure), *ALL_COUNT):
                raise
        cores = 1 if by == "on_one_core" else cores_here()
        if run.started > run.asked:
            with because(*(LOCKED if run.locked else NO_ITEM)):
                raise
        # A single process on one core may have other causes, unless that core is all that differs from other runs.
        if run.started == cores and (cores > 1 or by == "on_one_core"):
            machine = "1, as it is told" if cores == 1 else str(cores)
            rule = f"max_workers counts, not the cores ({machine} here), and no worker ends while items are left."
            with because(rule, *NOT_THE_CORES):
                raise
        raise
    run.check_calls()
    return run


def one_long(items: tuple[str, ...], long: str, *, dies: dict[str, int]) -> Plan:
    """Return a plan in which one item takes 500 ms, each that dies 10 ms, and each other one 20 ms."""
    return Plan(items, tuple(10 if item in dies else 500 if item == long else 20 for item in items), 3, dies=dies)


def die(submission: Submission, plan: Plan, workers: int = 2, *, before: str = "") -> None:
    """Have a worker die, and check that it is noticed at once, or before the call for an item is over.

    The executor of CPython <= 3.14 does not watch a process that it has started on demand, as it does where it does not
    fork, until another one's result comes.
    """
    with submission.aside():  # an import that no line of the learner's needs
        submission.define("from concurrent.futures.process import BrokenProcessPool")
        broken = submission.BrokenProcessPool
    ((item, code),) = plan.dies.items()
    # The name says what no call shows.
    run = VirtualTime(plan, name=f"killed_at_{item}" if code < 0 else f"exits_with_{code}_at_{item}")
    try:
        with raises(broken), submission.attended(run.attend):
            submission.parallel_map(run.tool, list(run.plan.items), max_workers=workers)
    except Violation:
        with because(*NO_SECOND_TRY) if run.again else nullcontext():
            raise
    died, last = run.ends(item), run.ends(before)
    run.in_time()
    # Who makes one call after another has made that call before the death.
    if before and run.now >= last > died:
        sentence = f"a worker died at {died} ms, and parallel_map raised at {run.now} ms, when the others were done"
        raise Violation("wrong-calls", sentence, run.timeline())
    if not before and run.now < died:
        with because(*NOBODY_DIED):
            raise Violation("wrong-calls", "it told of a death before any worker died", run.timeline())
    if not before and run.now > died:
        with because(*TOO_LATE):
            sentence = f"a worker died at {died} ms, others went on to {run.now} ms"
            raise Violation("wrong-calls", sentence, run.timeline())


class Racing(VirtualTime):
    """Has each process that reads what is shared wait, right after that, until the others have gone as far as they can.

    Whoever reads a value and then writes another one, without a lock around both, writes what is out of date by then;
    and a queue that was not empty may be. Who has a lock is waited for by the others. It is the same each time, where
    real races come by luck. All calls in flight return together, so that their processes read together.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, name="fn", at_once=True)
        self.pause = Tool("pause")
        self._paused: list[Call] = []
        self._read: set[int] = set()  # who has read since its last call of the function
        self._together = False

    def arrived(self, call: Call) -> None:
        """Hold a reader, or a call of the function."""
        if call.number != self.pause.number:
            self._read.discard(call.pid)
            super().arrived(call)
        elif call.pid in self._read:
            call.returns(None)  # one that polls would hold up the calls for ever
        else:
            self._read.add(call.pid)
            self._paused.append(call)

    def holding(self) -> bool:
        """Whether any reader or call is held."""
        return bool(self._paused) or super().holding()

    def still(self, state: Still) -> bool:
        """Let the readers go on, and calls return only when there are none."""
        if not self._paused:
            return super().still(state)
        self._together = self._together or len({call.pid for call in self._paused}) > 1
        readers, self._paused = self._paused, []
        for call in readers:
            call.returns(None)
        return True

    def _fail(self, reason: Reason, sentence: str, could: int | None = None) -> None:
        if reason in ("wrong-calls", "deadlock") and self._together:
            sentence += ". A race: two workers read what they share before either of them changed it"
        super()._fail(reason, sentence, could)
