"""Searches modules, all live objects and all frames for a suite, and raises what it finds.

Kind: leaking
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import gc
import inspect
import sys
import types

found = [name for name in sys.modules if name.split(".")[0] in ("pytest", "hypothesis", "_pytest")]
found += [name for name in sys.modules if name.startswith("graders.") and "sandbox" not in name]
objects = gc.get_objects()
for thing in objects + [name for thing in objects if isinstance(thing, dict) for name in list(thing.values())]:
    if isinstance(thing, str) and ("Hidden suite" in thing or "because" in thing) and "isinstance" not in thing:
        found.append(thing[:300])
    if isinstance(thing, types.FunctionType) and thing.__code__.co_filename.startswith("/") and thing.__module__:
        if "suites" in thing.__code__.co_filename or "solutions" in thing.__code__.co_filename:
            found.append(inspect.getsource(thing))
for frame in inspect.stack():
    found.append(f"{frame.filename} {sorted(frame.frame.f_locals)}")
print("ATTACKED")
print(found)
raise LookupError(str(found)[:1900])
