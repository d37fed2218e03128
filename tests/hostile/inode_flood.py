"""Makes empty files for as long as it can.

Kind: exhausting
Honest twin: none
"""
# mypy: ignore-errors

import os

for number in range(1_000_000):
    os.close(os.open(f"/tmp/{number}", os.O_CREAT | os.O_WRONLY))
raise SystemError("REACHED a million files")
