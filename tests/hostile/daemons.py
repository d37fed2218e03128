"""Leaves a daemon: forked twice, in a session of its own, deaf to signals; and looks for an earlier one.

Kind: lingering
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
import signal
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def reached(what):
    raise SystemError(f"REACHED {what}")


for pid in os.listdir("/proc"):
    if pid.isdigit() and int(pid) not in (1, os.getpid()):
        reached(f"a process that an earlier criterion left, {pid}")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        print("ATTACKED")
        os.closerange(0, 256)
        while True:
            time.sleep(3600)
    os._exit(0)
