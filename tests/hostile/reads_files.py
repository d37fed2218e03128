"""Reads every file that it can reach and raises what looks like a suite, a solution, a seed or a canary.

Kind: leaking
Honest twin: none
Mark: LookupError: 0 files
"""
# mypy: ignore-errors

import os

words = [b"CANARY", b"Hidden suite", b"kata_seed", b"solutions/", b"Honest twin", b"Must fail", b"root:x:0"]
found = []
for top in ("/", "/proc/1/root", "/proc/self/root/..", "/kata/../..", "/kata/submission", "/home", "/root", "/srv"):
    for folder, folders, files in os.walk(top):
        below = f"/{os.path.relpath(folder, top)}"
        if below.startswith(("/proc/", "/sys", "/python/lib", "/usr/lib", "/lib")):
            folders.clear()
            continue
        for name in files:
            path = os.path.join(folder, name)
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                data = os.read(descriptor, 1 << 20)
                os.close(descriptor)
            except OSError:
                continue
            if path != __file__ and any(word in data for word in words):
                found.append((path, data[:200]))
raise LookupError(f"{len(found)} files {found}")
