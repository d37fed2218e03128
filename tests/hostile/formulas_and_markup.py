"""Puts spreadsheet formulas, HTML, rich markup and format strings into messages and reprs.

Kind: leaking
Honest twin: none
Mark: =cmd|' /C calc'!A0
"""
# mypy: ignore-errors

EVIL = "=cmd|' /C calc'!A0 +1 -1 @SUM(1) <script>alert(1)</script> [bold red]%s %d {0} {x!r} \t,;\"'"


class Point:
    def __init__(self, x, y):
        raise ValueError(EVIL)
