"""Makes empty files for as long as it can.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

import os

for number in range(1_000_000):
    os.close(os.open(f"/tmp/{number}", os.O_CREAT | os.O_WRONLY))
    if number == 10_000:
        print("ATTACKED")
raise SystemError("REACHED a million files")
