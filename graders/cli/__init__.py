"""The console command ``kata``, one file per command."""

from graders.cli.kata import main

__all__ = ["main"]
