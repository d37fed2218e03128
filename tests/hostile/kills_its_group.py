"""Kills its own process group.

Kind: escaping
Honest twin: none
Mark: closed the connection or was killed
"""
# mypy: ignore-errors

import os
import signal

os.killpg(0, signal.SIGKILL)
