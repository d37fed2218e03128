"""The error that tells a kata's author what to do next."""

from __future__ import annotations


class Finding(Exception):
    """A kata breaks the contract; the message names the file and the next step."""
