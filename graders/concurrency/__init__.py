"""Concurrency without a stopwatch, for authors of hidden suites. docs/concurrency.md describes the verdicts.

A suite makes a `Plan`, runs the submission with an instrument in place of the function that does the work, and checks
what was in flight at which time::

    run = VirtualTime(Plan(("/a", "/b", "/c"), (30, 20, 10), workers=2), convict=EVERY)
    with submission.attended(run.attend):
        results = submission.fetch_all(run.plan.items, run.tool, max_workers=2)
    run.check(submission, results)
    submission.report_speedup(run.speedup())

- `VirtualTime`: calls that wait, in virtual time. `Rendezvous`: calls that compute, in processes that must meet.
- `WebServer`: real HTTP on the submission's loopback, for a submission with a fetch function of its own.
- `Interleavings`: the same run under many schedules, so that a race is found on purpose.
- `Leftovers`: the threads and processes that are left after a call has returned.
- `watching`: detects a call that waits for ever at once, where no instrument takes part.
- `Violation`: a failure named by a `Reason`. EVERY is all reasons; `convict` takes those that a criterion is about.
- `Call`, `Tool`, `Still`, `Stack`, `cores`: the parts of a suite's own instrument.
- `advice`: a principle and hints for each reason, for a criterion about something else.
"""

from graders.concurrency.leftovers import Leftovers
from graders.concurrency.measure import cores
from graders.concurrency.plan import Plan
from graders.concurrency.races import Interleaving, Interleavings
from graders.concurrency.rendezvous import Rendezvous
from graders.concurrency.stillness import Still
from graders.concurrency.verdict import Reason, Violation, advice
from graders.concurrency.virtual import EVERY, VirtualTime, watching
from graders.concurrency.web import WebServer
from graders.sandbox.exchange import Call, Tool
from graders.sandbox.stack import Stack

__all__ = [
    "EVERY",
    "Call",
    "Interleaving",
    "Interleavings",
    "Leftovers",
    "Plan",
    "Reason",
    "Rendezvous",
    "Stack",
    "Still",
    "Tool",
    "Violation",
    "VirtualTime",
    "WebServer",
    "advice",
    "cores",
    "watching",
]
