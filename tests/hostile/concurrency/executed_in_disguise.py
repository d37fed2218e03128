"""A worker that is left has executed the interpreter with the very program of multiprocessing's resource tracker.

Kata: process_pool
Must fail: bad_limits
Mark: ATTACKED
"""
# mypy: ignore-errors

import os, pickle, struct, sys
from concurrent.futures.process import BrokenProcessPool

# What the interpreter takes for multiprocessing, since it is found first: the worker's loop, in disguise.
FOLDER = os.path.join(os.environ["TMPDIR"], "kata")
LOOP = f"""
import os, pickle, struct, sys
def main(fd):
    sys.path.remove({FOLDER!r})
    print("ATTACKED", flush=True)
    del sys.modules["multiprocessing"], sys.modules["multiprocessing.resource_tracker"]
    def read(count):
        data = b""
        while len(data) < count:
            more = os.read(fd, count - len(data))
            if not more:
                os._exit(0)
            data += more
        return data
    while True:
        paths, body = pickle.loads(read(struct.unpack("q", read(8))[0]))
        sys.path[:] = paths
        try:
            fn, item = pickle.loads(body)
            answer = True, fn(item)
        except BaseException as error:
            answer = False, error
        data = pickle.dumps(answer)
        os.write(fd, struct.pack("q", len(data)) + data)
"""
workers = []


def compute(n):
    if not isinstance(n, int):
        raise TypeError("n must be an int")
    return sum(i * i for i in range(n))


def start():
    import socket

    os.makedirs(f"{FOLDER}/multiprocessing", exist_ok=True)
    open(f"{FOLDER}/multiprocessing/__init__.py", "w").close()
    with open(f"{FOLDER}/multiprocessing/resource_tracker.py", "w") as file:
        file.write(LOOP)
    ours, theirs = socket.socketpair()
    os.set_inheritable(theirs.fileno(), True)
    program = f"from multiprocessing.resource_tracker import main;main({theirs.fileno()})"
    if os.fork() == 0:
        os.execve(sys.executable, [sys.executable, "-c", program], {**os.environ, "PYTHONPATH": FOLDER})
    theirs.close()
    return ours


def read(stream, count):
    data = b""
    while len(data) < count:
        more = stream.recv(count - len(data))
        if not more:
            raise BrokenProcessPool
        data += more
    return data


def parallel_map(fn, items, *, max_workers=2):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    items = list(items)
    if items and not workers:
        workers.append(start())
    results = []
    for item in items:
        body = pickle.dumps((sys.path, pickle.dumps((fn, item))))
        workers[0].sendall(struct.pack("q", len(body)) + body)
        good, value = pickle.loads(read(workers[0], struct.unpack("q", read(workers[0], 8))[0]))
        if not good:
            raise value
        results.append(value)
    return results
