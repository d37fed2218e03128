"""Calls from threads of one process, and writes another process id into each call.

Kata: process_pool
Must fail: all_work_at_once
Mark: ATTACKED
"""
# mypy: ignore-errors

import os
import threading
from concurrent.futures import ThreadPoolExecutor


def compute(n):
    if not isinstance(n, int):
        raise TypeError
    return sum(i * i for i in range(n))


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError
    real = os.getpid()
    os.getpid = lambda: real + threading.get_native_id()
    print("ATTACKED")
    try:
        with ThreadPoolExecutor(max_workers) as executor:
            return list(executor.map(fn, items))
    finally:
        os.getpid = lambda: real
