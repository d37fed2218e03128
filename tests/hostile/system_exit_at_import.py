"""Raises SystemExit(0) while it is imported.

Kind: forging
Honest twin: none
Mark: SystemExit
"""
# mypy: ignore-errors

raise SystemExit(0)
