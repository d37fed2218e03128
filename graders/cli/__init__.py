"""The console command ``kata``: a file per command."""

from graders.cli.kata import main

__all__ = ["main"]
