"""Registers what runs at exit: atexit, threads that are waited for, finalizers, signal handlers.

Kind: lingering
Honest twin: accepted/frozen_dataclass
Mark: ATTACKED
"""
# mypy: ignore-errors

import atexit
import signal
import threading
import time
import weakref
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def stay():
    while True:
        time.sleep(3600)


atexit.register(stay)
threading.Thread(target=stay).start()
weakref.finalize(Point, stay)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM, signal.SIGINT):
    signal.signal(number, lambda number, frame: None)
print("ATTACKED")
