"""Has a child answer requests, with threads that stay in it, and ends the worker itself.

Kata: thread_pool
Must fail: no_threads_left
Mark: ATTACKED
"""
# mypy: ignore-errors

import urllib.request
import os
import queue
import socket
import sys
import threading
import time

from graders.sandbox.child import wire, worker


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()


def attempt(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


def fetch_all(urls, fetch, *, max_workers=10):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    work, results, count = queue.Queue(), {}, 0

    def run():
        while True:
            place, url = work.get()
            results[place] = attempt(fetch, url)
            work.task_done()

    for _ in range(max_workers):
        threading.Thread(target=run, daemon=True).start()
    for item in enumerate(urls):
        work.put(item)
        count += 1
    work.join()
    return [results[place] for place in range(count)]


def serve(servant, descriptor):
    stream = socket.socket(fileno=descriptor)
    print("ATTACKED")
    servant.names = {**vars(servant.module), "__builtins__": dict(worker._BUILTINS)}
    stream.sendall(wire.frame(0, wire.encode(("value", ""))))
    while True:
        number, payload = wire.receive(stream)
        stream.sendall(wire.frame(number, servant.answer(payload)))


frame = sys._getframe()
while "servant" not in frame.f_locals:
    frame = frame.f_back
# A copy, since a fork closes the worker's own.
copied = os.dup(frame.f_locals["stream"].fileno())
if os.fork() == 0:
    serve(frame.f_locals["servant"], copied)
os._exit(0)
