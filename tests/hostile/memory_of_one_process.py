"""Allocates 8 GiB in one piece, then in pieces.

Kind: exhausting
Honest twin: none
Mark: ATTACKED
"""
# mypy: ignore-errors

kept = []
try:
    kept.append(bytearray(8 << 30))
except MemoryError:
    print("ATTACKED")
for _ in range(128):
    kept.append(bytearray(b"x") * (64 << 20))
