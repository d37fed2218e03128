"""What an author of a kata still has to do."""

from __future__ import annotations


class Finding(Exception):
    """A kata does not keep the contract; the message names the file and the next step."""
