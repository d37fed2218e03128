"""The positive control of a measured speedup: what the grader's own processes reach on this machine now.

If they are not clearly faster together than one after another, no submission's can be: then only that is reported.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time

from graders.sandbox import runtime

# Of the number of processes: a lower result shows no speedup, a higher one an unsteady clock.
_CLEARLY, _POSSIBLY = 0.7, 1.2
_SECONDS = 0.02  # of work for each process
_TRIES = 3
# The loop of instrument.work, in a separate interpreter.
_BURN = (
    "import sys; sys.path.insert(0, {root!r}); from graders.sandbox.child.instrument import work\n"
    "for line in sys.stdin: work(int(line)); print(flush=True)"
)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Control:
    """Measures the grader's own processes when it is made. rounds: of work for each process, 0 for none."""

    def __init__(self, workers: int) -> None:
        self.rounds = 0
        self.reason = ""
        self._workers = workers
        self._alone = self._together = 0.0
        self._burners: list[subprocess.Popen[bytes]] = []
        if cores() < workers:
            self.reason = f"{workers} processes on {cores()} core"
            return
        command = [runtime.interpreter(), "-I", "-S", "-c", _BURN.format(root=str(runtime.folder()))]
        try:
            for _ in range(workers):
                self._burners.append(
                    subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, cwd="/")
                )
            self._measure()
        except OSError as error:
            self.reason = f"the grader's own processes failed: {error}"
        finally:
            self.close()

    def _measure(self) -> None:
        trial = 20_000
        self._run(1, trial)
        self.rounds = max(trial, int(trial * _SECONDS / max(self._run(1, trial), 1e-5)))
        self._alone = min(self._run(1, self.rounds) for _ in range(_TRIES))
        self._together = min(self._run(self._workers, self.rounds) for _ in range(_TRIES))
        share = self._alone / self._together
        if not _CLEARLY <= share <= _POSSIBLY:
            reached = f"the grader's own {self._workers} processes reach {self._workers * share:.1f} x"
            self.reason = reached if share < _CLEARLY else f"{reached}, which is more than there can be"
            self.rounds = 0

    def _run(self, count: int, rounds: int) -> float:
        start = time.perf_counter()
        for burner in self._burners[:count]:
            assert burner.stdin is not None
            burner.stdin.write(b"%d\n" % rounds)
            burner.stdin.flush()
        for burner in self._burners[:count]:
            assert burner.stdout is not None
            if not burner.stdout.readline():
                raise OSError("one of them ended")
        return time.perf_counter() - start

    def report(self, seconds: float) -> str:
        """Return what the submission's processes reached, which took so long together."""
        if self.reason or not seconds:
            return f"speedup not measurable here: {self.reason or 'they did not meet'}"
        ours = self._workers * self._alone / self._together
        return f"measured {self._workers * self._alone / seconds:.1f} x, where the grader's own reach {ours:.1f} x"

    def close(self) -> None:
        """End the grader's own processes."""
        for burner in self._burners:
            burner.kill()
            burner.wait()
            for pipe in (burner.stdin, burner.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
        self._burners = []
